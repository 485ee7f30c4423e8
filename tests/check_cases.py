"""Cases of the checks: a small workspace of files, and where it is suspected of what.

In `fixtures/checks/NAME.md` every heading is a case. Its files are Python code. Under a suspected line
stands a comment with carets, the check's name and, if wanted, part of the message:

    value.name
    #^^^^ none-dereference: may be `None`

Carets that follow the `#` directly begin at the `#`. `(hover)` after the name says that it is hover only.
A `fixed` block with a path is the file after the offered fix, without marks. A case without marks must stay
silent, and names in a `guard` block the one guard that keeps it so: switched off, it must be suspected.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from sleeplsp.cache.memory import MemoryStore
from sleeplsp.core.insight import Suspicion
from sleeplsp.core.languages import language_of
from sleeplsp.core.placing import Placing
from sleeplsp.core.reading import read
from sleeplsp.core.row import ModuleRow
from sleeplsp.core.text import Text
from sleeplsp.deduce.library import Library
from sleeplsp.engine.deduction import Deduction
from sleeplsp.engine.ports import FileStamp, Listing, SkipReason
from sleeplsp.stubs import TypeshedLibrary
from sleeplsp.workers.inline import InlineWorker
from sleeplsp.workers.workbench import Workbench
from tests.fixture_files import FIXTURES, Case, read_cases

CHECK_FIXTURES = sorted((FIXTURES / "checks").glob("*.md"))

_MARK = re.compile(r"\s*#(\s*)(\^+) ([a-z-]+)( \(hover\))?(?:: (.*))?")


@dataclass(frozen=True, order=True)
class Mark:
    """One suspicion: a 0-based line, columns in characters from `start` up to `end`."""

    path: str
    line: int
    start: int
    end: int
    check: str
    shown: bool


class TextFiles:
    """The `Files` port over texts in memory."""

    def __init__(self, files: dict[str, str]) -> None:
        self._files = files

    def scan(self) -> Listing:
        stamps = (FileStamp(path, len(text), 1) for path, text in sorted(self._files.items()))
        return Listing(tuple(stamps), (), 0)

    def read(self, path: str) -> bytes | SkipReason:
        return self._files[path].encode()


@cache
def library() -> Library:
    """The standard library's facts, loaded once for all tests."""
    return TypeshedLibrary()


def deduced(files: dict[str, str], off: frozenset[str] = frozenset()) -> dict[str, ModuleRow]:
    """Deduce a workspace, with some checks and guards switched off; return the row of each module."""
    worker = InlineWorker(Workbench(library(), off))
    deduction = Deduction("/", TextFiles(files), MemoryStore(), lambda: [worker], "test")
    try:
        outcome = deduction.run()
        assert not outcome.failed, outcome.failed
        return dict(deduction.rows)
    finally:
        deduction.close()


def suspicions(
    files: dict[str, str], off: frozenset[str] = frozenset()
) -> list[tuple[Mark, Suspicion, Placing]]:
    """Return what a workspace is suspected of, each with its mark and where its tokens stand."""
    found = []
    for path, module in deduced(files, off).items():
        language = language_of(path)
        assert language is not None
        placing = read(path, language, Text.from_str(files[path])).placing
        for row in module.functions.values():
            found += [(_mark(path, each, placing), each, placing) for each in row.suspicions]
    return sorted(found, key=lambda each: each[0])


def expected(files: dict[str, str]) -> list[tuple[Mark, str]]:
    """Return the marks written in the files, each with the part of the message it asks for."""
    found = []
    for path, text in files.items():
        code_line = 0
        for number, line in enumerate(text.splitlines()):
            mark = _MARK.fullmatch(line)
            if mark is None:
                code_line = number
                continue
            start = mark.start(2) if mark[1] else mark.start(2) - 1
            found.append((Mark(path, code_line, start, mark.end(2), mark[3], not mark[4]), mark[5] or ""))
    return sorted(found)


def without_marks(text: str) -> str:
    """Return a file without its marks."""
    return "".join(line for line in text.splitlines(keepends=True) if not _MARK.fullmatch(line.rstrip("\n")))


def cases() -> Iterator[tuple[str, Case]]:
    """Yield every case with the name of its check."""
    for path in CHECK_FIXTURES:
        for case in read_cases(path):
            yield path.stem, case


def guard_of(check: str, case: Case) -> str:
    """Return the full name of the guard a silent case names, '' for a case that is suspected."""
    names = [text.strip() for text in case.texts("guard")]
    if not names:
        return ""
    assert len(names) == 1, f"{check}: {case.name}: more than one guard"
    return names[0] if names[0].startswith("narrow:") else f"{check}:{names[0]}"


def code_files(case: Case) -> dict[str, str]:
    """Return the files of a case as they are before any fix."""
    return {each.path: each.text for each in case.blocks if each.path and each.word == "python"}


def _mark(path: str, suspicion: Suspicion, placing: Placing) -> Mark:
    extent = placing.extent(suspicion.place)
    assert extent is not None, suspicion
    line = placing.text.line_of(extent[0])
    start = placing.text.column_of(extent[0])
    # A mark that spans lines is drawn to the end of its first.
    same_line = placing.text.line_of(extent[1]) == line
    end = placing.text.column_of(extent[1]) if same_line else len(placing.text.line(line).decode())
    return Mark(path, line, start, end, suspicion.category, suspicion.shown)
