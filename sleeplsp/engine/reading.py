"""Reading: modules whose text is new to us are handed to workers, and what they say comes back.

It must not know what is done with it.
"""

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType

from sleeplsp.core.facts import ModuleFacts
from sleeplsp.core.row import ModuleRow
from sleeplsp.engine.crew import Crew
from sleeplsp.engine.outcome import Progress
from sleeplsp.engine.work import SourceFile, Sources

ORDER_MODULES = 16
"""Modules of one order, at most."""

ORDER_BYTES = 128 * 1024
"""Bytes of one order, at most, unless a single module has more."""

GONE = "the file cannot be read any more"


class Reading:
    """The modules of one workspace that are being read; for one thread."""

    def __init__(self, sources: Sources, own: Callable[[str, int], None]) -> None:
        self.failed: dict[str, str] = {}
        """Modules that could not be read, with the reason."""
        self._sources = sources
        self._own = own
        self._unread: dict[str, None] = {}
        self._flying: dict[str, SourceFile] = {}
        """What a worker reads now."""
        self._facts: dict[str, ModuleFacts | None] = {}
        self._rows: dict[str, ModuleRow] = {}
        self._total = 0

    def __bool__(self) -> bool:
        return bool(self._unread or self._flying or self._facts)

    def __len__(self) -> int:
        """Return how many modules are still to be handed out."""
        return len(self._unread)

    @property
    def is_done(self) -> bool:
        """Whether nothing is being read any more."""
        return not self._unread and not self._flying

    def add(self, paths: Iterable[str], earlier: Mapping[str, ModuleRow] = MappingProxyType({})) -> None:
        """Have modules read; `earlier` are rows of what they said before."""
        self._rows.update(earlier)
        for path in paths:
            self._flying.pop(path, None)  # there is another text by now
            self._facts.pop(path, None)
            self._unread[path] = None
            self._total += 1

    def know(self, rows: Mapping[str, ModuleRow]) -> None:
        """Take modules of which rows are stored: their texts need not be read."""
        for path, row in rows.items():
            self._settle(path, row.facts)
            self._rows[path] = row

    def drop(self, paths: Iterable[str]) -> None:
        """Give up modules that are being read, or were and are not taken yet."""
        for path in paths:
            self._unread.pop(path, None)
            self._flying.pop(path, None)
            self._rows.pop(path, None)
            self._facts.pop(path, None)

    def forget(self, paths: Iterable[str]) -> None:
        """Take modules that are there no more."""
        for path in paths:
            self._settle(path, None)
            self.failed.pop(path, None)

    def hand_out(self, crew: Crew, tell: Callable[[Progress], None]) -> None:
        """Give free workers something to read."""
        self._tell(tell)
        while self._unread and (free := crew.free()):
            number, sources = free[0], self._order()
            if sources:
                self._flying.update((each.path, each) for each in sources)
                crew.hand(
                    number,
                    lambda worker, sources=sources: worker.read(sources),  # type: ignore[misc]
                    lambda answers, sources=sources, number=number: self._take(number, sources, answers),  # type: ignore[misc]
                )
        self._tell(tell)

    def concerns(self, path: str) -> bool:
        """Tell whether a module is being read, or waits for that."""
        return path in self._unread or path in self._flying or path in self._facts

    def has_failed(self, path: str) -> bool:
        """Tell whether a module could not be read, and is as it was then."""
        return path in self.failed

    def take(self) -> tuple[dict[str, ModuleFacts | None], dict[str, ModuleRow]]:
        """Return what was read: modules, None for those that are gone, and stored rows of some.

        A row is of the very module if it has its facts, else of what it said before.
        """
        facts, rows = self._facts, self._rows
        self._facts, self._rows, self._total = {}, {}, 0
        return facts, rows

    def _order(self) -> list[SourceFile]:
        sources: list[SourceFile] = []
        size = 0
        while self._unread and len(sources) < ORDER_MODULES and size < ORDER_BYTES:
            path = next(iter(self._unread))
            del self._unread[path]
            source = self._sources(path)
            if source is None:
                self._fail(path, GONE)
            else:
                sources.append(source)
                size += len(source.source)
        return sources

    def _take(self, number: int, sources: list[SourceFile], answers: list[ModuleFacts | str]) -> None:
        for source, answer in zip(sources, answers, strict=True):
            path = source.path
            if self._flying.get(path) is not source:
                continue  # it is gone, or another text of it is read by now
            del self._flying[path]
            if isinstance(answer, str):
                self._fail(path, answer)
            else:
                self._own(path, number)
                self.failed.pop(path, None)
                self._facts[path] = answer

    def _settle(self, path: str, facts: ModuleFacts | None) -> None:
        self.drop([path])
        self._facts[path] = facts

    def _fail(self, path: str, reason: str) -> None:
        self._settle(path, None)
        self.failed[path] = reason

    def _tell(self, tell: Callable[[Progress], None]) -> None:
        if self._total:
            left = len(self._unread) + len(self._flying)
            tell(Progress("reading", max(self._total - left, 0), self._total))
