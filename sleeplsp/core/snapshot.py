"""Snapshots: what an editor has open at one moment, with what is claimed of it, placed in its text.

Immutable: a request reads one Snapshot and nothing else. Where code was edited, claims move along; a
claim whose support was touched is not fresh. It must not know how a Snapshot comes about.
"""

from collections.abc import Iterator, Mapping

import msgspec

from sleeplsp.core.facts import MODULE
from sleeplsp.core.insight import Invariant, Support
from sleeplsp.core.languages import Language
from sleeplsp.core.located import Link, LocatedSuspicion, ModuleClaims, SymbolClaims
from sleeplsp.core.symbols import Symbol
from sleeplsp.core.text import Text

TOUCHED = ""
"""The digest of a symbol that was edited since it was last read."""


class Mark(msgspec.Struct, frozen=True, gc=False):
    """A suspicion placed in an open module's text."""

    start: int
    end: int
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
    whole: bool
    """It parses without an error."""
    symbols: tuple[Symbol, ...]
    digest: str
    """Code digest of the module's own code."""
    claims: ModuleClaims | None = None
    marks: tuple[Mark, ...] = ()
    links: tuple[Link, ...] = ()

    def digest_of(self, symbol_id: str) -> str | None:
        """Return the code digest of a symbol now; None if there is no such symbol."""
        if symbol_id == MODULE:
            return self.digest
        return next((each.digest for each in self.symbols if each.id == symbol_id), None)

    def symbol_named_at(self, offset: int) -> Symbol | None:
        """Return the symbol whose name stands at an offset."""
        return next((each for each in self.symbols if each.name_start <= offset <= each.name_end), None)

    def symbol_around(self, offset: int) -> Symbol | None:
        """Return the innermost symbol around an offset."""
        around = [each for each in self.symbols if each.start <= offset <= each.end]
        return max(around, key=lambda each: (each.start, -each.end), default=None)

    def link_at(self, offset: int) -> Link | None:
        """Return the use of a symbol that stands at an offset."""
        return next((each for each in self.links if each.start <= offset <= each.end), None)

    def marks_at(self, offset: int) -> list[Mark]:
        """Return the suspicions at an offset."""
        return [each for each in self.marks if each.start <= offset <= each.end]


class Snapshot(msgspec.Struct, frozen=True):
    """All open modules by path."""

    modules: Mapping[str, OpenModule]

    def is_fresh(self, support: tuple[Support, ...]) -> bool:
        """Tell whether every symbol a claim rests on is as it was; what is not open has not changed."""
        for each in support:
            path, _, symbol = each.ref.partition("::")
            module = self.modules.get(path)
            if module is not None and module.digest_of(symbol) != each.digest:
                return False
        return True

    def claims_of(self, module: OpenModule, symbol_id: str) -> SymbolClaims | None:
        """Return what is claimed of a symbol of an open module."""
        return module.claims.symbols.get(symbol_id) if module.claims is not None else None

    def fresh_invariants(self, claims: SymbolClaims) -> Iterator[Invariant]:
        """Yield the claims that still hold."""
        yield from (each for each in claims.invariants if self.is_fresh(each.support))

    def fresh_marks(self, module: OpenModule) -> Iterator[Mark]:
        """Yield the suspicions that still hold."""
        yield from (each for each in module.marks if self.is_fresh(each.claim.suspicion.support))

    def linked(self, link: Link) -> tuple[SymbolClaims, str] | None:
        """Return what is claimed of what a link leads to, and the module it is in."""
        path, _, symbol = link.ref.partition("::")
        open_ = self.modules.get(path)
        if open_ is not None:
            claims = self.claims_of(open_, symbol)
            return (claims, path) if claims is not None else None
        for module in self.modules.values():
            if module.claims is not None and link.ref in module.claims.linked:
                return module.claims.linked[link.ref], path
        return None


EMPTY = Snapshot({})


