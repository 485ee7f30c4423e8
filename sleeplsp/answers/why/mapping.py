"""From frames to the workspace: which module and function each is of, and on which line that stands now.

A path may be another machine's, a file may have moved, and code may have been edited since. What was
quoted decides; where nothing does, a frame is taken for a library's. It must not know what an
exception means.
"""

import re
from collections.abc import Iterator, Sequence

import msgspec

from sleeplsp.answers.why.known import Known, scopes, symbol_at
from sleeplsp.answers.why.pasted import Frame
from sleeplsp.core.facts import MODULE
from sleeplsp.core.flow import Program
from sleeplsp.core.reading import Reading
from sleeplsp.core.resolved import ref_of
from sleeplsp.core.text import Text, decode_slice

CANDIDATES_MAX = 20
"""Modules whose text is looked into for one frame."""
QUOTE_MIN = 8
"""Characters of a line by which code is known again where its file has another name."""

_INNER = frozenset(("<listcomp>", "<setcomp>", "<dictcomp>", "<genexpr>", "<lambda>", "<module>"))
_LIBRARY = re.compile(r"(?:^|/)(?:site-packages|dist-packages|lib/python\d[\d.]*|Lib)/|^<")
_INSTALLED = re.compile(r"(?:^|/)(?:site|dist)-packages/")


Span = tuple[int, int]


class Placed(msgspec.Struct, frozen=True, gc=False):
    """A frame of the workspace."""

    frame: Frame
    path: str
    ref: str
    """The function or class that ran, or the module's own body."""
    line: int
    """From 1, as it is now; 0 if what was quoted is not there any more."""
    start: int
    """Where the line's code begins, in bytes; -1 if it is gone."""
    moved: bool
    """The line was another when it ran, or the module had another path."""

    @property
    def is_known(self) -> bool:
        """Whether the code is there still."""
        return self.start >= 0


class Mapper:
    """Maps frames of one text; what led to a module once leads there again."""

    def __init__(self, known: Known) -> None:
        self._known = known
        self._by_name: dict[str, list[str]] = {}
        for path in known.facts:
            self._by_name.setdefault(path.rpartition("/")[2], []).append(path)
        self._found: dict[Frame, Placed | None] = {}

    def place(self, frame: Frame) -> Placed | None:
        """Return where a frame is in the workspace; None if it is of other code."""
        if frame not in self._found:
            self._found[frame] = self._place(frame)
        return self._found[frame]

    def _place(self, frame: Frame) -> Placed | None:
        file = _portable(frame.file)
        candidates = sorted(
            self._by_name.get(file.rpartition("/")[2], ()), key=lambda each: (-_common(file, each), each)
        )
        placed = (self._in(frame, file, each) for each in candidates[:CANDIDATES_MAX])
        found = next((each for each in placed if each is not None), None)
        return found or (None if _LIBRARY.search(file) else self._renamed(frame))

    def _in(self, frame: Frame, file: str, path: str) -> Placed | None:
        """Return the frame in a module of the same name, if it is of that one."""
        reading = self._known.reading(path)
        if reading is None:
            return None
        common, parts = _common(file, path), path.count("/") + 1
        is_whole = common >= parts or common == file.strip("/").count("/") + 1
        has_function = _defines(reading, frame.function)
        line = _line_of(reading, frame)
        if common == 1 and _is_other(file, path):
            return None
        if line is not None and (is_whole or common > 1 or has_function):
            return _placed(frame, path, reading, line, moved=line != frame.line)
        if not is_whole or _is_other(file, path) or not has_function:
            return None
        return _gone(frame, path, reading)

    def _renamed(self, frame: Frame) -> Placed | None:
        """Return the frame in a module of another name, if there is one alone with such code."""
        if len(frame.code) < QUOTE_MIN or frame.function in _INNER or not frame.function:
            return None
        name, found = frame.function.rpartition(".")[2], []
        index = self._known.contexts.index
        paths = {
            ref.partition("::")[0] for ref, each in index.functions.items() if _named(each.symbol) == name
        }
        for path in sorted(paths)[:CANDIDATES_MAX]:
            reading = self._known.reading(path)
            line = _line_of(reading, frame) if reading is not None else None
            if reading is not None and line is not None:
                found.append(_placed(frame, path, reading, line, moved=True))
        return found[0] if len(found) == 1 else None


def _portable(file: str) -> str:
    return re.sub(r"^(?:file://|[A-Za-z]:)", "", file.replace("\\", "/"))


def _common(file: str, path: str) -> int:
    """Return how many parts at the end of two paths are the same."""
    count = 0
    for one, other in zip(reversed(file.strip("/").split("/")), reversed(path.split("/")), strict=False):
        if one != other:
            break
        count += 1
    return count


def _is_other(file: str, path: str) -> bool:
    """Tell whether a file of a library may just be called like a module: nothing quoted shows that it is."""
    inside = _INSTALLED.split(file)[-1] if _INSTALLED.search(file) else ""
    return bool(_LIBRARY.search(file)) and not path.endswith(inside or "\0")


def _defines(reading: Reading, function: str) -> bool:
    name = function.rpartition(".")[2]
    return not name or name in _INNER or any(each.name == name for each in reading.outline.symbols)


def _named(symbol: str) -> str:
    return symbol.rpartition(".")[2].partition("#")[0]


def _line_of(reading: Reading, frame: Frame) -> int | None:
    """Return the line a frame speaks of; None if that is not sure."""
    text = reading.text
    if not frame.code:
        at = text.offset_at(frame.line - 1, 0) if 0 < frame.line <= len(text.line_starts) else -1
        told = _code(text, frame.line)
        is_there = at >= 0 and bool(told) and _runs(reading, frame.function, at + _indent(text, frame.line))
        return frame.line if is_there else None
    if _is_quoted(_code(text, frame.line), frame.code):
        return frame.line
    lines = [n for n in range(1, len(text.line_starts) + 1) if _is_quoted(_code(text, n), frame.code)]
    inside = [n for n in lines if _runs(reading, frame.function, text.line_starts[n - 1] + _indent(text, n))]
    if len(inside or lines) != 1 and frame.function in _INNER:
        return None
    return min(inside or (lines if len(lines) == 1 else ()), key=lambda n: abs(n - frame.line), default=None)


def _is_quoted(line: str, code: str) -> bool:
    return line == code or (len(code) >= QUOTE_MIN and code.endswith("...") and line.startswith(code[:-3]))


def _code(text: Text, line: int) -> str:
    return decode_slice(text.line(line - 1)).strip()


def _indent(text: Text, line: int) -> int:
    raw = text.line(line - 1)
    return len(raw) - len(raw.lstrip())


def _runs(reading: Reading, function: str, offset: int) -> bool:
    """Tell whether code at an offset is of a function of that name."""
    name = function.rpartition(".")[2]
    if not name or name in _INNER - {"<module>"}:
        return True
    return any(each.name == name for each in scopes(reading, offset))


def _placed(frame: Frame, path: str, reading: Reading, line: int, *, moved: bool) -> Placed:
    start = reading.text.line_starts[line - 1] + _indent(reading.text, line)
    return Placed(frame, path, _ref(path, reading, frame, start), line, start, moved)


def _gone(frame: Frame, path: str, reading: Reading) -> Placed | None:
    """Return a frame whose code is not there any more, or not told, in its function if that is sure."""
    name = frame.function.rpartition(".")[2]
    symbols = [each for each in reading.outline.symbols if each.name == name]
    if len(symbols) > 1:
        symbols = [each for each in symbols if each.id == frame.function]
    if len(symbols) != 1:
        return None
    return Placed(frame, path, ref_of(path, symbols[0].id), 0, -1, moved=frame.line > 0)


def _ref(path: str, reading: Reading, frame: Frame, start: int) -> str:
    """Return the function that ran: a line of its head is evaluated by what stands around it."""
    name = frame.function.rpartition(".")[2]
    symbol = symbol_at(reading, start)
    if name == MODULE:
        return ref_of(path, MODULE)
    around = [each for each in reading.outline.symbols if each.start <= start < each.end]
    named = [each.id for each in around if each.name == name]
    return ref_of(path, named[-1] if named else symbol)


def marked(placed: Placed, text: Text) -> Span | None:
    """Return the bytes that the interpreter underlined, if it did."""
    if placed.frame.marked is None or not placed.is_known:
        return None
    line = text.line_of(placed.start)
    column = text.column_of(placed.start)
    start, end = (text.offset_at(line, column + each) for each in placed.frame.marked)
    return start, end


def line_of(placed: Placed, text: Text) -> Span:
    """Return the bytes of a frame's line."""
    line = text.line_of(placed.start)
    return placed.start, text.line_starts[line] + len(text.line(line))


def named_program(known: Known, placed: Placed) -> Program | None:
    """Return what ran in a frame: the innermost program on its line; None if that is not sure."""
    reading = known.reading(placed.path)
    if reading is None or not placed.is_known:
        return None
    around = scopes(reading, placed.start)
    name = placed.frame.function.rpartition(".")[2]
    if name == MODULE:
        return around[0] if around else None
    if name in _INNER:
        return _unnamed(reading, placed, around, is_lambda=name == "<lambda>")
    return next((each for each in reversed(around) if each.name == name), around[-1] if around else None)


def _unnamed(reading: Reading, placed: Placed, around: list[Program], *, is_lambda: bool) -> Program | None:
    """Return the lambda that ran, or what holds the comprehension that did."""
    begun = [each for program in around[-1:] for each in _lambdas(program, line_of(placed, reading.text))]
    inner = [*begun, *(each for each in reversed(around) if each.kind == "lambda" or not is_lambda)]
    mark = marked(placed, reading.text)
    if mark is not None:
        inner = [each for each in inner if each.start <= mark[0] and mark[1] <= each.end]
    elif begun and len(inner) > 1:
        return None
    return min(inner, key=lambda each: each.end - each.start, default=None)


def _lambdas(program: Program, line: Span) -> Iterator[Program]:
    """Yield the lambdas that begin on a line, one within another too."""
    for each in program.nested:
        if each.kind == "lambda" and line[0] <= each.start < line[1]:
            yield each
            yield from _lambdas(each, line)


def below(frames: Sequence[Frame], placed: Placed) -> Iterator[Frame]:
    """Yield the frames further in than one."""
    at = max((n for n, each in enumerate(frames) if each == placed.frame), default=len(frames))
    yield from frames[at + 1 :]
