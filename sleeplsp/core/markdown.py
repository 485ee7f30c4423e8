"""Markdown that says what it is given and nothing else: code spans and text, escaped.

Claims are sentences with code in backquotes, and the code may hold anything that a repository holds.
It must not know what is said.
"""

import re

# What begins a block does so only where a line begins.
_SPECIAL = re.compile(r"(?P<number>^\d+)(?=[.)])|[\\`*_\[\]<>&|~]|^[#+=-]")
_SPAN = re.compile(r"`([^`]*)`")


def code(text: str) -> str:
    """Return a code span of any text: the fence is longer than every run of backquotes inside."""
    flat = one_line(text) or " "
    longest = max((len(run) for run in re.findall("`+", flat)), default=0)
    fence = "`" * (longest + 1)
    padding = " " if flat.startswith("`") or flat.endswith("`") else ""
    return f"{fence}{padding}{flat}{padding}{fence}"


def plain(text: str) -> str:
    """Return text of which every character stands for itself, on one line."""
    return _escaped(one_line(text))


def sentence(text: str) -> str:
    """Return a claim's sentence: what is between two backquotes is code, all else stands for itself."""
    parts = enumerate(_SPAN.split(one_line(text)))
    return "".join(code(part) if number % 2 else _escaped(part) for number, part in parts)


def unmarked(text: str) -> str:
    """Return a claim's sentence for where Markdown is not read: without its backquotes."""
    return _SPAN.sub(r"\1", one_line(text))


def one_line(text: str) -> str:
    """Return text on one line."""
    return " ".join(text.split())


def _escaped(text: str) -> str:
    return _SPECIAL.sub(lambda found: f"{found[0]}\\" if found["number"] else f"\\{found[0]}", text)
