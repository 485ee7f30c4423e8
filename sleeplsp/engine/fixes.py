"""Verifying fixes: a fix is offered only if the changed code was deduced and is better for it.

After the change the text must parse no worse, the suspicion must be gone, none may be new, and no other
function's contract may have changed. It must not know how a fix was thought of.
"""

from collections import Counter
from typing import TYPE_CHECKING

import msgspec

from sleeplsp.core.context import Context, Contexts
from sleeplsp.core.context import digest as context_digest
from sleeplsp.core.contract import digest as contract_digest
from sleeplsp.core.facts import MODULE, ModuleFacts
from sleeplsp.core.insight import Suspicion
from sleeplsp.core.resolved import ref_of
from sleeplsp.engine.work import Change, FunctionJob, FunctionResult, SourceFile, UnitJob

if TYPE_CHECKING:
    from sleeplsp.engine.run import Run

CONCERNED_MAX = 60
"""Functions deduced again to verify one fix; a fix that concerns more is withheld."""


def verify_fixes(run: "Run", drafts: list[FunctionResult]) -> None:
    """Keep of the suspicions' fixes those that pass, in the rows of the run."""
    for result in drafts:
        if not any(result.changes) or result.ref.partition("::")[0] in run.failed:
            continue
        kept, offered, withheld = [], 0, 0
        for suspicion, changes in zip(run.suspicions(result.ref), result.changes, strict=True):
            passes = bool(changes) and Trial(run, result.ref, suspicion, changes).passes()
            offered += passes
            withheld += bool(changes) and not passes
            kept.append(suspicion if passes else msgspec.structs.replace(suspicion, fix=None))
        run.replace_suspicions(result.ref, tuple(kept), offered, withheld)


class Trial:
    """One fix, tried on a copy of its module."""

    def __init__(self, run: "Run", ref: str, suspicion: Suspicion, changes: tuple[Change, ...]) -> None:
        self._run = run
        self._ref = ref
        self._suspicion = suspicion
        self._changes = changes
        self._path = ref.partition("::")[0]
        self._facts = run.facts[self._path]

    def passes(self) -> bool:
        """Tell whether the fix may be offered."""
        source = self._run.source(self._path)
        if source is None:
            return False
        crew = self._run.crew()
        (changed,) = crew.read(
            [SourceFile(source.path, source.language, _applied(source.source, self._changes))]
        )
        try:
            return isinstance(changed, ModuleFacts) and self._is_better(changed)
        finally:
            crew.read([source])

    def _is_better(self, changed: ModuleFacts) -> bool:
        before, after = _codes(self._facts), _codes(changed)
        if changed.errors > self._facts.errors or before.keys() != after.keys():
            return False
        contexts = Contexts(self._run.index.replaced(changed))
        jobs: dict[str, Context] = {}
        for function in changed.functions:
            ref, context = ref_of(self._path, function.symbol), contexts.of(changed, function)
            same = before[function.symbol] == after[function.symbol]
            if not same or context_digest(context) != self._run.context_digests[ref]:
                jobs[ref] = context
        return self._ref in jobs and len(jobs) <= CONCERNED_MAX and self._deduced_well(jobs)

    def _deduced_well(self, jobs: dict[str, Context]) -> bool:
        results = self._deduce(jobs, {})
        own = results[self._ref]
        if any(each.failure or not each.complete for each in results.values()) or not self._is_gone(results):
            return False
        if any(not self._keeps_contract(each) for ref, each in results.items() if ref != self._ref):
            return False
        if self._keeps_contract(own):
            return True
        callers = {
            ref: context
            for ref, context in self._run.contexts.items()
            if self._ref in context.callees and ref != self._ref and ref not in jobs
        }
        if len(callers) > CONCERNED_MAX or not self._run.hold(
            {ref.partition("::")[0] for ref in callers} - {self._path}
        ):
            return False
        others = {ref: context for ref, context in callers.items() if not ref.startswith(f"{self._path}::")}
        if len(others) < len(callers):
            return False  # callers beside it have moved with the text; not worth another round
        affected = self._deduce(others, {self._ref: own})
        return all(self._keeps_contract(each) for each in affected.values())

    def _deduce(
        self, jobs: dict[str, Context], known: dict[str, FunctionResult]
    ) -> dict[str, FunctionResult]:
        contracts = {**self._run.contracts, **{ref: each.contract for ref, each in known.items()}}
        units = [
            UnitJob(
                (FunctionJob(ref, context),),
                {each: contracts[each] for each in context.callees if each in contracts},
            )
            for ref, context in jobs.items()
        ]
        return {each.ref: each for each in self._run.crew().deduce(units)}

    def _keeps_contract(self, result: FunctionResult) -> bool:
        return contract_digest(result.contract) == contract_digest(self._run.contracts[result.ref])

    def _is_gone(self, results: dict[str, FunctionResult]) -> bool:
        before = Counter(_kind(each) for ref in results for each in self._run.suspicions(ref))
        after = Counter(_kind(each) for result in results.values() for each in result.suspicions)
        before[_kind(self._suspicion)] -= 1
        # What is left may be quoted otherwise where the change touched it: compare by check as well.
        by_check = Counter(category for category, _ in after.elements())
        allowed = Counter(category for category, _ in before.elements())
        return after[_kind(self._suspicion)] <= before[_kind(self._suspicion)] and by_check <= allowed


def _kind(suspicion: Suspicion) -> tuple[str, str]:
    return suspicion.category, f"{suspicion.symbol}\0{suspicion.quote}"


def _codes(facts: ModuleFacts) -> dict[str, str]:
    return {MODULE: facts.digest, **{each.id: each.digest for each in facts.symbols}}


def _applied(source: bytes, changes: tuple[Change, ...]) -> bytes:
    for change in sorted(changes, key=lambda each: each.start, reverse=True):
        source = source[: change.start] + change.text.encode() + source[change.end :]
    return source
