"""One run over a workspace: what is known so far, and how the rest comes to be known.

Modules the store does not know are read; then, callees before callers, every function whose earlier
deduction does not hold any more is deduced; then the fixes are verified. It must not know where rows are
kept, nor how work is spread.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Protocol

import msgspec

from sleeplsp.core import graph
from sleeplsp.core.context import Context, Contexts
from sleeplsp.core.context import digest as context_digest
from sleeplsp.core.contract import UNKNOWN_CONTRACT, Contract
from sleeplsp.core.contract import digest as contract_digest
from sleeplsp.core.facts import MODULE, ModuleFacts
from sleeplsp.core.index import Index
from sleeplsp.core.insight import Evidence, Support, Suspicion
from sleeplsp.core.resolved import ref_of
from sleeplsp.core.row import FunctionRow, ModuleRow, Trace
from sleeplsp.engine.fixes import verify_fixes
from sleeplsp.engine.gather import Gathered
from sleeplsp.engine.outcome import FixCounts, Outcome, Progress
from sleeplsp.engine.work import Crew, FunctionJob, FunctionResult, SourceFile, UnitJob

READ_BATCH = 256
"""Modules handed to the crew at a time: progress can be told in between."""


class Host(Protocol):
    """Whoever keeps texts and workers between runs."""

    def crew(self) -> Crew:
        """Return the crew."""
        ...

    def hold(self, found: Gathered, paths: Iterable[str]) -> dict[str, ModuleFacts | str]:
        """See to it that the crew has read these modules; return facts or failures of those read now."""
        ...

    def holds(self, facts: ModuleFacts) -> bool:
        """Tell whether the crew has this very text."""
        ...

    def source(self, found: Gathered, path: str) -> SourceFile | None:
        """Return a module's text as the crew takes it."""
        ...

    def earlier(self, path: str) -> ModuleRow | None:
        """Return a module's row of the run before: functions of it may still hold."""
        ...


class Run:
    """One run: what is known so far."""

    def __init__(
        self, host: Host, found: Gathered, before: "Run | None", tell: Callable[[Progress], None]
    ) -> None:
        self._host = host
        self._before = before
        self.found = found
        self._tell = tell
        self.failed: dict[str, str] = {}
        self.facts: dict[str, ModuleFacts] = {path: row.facts for path, row in found.rows.items()}
        self.rows: dict[str, ModuleRow] = {}
        self.fresh: dict[str, int] = {}
        self.contracts: dict[str, Contract] = {}
        self.digests: dict[str, str] = {}
        self.results: dict[str, FunctionRow] = {}
        self.drafts: list[FunctionResult] = []
        self.index = Index({})
        self.contexts: dict[str, Context] = {}
        self.context_digests: dict[str, str] = {}

    def read(self) -> None:
        """Have the modules read that the store does not know."""
        unknown = self.found.unknown
        for start in range(0, len(unknown), READ_BATCH):
            self._tell(Progress("reading", start, len(unknown)))
            for path, answer in self._host.hold(self.found, unknown[start : start + READ_BATCH]).items():
                if isinstance(answer, ModuleFacts):
                    self.facts[path] = answer
                else:
                    self.failed[path] = answer
        if unknown:
            self._tell(Progress("reading", len(unknown), len(unknown)))

    def deduce(self) -> None:
        """Bring every function up to date, level by level."""
        self._find_contexts()
        codes = self._codes()
        done, was_told = 0, False
        for level in graph.levels({ref: context.consulted for ref, context in self.contexts.items()}):
            stale = [unit for unit in level if not self._still_holds(unit, codes)]
            if stale:
                self._tell(Progress("deducing", done, len(self.contexts)))
                was_told = True
            self._deduce(stale, codes)
            done += sum(map(len, level))
        if was_told:
            self._tell(Progress("deducing", done, done))
        self._assemble()

    def verify_fixes(self) -> None:
        """Verify the fixes of what was deduced now, and put those that pass into the rows."""
        verify_fixes(self, self.drafts)

    def outcome(self, seconds: float) -> Outcome:
        """Return what the run came to."""
        functions = sum(len(row.functions) for row in self.rows.values())
        deduced = sum(self.fresh.values())
        return Outcome(
            modules=len(self.rows),
            deduced=deduced,
            kept=functions - deduced,
            failed=self.failed,
            skipped=self.found.skipped,
            other=self.found.other,
            fixes=_counted(self.rows.values()),
            seconds=seconds,
        )

    def _find_contexts(self) -> None:
        """Work out what every function may look at; what cannot have changed is taken from the run before."""
        self.index = Index(self.facts)
        contexts, before = Contexts(self.index), self._before
        same = before is not None and _interfaces(before.facts) == _interfaces(self.facts)
        for path, facts in self.facts.items():
            unchanged = same and before is not None and before.facts[path].text_digest == facts.text_digest
            known = before if unchanged else None
            for function in facts.functions:
                ref = ref_of(path, function.symbol)
                if known is not None:
                    self.contexts[ref] = known.contexts[ref]
                    self.context_digests[ref] = known.context_digests[ref]
                else:
                    self.contexts[ref] = contexts.of(facts, function)
                    self.context_digests[ref] = context_digest(self.contexts[ref])

    def _codes(self) -> dict[str, str]:
        codes: dict[str, str] = {}
        for path, facts in self.facts.items():
            codes[ref_of(path, MODULE)] = facts.digest
            codes.update((ref_of(path, symbol.id), symbol.digest) for symbol in facts.symbols)
        return codes

    def _still_holds(self, unit: tuple[str, ...], codes: Mapping[str, str]) -> bool:
        rows = {ref: self._valid_row(ref, codes) for ref in unit}
        if not all(rows.values()):
            return False
        for ref, row in rows.items():
            if row is not None:
                self._learn(ref, row)
        # Within a circle each member's contract was consulted as it is in these very rows.
        circle = [row for row in rows.values() if row is not None] if len(unit) > 1 else []
        return all(self._consulted(row, unit) for row in circle)

    def _consulted(self, row: FunctionRow, unit: tuple[str, ...]) -> bool:
        return all(self.digests.get(ref) == seen for ref, seen in row.trace.contracts if ref in unit)

    def _valid_row(self, ref: str, codes: Mapping[str, str]) -> FunctionRow | None:
        path, _, symbol = ref.partition("::")
        for module in (self.found.rows.get(path), self._host.earlier(path)):
            row = module.functions.get(symbol) if module is not None else None
            if row is None or row.trace.code != codes[ref] or row.trace.context != self.context_digests[ref]:
                continue
            fresh = all(self.digests.get(each, seen) == seen for each, seen in row.trace.contracts)
            if fresh and all(codes.get(each) == seen for each, seen in row.trace.quoted):
                return row
        return None

    def _learn(self, ref: str, row: FunctionRow) -> None:
        self.results[ref] = row
        self.contracts[ref] = row.contract
        self.digests[ref] = contract_digest(row.contract)

    def _deduce(self, units: list[tuple[str, ...]], codes: Mapping[str, str]) -> None:
        if not units:
            return
        paths = {ref.partition("::")[0] for unit in units for ref in unit}
        missing = sorted(path for path in paths if not self._host.holds(self.facts[path]))
        for path, answer in self._host.hold(self.found, missing).items():
            if isinstance(answer, str):
                self.failed[path] = answer
        for result in self._host.crew().deduce([self._job(unit) for unit in units]):
            path = result.ref.partition("::")[0]
            if result.failure:
                self.failed.setdefault(path, result.failure)
            self.fresh[path] = self.fresh.get(path, 0) + 1
            self.drafts.append(result)
            self.contracts[result.ref] = result.contract
            self.digests[result.ref] = contract_digest(result.contract)
            self.results[result.ref] = self._row(result, codes)
        for unit in units:  # members of a circle saw each other's contracts as they are now
            for ref in unit if len(unit) > 1 else ():
                row = self.results[ref]
                self.results[ref] = msgspec.structs.replace(
                    row, trace=self._trace(ref, row.trace.quoted, codes)
                )

    def _job(self, unit: tuple[str, ...]) -> UnitJob:
        consulted = {callee for ref in unit for callee in self.contexts[ref].callees}
        known = {ref: self.contracts[ref] for ref in consulted if ref in self.contracts and ref not in unit}
        return UnitJob(tuple(FunctionJob(ref, self.contexts[ref]) for ref in unit), known)

    def _row(self, result: FunctionResult, codes: Mapping[str, str]) -> FunctionRow:
        quoted: dict[str, str] = {}
        told = [
            *(each.evidence for each in result.invariants),
            *(each.evidence for each in result.suspicions),
        ]
        for evidence in told:
            quoted.update((step.place.ref, codes.get(step.place.ref, "")) for step in evidence)
        quoted.pop(result.ref, None)
        return FunctionRow(
            trace=self._trace(result.ref, tuple(sorted(quoted.items())), codes),
            contract=result.contract,
            invariants=tuple(
                msgspec.structs.replace(each, support=_support(result.ref, each.evidence, codes))
                for each in result.invariants
            ),
            suspicions=tuple(
                msgspec.structs.replace(each, support=_support(result.ref, each.evidence, codes))
                for each in result.suspicions
            ),
            complete=result.complete,
        )

    def _trace(self, ref: str, quoted: tuple[tuple[str, str], ...], codes: Mapping[str, str]) -> Trace:
        context = self.contexts[ref]
        unknown = contract_digest(UNKNOWN_CONTRACT)
        consulted = tuple((each, self.digests.get(each, unknown)) for each in context.consulted)
        return Trace(codes[ref], self.context_digests[ref], consulted, quoted)

    def _assemble(self) -> None:
        functions: dict[str, dict[str, FunctionRow]] = {path: {} for path in self.facts}
        for ref, row in self.results.items():
            path, _, symbol = ref.partition("::")
            functions[path][symbol] = row
        for path, facts in self.facts.items():
            self.rows[path] = ModuleRow(
                facts=facts, functions=functions[path], failure=self.failed.get(path, "")
            )

    def crew(self) -> Crew:
        """Return the crew."""
        return self._host.crew()

    def source(self, path: str) -> SourceFile | None:
        """Return a module's text as the crew takes it."""
        return self._host.source(self.found, path)

    def hold(self, paths: Iterable[str]) -> bool:
        """See to it that the crew has read these modules as they are."""
        missing = sorted(path for path in paths if not self._host.holds(self.facts[path]))
        return all(
            isinstance(answer, ModuleFacts) for answer in self._host.hold(self.found, missing).values()
        )

    def suspicions(self, ref: str) -> tuple[Suspicion, ...]:
        """Return what is suspected of a function now."""
        return self.results[ref].suspicions

    def replace_suspicions(
        self, ref: str, suspicions: tuple[Suspicion, ...], offered: int, withheld: int
    ) -> None:
        """Put verified suspicions into a function's row."""
        path, _, symbol = ref.partition("::")
        row = msgspec.structs.replace(
            self.rows[path].functions[symbol],
            suspicions=suspicions,
            offered=offered,
            withheld=withheld,
        )
        self.rows[path].functions[symbol] = row


def _support(ref: str, evidence: Iterable[Evidence], codes: Mapping[str, str]) -> tuple[Support, ...]:
    refs = dict.fromkeys([ref, *(step.place.ref for step in evidence)])
    return tuple(Support(each, codes.get(each, "")) for each in refs)


def _counted(rows: Iterable[ModuleRow]) -> FixCounts:
    functions = [function for row in rows for function in row.functions.values()]
    return FixCounts(sum(each.offered for each in functions), sum(each.withheld for each in functions))


def _interfaces(facts: Mapping[str, ModuleFacts]) -> dict[str, str]:
    return {path: each.interface for path, each in facts.items()}
