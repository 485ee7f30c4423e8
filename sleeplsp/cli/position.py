"""Positions as users write them: `FILE:LINE` or `FILE:LINE:COLUMN`, counted from 1.

It must not know what is asked about a position.
"""

import os
import re

import msgspec

from sleeplsp.core.text import Text
from sleeplsp.engine.errors import UsageError

_POSITION = re.compile(r"(.+?):([0-9]{1,9})(?::([0-9]{1,9}))?", re.DOTALL)
_WORD = re.compile(rb"[A-Za-z_\x80-\xff][\w\x80-\xff]*")


class Position(msgspec.Struct, frozen=True):
    """A line of a file, and perhaps a column in it, in characters."""

    file: str
    line: int
    column: int | None = None


def position_of(said: str) -> Position:
    """Return what was said. Raises UsageError for what is no position, or of no file."""
    found = _POSITION.fullmatch(said)
    if found is None:
        raise UsageError(f"a position is FILE:LINE or FILE:LINE:COLUMN, not {said}")
    file, line, column = found.groups()
    if column is not None and not os.path.exists(file):  # noqa: PTH110 - Path raises for some texts
        longer = f"{file}:{line}"
        if os.path.exists(longer):  # noqa: PTH110 - as above
            return Position(longer, int(column))
    return Position(file, int(line), int(column) if column is not None else None)


def offsets(text: Text, position: Position) -> list[int]:
    """Return the offsets a position may mean: one, or that of each name in the line.

    Raises UsageError where the text has no such line or column.
    """
    count = len(text.line_starts)
    if not 1 <= position.line <= count:
        raise UsageError(f"{position.file} has {count:,} lines; there is no line {position.line}")
    line = text.line(position.line - 1)
    start = text.line_starts[position.line - 1]
    if position.column is None:
        return [start + word.start() for word in _WORD.finditer(line)]
    width = text.column_of(start + len(line))
    if not 1 <= position.column <= width + 1:
        raise UsageError(
            f"line {position.line} of {position.file} has {width:,} characters; there is no column "
            f"{position.column}"
        )
    return [text.offset_at(position.line - 1, position.column - 1)]
