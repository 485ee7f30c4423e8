"""Enriching: what a model claims of a module put beside what was deduced of it.

Nothing of a model's is taken up that does not stand on the code as it is now, nor what was deduced already.
It must not know where an Insight comes from, nor whether it is good enough for a diagnostic.
"""

from collections.abc import Callable, Iterable, Mapping

import msgspec

from sleeplsp.core.alike import is_said
from sleeplsp.core.facts import MODULE
from sleeplsp.core.insight import Insight, Invariant, Place, Question, Support, Suspicion
from sleeplsp.core.located import LocatedSuspicion, ModuleClaims, Position, Spot, SymbolClaims
from sleeplsp.core.resolved import path_in, ref_of
from sleeplsp.core.row import ModuleRow
from sleeplsp.engine.locate import Locator

_Claim = Invariant | Suspicion | Question

InsightOf = Callable[[str], Insight | None]
"""What a model claims of a module; None if nothing does."""

DigestOf = Callable[[str], str]
"""Gives the code digest of a symbol, by its reference."""


def no_insight(_path: str) -> Insight | None:
    """Know of nothing that a model claims."""
    return None


def with_insight(claims: ModuleClaims, row: ModuleRow, insight: Insight, locator: Locator) -> ModuleClaims:
    """Return a module's claims with those of a model behind them.

    Left out are claims that do not rest on their own symbol, or on code that is another now; invariants
    that say what is deduced; and suspicions where one that was deduced stands, unless only the model's is
    good enough to be shown.
    """
    path, digests = row.facts.path, _digests(row)

    def is_current(claim: _Claim) -> bool:
        own = ref_of(path, claim.symbol)
        return any(each.ref == own for each in claim.support) and all(
            _is_as_it_was(each, path, digests, locator) for each in claim.support
        )

    symbols = dict(claims.symbols)
    for symbol, digest in digests.items():
        before = symbols.get(symbol) or SymbolClaims(digest, (), ())
        more = [each for each in insight.invariants if each.symbol == symbol and is_current(each)]
        questions = tuple(each for each in insight.questions if each.symbol == symbol and is_current(each))
        suspected = [each for each in insight.suspicions if each.symbol == symbol and is_current(each)]
        after = msgspec.structs.replace(
            before,
            invariants=_with_invariants(before.invariants, more),
            suspicions=_with_suspicions(before.suspicions, claims, suspected, locator),
            questions=before.questions + questions,
        )
        if after != before:
            symbols[symbol] = after
    return msgspec.structs.replace(claims, symbols=symbols, summary=insight.summary, older=insight.older)


def enriched(row: ModuleRow, insight: Insight, digest_of: DigestOf) -> ModuleRow:
    """Return a module's row with what a model claims of its functions behind what was deduced of them.

    `digest_of` gives the code digest of a symbol now, '' if it is gone. Left out is the same as in
    `with_insight`.
    """
    path = row.facts.path

    def is_current(claim: _Claim) -> bool:
        own = ref_of(path, claim.symbol)
        refs = [each.ref for each in claim.support]
        return own in refs and all(each.digest == digest_of(each.ref) for each in claim.support)

    functions = dict(row.functions)
    places = [each.place for function in functions.values() for each in function.suspicions]
    for symbol, function in functions.items():
        invariants = [each for each in insight.invariants if each.symbol == symbol and is_current(each)]
        suspicions = tuple(
            each
            for each in insight.suspicions
            if each.symbol == symbol
            and is_current(each)
            and not any(_meets(each.place, one) for one in places)
        )
        functions[symbol] = msgspec.structs.replace(
            function,
            invariants=_with_invariants(function.invariants, invariants),
            suspicions=function.suspicions + suspicions,
        )
    return msgspec.structs.replace(row, functions=functions)


def _meets(one: Place, other: Place) -> bool:
    return one.ref == other.ref and one.first <= other.last and other.first <= one.last


def with_linked(claims: ModuleClaims, insight_of: InsightOf, locator: Locator) -> ModuleClaims:
    """Return a module's claims with what a model claims of the functions elsewhere that it calls."""
    linked = dict(claims.linked)
    for ref in dict.fromkeys(link.ref for link in claims.links if link.sure):
        path, _, symbol = ref.partition("::")
        if path == claims.path or (insight := insight_of(path)) is None:
            continue
        before = linked.get(ref) or SymbolClaims(locator.digest(ref), (), ())
        more = [
            each
            for each in insight.invariants
            if each.symbol == symbol
            and any(support.ref == ref for support in each.support)
            and all(_is_as_it_was(support, path, {}, locator) for support in each.support)
        ]
        invariants = _with_invariants(before.invariants, more)
        if invariants != before.invariants:
            linked[ref] = msgspec.structs.replace(before, invariants=invariants)
    return msgspec.structs.replace(claims, linked=linked)


def _digests(row: ModuleRow) -> dict[str, str]:
    """Return the code digest of each symbol of a module, its own code included."""
    return {MODULE: row.facts.digest, **{each.id: each.digest for each in row.facts.symbols}}


def _is_as_it_was(support: Support, path: str, digests: Mapping[str, str], locator: Locator) -> bool:
    if digests and path_in(support.ref) == path:
        return digests.get(support.ref.partition("::")[2]) == support.digest
    return bool(support.digest) and locator.digest(support.ref) == support.digest


def _with_invariants(known: tuple[Invariant, ...], more: Iterable[Invariant]) -> tuple[Invariant, ...]:
    told = list(known)
    for each in more:
        if not is_said(each, told):
            told.append(each)
    return tuple(told)


def _with_suspicions(
    own: tuple[LocatedSuspicion, ...], claims: ModuleClaims, more: Iterable[Suspicion], locator: Locator
) -> tuple[LocatedSuspicion, ...]:
    """Return a symbol's suspicions with a model's; what was deduced of any symbol may stand in the place."""
    known = [each for symbol in claims.symbols.values() for each in symbol.suspicions]

    def is_known(located: LocatedSuspicion) -> bool:
        shown = located.suspicion.shown
        return any(_meet(each.spot, located.spot) for each in known if each.suspicion.shown or not shown)

    return own + tuple(each for each in locator.suspicions(more) if not is_known(each))


def _meet(one: Spot, other: Spot) -> bool:
    def at(position: Position) -> tuple[int, int]:
        return position.line, position.utf8

    return at(one.start) < at(other.end) and at(other.start) < at(one.end)
