"""Reading a pasted text: the last traceback in it, whole or not, in Python's form or in pytest's.

Any text can be read. It must not know a workspace, nor what an exception means.
"""

import re
from collections.abc import Iterable, Iterator, Sequence

from sleeplsp.answers.why.pasted import Frame, Link, Pasted, Raised
from sleeplsp.answers.why.pytest_output import read_pytest
from sleeplsp.answers.why.unwrapping import unwrapped

FRAMES_MAX = 2_000
"""Frames kept of one exception: the outermost and the innermost."""
CHAIN_MAX = 50
"""Exceptions kept of one chain, the last ones."""
NESTING_MAX = 20
"""Groups within groups."""

LINKS = {
    "The above exception was the direct cause of the following exception:": Link.CAUSE,
    "During handling of the above exception, another exception occurred:": Link.CONTEXT,
}

_HEAD = re.compile(r"(?:\+ )?(?:Exception Group )?Traceback \(most recent call last\):$")
_FRAME = re.compile(r'  File "(?P<file>[^"]*)", line (?P<line>\d{1,9})(?:, in (?P<function>.+))?$')
_RAISED = re.compile(r"(?P<name>[^\W\d][\w.]*(?:\.<locals>\.[\w.]+)*)(?:: (?P<message>.*)|:)?$")
_REPEATED = re.compile(r"  \[Previous line repeated (\d{1,9}) more times?\]$")
_MARKS = re.compile(r"[\s~^]*[~^][\s~^]*$")
_MARGIN = re.compile(r"(?P<outer>(?:  )+)(?P<sign>[|+])(?P<rest>.*)$")
_SECTION = re.compile(r"(?:-\+)?-{3,} ?(?P<number>\d+|\.\.\.)? ?-*$")


def read(text: str) -> Pasted | None:
    """Return the last traceback of a text; None if there is none."""
    lines = unwrapped(text)
    found = _plain(lines)
    tested = read_pytest(lines, LINKS)
    if tested is not None and (found is None or not any(each.exception for each in found.chain)):
        return tested
    return found


def _plain(lines: Sequence[str]) -> Pasted | None:
    chains = [each for each in _chains(list(_margins(lines)), 0) if _is_traceback(each)]
    if not chains:
        return None
    last = chains[-1]
    # Between frames and a cut there may stand anything, so only the ends are looked at.
    is_cut = not last[-1].exception or not _begins(lines)
    return Pasted(last[-CHAIN_MAX:], len(chains) - 1, is_cut)


def _begins(lines: Sequence[str]) -> bool:
    return any(_HEAD.search(each) for each in lines)


def _is_traceback(chain: Sequence[Raised]) -> bool:
    return any(each.frames or each.members for each in chain)


def _margins(lines: Iterable[str]) -> Iterator[tuple[int, str]]:
    """Yield each line with how deep in groups it stands, and what it says there."""
    is_quoted = False
    for line in lines:
        found = _MARGIN.match(line)
        if found is None or is_quoted:  # code of a frame may begin with such a sign, too
            is_quoted = _FRAME.match(line) is not None
            yield 0, line
        elif found["sign"] == "+":
            rest = found["rest"]
            depth = len(found["outer"]) // 2 + rest.startswith("-+")
            yield min(depth, NESTING_MAX), "+" + rest
        else:
            yield min(len(found["outer"]) // 2, NESTING_MAX), found["rest"].removeprefix(" ")


def _chains(lines: Sequence[tuple[int, str]], depth: int) -> list[tuple[Raised, ...]]:
    """Return the chains of exceptions told at one depth, each with what it is a group of."""
    reader = _Reader()
    number = 0
    while number < len(lines):
        inner, line = lines[number]
        if inner > depth and not (depth == 0 and inner == 1 and _is_own(line)):
            end = next((n for n in range(number, len(lines)) if lines[n][0] <= _own(depth)), len(lines))
            reader.take_members(_members(lines[number:end], inner))
            number = end
            continue
        reader.take(line.removeprefix("+ ") if line.startswith("+ ") else line)
        number += 1
    return reader.finished()


def _own(depth: int) -> int:
    """Return the margin of what is told at a depth: a group at the top stands further in than others."""
    return depth or 1


def _is_own(line: str) -> bool:
    return not _SECTION.match(line.removeprefix("+"))


def _members(lines: Sequence[tuple[int, str]], depth: int) -> tuple[tuple[Raised, ...], ...]:
    sections: list[list[tuple[int, str]]] = []
    for margin, line in lines:
        if margin == depth and line.startswith("+") and _SECTION.match(line.removeprefix("+")):
            sections.append([])
        elif sections:
            sections[-1].append((margin, line))
    chains = (_chains(each, depth) for each in sections)
    return tuple(each[-1] for each in chains if each)


class _Reader:
    """Reads the lines of one depth, one after the other."""

    def __init__(self) -> None:
        self._chains: list[list[Raised]] = []
        self._link = Link.NONE
        self._frames: list[Frame] | None = None
        """Of the exception that is being told; None between two."""

    def take(self, line: str) -> None:
        """Take the next line."""
        if line in LINKS:
            self._end()
            self._link = LINKS[line]
        elif _HEAD.match(line.strip()):
            self._end()
            self._frames = []
        elif (frame := _FRAME.match(line)) is not None:
            if self._frames is None:
                self._frames = []
            where = Frame(frame["file"], int(frame["line"]), frame["function"] or "")
            self._frames.append(where)
            if len(self._frames) > FRAMES_MAX:
                del self._frames[FRAMES_MAX // 2]
        elif self._frames is not None:
            self._detail(line)
        elif self._is_alone(line) and (found := _RAISED.match(line)) is not None:
            self._add(Raised(exception=found["name"], message=found["message"] or "", link=self._link))

    def _is_alone(self, line: str) -> bool:
        """Tell whether a line is an exception without frames: one in a group, or linked to another."""
        is_first = not self._chains and self._link is Link.NONE
        return bool(_RAISED.match(line)) and (self._link is not Link.NONE or (is_first and ":" in line))

    def take_members(self, members: tuple[tuple[Raised, ...], ...]) -> None:
        """Take the exceptions of the group told last."""
        self._end()
        if self._chains and members:
            chain = self._chains[-1]
            last = chain[-1]
            chain[-1] = Raised(
                frames=last.frames,
                exception=last.exception,
                message=last.message,
                link=last.link,
                members=(*last.members, *members),
            )

    def finished(self) -> list[tuple[Raised, ...]]:
        """Return what was told, in the order of the text."""
        self._end()
        return [tuple(each) for each in self._chains]

    def _detail(self, line: str) -> None:
        frames = self._frames or []
        if (times := _REPEATED.match(line)) is not None and frames:
            frames[-1] = _with(frames[-1], repeated=int(times[1]))
        elif line.startswith("    "):
            if not frames:
                return
            last = frames[-1]
            if not last.code:
                frames[-1] = _with(last, code=line.strip())
            elif last.marked is None and _MARKS.match(line):
                frames[-1] = _with(last, marked=_marked(line, last.code))
        elif (found := _RAISED.match(line)) is not None and (frames or ":" in line):
            self._frames = None
            self._add(
                Raised(
                    frames=tuple(frames),
                    exception=found["name"],
                    message=found["message"] or "",
                    link=self._link,
                )
            )

    def _end(self) -> None:
        """Close what is being told: a text may end, or begin again, in its midst."""
        frames, self._frames = self._frames, None
        if frames:
            self._add(Raised(frames=tuple(frames), link=self._link))

    def _add(self, raised: Raised) -> None:
        if raised.link is not Link.NONE and self._chains:
            self._chains[-1].append(raised)
        else:
            self._chains.append([raised])
        self._link = Link.NONE


def _marked(line: str, code: str) -> tuple[int, int] | None:
    """Return the characters of the code that are underlined; it is indented by four."""
    start = len(line) - len(line.lstrip()) - 4
    end = len(line.rstrip()) - 4
    return (start, min(end, len(code))) if 0 <= start < len(code) else None


def _with(frame: Frame, **changes: object) -> Frame:
    fields = {name: getattr(frame, name) for name in frame.__struct_fields__}
    return Frame(**{**fields, **changes})
