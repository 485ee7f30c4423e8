"""The workbench: texts at hand, and the two kinds of work done on them. Runs inside a worker process.

It holds the modules it was given until it is told to forget them. It must not know other workers.
"""

import contextlib
import sys
from collections.abc import Iterable, Sequence
from itertools import takewhile

from sleeplsp.core.contract import UNKNOWN_CONTRACT, Contract, digest
from sleeplsp.core.facts import ModuleFacts
from sleeplsp.core.flow import Program
from sleeplsp.core.graph import UNIT_MAX
from sleeplsp.core.languages import languages
from sleeplsp.core.reading import Reading, read
from sleeplsp.core.text import Text
from sleeplsp.deduce.library import Library
from sleeplsp.deduce.reason import Deduction, deduce
from sleeplsp.deduce.telling.quoting import Quoter
from sleeplsp.deduce.world import World
from sleeplsp.engine.work import (
    OUT_OF_MEMORY,
    Change,
    FunctionJob,
    FunctionResult,
    IsCurrent,
    SourceFile,
    UnitJob,
    always,
    failed,
)

ROUNDS_MAX = 4
"""Times a circle of functions is deduced; contracts that still change then are unknown."""

RECURSION_MAX = 4000
"""Python frames: the deepest nesting the lowering keeps needs fewer than this."""


class Workbench:
    """Reads modules and deduces their functions."""

    def __init__(self, library: Library, off: frozenset[str] = frozenset()) -> None:
        self._library = library
        self._off = off
        self._readings: dict[str, Reading] = {}
        self._programs = dict[str, dict[str, Program]]()
        self._imports = dict[str, None]()
        """What the modules at hand import by its full name, as far as nobody has asked the library yet."""
        sys.setrecursionlimit(max(sys.getrecursionlimit(), RECURSION_MAX))

    def read(self, sources: Sequence[SourceFile]) -> list[ModuleFacts | str]:
        """Read modules; what goes wrong with one is told in its place."""
        return [self._read(each) for each in sources]

    def deduce(self, units: Sequence[UnitJob], is_current: IsCurrent = always) -> list[FunctionResult]:
        """Deduce units one after the other, as long as that is current."""
        return [
            result for unit in takewhile(lambda _unit: is_current(), units) for result in self._unit(unit)
        ]

    def prepare(self) -> bool:
        """Ask the library for something that will be needed, while nothing else is; tell if there was any."""
        if not self._imports:
            return False
        with contextlib.suppress(Exception):  # whoever needs it is told
            self._library.kind(self._imports.popitem()[0])
        return True

    def forget(self, paths: Iterable[str]) -> None:
        """Give up what is held of modules."""
        for path in paths:
            self._readings.pop(path, None)
            self._programs.pop(path, None)

    def _read(self, source: SourceFile) -> ModuleFacts | str:
        try:
            reading = read(source.path, languages()[source.language], Text(source.source))
        except Exception as error:  # noqa: BLE001  one bad module must not end the others
            return _told(error)
        self._readings[source.path] = reading
        self._programs.pop(source.path, None)
        self._imports.update(
            (f"{each.target}.{each.member}".rstrip("."), None)
            for bindings in reading.facts.bindings.values()
            for each in bindings
            if each.kind == "import" and not each.level
        )
        return reading.facts

    def _unit(self, unit: UnitJob) -> list[FunctionResult]:
        contracts = dict(unit.contracts)
        refs = {each.ref for each in unit.functions}
        if len(refs) > UNIT_MAX:
            return [self._function(each, contracts) for each in unit.functions]
        circular = len(refs) > 1 or any(ref in unit.functions[0].context.callees for ref in refs)
        rounds = ROUNDS_MAX if circular else 1
        results: list[FunctionResult] = []
        stable = not circular
        for _ in range(rounds):
            results = [self._function(each, contracts) for each in unit.functions]
            after = {each.ref: each.contract for each in results}
            stable = stable or all(
                digest(contracts.get(ref, UNKNOWN_CONTRACT)) == digest(after[ref]) for ref in after
            )
            contracts.update(after)
            if stable:
                return results
        # What does not settle is not known; once more, so that no claim rests on a passing state.
        contracts.update(dict.fromkeys(refs, UNKNOWN_CONTRACT))
        results = [self._function(each, contracts) for each in unit.functions]
        return [_without_contract(each) for each in results]

    def _function(self, job: FunctionJob, contracts: dict[str, Contract]) -> FunctionResult:
        path, _, symbol = job.ref.partition("::")
        try:
            reading = self._readings[path]
            programs = self._programs.get(path)
            if programs is None:
                programs = self._programs[path] = reading.programs()
            world = World(job.ref, job.context, contracts, self._library, self._off, job.effort)
            deduction = deduce(programs[symbol], world, Quoter(reading.placing, symbol), symbol)
        except Exception as error:  # noqa: BLE001  one bad function must not end the others
            return failed(job.ref, _told(error))
        return _result(job.ref, deduction)


def _result(ref: str, deduction: Deduction) -> FunctionResult:
    return FunctionResult(
        ref=ref,
        contract=deduction.contract,
        invariants=deduction.invariants,
        suspicions=tuple(each.suspicion for each in deduction.drafts),
        changes=tuple(
            tuple(Change(c.start, c.end, c.text) for c in each.changes) for each in deduction.drafts
        ),
        complete=deduction.complete,
        cut=deduction.cut,
    )


def _without_contract(result: FunctionResult) -> FunctionResult:
    return FunctionResult(
        ref=result.ref,
        contract=UNKNOWN_CONTRACT,
        invariants=(),
        suspicions=result.suspicions,
        changes=result.changes,
        complete=False,
    )


def _told(error: Exception) -> str:
    if isinstance(error, MemoryError):
        return OUT_OF_MEMORY
    return f"{type(error).__name__}: {error}"[:200]
