"""Text of several lines that a model wrote, as Markdown of ours: paragraphs, lists, headings and code.

Whatever else looks like Markdown in it stands for itself: no links, no images, no HTML. It must not know what
the text says.
"""

import re

from sleeplsp.core.markdown import sentence, unseen

LINES_MAX = 400
"""Lines of a text that are told; one that is cut says so."""

LEVELS_MAX = 4
"""Lists within lists; deeper ones stand there."""

_BULLET = re.compile(r"(?P<before>\s*)[-*+\u2022] +(?=\S)")
_NUMBER = re.compile(r"(?P<before>\s*)(?P<number>\d{1,2})[.)] +(?=\S)")
_HEADING = re.compile(r"#{1,6} +(?P<text>.*?)(?: +#+)? *$")
_RULE = re.compile(r"\s*([-*_])(?:\s*\1){2,}\s*$")
_FENCE = re.compile(r"\s*(?P<fence>`{3,}|~{3,}) *(?P<language>(?:[A-Za-z][\w+#-]{0,19})?)[^`]*$")
_INDENT = 4
"""Blanks by which a list stands in another: enough for every mark of ours, and too few for code."""


def prose(text: str, lines_max: int = LINES_MAX) -> str:
    """Return a text as Markdown."""
    given = text.strip("\n").splitlines()
    lines, told, level = given[:lines_max], list[str](), -1
    while lines:
        line = lines.pop(0)
        fence = _FENCE.match(line)
        if fence is not None:
            told += ["", *_code(fence, lines), ""]
            level = -1
        elif (item := _BULLET.match(line) or _NUMBER.match(line)) is not None and not _RULE.match(line):
            level = min(len(item["before"].expandtabs(4)) // 2, level + 1, LEVELS_MAX - 1)
            told.append(f"{' ' * _INDENT * level}{_mark(item)}{sentence(line[item.end() :])}")
        else:
            told += _plain(line)
            level = level if line.strip() else -1
    if len(given) > lines_max:
        told += ["", "…"]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(told)).strip("\n")


def _mark(item: re.Match[str]) -> str:
    return f"{int(item['number'])}. " if "number" in item.re.groupindex else "- "


def _plain(line: str) -> list[str]:
    if _RULE.match(line):
        return [""]
    heading = _HEADING.match(line)
    if heading is not None and (text := sentence(heading["text"])):
        return ["", f"**{text}**", ""]
    return [sentence(line)]


def _code(fence: re.Match[str], lines: list[str]) -> list[str]:
    """Return a block of code, and take its lines and what ends it."""
    ends = re.compile(rf"\s*{fence['fence'][0]}{{{len(fence['fence'])},}}\s*$")
    held: list[str] = []
    while lines and not ends.match(line := lines.pop(0)):
        held.append(unseen(line.expandtabs(4)).rstrip())
    longest = max((len(run) for line in held for run in re.findall("`+", line)), default=0)
    mark = "`" * max(longest + 1, 3)
    return [f"{mark}{fence['language']}", *(line or " " for line in held), mark]
