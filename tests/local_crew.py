"""A crew of one that works in this process."""

from collections.abc import Sequence

from sleeplsp.core.facts import ModuleFacts
from sleeplsp.engine.work import FunctionResult, SourceFile, UnitJob
from sleeplsp.workers.workbench import Workbench


class LocalCrew:
    """Fulfils `engine.work.Crew` without processes."""

    size = 1

    def __init__(self, workbench: Workbench) -> None:
        self._workbench = workbench

    def read(self, sources: Sequence[SourceFile]) -> list[ModuleFacts | str]:
        """Read modules here and now."""
        return self._workbench.read(sources)

    def deduce(self, units: Sequence[UnitJob]) -> list[FunctionResult]:
        """Deduce units here and now."""
        return self._workbench.deduce(units)

    def close(self) -> None:
        """Do nothing: there is no process to end."""
