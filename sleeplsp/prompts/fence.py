"""Fences: the repository's text as data, between two lines that it cannot hold.

It must not know what the text is.
"""

import re

RUN_MAX = 12
"""Backquotes in a row that are sent; of a longer run no more, so that no fence grows without a bound."""

LONGEST = "`" * RUN_MAX
"""The text with the longest fence."""

_RUNS = re.compile("`+")
_LENGTH_MIN = 4


def fenced(title: str, text: str) -> str:
    """Return a block: a line of ours, and a text between lines of more backquotes than it has in a row."""
    text = clean(text)
    longest = max((len(each) for each in _RUNS.findall(text)), default=0)
    fence = "`" * max(longest + 1, _LENGTH_MIN)
    end = "" if text.endswith("\n") or not text else "\n"
    return f"{title}\n{fence}\n{text}{end}{fence}\n\n"


def line(text: str) -> str:
    """Return a text on one line, of characters that are seen."""
    return " ".join("".join(each if each.isprintable() else " " for each in text).split())


def clean(text: str) -> str:
    """Return a text that is UTF-8, without control characters other than line ends and tabs.

    Done twice it changes nothing more.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _TOO_LONG.sub(LONGEST, _CONTROL.sub("\ufffd", text))


def size(text: str) -> int:
    """Return how many bytes a text takes in a prompt."""
    return len(text.encode())


_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_TOO_LONG = re.compile(LONGEST + "`+")
