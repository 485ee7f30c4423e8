"""Markdown that says what it is given and nothing else: code spans and text, escaped."""

import re

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>()#+!|~-])")


def code(text: str) -> str:
    """Return a code span of any text: the fence is longer than every run of backquotes inside."""
    flat = " ".join(text.split()) or " "
    longest = max((len(run) for run in re.findall("`+", flat)), default=0)
    fence = "`" * (longest + 1)
    padding = " " if flat.startswith("`") or flat.endswith("`") else ""
    return f"{fence}{padding}{flat}{padding}{fence}"


def plain(text: str) -> str:
    """Return text whose every character stands for itself."""
    return _SPECIAL.sub(r"\\\1", text)
