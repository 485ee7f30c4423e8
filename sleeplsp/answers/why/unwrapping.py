"""Unwrapping pasted text: what terminals, logs and mails put around the lines of a traceback is taken off.

A log may have other digits before every line, so a prefix is taken off where it is the same but for them.
It must not know what the lines say beyond how a traceback begins.
"""

import re

LINES_MAX = 100_000
"""Lines of a text that are read, the last ones."""
LINE_CHARACTERS_MAX = 4_000

BEGINS = "Traceback (most recent call last):"

_COLOUR = re.compile(r"\x1b(?:\[[0-9;?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-Z\\-_])")
_ESCAPED = re.compile(r'\\(n|r|t|"|\\)')
_UNESCAPED = {"n": "\n", "r": "", "t": "\t", '"': '"', "\\": "\\"}
_ENTRY = re.compile(r'(?:Exception Group )?Traceback \(most recent call last\):\\n(?:\\.|[^"\\])*')
_HEAD = re.compile(r"(?P<prefix>.*?)(?P<group>\s\s\+ Exception Group )?" + re.escape(BEGINS))
_FILE = re.compile(r'(?P<prefix>.*?)  File "[^"]+", line \d+')
_DIGITS = re.compile(r"\d+")
_MARGIN = re.compile(r" *\| *(?:Exception Group )?")
"""What stands before the lines of an exception in a group."""
_QUOTED = re.compile(r"^(?:> ?)+")


def unwrapped(text: str) -> list[str]:
    """Return the lines of a text as Python or pytest wrote them, as far as that can be told."""
    text = _COLOUR.sub("", text)
    if f"{BEGINS}\\n" in text:  # a log that keeps each entry as a JSON string
        text = "\n".join(_ESCAPED.sub(_unescaped, each) for each in _ENTRY.findall(text))
    lines = [each[:LINE_CHARACTERS_MAX].rstrip() for each in re.split(r"\r\n|\n|\r", text)[-LINES_MAX:]]
    return _without_prefixes(_without_quotes(lines))


def _unescaped(found: re.Match[str]) -> str:
    return _UNESCAPED[found[1]]


def _without_quotes(lines: list[str]) -> list[str]:
    """Take the marks of a quoted mail off; pytest marks single lines with one of them."""
    quoted = sum(each.startswith(">") for each in lines)
    told = sum(bool(each) for each in lines)
    is_quoted = any(each.startswith(">") and BEGINS in each for each in lines) or 2 * quoted > told
    return [_QUOTED.sub("", each) for each in lines] if quoted and is_quoted else lines


def _without_prefixes(lines: list[str]) -> list[str]:
    """Take off what stands before the first line of a traceback and, but for digits, before the others."""
    found: list[str] = []
    prefix: re.Pattern[str] | None = None
    for whole in lines:
        before = prefix.match(whole) if prefix is not None else None
        line = whole[before.end() :] if before is not None else whole
        begins = _HEAD.match(line) or (_FILE.match(line) if prefix is None else None)
        if begins is not None and begins["prefix"] and not _MARGIN.fullmatch(begins["prefix"]):
            prefix = _pattern(whole[: len(whole) - len(line)] + begins["prefix"])
            line = line[len(begins["prefix"]) :]
        found.append(line)
    return found


def _pattern(prefix: str) -> re.Pattern[str]:
    """Return what matches a prefix with other digits, and its beginning on a line that is empty else."""
    whole, bare = (r"\d+".join(map(re.escape, _DIGITS.split(each))) for each in (prefix, prefix.rstrip()))
    return re.compile(f"{whole}|{bare}$" if bare else whole)
