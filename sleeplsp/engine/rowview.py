"""All rows of a workspace, made when they are asked for: together they take as much memory again."""

from collections.abc import Iterator, Mapping

from sleeplsp.core.row import ModuleRow
from sleeplsp.engine.knowledge import Knowledge


class RowView(Mapping[str, ModuleRow]):
    """Every module by path, as it is known now."""

    def __init__(self, knowledge: Knowledge, failed: Mapping[str, str]) -> None:
        self._knowledge = knowledge
        self._failed = failed

    def __getitem__(self, path: str) -> ModuleRow:
        return self._knowledge.module_row(path, self._failed.get(path, ""))

    def __contains__(self, path: object) -> bool:
        return path in self._knowledge.facts

    def __iter__(self) -> Iterator[str]:
        return iter(self._knowledge.facts)

    def __len__(self) -> int:
        return len(self._knowledge.facts)
