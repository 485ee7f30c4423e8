"""A session: one workspace with its settings, files, store and reasoner, joined for a front end.

Commands and the server's deducer process open one; what went wrong on the way is told in `warnings`.
"""

import os
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

import msgspec

from sleeplsp.cache.disk import DiskStore
from sleeplsp.cache.forgiving import ForgivingStore
from sleeplsp.cache.gates import FileGate
from sleeplsp.cache.home import default_cache_dir
from sleeplsp.cache.memory import MemoryStore
from sleeplsp.cli.crew import GATES, start_crew
from sleeplsp.cli.layers import resolved_settings
from sleeplsp.core.insight import Insight
from sleeplsp.core.recipe import recipe
from sleeplsp.core.row import ModuleRow, manifest_key
from sleeplsp.deduce.checks import CHECKS
from sleeplsp.deduce.drift import DRIFT
from sleeplsp.engine.deduction import Deduction
from sleeplsp.engine.drift.beside import Beside
from sleeplsp.engine.errors import JournalError, UsageError
from sleeplsp.engine.ledger import Ledger
from sleeplsp.engine.noting import Notes
from sleeplsp.engine.ports import Files, Gate, OpenGate, Store
from sleeplsp.engine.ranking import Signals
from sleeplsp.engine.rowview import EnrichedRows
from sleeplsp.engine.settings import Fault, Settings
from sleeplsp.engine.silence import NO_JOURNAL
from sleeplsp.engine.work import Worker
from sleeplsp.journal.disk import DiskJournal
from sleeplsp.journal.home import default_state_dir
from sleeplsp.repo.files import Repository
from sleeplsp.repo.history import GitHistory
from sleeplsp.repo.nowhere import Nowhere
from sleeplsp.stubs import TypeshedLibrary
from sleeplsp.stubs.version import version as library_version
from sleeplsp.workers.inline import InlineWorker
from sleeplsp.workers.process import ProcessWorker
from sleeplsp.workers.workbench import Workbench

if TYPE_CHECKING:
    from sleeplsp.engine.model_reasoner import ModelReasoner
    from sleeplsp.journal.ledger import DiskLedger

CHECK_NAMES = (*(check.name for check in CHECKS), DRIFT.name)


class Session:
    """One workspace, open. Raises UsageError or StoreError when it cannot be.

    Without a root it has no files but those an editor holds. In the background, for an editor, a store
    that fails is a notice.
    """

    def __init__(
        self,
        root: str | Path | None,
        flags: Mapping[str, object] | None = None,
        editor: Mapping[str, object] | None = None,
        *,
        background: bool = False,
        keep: bool = True,
    ) -> None:
        self.root = Path(os.path.realpath(root)) if root is not None else None
        if self.root is not None and not self.root.is_dir():
            raise UsageError(f"no such folder: {root}")
        self.settings, warnings = settings_of(self.root, flags, editor)
        self.warnings = tuple(map(str, warnings))
        """Values that were not used, and why."""
        self.is_misconfigured = any(isinstance(each, Fault) for each in warnings)
        """Whether one of them makes no sense, rather than being out of place."""
        self.store: DiskStore | MemoryStore | ForgivingStore
        if not keep:
            self.store = MemoryStore()
        else:
            self.store = ForgivingStore(self._disk_store) if background else self._disk_store()
        # Little is told, and at the end of long work: there is nothing to wait for.
        self.journal = DiskJournal(self.settings.state_dir, together_s=0) if keep else NO_JOURNAL
        self.files = Repository(self.root, self.settings) if self.root is not None else Nowhere()
        self.history = GitHistory(self.root, self.settings) if self.root is not None else None
        self._ledger: DiskLedger | None = None
        self.recipe = recipe(library_version())
        self._background = background
        self._worker_cache_dir = self._cache_dir() if keep else None
        self.deduction = self._deduction(self.files, self.store, self.settings, self._flight())

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def ledger(self) -> Ledger:
        """The books of what calls of a model cost."""
        if self._ledger is None:
            from sleeplsp.journal.ledger import DiskLedger  # noqa: PLC0415 - only where a model is asked

            self._ledger = DiskLedger(self.settings.state_dir)
        return self._ledger

    @property
    def shared_dir(self) -> Path | None:
        """Where the processes of this machine meet: the cache directory; None where nothing is kept."""
        return self._worker_cache_dir

    @property
    def notices(self) -> list[str]:
        """What happened to store and journal on the way: one was set aside and rebuilt, for instance."""
        return [*getattr(self.store, "notices", ()), *self.files.notices, *self.journal.notices]

    def notes(self, who: str) -> Notes:
        """Return what tells the journal what happens here, as `who`."""
        return Notes(self.journal, str(self.root or ""), who)

    @property
    def state_dir(self) -> Path:
        """Where the journal lies, if there is one."""
        named = self.settings.state_dir
        return Path(os.path.expanduser(named)) if named else default_state_dir()  # noqa: PTH111 - as below

    def worker(self) -> Worker:
        """Return a worker in this very process, for what must not wait until another has started."""
        return InlineWorker(Workbench(TypeshedLibrary(self.store)))

    def rows(self, insights: Mapping[str, Insight]) -> Mapping[str, ModuleRow]:
        """Return every module by path, with what a model claims of some."""
        return EnrichedRows(self.deduction.rows, insights, self.deduction.knowledge.codes)

    def model_reasoner(self) -> "ModelReasoner | None":
        """Return who has a model think, or tells what it has thought; None where none is named."""
        if not self.settings.remembers:
            return None
        from sleeplsp.cli.reflecting import model_reasoner_of  # noqa: PLC0415 - only where a model is asked

        return model_reasoner_of(self)

    def beside(self, files: Files) -> Deduction:
        """Return a Deduction over other files, which leaves what is stored of the workspace as it is.

        In the background one worker has to do: it stands beside those of the workspace.
        """
        settings = msgspec.structs.replace(self.settings, jobs=1) if self._background else self.settings
        return self._deduction(files, Beside(self.store), settings)

    def _deduction(
        self, files: Files, store: Store, settings: Settings, flight: Gate | None = None
    ) -> Deduction:
        """Return a deduction; without a gate of its own its workers wait for nobody's."""

        def workers() -> list[ProcessWorker]:
            cache_dir, is_gated = self._worker_cache_dir, flight is not None
            return start_crew(settings, cache_dir, background=self._background, is_gated=is_gated)

        return Deduction(str(self.root or ""), files, store, workers, self.recipe, flight, self.signals)

    def close(self) -> None:
        """End the workers, release the store, and keep what the journal was told."""
        self.deduction.close()
        self.store.close()
        self.journal.close()
        if self._ledger is not None:
            self._ledger.close()

    def signals(self) -> Signals:
        """Return what git and the journal know of the modules; nothing is an answer, too."""
        churn = self.history.churn() if self.history is not None else {}
        try:
            asked = self.notes("").account().asked
        except JournalError:
            asked = {}
        return Signals(churn, asked)

    def _flight(self) -> Gate:
        """Return the gate for all that would think about the same workspace."""
        if self._worker_cache_dir is None:
            return OpenGate()
        name = manifest_key(str(self.root or ""), self.recipe).replace("/", "-")
        return FileGate(self._worker_cache_dir / GATES, name)

    def _disk_store(self) -> DiskStore:
        return DiskStore(self.settings.cache_dir, bytes_max=self.settings.store_bytes_max)

    def _cache_dir(self) -> Path:
        named = self.settings.cache_dir
        # A Path's own way raises where there is no such user, which the store has told by now.
        return Path(os.path.expanduser(named)) if named else default_cache_dir()  # noqa: PTH111


def settings_of(
    root: Path | None,
    flags: Mapping[str, object] | None = None,
    editor: Mapping[str, object] | None = None,
) -> tuple[Settings, tuple[str, ...]]:
    """Return the settings that hold in a workspace, and one line for each value that was not used."""
    return resolved_settings(root, flags, editor, CHECK_NAMES)
