"""A worker that works in this process, for what must not wait until another has started."""

from collections.abc import Sequence

from sleeplsp.core.facts import ModuleFacts
from sleeplsp.core.resolved import path_in
from sleeplsp.engine.work import FunctionResult, IsCurrent, SourceFile, Sources, UnitJob, always
from sleeplsp.workers.workbench import Workbench


class InlineWorker:
    """Fulfils `engine.work.Worker` without a process."""

    def __init__(self, workbench: Workbench) -> None:
        self._workbench = workbench
        self._held: dict[str, bytes] = {}

    def read(self, sources: Sequence[SourceFile]) -> list[ModuleFacts | str]:
        """Read modules here and now."""
        self._held.update((each.path, each.source) for each in sources)
        return self._workbench.read(sources)

    def deduce(
        self, units: Sequence[UnitJob], sources: Sources, is_current: IsCurrent = always
    ) -> list[FunctionResult]:
        """Deduce units here and now."""
        needed = {path_in(each.ref) for unit in units for each in unit.functions}
        texts = [source for path in sorted(needed) if (source := sources(path)) is not None]
        self.read([each for each in texts if self._held.get(each.path) != each.source])
        return self._workbench.deduce(units, is_current)

    def recall(self) -> None:
        """Do nothing: it asks after each unit whether it is current."""

    def is_ready(self) -> bool:
        """Be ready: there is nothing to be started."""
        return True

    def is_wanted(self) -> bool:
        """Be wanted by nobody else."""
        return False

    def rest(self) -> None:
        """Do nothing: there is no process to end."""

    def close(self) -> None:
        """Do nothing: there is no process to end."""
