"""What a `%` format asks for: its placeholders, read as Python itself reads them.

It must not know what is given for them.
"""

import re

import msgspec

_PLACEHOLDER = re.compile(
    r"""(?P<flags>[#0\- +]*)(?P<width>\*|[0-9]*)
        (?P<precision>\.(?:\*|[0-9]*))?[hlL]?(?P<kind>.)?""",
    re.VERBOSE | re.DOTALL,
)
_KINDS = frozenset("diouxXeEfFgGcrsa")
_KINDS_OF_BYTES = _KINDS | {"b"}


class PercentFormat(msgspec.Struct, frozen=True):
    """The placeholders of one format."""

    count: int = 0
    """Values taken by position; a `*` takes one of its own."""
    keys: tuple[str, ...] = ()
    """Keys looked up in a mapping, in order."""
    problem: str = ""
    """Why the format is none; the other fields then say nothing."""


def percent_format(template: str | bytes) -> PercentFormat:
    """Read a format."""
    text = template.decode("latin-1") if isinstance(template, bytes) else template
    kinds = _KINDS_OF_BYTES if isinstance(template, bytes) else _KINDS
    count, keys, position = 0, [], 0
    while (position := text.find("%", position)) >= 0:
        if text.startswith("%%", position):
            position += 2
            continue
        key, position = _key(text, position + 1)
        if position < 0:
            return PercentFormat(problem="a `(` is never closed")
        found = _PLACEHOLDER.match(text, position)
        if found is None or found["kind"] is None:
            return PercentFormat(problem="it ends within a placeholder")
        position = found.end()
        if found["kind"] not in kinds:
            return PercentFormat(problem=f"`{found['kind']}` is no kind of placeholder")
        count += (found["width"] == "*") + (found["precision"] == ".*")
        if key is None:
            count += 1
        else:
            keys.append(key)
    return PercentFormat(count, tuple(keys))


def _key(text: str, position: int) -> tuple[str | None, int]:
    """Return the key in brackets at a position and where it ends; it may hold brackets."""
    if text[position : position + 1] != "(":
        return None, position
    depth = 0
    for place in range(position, len(text)):
        depth += {"(": 1, ")": -1}.get(text[place], 0)
        if depth == 0:
            return text[position + 1 : place], place + 1
    return None, -1
