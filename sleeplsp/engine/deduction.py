"""Deduction over a workspace: from files to rows, callees before callers, nothing done twice.

One Deduction lives as long as its workspace is open. `run` brings every module up to date and tells
listeners of each as soon as it is done. It works synchronously, in a process that serves nobody else. It
must not know how work is spread, where rows lie or who listens.
"""

import time
from collections.abc import Callable, Iterable, Mapping

import msgspec

from sleeplsp.core import graph
from sleeplsp.core.context import Context, Contexts
from sleeplsp.core.context import digest as context_digest
from sleeplsp.core.contract import UNKNOWN_CONTRACT, Contract
from sleeplsp.core.contract import digest as contract_digest
from sleeplsp.core.facts import MODULE, ModuleFacts
from sleeplsp.core.index import Index
from sleeplsp.core.insight import Support, Suspicion
from sleeplsp.core.resolved import ref_of
from sleeplsp.core.row import FunctionRow, Manifest, ModuleRow, Trace, manifest_key
from sleeplsp.core.text import Text
from sleeplsp.engine.fixes import verify_fixes
from sleeplsp.engine.gather import Gathered, Gatherer
from sleeplsp.engine.outcome import FixCounts, Outcome, Progress
from sleeplsp.engine.ports import Files, Store
from sleeplsp.engine.work import Crew, FunctionJob, FunctionResult, SourceFile, UnitJob

__all__ = ["Deduction", "Listener", "Outcome", "Progress", "Run", "Thought"]

READ_BATCH = 64
"""Modules handed to the crew at a time: progress can be told in between."""


class Thought(msgspec.Struct, frozen=True):
    """One module is done: its row, and whether anything of it was deduced just now."""

    path: str
    row: ModuleRow
    deduced: int


Listener = Callable[[Progress | Thought], None]


class Deduction:
    """The embedded reasoner over one workspace."""

    def __init__(
        self, root: str, files: Files, store: Store, crew: Callable[[], Crew], recipe: str
    ) -> None:
        self._root = root
        self._store = store
        self._recipe = recipe
        self._start_crew = crew
        self._crew: Crew | None = None
        self._gatherer = Gatherer(files, store, recipe)
        self._held: dict[str, str] = {}
        """Modules whose text the crew has read: path -> text digest."""
        self._rows: dict[str, ModuleRow] = {}
        self._found: Gathered | None = None
        self._index: Index | None = None

    def run(
        self,
        listen: Listener = lambda _event: None,
        overlays: Mapping[str, Text] | None = None,
        wanted: Callable[[str], bool] = lambda _path: True,
    ) -> Outcome:
        """Bring all modules up to date. Raises StoreError when results cannot be kept."""
        begun = time.monotonic()
        manifest = self._manifest()
        found = self._gatherer.gather(manifest, overlays or {}, wanted)
        run = Run(self, found, listen)
        if found.unchanged:
            run.rows = dict(found.rows)
        else:
            run.read()
            run.deduce()
            run.verify_fixes()
            self._keep(run, overlays or {})
        for path in sorted(run.rows):
            listen(Thought(path, run.rows[path], run.fresh.get(path, 0)))
        self._rows, self._found = run.rows, found
        self._index = None if found.unchanged else run.index
        return run.outcome(time.monotonic() - begun)

    @property
    def rows(self) -> Mapping[str, ModuleRow]:
        """Every module of the last run, by path."""
        return self._rows

    @property
    def index(self) -> Index:
        """What names of the last run's modules refer to."""
        if self._index is None:
            self._index = Index({path: row.facts for path, row in self._rows.items()})
        return self._index

    def text_of(self, path: str) -> Text | None:
        """Return a module's text as the last run had it; None if it cannot be read any more."""
        return self._gatherer.text(self._found, path) if self._found is not None else None

    def close(self) -> None:
        """End the crew."""
        if self._crew is not None:
            self._crew.close()
            self._crew = None
            self._held.clear()

    def crew(self) -> Crew:
        """Return the crew, started when it is first needed."""
        if self._crew is None:
            self._crew = self._start_crew()
        return self._crew

    def hold(self, found: Gathered, paths: Iterable[str]) -> dict[str, ModuleFacts | str]:
        """See to it that the crew has read these modules; return facts or failures of those read now."""
        wanted, results = [], {}
        for path in paths:
            source = self._gatherer.source(found, path)
            if source is None:
                results[path] = "the file cannot be read any more"
            else:
                wanted.append(source)
        answers = self.crew().read(wanted) if wanted else []
        for source, answer in zip(wanted, answers, strict=True):
            results[source.path] = answer
            if isinstance(answer, ModuleFacts):
                self._held[source.path] = answer.text_digest
        return results

    def holds(self, facts: ModuleFacts) -> bool:
        """Tell whether the crew has this very text."""
        return self._held.get(facts.path) == facts.text_digest

    def source(self, found: Gathered, path: str) -> SourceFile | None:
        """Return a module's text as the crew takes it."""
        return self._gatherer.source(found, path)

    def earlier(self, path: str) -> ModuleRow | None:
        """Return a module's row of the run before: functions of it may still hold."""
        return self._rows.get(path)

    def _manifest(self) -> Manifest | None:
        key = manifest_key(self._root, self._recipe)
        raw = self._store.get_many([key]).get(key)
        if raw is None:
            return None
        try:
            return msgspec.msgpack.decode(raw, type=Manifest)
        except msgspec.DecodeError:
            return None

    def _keep(self, run: "Run", overlays: Mapping[str, Text]) -> None:
        """Store new rows; the manifest only of what lies on disk, and only if nothing failed."""
        stamps, rows = run.found.stamps, {}
        for path, row in run.rows.items():
            if (run.fresh.get(path) or path in run.found.unknown) and path not in run.failed:
                rows[stamps[path].address] = msgspec.msgpack.encode(row)
        files = {
            path: stamp
            for path, stamp in stamps.items()
            if path not in overlays and path not in run.failed
        }
        manifest = Manifest(
            recipe=self._recipe,
            files=files,
            skipped=tuple(sorted(run.found.skipped.items())),
            other=run.found.other,
            finished_at=time.time(),
        )
        rows[manifest_key(self._root, self._recipe)] = msgspec.msgpack.encode(manifest)
        self._store.put_many(rows)


class Run:
    """One run: what is known so far."""

    def __init__(self, deduction: Deduction, found: Gathered, listen: Listener) -> None:
        self.deduction = deduction
        self.found = found
        self.listen = listen
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

    def read(self) -> None:
        """Have the modules read that the store does not know."""
        unknown = self.found.unknown
        for start in range(0, len(unknown), READ_BATCH):
            self.listen(Progress("reading", start, len(unknown)))
            for path, answer in self.deduction.hold(
                self.found, unknown[start : start + READ_BATCH]
            ).items():
                if isinstance(answer, ModuleFacts):
                    self.facts[path] = answer
                else:
                    self.failed[path] = answer

    def deduce(self) -> None:
        """Bring every function up to date, level by level."""
        self.index = Index(self.facts)
        contexts = Contexts(self.index)
        for path, facts in self.facts.items():
            for function in facts.functions:
                self.contexts[ref_of(path, function.symbol)] = contexts.of(facts, function)
        codes = self._codes()
        done = 0
        for level in graph.levels(
            {ref: context.consulted for ref, context in self.contexts.items()}
        ):
            stale = [unit for unit in level if not self._still_holds(unit, codes)]
            if stale:
                self.listen(Progress("deducing", done, len(self.contexts)))
            self._deduce(stale, codes)
            done += sum(map(len, level))
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
        if len(unit) > 1 and not all(
            row is not None and self._consulted(row, unit) for row in rows.values()
        ):
            return False
        return True

    def _consulted(self, row: FunctionRow, unit: tuple[str, ...]) -> bool:
        return all(
            self.digests.get(ref) == seen for ref, seen in row.trace.contracts if ref in unit
        )

    def _valid_row(self, ref: str, codes: Mapping[str, str]) -> FunctionRow | None:
        path, _, symbol = ref.partition("::")
        for module in (self.found.rows.get(path), self.deduction.earlier(path)):
            row = module.functions.get(symbol) if module is not None else None
            if (
                row is None
                or row.trace.code != codes[ref]
                or row.trace.context != context_digest(self.contexts[ref])
            ):
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
        missing = sorted(path for path in paths if not self.deduction.holds(self.facts[path]))
        for path, answer in self.deduction.hold(self.found, missing).items():
            if isinstance(answer, str):
                self.failed[path] = answer
        for result in self.deduction.crew().deduce([self._job(unit) for unit in units]):
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
        known = {
            ref: self.contracts[ref]
            for ref in consulted
            if ref in self.contracts and ref not in unit
        }
        return UnitJob(tuple(FunctionJob(ref, self.contexts[ref]) for ref in unit), known)

    def _row(self, result: FunctionResult, codes: Mapping[str, str]) -> FunctionRow:
        quoted: dict[str, str] = {}
        for claim in (*result.invariants, *result.suspicions):
            for step in claim.evidence:
                quoted[step.place.ref] = codes.get(step.place.ref, "")
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

    def _trace(
        self, ref: str, quoted: tuple[tuple[str, str], ...], codes: Mapping[str, str]
    ) -> Trace:
        context = self.contexts[ref]
        unknown = contract_digest(UNKNOWN_CONTRACT)
        consulted = tuple((each, self.digests.get(each, unknown)) for each in context.consulted)
        return Trace(codes[ref], context_digest(context), consulted, quoted)

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
        return self.deduction.crew()

    def source(self, path: str) -> SourceFile | None:
        """Return a module's text as the crew takes it."""
        return self.deduction.source(self.found, path)

    def hold(self, paths: Iterable[str]) -> bool:
        """See to it that the crew has read these modules as they are."""
        missing = sorted(path for path in paths if not self.deduction.holds(self.facts[path]))
        return all(
            isinstance(answer, ModuleFacts)
            for answer in self.deduction.hold(self.found, missing).values()
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


def _support(ref: str, evidence: Iterable[object], codes: Mapping[str, str]) -> tuple[Support, ...]:
    refs = dict.fromkeys([ref, *(step.place.ref for step in evidence)])  # type: ignore[attr-defined]
    return tuple(Support(each, codes.get(each, "")) for each in refs)


def _counted(rows: Iterable[ModuleRow]) -> FixCounts:
    functions = [function for row in rows for function in row.functions.values()]
    return FixCounts(
        sum(each.offered for each in functions), sum(each.withheld for each in functions)
    )
