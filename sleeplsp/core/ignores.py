"""Comments that silence a check where they stand: `# sleeplsp: ignore` or `# sleeplsp: ignore[check, check]`.

A comment counts on every line of the code in question, and at the end of the first line from there on
that takes a comment: inside a string, or behind a backslash, there is none. What tells a type checker
to ignore None, names not bound, calls or coroutines there (`# type: ignore[union-attr]`) counts as well:
its author has been told of the same. It must not know what a check is.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence

from sleeplsp.core.languages import Language
from sleeplsp.core.syntax import Tree, captures
from sleeplsp.core.text import Text

LINES_MAX = 1000
"""Lines searched for one that takes a comment."""

_IGNORE = re.compile(rb"#\s*sleeplsp:\s*ignore(?:\[([\w\s,-]*)\])?", re.ASCII)

_TYPES_IGNORED = re.compile(
    rb"""\#\s*(?:type|pyright|mypy)\s*:\s*ignore
    (?:\s*(?:$|\#)|\[[^]]*(?:union-attr|operator|index|misc|call-arg|arg-type|unused-coroutine
    |possibly-undefined|reportOptional|reportPossiblyUnbound|reportCallIssue|reportUnusedCoroutine))""",
    re.VERBOSE,
)


def comment_place(language: Language, text: Text, tree: Tree, start: int) -> int:
    """Return the end of the first line, from that of `start` on, where a comment can stand."""
    return comment_places(language, text, tree, [start])[0]


def comment_places(language: Language, text: Text, tree: Tree, starts: Sequence[int]) -> list[int]:
    """Return for each offset the end of the first line, from its own on, where a comment can stand."""
    if not starts:
        return []
    lines = [text.line_of(each) for each in starts]
    last = min(max(lines) + LINES_MAX, len(text.line_starts) - 1)
    # One query for all: each begins at the top of the tree.
    query = captures(language, language.layout, tree, text.line_starts[min(lines)], _line_end(text, last))
    opaque = _disjoint(each.byte_range for each in query.get("opaque", ()))
    return [_first_place(text, line, opaque) for line in lines]


def _first_place(text: Text, first: int, opaque: list[tuple[int, int]]) -> int:
    last = min(first + LINES_MAX, len(text.line_starts) - 1)
    for line in range(first, last + 1):
        code = text.line(line).rstrip()
        at = text.line_starts[line] + len(code)
        before = bisect_left(opaque, (at, 0)) - 1  # the last that begins before
        inside = before >= 0 and at < opaque[before][1]
        if not inside and not code.endswith(b"\\"):
            return at
    return _line_end(text, last)


def _disjoint(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return spans by position, without those inside of others."""
    found: list[tuple[int, int]] = []
    for start, end in sorted(spans, key=lambda each: (each[0], -each[1])):
        if not found or end > found[-1][1]:
            found.append((start, end))
    return found


def _line_end(text: Text, line: int) -> int:
    return text.line_starts[line] + len(text.line(line))


def is_ignored(text: Text, start: int, end: int, check: str) -> bool:
    """Tell whether a comment on the lines from `start` to `end` silences a check."""
    if any(_TYPES_IGNORED.search(text.line(line).rstrip()) for line in _lines(text, start, end)):
        return True
    return any(
        match[1] is None or check in {name.strip() for name in match[1].decode().split(",")}
        for match, _ in _ignores(text, start, end)
    )


def with_ignore(text: Text, start: int, comment_at: int, check: str) -> tuple[int, str]:
    """Return what to insert, and at which offset, so that it silences the check as well."""
    for match, line in _ignores(text, start, comment_at):
        if match[1] is not None:
            separator = ", " if match[1].strip() else ""
            return text.line_starts[line] + match.end(1), f"{separator}{check}"
    return comment_at, f"  # sleeplsp: ignore[{check}]"


def _ignores(text: Text, start: int, end: int) -> list[tuple[re.Match[bytes], int]]:
    found = ((_IGNORE.search(text.line(line)), line) for line in _lines(text, start, end))
    return [(match, line) for match, line in found if match is not None]


def _lines(text: Text, start: int, end: int) -> range:
    return range(text.line_of(start), text.line_of(max(start, end)) + 1)
