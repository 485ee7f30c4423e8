"""Suspects: tells what is suspected of modules that nobody has open, where it has changed.

For an editor that asks for the diagnostics of all files. It remembers no suspicion, only a digest of what
each module's were made of; a module without any is never spoken of. It must not know who is told.
"""

import hashlib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

import msgspec

from sleeplsp.core.facts import ModuleFacts
from sleeplsp.core.ignores import comment_place, is_ignored
from sleeplsp.core.insight import Suspicion
from sleeplsp.core.languages import language_of
from sleeplsp.core.located import LocatedSuspicion, ModuleSuspicions, Suspected
from sleeplsp.core.resolved import path_in
from sleeplsp.core.syntax import parse
from sleeplsp.core.text import Text, text_digest
from sleeplsp.engine.locate import Locator

BATCH_MAX = 64
"""Modules told at a time: taking up as many must not hold up a request."""

SUSPICIONS_MAX = 10_000
"""Suspicions told in all: nobody looks through more, and an editor has to hold them."""

_MARKER = b"ignore"

ReadText = Callable[[str], Text | None]


class Suspects:
    """Tells one listener of one workspace, from the first suspicion on."""

    def __init__(self) -> None:
        self._told: dict[str, tuple[str, int]] = {}
        """Of each module that something was told of: what that was made of, and how much it was."""
        self._count = 0
        self._is_limited = False
        self._has_begun = False

    @property
    def notices(self) -> tuple[str, ...]:
        """What the user should know, one line each."""
        line = f"of files that are not open, only {self._count} suspicions are shown: there are more"
        return (line,) if self._is_limited else ()

    def news(
        self,
        facts: Mapping[str, ModuleFacts],
        suspicions: Iterable[tuple[str, Sequence[Suspicion]]],
        but: Collection[str],
        read_text: ReadText,
    ) -> Iterator[Suspected]:
        """Yield what is new since the last time, in batches, of all modules but some; open ones, that is.

        `suspicions` come with the path of their module, of which there may be more than one part.
        `read_text` gives a module's text as its facts are of, None if that cannot be had any more.
        """
        shown: dict[str, list[Suspicion]] = {path: [] for path in self._told}
        for path, found in suspicions:
            if found:
                shown.setdefault(path, []).extend(each for each in found if each.shown)
        gone = [path for path in self._told if path not in facts and path not in but]
        batch = [ModuleSuspicions(path, "", ()) for path in gone]
        for path in gone:
            self._note(path, "", 0)
        locator = Locator(read_text)
        for path, each in shown.items():
            if path in but or path not in facts:
                continue
            if (news := self._news_of(path, each, facts, locator)) is None:
                continue
            batch.append(news)
            if len(batch) >= BATCH_MAX:
                yield self._batch(batch)
                batch, locator = [], Locator(read_text)
        if batch or not self._has_begun:
            yield self._batch(batch)

    def _news_of(
        self, path: str, shown: list[Suspicion], facts: Mapping[str, ModuleFacts], locator: Locator
    ) -> ModuleSuspicions | None:
        made_of = _made_of(path, shown, facts) if shown else ""
        if self._told.get(path, ("", 0))[0] == made_of:
            return None
        found: tuple[LocatedSuspicion, ...] = ()
        if shown and self._count >= SUSPICIONS_MAX:
            self._is_limited = True
        elif shown:
            text = locator.text(path)
            if text is None or text_digest(text) != facts[path].text_digest:
                return None  # it has changed since: told when that was thought about
            found = _heard(path, text, locator.suspicions(shown))
        self._note(path, made_of, len(found))
        return ModuleSuspicions(path, facts[path].text_digest, found)

    def _note(self, path: str, made_of: str, count: int) -> None:
        self._count += count - self._told.pop(path, ("", 0))[1]
        if made_of:
            self._told[path] = made_of, count

    def _batch(self, modules: list[ModuleSuspicions]) -> Suspected:
        anew, self._has_begun = not self._has_begun, True
        return Suspected(tuple(modules), anew)


def _made_of(path: str, shown: list[Suspicion], facts: Mapping[str, ModuleFacts]) -> str:
    """Return a digest of suspicions and of the texts they and their evidence stand in."""
    others = {path_in(step.place.ref) for each in shown for step in each.evidence} & facts.keys()
    texts = [facts[each].text_digest for each in (path, *sorted(others))]
    return hashlib.blake2b(msgspec.msgpack.encode((texts, shown)), digest_size=12).hexdigest()


def _heard(path: str, text: Text, found: tuple[LocatedSuspicion, ...]) -> tuple[LocatedSuspicion, ...]:
    """Return those that no comment silences, by position."""
    language = language_of(path)
    ordered = sorted(found, key=lambda each: (each.spot.start.line, each.spot.start.utf8))
    if language is None or _MARKER not in text.source:
        return tuple(ordered)
    tree = parse(language, text)

    def is_silenced(each: LocatedSuspicion) -> bool:
        start = text.line_starts[each.spot.start.line] + each.spot.start.utf8
        end = text.line_starts[each.spot.end.line] + each.spot.end.utf8
        reach = max(end, comment_place(language, text, tree, start))
        return is_ignored(text, start, reach, each.suspicion.category)

    return tuple(each for each in ordered if not is_silenced(each))
