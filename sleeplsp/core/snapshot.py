"""Snapshots: what an editor has open at one moment, with what is claimed of it, placed in its text.

Immutable: a request reads one Snapshot and nothing else. Where code was edited, claims move along; a
claim whose support was touched is not fresh. It must not know how a Snapshot comes about.
"""

from bisect import bisect_right
from collections.abc import Iterator, Mapping

import msgspec

from sleeplsp.core.atlas import EMPTY_ATLAS, Atlas
from sleeplsp.core.baseline import NO_BASELINE, Baseline
from sleeplsp.core.facts import MODULE
from sleeplsp.core.insight import Invariant, Question, Support, Suspicion
from sleeplsp.core.languages import Language
from sleeplsp.core.located import Link, LocatedSuspicion, ModuleClaims, ModuleSuspicions, SymbolClaims
from sleeplsp.core.placing import Placing
from sleeplsp.core.symbols import Outline, Symbol
from sleeplsp.core.syntax import Tree
from sleeplsp.core.text import Text

TOUCHED = ""
"""The digest of a symbol that was edited since it was last read."""


class Mark(msgspec.Struct, frozen=True, gc=False):
    """A suspicion placed in an open module's text."""

    start: int
    end: int
    comment_at: int
    """Where a comment on it can stand: the end of the first line from its own on that takes one."""
    claim: LocatedSuspicion
    steps: tuple[tuple[int, int] | None, ...]
    """Where the steps of evidence stand that are in this module."""


class OpenModule(msgspec.Struct, frozen=True, kw_only=True):
    """One module as an editor has it."""

    path: str
    language: Language
    version: int
    """The editor's number for this text."""
    text: Text
    tree: Tree
    """Of this text, unless it was not read at all yet."""
    outline: Outline
    """As it was last read: the text may have been edited since."""
    placing: Placing | None
    """Where the tokens of its symbols stand; None since the text was edited, until it settles."""
    symbols: tuple[Symbol, ...]
    """Those of the outline, moved along with the edits; new ones are found when the text settles."""
    digests: Mapping[str, str]
    """Code digest by symbol id, the module's own code included."""
    is_read: bool = True
    """False for a large text that was just opened: it has neither tree nor symbols until it settles."""
    claims: ModuleClaims | None = None
    marks: tuple[Mark, ...] = ()
    links: tuple[Link, ...] = ()

    @property
    def settled(self) -> bool:
        """The text was read afresh since it was last edited: `outline` and `tree` are exact."""
        return self.placing is not None

    def symbol_named_at(self, offset: int) -> Symbol | None:
        """Return the symbol whose name stands at an offset."""
        named = (each for each in self.symbols if each.name_start <= offset <= each.name_end)
        return next(named, None)

    def link_at(self, offset: int) -> Link | None:
        """Return the use of a symbol that stands at an offset."""
        index = bisect_right(self.links, offset, key=lambda each: each.start) - 1
        found = self.links[index] if index >= 0 else None
        return found if found is not None and offset <= found.end else None

    def marks_at(self, offset: int) -> list[Mark]:
        """Return the suspicions at an offset."""
        return [each for each in self.marks if each.start <= offset <= each.end]


class Snapshot(msgspec.Struct, frozen=True):
    """All open modules by path."""

    modules: Mapping[str, OpenModule]
    changed: frozenset[str] = frozenset()
    """Modules that are not open and have changed since they were last thought about."""
    elsewhere: Mapping[str, ModuleSuspicions] = {}
    """What is suspected of modules that were not open when they were thought about, if anybody minds."""
    atlas: Atlas = EMPTY_ATLAS
    """Names and calls of all modules, as they were last read from disk or thought about."""
    dismissed: frozenset[str] = frozenset()
    """Ids of suspicions that the user does not want to see."""
    baseline: Baseline = NO_BASELINE
    """What the repository says is to be left."""

    def is_fresh(self, support: tuple[Support, ...]) -> bool:
        """Tell whether every symbol a claim rests on is as it was."""
        return all(self.is_as_it_was(each.ref, each.digest) for each in support)

    def is_as_it_was(self, ref: str, digest: str) -> bool:
        """Tell whether a symbol still has this digest; what is not open has, unless told otherwise."""
        path, _, symbol = ref.partition("::")
        module = self.modules.get(path)
        if module is None:
            return path not in self.changed
        return module.digests.get(symbol) == digest

    def claims_of(self, module: OpenModule, symbol_id: str) -> SymbolClaims | None:
        """Return what is claimed of a symbol of an open module."""
        return module.claims.symbols.get(symbol_id) if module.claims is not None else None

    def fresh_invariants(self, claims: SymbolClaims) -> Iterator[Invariant]:
        """Yield the claims that still hold."""
        yield from (each for each in claims.invariants if self.is_fresh(each.support))

    def fresh_questions(self, claims: SymbolClaims) -> Iterator[Question]:
        """Yield the anticipated questions whose answers still hold."""
        yield from (each for each in claims.questions if self.is_fresh(each.support))

    def fresh_marks(self, module: OpenModule) -> Iterator[Mark]:
        """Yield the suspicions that still hold."""
        yield from (each for each in module.marks if self.is_current(each.claim.suspicion))

    def is_current(self, suspicion: Suspicion) -> bool:
        """Tell whether a suspicion still holds, and nobody has dismissed it."""
        return not self.is_hidden(suspicion) and self.is_fresh(suspicion.support)

    def is_hidden(self, suspicion: Suspicion) -> bool:
        """Tell whether somebody has dismissed a suspicion."""
        return suspicion.id in self.dismissed or bool(self.baseline.hides(suspicion, self.knows))

    def knows(self, path: str) -> bool:
        """Tell whether there is a module, open or not."""
        return path in self.modules or path in self.atlas.charts

    def fresh_elsewhere(self, path: str) -> tuple[LocatedSuspicion, ...] | None:
        """Return what is suspected of a module that is not open; None while that is being thought about."""
        found = self.elsewhere.get(path)
        suspicions = found.suspicions if found is not None else ()
        rests_on = {each.ref.partition("::")[0] for one in suspicions for each in one.suspicion.support}
        if not self.changed.isdisjoint((path, *rests_on)):
            return None
        return tuple(each for each in suspicions if self.is_current(each.suspicion))

    def linked(self, module: OpenModule, link: Link) -> SymbolClaims | None:
        """Return what is claimed of what a link of an open module leads to."""
        path, _, symbol = link.ref.partition("::")
        target = self.modules.get(path)
        if target is not None and target.claims is not None and not target.claims.provisional:
            return target.claims.symbols.get(symbol)
        return module.claims.linked.get(link.ref) if module.claims is not None else None


EMPTY = Snapshot({})


def digests_of(outline: Outline) -> dict[str, str]:
    """Return the code digest of every symbol by its id, the module's own code included."""
    return {MODULE: outline.module.digest, **{each.id: each.digest for each in outline.symbols}}
