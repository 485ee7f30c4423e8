"""Verifying fixes: a fix is offered only if the changed code was deduced and is better for it.

After the change the text must parse no worse, the suspicion must be gone, none may be new, and no other
function's contract may have changed. A trial says what a worker is to do and is told what came of it. It
must not know how a fix was thought of, nor who works.
"""

from collections import Counter
from collections.abc import Callable, Generator

import msgspec

from sleeplsp.core.context import Context, Contexts
from sleeplsp.core.context import digest as context_digest
from sleeplsp.core.contract import digest as contract_digest
from sleeplsp.core.facts import MODULE, ModuleFacts
from sleeplsp.core.insight import Suspicion
from sleeplsp.core.resolved import path_in, ref_of
from sleeplsp.core.row import FunctionRow
from sleeplsp.engine.knowledge import Knowledge
from sleeplsp.engine.rows import supported
from sleeplsp.engine.work import Change, FunctionJob, FunctionResult, SourceFile, Sources, UnitJob, Worker

CONCERNED_MAX = 60
"""Functions deduced again to verify one fix; a fix that concerns more is withheld."""

Task = Callable[[Worker], object]
Verified = Generator[Task, object, FunctionRow]
"""Says what a worker is to do next, is sent what came of it, and ends with a row."""

Results = dict[str, FunctionResult]


def tried(knowledge: Knowledge, sources: Sources, draft: FunctionResult) -> Verified:
    """Try the fixes of what was suspected of a function; return its row with those that pass."""
    row = knowledge.rows[draft.ref]
    kept, offered, withheld = [], 0, 0
    for suspicion, changes in zip(draft.suspicions, draft.changes, strict=True):
        passes = False
        if changes:
            passes = yield from Trial(knowledge, sources, draft.ref, suspicion, changes).passes()
        offered += passes
        withheld += bool(changes) and not passes
        fix = suspicion.fix if passes else None
        kept.append(supported(knowledge, draft.ref, msgspec.structs.replace(suspicion, fix=fix)))
    return msgspec.structs.replace(row, suspicions=tuple(kept), offered=offered, withheld=withheld)


class Trial:
    """One fix, tried on a copy of its module."""

    def __init__(
        self,
        knowledge: Knowledge,
        sources: Sources,
        ref: str,
        suspicion: Suspicion,
        changes: tuple[Change, ...],
    ) -> None:
        self._knowledge = knowledge
        self._sources = sources
        self._ref = ref
        self._suspicion = suspicion
        self._path = path_in(ref)
        self._facts = knowledge.facts[self._path]
        source = sources(self._path)
        self._changed = (
            SourceFile(source.path, source.language, _applied(source.source, changes)) if source else None
        )

    def passes(self) -> Generator[Task, object, bool]:
        """Tell whether the fix may be offered."""
        source = self._changed
        if source is None:
            return False
        answers = yield lambda worker: worker.read([source])
        changed = answers[0] if isinstance(answers, list) else None
        if not isinstance(changed, ModuleFacts):
            return False
        before, after = _codes(self._facts), _codes(changed)
        if changed.errors > self._facts.errors or before.keys() != after.keys():
            return False
        contexts = Contexts(self._knowledge.index.replaced(changed))
        jobs: dict[str, Context] = {}
        for function in changed.functions:
            ref, context = ref_of(self._path, function.symbol), contexts.of(changed, function)
            same = before[function.symbol] == after[function.symbol]
            if not same or context_digest(context) != self._knowledge.rows[ref].trace.context:
                jobs[ref] = context
        if self._ref not in jobs or len(jobs) > CONCERNED_MAX:
            return False
        return (yield from self._deduced_well(jobs))

    def _deduced_well(self, jobs: dict[str, Context]) -> Generator[Task, object, bool]:
        results = yield from self._deduce(jobs, {})
        own = results[self._ref]
        if any(each.failure or not each.complete for each in results.values()) or not self._is_gone(results):
            return False
        if any(not self._keeps_contract(each) for ref, each in results.items() if ref != self._ref):
            return False
        if self._keeps_contract(own):
            return True
        callers = self._knowledge.callers.get(self._ref, set()) - jobs.keys() - {self._ref}
        if len(callers) > CONCERNED_MAX or any(path_in(ref) == self._path for ref in callers):
            return False  # callers beside it have moved with the text; not worth another round
        contexts = {ref: self._knowledge.context(ref) for ref in callers}
        affected = yield from self._deduce(contexts, {self._ref: own})
        return all(self._keeps_contract(each) for each in affected.values())

    def _deduce(self, jobs: dict[str, Context], known: Results) -> Generator[Task, object, Results]:
        rows = self._knowledge.rows
        contracts = {
            each: known[each].contract if each in known else rows[each].contract
            for context in jobs.values()
            for each in context.callees
            if each in known or each in rows
        }
        units = [
            UnitJob(
                (FunctionJob(ref, context, rows[ref].effort),),
                {each: contracts[each] for each in context.callees if each in contracts},
            )
            for ref, context in jobs.items()
        ]
        results = yield lambda worker: worker.deduce(units, self._source)
        return (
            {each.ref: each for each in results if isinstance(each, FunctionResult)}
            if isinstance(results, list)
            else {}
        )

    def _source(self, path: str) -> SourceFile | None:
        return self._changed if path == self._path else self._sources(path)

    def _keeps_contract(self, result: FunctionResult) -> bool:
        return contract_digest(result.contract) == self._knowledge.digests[result.ref]

    def _is_gone(self, results: Results) -> bool:
        rows = self._knowledge.rows
        before = Counter(_kind(each) for ref in results for each in rows[ref].suspicions)
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
