"""Rows: from what a worker has deduced of a function to the row that is stored of it.

Fixes are left out until they are verified. It must not know how anything was deduced.
"""

from collections.abc import Iterable, Mapping

import msgspec

from sleeplsp.core.contract import digest as contract_digest
from sleeplsp.core.insight import Evidence, Support, Suspicion
from sleeplsp.core.row import FunctionRow
from sleeplsp.engine.knowledge import Knowledge
from sleeplsp.engine.work import FunctionResult

Contracts = tuple[tuple[str, str], ...]
"""Functions that were consulted, each with its contract's digest."""


def rows_of(
    knowledge: Knowledge,
    results: Iterable[FunctionResult],
    contexts: Mapping[str, str],
    consulted: Mapping[str, Contracts],
    effort: int,
) -> dict[str, FunctionRow]:
    """Return the rows of one unit's functions.

    By function, as they were when it was deduced: digests of contexts, and of what was `consulted`.
    """
    results = tuple(results)
    beside = {each.ref: contract_digest(each.contract) for each in results}
    rows: dict[str, FunctionRow] = {}
    for each in results:
        contracts = tuple((ref, beside.get(ref, seen)) for ref, seen in consulted[each.ref])
        rows[each.ref] = _row(knowledge, each, contexts[each.ref], contracts, effort)
    return rows


def supported(knowledge: Knowledge, ref: str, suspicion: Suspicion) -> Suspicion:
    """Return a suspicion with the symbols it rests on."""
    support = _support(knowledge, ref, suspicion.evidence)
    return msgspec.structs.replace(suspicion, support=support)


def _row(
    knowledge: Knowledge, result: FunctionResult, context: str, contracts: Contracts, effort: int
) -> FunctionRow:
    told = [
        *(each.evidence for each in result.invariants),
        *(each.evidence for each in result.suspicions),
    ]
    quoted = {step.place.ref for evidence in told for step in evidence} - {result.ref}
    return FunctionRow(
        trace=knowledge.trace(result.ref, context, contracts, quoted),
        contract=result.contract,
        invariants=tuple(
            msgspec.structs.replace(each, support=_support(knowledge, result.ref, each.evidence))
            for each in result.invariants
        ),
        suspicions=tuple(
            supported(knowledge, result.ref, msgspec.structs.replace(each, fix=None))
            for each in result.suspicions
        ),
        complete=result.complete,
        effort=effort,
        cut=result.cut,
    )


def _support(knowledge: Knowledge, ref: str, evidence: Iterable[Evidence]) -> tuple[Support, ...]:
    refs = dict.fromkeys([ref, *(step.place.ref for step in evidence)])
    return tuple(Support(each, knowledge.codes.get(each, "")) for each in refs)
