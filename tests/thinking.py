"""A workspace that is thought about again and again: which functions were deduced each time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sleeplsp.cache.memory import MemoryStore
from sleeplsp.core.facts import ModuleFacts
from sleeplsp.core.row import ModuleRow
from sleeplsp.engine.deduction import Deduction
from sleeplsp.engine.outcome import Outcome, Progress, Thought
from sleeplsp.engine.ports import FileStamp, Listing, SkipReason
from sleeplsp.engine.work import Crew, FunctionResult, SourceFile, UnitJob
from sleeplsp.workers.workbench import Workbench
from tests.check_cases import library
from tests.local_crew import LocalCrew


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


class WatchedCrew:
    """A crew that notes what it is asked to read and to deduce."""

    def __init__(self, crew: Crew | None = None) -> None:
        self._crew = crew or LocalCrew(Workbench(library()))
        self.read_: list[str] = []
        self.deduced: list[str] = []

    @property
    def size(self) -> int:
        return self._crew.size

    def read(self, sources: Sequence[SourceFile]) -> list[ModuleFacts | str]:
        self.read_ += [each.path for each in sources]
        return self._crew.read(sources)

    def deduce(self, units: Sequence[UnitJob]) -> list[FunctionResult]:
        self.deduced += [each.ref for unit in units for each in unit.functions]
        return self._crew.deduce(units)

    def close(self) -> None:
        self._crew.close()


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
        crew: Crew | None = None,
        recipe: str = "test",
    ) -> None:
        self.files = files
        self.store = store if store is not None else MemoryStore()
        self.crew = WatchedCrew(crew)
        self.deduction = Deduction("/", files, self.store, lambda: self.crew, recipe)

    def think(self) -> Night:
        """Run once."""
        rows: dict[str, ModuleRow] = {}

        def listen(event: Progress | Thought) -> None:
            if isinstance(event, Thought):
                rows[event.path] = event.row

        before = len(self.crew.deduced)
        outcome = self.deduction.run(listen)
        return Night(outcome, set(self.crew.deduced[before:]), rows)
