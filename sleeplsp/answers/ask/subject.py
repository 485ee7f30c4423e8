"""Which symbols a question may be about: those it names, and the one where it is asked.

It must not know what is asked of them.
"""

import re
from collections.abc import Iterator

import msgspec

from sleeplsp.answers.ask.wording import is_weak
from sleeplsp.answers.definitions import read
from sleeplsp.core.facts import MODULE
from sleeplsp.core.resolved import path_in, ref_of
from sleeplsp.core.snapshot import OpenModule, Snapshot

NAMES_MAX = 20
"""Names of a question that are looked up."""

SUBJECTS_MAX = 8
"""Symbols that a question is taken to be about: where more are called so, it names none."""

_NAME = re.compile(r"(?:[\w./]+::)?[^\W\d]\w*(?:\.[^\W\d]\w*)*")
_GETTING = re.compile(r"\b(?:I|you|we|one) (?:get|take|need|use|call|set|put|add)\b")


class Subjects(msgspec.Struct, frozen=True):
    """What a question may be about, by reference."""

    named: tuple[str, ...]
    """What it names; of several at most one is meant."""
    here: tuple[str, ...]
    """Where it is asked: at a call what that leads to, then the symbols around, then the module."""

    @property
    def meant(self) -> tuple[str, ...]:
        """What it is surely about if anything: who names another symbol asks about that."""
        return self.named or self.here[:1]

    @property
    def all(self) -> tuple[str, ...]:
        """All of it, the likeliest first."""
        return tuple(dict.fromkeys((*self.named, *self.here)))


def subjects(snapshot: Snapshot, question: str, path: str = "", offset: int = -1) -> Subjects:
    """Return what a question may be about; `path` and `offset` are where it is asked, in an open module."""
    module = read(snapshot, path)
    here = symbols_at(module, offset) if module is not None and offset >= 0 else ()
    named = _named(snapshot, question, path, here)
    return Subjects(named if len(named) <= SUBJECTS_MAX else (), here)


def symbols_at(module: OpenModule, offset: int) -> tuple[str, ...]:
    """Return what a place in a module is about, innermost first; at a call, first what that leads to."""
    link = module.link_at(offset)
    around = [each for each in module.symbols if each.start <= offset <= each.end]
    around.sort(key=lambda each: each.end - each.start)
    refs = [ref_of(module.path, each.id) for each in around]
    return ((link.ref,) if link is not None and link.sure else ()) + (*refs, ref_of(module.path, MODULE))


def _named(snapshot: Snapshot, question: str, path: str, here: tuple[str, ...]) -> tuple[str, ...]:
    """Return the symbols that a question names; of those that are called the same, the nearest."""
    words = dict.fromkeys(each.rstrip(".") for each in _NAME.findall(_GETTING.sub(" ", question)))
    wanted = [each for each in words if _may_name(each)][:NAMES_MAX]
    if not wanted:
        return ()
    found: dict[str, list[str]] = {each: [] for each in wanted}
    for each_path, ids in _ids(snapshot):
        for said in wanted:
            found[said] += [ref_of(each_path, each) for each in ids if _is_named(each_path, each, said)]
    named: dict[str, None] = {}
    for said, refs in found.items():
        near = [each for each in refs if path_in(each) == path]
        meant = [each for each in here if each in refs][:1] or near or refs
        # A plain word names a symbol only where there is no other of that name to be meant.
        if not _is_plain(said) or len(meant) == 1:
            named.update(dict.fromkeys(meant))
    return tuple(named)


def _may_name(said: str) -> bool:
    return len(said) > 1 and (not _is_plain(said) or not is_weak(said) or said not in _JOINTS)


def _is_plain(said: str) -> bool:
    """Tell whether a word may as well be one of everyday language."""
    return said.isalpha() and said[1:].islower()


def _is_named(path: str, symbol: str, said: str) -> bool:
    if "::" in said:
        return said == ref_of(path, symbol)
    dotted = f"{path.rpartition('.')[0].replace('/', '.')}.{symbol.partition('#')[0]}"
    return f".{dotted}".endswith(f".{said}")


def _ids(snapshot: Snapshot) -> Iterator[tuple[str, list[str]]]:
    """Yield the ids of the symbols of each module."""
    for path in snapshot.atlas.charts.keys() | snapshot.modules.keys():
        module = read(snapshot, path)
        if module is not None:
            yield path, [each.id for each in module.symbols]
        elif path in snapshot.atlas.charts:
            yield path, snapshot.atlas.charts[path].symbols.splitlines()


_JOINTS = frozenset(
    [
        *("a", "an", "the", "it", "its", "this", "that", "these", "is", "are", "do", "does", "did", "can"),
        *(
            "could",
            "may",
            "might",
            "will",
            "would",
            "should",
            "must",
            "when",
            "if",
            "for",
            "with",
            "on",
            "in",
        ),
        *("of", "to", "by", "from", "as", "and", "or", "not", "what", "which", "who", "how", "why", "where"),
        *("What", "Which", "Who", "How", "Why", "Where", "When", "Is", "Are", "Does", "Do", "Can", "May"),
        *("If", "Must", "Will", "The", "Has", "Have", "I", "has", "have", "was", "were", "be"),
    ]
)
