"""A workspace that is thought about again and again: which functions were deduced each time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sleeplsp.cache.memory import MemoryStore
from sleeplsp.core.facts import ModuleFacts
from sleeplsp.core.row import ModuleRow
from sleeplsp.engine.deduction import Deduction
from sleeplsp.engine.outcome import Outcome
from sleeplsp.engine.ports import FileStamp, Listing, SkipReason
from sleeplsp.engine.work import FunctionResult, IsCurrent, SourceFile, Sources, UnitJob, Worker, always
from sleeplsp.workers.inline import InlineWorker
from sleeplsp.workers.workbench import Workbench
from tests.check_cases import library


class EditedFiles:
    """The `Files` port over texts in memory that change: each edit is seen by a file's time."""

    def __init__(self, files: Mapping[str, str]) -> None:
        self.files = dict(files)
        self._times = dict.fromkeys(files, 1)

    def edit(self, files: Mapping[str, str]) -> None:
        """Put texts in place of those of the same paths."""
        self.files.update(files)
        for path in files:
            self._times[path] = self._times.get(path, 0) + 1

    def remove(self, path: str) -> None:
        """Take a file away."""
        del self.files[path]

    def scan(self) -> Listing:
        stamps = (FileStamp(path, len(text), self._times[path]) for path, text in sorted(self.files.items()))
        return Listing(tuple(stamps), (), 0)

    def read(self, path: str) -> bytes | SkipReason:
        text = self.files.get(path)
        return text.encode() if text is not None else SkipReason.UNREADABLE


class WatchedWorker:
    """A worker that notes what it is asked to read and to deduce."""

    def __init__(self, worker: Worker | None = None) -> None:
        self._worker = worker or InlineWorker(Workbench(library()))
        self.read_: list[str] = []
        self.deduced: list[str] = []

    def read(self, sources: Sequence[SourceFile]) -> list[ModuleFacts | str]:
        self.read_ += [each.path for each in sources]
        return self._worker.read(sources)

    def deduce(
        self, units: Sequence[UnitJob], sources: Sources, is_current: IsCurrent = always
    ) -> list[FunctionResult]:
        self.deduced += [each.ref for unit in units for each in unit.functions]
        return self._worker.deduce(units, sources, is_current)

    def recall(self) -> None:
        self._worker.recall()

    def is_ready(self) -> bool:
        return self._worker.is_ready()

    def is_wanted(self) -> bool:
        return self._worker.is_wanted()

    def rest(self) -> None:
        self._worker.rest()

    def close(self) -> None:
        self._worker.close()


@dataclass(frozen=True)
class Night:
    """One run: what it came to, which functions were deduced, what was told of each module."""

    outcome: Outcome
    deduced: set[str]
    rows: dict[str, ModuleRow]


class Thinker:
    """One process that thinks about a workspace; a second one with the same store is a later process."""

    def __init__(
        self,
        files: EditedFiles,
        store: MemoryStore | None = None,
        workers: Sequence[Worker] = (),
        recipe: str = "test",
    ) -> None:
        self.files = files
        self.store = store if store is not None else MemoryStore()
        self.workers = [WatchedWorker(each) for each in workers or (None,)]
        self.deduction = Deduction("/", files, self.store, lambda: self.workers, recipe)

    def think(self) -> Night:
        """Run once."""
        for each in self.workers:
            each.deduced.clear()
        outcome = self.deduction.run()
        deduced = {ref for each in self.workers for ref in each.deduced}
        return Night(outcome, deduced, dict(self.deduction.rows))
