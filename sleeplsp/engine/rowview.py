"""All rows of a workspace, made when they are asked for: together they take as much memory again."""

from collections.abc import Iterator, Mapping

from sleeplsp.core.insight import Insight
from sleeplsp.core.row import ModuleRow
from sleeplsp.engine.enriching import enriched
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


class EnrichedRows(Mapping[str, ModuleRow]):
    """The same with what a model claims, by module; as far as it rests on the code as it is now."""

    def __init__(
        self, rows: Mapping[str, ModuleRow], insights: Mapping[str, Insight], codes: Mapping[str, str]
    ) -> None:
        self._rows = rows
        self._insights = insights
        self._codes = codes

    def __getitem__(self, path: str) -> ModuleRow:
        row, insight = self._rows[path], self._insights.get(path)
        return enriched(row, insight, lambda ref: self._codes.get(ref, "")) if insight is not None else row

    def __contains__(self, path: object) -> bool:
        return path in self._rows

    def __iter__(self) -> Iterator[str]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)
