"""Hovering without an editor: the module is opened as an editor would open it, and asked.

It must not know what a hover says.
"""

from collections.abc import Iterator

from sleeplsp.answers.hover import hover
from sleeplsp.cli.place import Places
from sleeplsp.cli.position import Position, offsets
from sleeplsp.cli.report import Hovered, HoverEntry
from sleeplsp.core.languages import language_of
from sleeplsp.engine.deduction import Deduction
from sleeplsp.engine.enriching import InsightOf, no_insight
from sleeplsp.engine.errors import UsageError
from sleeplsp.engine.viewing import viewed


def hovered(
    deduction: Deduction, path: str, position: Position, insight_of: InsightOf = no_insight
) -> Hovered:
    """Return what hovering at a position of a module shows. Raises UsageError."""
    text, language = deduction.text_of(path), language_of(path)
    if text is None or language is None:
        raise UsageError(f"{path} cannot be read any more")
    wanted = offsets(text, position)
    snapshot = viewed(deduction, [path], insight_of)
    for offset in wanted:
        found = hover(snapshot, path, offset)
        if found is not None:
            span = Places(deduction.text_of).at(path, found.start, found.end)
            return Hovered(hover=HoverEntry(span=span, markdown=found.markdown))
    return Hovered(hover=None)


def hovered_lines(answer: Hovered) -> Iterator[str]:
    """Yield the Markdown, without the marks of small print that a terminal cannot show."""
    if answer.hover is not None:
        for line in answer.hover.markdown.splitlines():
            yield line.replace("<sub>", "").replace("</sub>", "")
