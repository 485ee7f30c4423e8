"""Deducing one function: program and world in, contract and claims out.

The unit of work. A pure function: the same inputs give the same bytes, in whatever process.
"""

import hashlib
from collections.abc import Iterable, Iterator
from functools import cache

import msgspec

from sleeplsp.core.contract import UNKNOWN_CONTRACT, Contract
from sleeplsp.core.flow import Program, ProgramKind
from sleeplsp.core.insight import Evidence, Fix, Invariant, Severity, Suspicion
from sleeplsp.deduce.analysis import Analysis, analyse
from sleeplsp.deduce.checks import CHECKS, Check, Finding, Guards, Replacement, Step
from sleeplsp.deduce.contracts.contract import contract_of
from sleeplsp.deduce.contracts.promises import promised
from sleeplsp.deduce.invariants import invariants_of
from sleeplsp.deduce.telling.quoting import Quoter
from sleeplsp.deduce.world import World

PRECISION_MIN = 0.6
"""A check whose measured precision is below is shown on hover only."""


class Draft(msgspec.Struct, frozen=True):
    """A suspicion whose fix is not yet verified; `changes` says the fix as offsets."""

    suspicion: Suspicion
    changes: tuple[Replacement, ...]


class Deduction(msgspec.Struct, frozen=True):
    """What was deduced of one function."""

    contract: Contract = UNKNOWN_CONTRACT
    invariants: tuple[Invariant, ...] = ()
    drafts: tuple[Draft, ...] = ()
    complete: bool = False
    """The function could be analysed at all."""
    cut: bool = False
    """With more effort more may be known."""


def deduce(
    program: Program, world: World, quoter: Quoter, symbol: str, checks: Iterable[Check] = CHECKS
) -> Deduction:
    """Return the contract of a program and what is claimed and suspected of it."""
    analysis = analyse(program, world, quoter)
    if analysis is None:
        return Deduction()
    if program.kind is ProgramKind.FUNCTION:
        contract = promised(contract_of(analysis), program, world)
    else:
        contract = UNKNOWN_CONTRACT
    invariants = invariants_of(symbol, program, contract) if program.kind is ProgramKind.FUNCTION else ()
    suspected = tuple(drafts(analysis, symbol, checks))
    return Deduction(contract, invariants, suspected, complete=True, cut=analysis.is_cut_off)


def drafts(analysis: Analysis, symbol: str, checks: Iterable[Check] = CHECKS) -> Iterator[Draft]:
    """Yield what the checks suspect: of two that mark the same code, the one that tells more."""
    off = analysis.world.off
    found: list[tuple[Check, list[Finding]]] = []
    for check, guards in _guarded(tuple(checks), off):
        if check.scripts or analysis.program.kind is ProgramKind.FUNCTION:
            findings = list(check.find(analysis, guards))
            if findings:
                found.append((check, sorted(findings, key=lambda each: (each.start, each.end))))
    told = [(name, each) for check, each_of in found for each in each_of for name in check.instead_of]
    for check, findings in found:
        if check.name in off:
            continue
        better = [each for name, each in told if name == check.name]
        ordinals: dict[str, int] = {}
        for finding in findings:
            if not any(_overlap(finding, each) for each in better):
                yield from _draft(check, finding, analysis, symbol, ordinals)


@cache
def _guarded(checks: tuple[Check, ...], off: frozenset[str]) -> tuple[tuple[Check, Guards], ...]:
    """Return the checks to ask; one that is off still speaks for others, whose words are then not wanted."""
    asked = (check for check in checks if check.name not in off or check.instead_of)
    return tuple((check, Guards(check.name, check.guards, off)) for check in asked)


def _overlap(one: Finding, other: Finding) -> bool:
    return one.start < other.end and other.start < one.end


def _draft(
    check: Check, finding: Finding, analysis: Analysis, symbol: str, ordinals: dict[str, int]
) -> Iterator[Draft]:
    suspicion = _suspicion(check, finding, analysis, symbol, ordinals)
    if suspicion is not None:
        fix = _fix(finding, analysis)
        changes = finding.fix if fix is not None else ()
        yield Draft(msgspec.structs.replace(suspicion, fix=fix), changes)


def _suspicion(
    check: Check, finding: Finding, analysis: Analysis, symbol: str, ordinals: dict[str, int]
) -> Suspicion | None:
    place = analysis.quoter.place(finding.start, finding.end)
    if place is None:
        return None
    # Without any layout, and not cut as the quote is.
    tokens = "".join(analysis.quoter.text(finding.start, finding.end).split())
    ordinals[tokens] = ordinals.get(tokens, 0) + 1
    shown = not finding.weak and (check.precision is None or check.precision >= PRECISION_MIN)
    return Suspicion(
        category=check.name,
        symbol=symbol,
        place=place,
        quote=analysis.quoter.quote(finding.start, finding.end),
        message=finding.message,
        severity=check.severity if shown else Severity.NOTE,
        evidence=tuple(
            step for step in (_step(each, analysis) for each in finding.evidence) if step is not None
        ),
        shown=shown,
        id=_id(check.name, place.ref, tokens, ordinals[tokens]),
    )


def _fix(finding: Finding, analysis: Analysis) -> Fix | None:
    edits = [analysis.quoter.edit(each.start, each.end, each.text) for each in finding.fix]
    if not edits or any(each is None for each in edits):
        return None
    return Fix(finding.fix_title, tuple(each for each in edits if each is not None))


def _step(step: Step | Evidence, analysis: Analysis) -> Evidence | None:
    return (
        step if isinstance(step, Evidence) else analysis.quoter.evidence(step.start, step.end, step.sentence)
    )


def _id(category: str, ref: str, tokens: str, ordinal: int) -> str:
    """Return the digest that names a suspicion in its workspace: 16 hex characters.

    `ordinal` counts, in source order, what is suspected of the same tokens in the same symbol.
    """
    told = "\0".join((category, ref, tokens, str(ordinal)))
    return hashlib.blake2b(told.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
