"""Reading what pytest prints of a failure, with `--tb=long` (as by default), `short` or `line`.

With `--tb=no` the summary alone tells which tests failed. It must not know how Python itself tells of an
exception: with `--tb=native` that is what stands there.
"""

import re
from collections.abc import Mapping, Sequence

from sleeplsp.answers.why.pasted import Frame, Link, Pasted, Raised

_SECTION = re.compile(r"_{3,} (?P<name>\S.*?) _{3,}$")
_HEADING = re.compile(r"={3,} .* ={3,}$|={10,}$")
_LIST = re.compile(r"={3,} (?:FAILURES|ERRORS) ={3,}$")
_LISTED = re.compile(
    r"(?P<file>[^\s:][^:]*|[A-Za-z]:[^:]*):(?P<line>\d{1,9}): (?P<said>assert .*|[A-Za-z_][\w.]*(?:$|:.*))$"
)
"""One line for a failure, as `--tb=line` tells it."""
_SUMMARY = re.compile(r"={3,} short test summary info ={3,}$")
_SUMMED = re.compile(r"FAILED (?P<file>[^\s:]+\.py)::(?P<test>[\w:]+)(?:\[.*\])? - (?P<said>\S.*)$")
_PLACE = re.compile(
    r"(?P<file>[^\s:][^:]*|[A-Za-z]:[^:]*):(?P<line>\d{1,9}): ?(?:in (?P<function>\S+)|(?P<name>[\w.]*))$"
)
_DEFINED = re.compile(r"\s*(?:async )?def (\w+)")
_ERROR = re.compile(r"E {3,}(?P<said>.*)$")
_RAISED = re.compile(r"(?P<name>[A-Za-z_][\w.]*)(?:: (?P<message>.*)|:)?$")
_MARKS = re.compile(r"    [\s~^]*[~^][\s~^]*$")


def read_pytest(lines: Sequence[str], links: Mapping[str, Link]) -> Pasted | None:
    """Return the last failure told; None if there is none."""
    reader = _Reader(links)
    for line in lines:
        reader.take(line)
    return reader.finished()


class _Reader:
    """Reads failures line by line."""

    def __init__(self, links: Mapping[str, Link]) -> None:
        self._links = links
        self._failures: list[list[Raised]] = []
        self._begin()
        self._chain: list[Raised] = []
        self._is_list = False
        """A heading has come, and no failure's own heading after it."""
        self._is_cut = False
        """The failure told last is told in one line."""
        self._is_summary = False
        self._summed: list[Raised] = []

    def _begin(self, link: Link = Link.NONE) -> None:
        self._frames: list[Frame] = []
        self._errors: list[str] = []
        self._function = self._code = ""
        self._marked: tuple[int, int] | None = None
        self._is_short = False
        self._link = link

    def take(self, line: str) -> None:
        """Take the next line."""
        if _SECTION.match(line) or _HEADING.match(line):
            self._end_failure()
            self._is_list, self._is_summary = bool(_LIST.match(line)), bool(_SUMMARY.match(line))
        elif self._is_summary and (summed := _SUMMED.match(line)) is not None:
            self._take_summed(summed)
        elif self._is_list and (listed := _LISTED.match(line)) is not None:
            self._take_listed(listed)
        elif line in self._links:
            self._end(self._links[line])
        elif (error := _ERROR.match(line)) is not None:
            self._errors.append(error["said"].strip())
        elif (place := _PLACE.match(line)) is not None:
            self._place(place)
        else:
            self._source(line)

    def _take_listed(self, listed: re.Match[str]) -> None:
        self._begin()  # what it says stands before it, too
        name, message = _told([listed["said"]])
        frames = (Frame(listed["file"].strip(), int(listed["line"])),)
        self._failures.append([Raised(frames=frames, exception=name, message=message)])
        self._is_cut = True

    def _take_summed(self, summed: re.Match[str]) -> None:
        name, message = _told([summed["said"]])
        frames = (Frame(summed["file"], 0, summed["test"].replace("::", ".")),)
        self._summed.append(Raised(frames=frames, exception=name, message=message))

    def _place(self, place: re.Match[str]) -> None:
        file, line = place["file"].strip(), int(place["line"])
        if place["function"]:
            self._is_short = True
            self._frames.append(Frame(file, line, place["function"]))
        else:
            self._frames.append(Frame(file, line, self._function, self._code, self._marked))
            self._function = self._code = ""
            self._marked = None

    def _source(self, line: str) -> None:
        if self._is_short and self._frames and line.startswith("    "):
            last = self._frames[-1]
            if not last.code:
                self._frames[-1] = Frame(last.file, last.line, last.function, line.strip())
            elif last.marked is None and _MARKS.match(line):
                marked = _marked(line, 4, last.code)
                self._frames[-1] = Frame(last.file, last.line, last.function, last.code, marked)
        elif line.startswith(">") and not self._code:
            self._code = line[1:].strip()
            self._indent = len(line) - len(line[1:].lstrip())
        elif self._code and self._marked is None and _MARKS.match(line):
            self._marked = _marked(line, self._indent, self._code)
        elif not self._code and (defined := _DEFINED.match(line)) is not None:
            self._function = defined[1]

    def _end(self, following: Link) -> None:
        if self._frames and self._errors:
            name, message = _told(self._errors)
            raised = Raised(frames=tuple(self._frames), exception=name, message=message, link=self._link)
            self._chain.append(raised)
        self._begin(following)

    def _end_failure(self) -> None:
        self._end(Link.NONE)
        if self._chain:
            self._failures.append(self._chain)
            self._is_cut = False
        self._chain = []

    def finished(self) -> Pasted | None:
        """Return the failure told last."""
        self._end_failure()
        if not self._failures and self._summed:
            return Pasted((self._summed[-1],), len(self._summed) - 1, cut=True)
        if not self._failures:
            return None
        return Pasted(tuple(self._failures[-1]), len(self._failures) - 1, self._is_cut)


def _told(errors: Sequence[str]) -> tuple[str, str]:
    """Return class and message; an assertion that pytest explains is told without its class."""
    found = _RAISED.match(errors[0])
    if found is not None and (":" in errors[0] or len(errors) == 1) and not errors[0].startswith("assert"):
        return found["name"], found["message"] or ""
    return "AssertionError", errors[0]


def _marked(line: str, indent: int, code: str) -> tuple[int, int] | None:
    start = len(line) - len(line.lstrip()) - indent
    end = len(line.rstrip()) - indent
    return (start, min(end, len(code))) if 0 <= start < len(code) else None
