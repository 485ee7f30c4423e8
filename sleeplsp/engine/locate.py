"""Locating: from rows to what can be shown. Texts are read once more where claims stand in them.

It must not know who shows what is located, and holds no state.
"""

from collections.abc import Callable, Iterable, Mapping

import msgspec

from sleeplsp.core.context import Contexts, Site
from sleeplsp.core.facts import CallSite, ModuleFacts
from sleeplsp.core.index import Index
from sleeplsp.core.insight import Place, Suspicion
from sleeplsp.core.languages import language_of
from sleeplsp.core.located import Link, LocatedSuspicion, ModuleClaims, Spot, SymbolClaims, spot
from sleeplsp.core.placing import Placing
from sleeplsp.core.resolved import Kind
from sleeplsp.core.row import FunctionRow, ModuleRow
from sleeplsp.core.symbols import outline
from sleeplsp.core.syntax import parse
from sleeplsp.core.text import Text

ReadText = Callable[[str], Text | None]


class Locator:
    """Finds where places stand now; remembers the texts it has looked into."""

    def __init__(self, read_text: ReadText) -> None:
        self._read_text = read_text
        self._placings: dict[str, Placing | None] = {}

    def text(self, path: str) -> Text | None:
        """Return a module's text; None if it cannot be read any more."""
        return self._read_text(path)

    def spot(self, place: Place) -> Spot | None:
        """Return where a place stands; None if its file or its symbol is gone."""
        path = place.ref.partition("::")[0]
        placing = self.placing(path)
        extent = placing.extent(place) if placing is not None else None
        return spot(path, placing.text, *extent) if placing is not None and extent is not None else None

    def placing(self, path: str) -> Placing | None:
        """Return where the tokens of a module stand; None if it cannot be read."""
        if path not in self._placings:
            self._placings[path] = self._placing(path)
        return self._placings[path]

    def digest(self, ref: str) -> str:
        """Return the code digest that a symbol has now; '' if it is gone."""
        path, _, symbol_id = ref.partition("::")
        placing = self.placing(path)
        symbol = placing.symbol(symbol_id) if placing is not None else None
        return symbol.digest if symbol is not None else ""

    def suspicions(self, suspicions: Iterable[Suspicion]) -> tuple[LocatedSuspicion, ...]:
        """Locate suspicions; one whose own place is gone is left out."""
        found = []
        for each in suspicions:
            where = self.spot(each.place)
            if where is not None:
                evidence = tuple(self.spot(step.place) for step in each.evidence)
                found.append(LocatedSuspicion(each, where, evidence))
        return tuple(found)

    def _placing(self, path: str) -> Placing | None:
        text, language = self._read_text(path), language_of(path)
        if text is None or language is None:
            return None
        tree = parse(language, text)
        return Placing(path, language, text, outline(language, text, tree))


def claims_of(row: ModuleRow, locator: Locator) -> dict[str, SymbolClaims]:
    """Return what is claimed of each symbol of a module."""
    return {
        symbol: _symbol_claims(function, locator)
        for symbol, function in row.functions.items()
        if function.invariants or function.suspicions
    }


def module_claims(
    row: ModuleRow, rows: Mapping[str, FunctionRow], index: Index, locator: Locator
) -> ModuleClaims:
    """Return all that an open module shows, the claims of what it calls included: `rows` are by function."""
    links = links_of(row.facts, Contexts(index))
    linked: dict[str, SymbolClaims] = {}
    for ref in dict.fromkeys(link.ref for link in links if link.sure):
        function = rows.get(ref)
        if function is not None and function.invariants:
            linked[ref] = SymbolClaims(function.trace.code, function.invariants, ())
    return ModuleClaims(
        path=row.facts.path,
        text_digest=row.facts.text_digest,
        symbols=claims_of(row, locator),
        links=links,
        linked=linked,
        failure=row.failure,
    )


def with_suspicions(
    claims: ModuleClaims, row: ModuleRow, suspicions: Iterable[Suspicion], locator: Locator
) -> ModuleClaims:
    """Return a module's claims with more suspicions of its functions."""
    symbols = dict(claims.symbols)
    for each in suspicions:
        function = row.functions.get(each.symbol)
        if function is not None:
            own = symbols.get(each.symbol) or SymbolClaims(function.trace.code, (), ())
            located = (*own.suspicions, *locator.suspicions([each]))
            symbols[each.symbol] = msgspec.structs.replace(own, suspicions=located)
    return msgspec.structs.replace(claims, symbols=symbols)


def links_of(facts: ModuleFacts, contexts: Contexts) -> tuple[Link, ...]:
    """Return the calls of a module that surely lead to a symbol of the workspace, by position."""
    found = [
        _link(function.symbol, call, site)
        for function in facts.functions
        for call in function.calls
        if (site := contexts.site(facts.path, function.owner, call.callee)) is not None
    ]
    return tuple(sorted(found, key=lambda each: each.start))


def _link(caller: str, call: CallSite, site: Site) -> Link:
    # What may be another's method in a subclass is told nothing of: which one runs is not known.
    sure = site.kind is not Kind.CLASS and site.refs == (site.ref,)
    others = tuple(each for each in site.refs if each != site.ref)
    return Link(call.name_start, call.name_end, site.ref, call.end, caller, sure, others)


def _symbol_claims(function: FunctionRow, locator: Locator) -> SymbolClaims:
    return SymbolClaims(function.trace.code, function.invariants, locator.suspicions(function.suspicions))
