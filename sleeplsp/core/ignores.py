"""Comments that silence a check where they stand: `# sleeplsp: ignore` or `# sleeplsp: ignore[check, check]`.

A comment counts on every line of the code in question, and at the end of the first line from there on
that takes a comment: inside a string, or behind a backslash, there is none. It must not know what a
check is.
"""

import re

from sleeplsp.core.languages import Language
from sleeplsp.core.syntax import Tree, captures
from sleeplsp.core.text import Text

LINES_MAX = 1000
"""Lines searched for one that takes a comment."""

_IGNORE = re.compile(rb"#\s*sleeplsp:\s*ignore(?:\[([\w\s,-]*)\])?", re.ASCII)


def comment_place(language: Language, text: Text, tree: Tree, start: int) -> int:
    """Return the end of the first line, from that of `start` on, where a comment can stand."""
    first = text.line_of(start)
    last = min(first + LINES_MAX, len(text.line_starts) - 1)
    starts = text.line_starts
    end = starts[last] + len(text.line(last))
    opaque = captures(language, language.layout, tree, starts[first], end).get("opaque", ())
    spans = [each.byte_range for each in opaque]
    for line in range(first, last + 1):
        code = text.line(line).rstrip()
        at = starts[line] + len(code)
        inside = any(begin < at < close for begin, close in spans)
        if not inside and not code.endswith(b"\\"):
            return at
    return end


def is_ignored(text: Text, start: int, end: int, check: str) -> bool:
    """Tell whether a comment on the lines from `start` to `end` silences a check."""
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
    lines = range(text.line_of(start), text.line_of(max(start, end)) + 1)
    found = ((_IGNORE.search(text.line(line)), line) for line in lines)
    return [(match, line) for match, line in found if match is not None]
