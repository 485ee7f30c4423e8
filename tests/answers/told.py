"""How fixtures write where something stands: the line, with the code in brackets."""

from sleeplsp.answers.definitions import Where
from sleeplsp.core.snapshot import Snapshot
from tests.fixture_files import Case


def line_of(case: Case, snapshot: Snapshot, where: Where) -> str:
    """Return `path:line: text [code] text` of something in an open module, or in a file of a case."""
    if where.span is not None:
        text = snapshot.modules[where.path].text
        number, (first, last) = text.line_of(where.span[0]), map(text.column_of, where.span)
        line = text.line(number).decode()
    else:
        assert where.spot is not None
        number, first = where.spot.start.line, where.spot.start.character
        last = where.spot.end.character
        (text_of_file,) = (each.text for each in case.blocks if each.path == where.path)
        line = text_of_file.splitlines()[number]
    marked = f"{line[:first]}[{line[first:last]}]{line[last:]}"
    return f"{where.path}:{number + 1}: {marked.strip()}"
