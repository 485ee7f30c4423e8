"""Code lenses: above each function and class of which something is claimed, how much, and whether it holds.

What a type checker says as well is not counted, nor what is told on hover alone.
"""

from collections import Counter
from collections.abc import Iterable

import msgspec

from sleeplsp.core.insight import Invariant, Question
from sleeplsp.core.languages import CALLABLE_KINDS, CLASS_KINDS
from sleeplsp.core.located import SymbolClaims
from sleeplsp.core.resolved import ref_of
from sleeplsp.core.snapshot import Mark, OpenModule, Snapshot

RETHINKING = "rethinking"


class Lens(msgspec.Struct, frozen=True):
    """What stands above the symbol whose name has these bytes."""

    symbol: str
    start: int
    end: int
    title: str


def lenses(snapshot: Snapshot, module: OpenModule, marks: Iterable[Mark]) -> list[Lens]:
    """Return the lenses of an open module by position; `marks` are the suspicions that its user wants."""
    if module.claims is None or module.claims.provisional:
        return []
    suspected = Counter(mark.claim.suspicion.symbol for mark in marks)
    found = []
    for symbol in module.symbols:
        claims = snapshot.claims_of(module, symbol.id)
        if claims is None or symbol.kind not in CALLABLE_KINDS | CLASS_KINDS:
            continue
        title = _title(snapshot, ref_of(module.path, symbol.id), claims, suspected[symbol.id])
        if title:
            found.append(Lens(symbol.id, symbol.name_start, symbol.name_end, title))
    return found


def _title(snapshot: Snapshot, ref: str, claims: SymbolClaims, suspicions: int) -> str:
    told: list[Invariant | Question] = [each for each in claims.invariants if each.news]
    told += claims.questions
    shown = [each.suspicion for each in claims.suspicions if each.suspicion.shown]
    if not snapshot.is_as_it_was(ref, claims.digest):
        return RETHINKING if told or shown else ""
    fresh = [each for each in told if snapshot.is_fresh(each.support)]
    is_fresh = len(fresh) == len(told) and all(snapshot.is_fresh(each.support) for each in shown)
    questions = sum(isinstance(each, Question) for each in fresh)
    counts = [
        _count(len(fresh) - questions, "invariant"),
        _count(suspicions, "suspicion"),
        _count(questions, "question"),
    ]
    if is_fresh and not any(counts):
        return ""
    return ", ".join(filter(None, (*counts, "fresh" if is_fresh else RETHINKING)))


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'s' if number > 1 else ''}" if number else ""
