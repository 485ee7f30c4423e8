"""Values as text: to show them, and to tell whether two are the same.

It must not fail, whatever a value does. What Python would write as an address is written with its
attributes, since an address says nothing and is another each time.
"""

import re

TEXT_LENGTH_MAX = 80
"""Characters of one value that is shown."""

_DEPTH_MAX = 4
_ITEMS_MAX = 200

_ADDRESS = re.compile(r" at 0x[0-9a-fA-F]+")
_BRACKETS = {list: ("[", "]"), tuple: ("(", ")"), set: ("{", "}"), frozenset: ("frozenset({", "})")}


def shown(value: object) -> str:
    """Return a value on one line, printable, cut to a length."""
    return in_one_line(spelled(value))


def in_one_line(text: str) -> str:
    """Return a value's text on one line, printable, cut to a length."""
    return cut(printable(text), TEXT_LENGTH_MAX)


def printable(text: str) -> str:
    """Return a text on one line, with escapes for what cannot be seen or encoded."""
    return "".join(each if each.isprintable() else each.encode("unicode_escape").decode() for each in text)


def cut(text: str, length_max: int) -> str:
    """Return a text, cut to a length."""
    return text if len(text) <= length_max else f"{text[: length_max - 3]}..."


def spelled(value: object, depth: int = 0) -> str:
    """Return all of a value that can be seen; the same for values that cannot be told apart."""
    try:
        return _spelled(value, depth)
    except Exception:  # noqa: BLE001 - the workspace's own code
        return f"<{type(value).__name__}>"


def _spelled(value: object, depth: int) -> str:
    kind = type(value)
    if depth < _DEPTH_MAX:
        if isinstance(value, (list, tuple, set, frozenset)) and kind in _BRACKETS:
            return _items(value, depth)
        if isinstance(value, dict) and kind is dict:
            return _pairs(value, depth)
        if kind.__repr__ is object.__repr__:
            return _attributes(value, depth)
    return _ADDRESS.sub("", repr(value))


def _items(value: list[object] | tuple[object, ...] | set[object] | frozenset[object], depth: int) -> str:
    opening, closing = _BRACKETS[type(value)]
    inside = [spelled(each, depth + 1) for each in list(value)[:_ITEMS_MAX]]
    if isinstance(value, (set, frozenset)):
        if not value:
            return repr(value)
        inside.sort()
    if len(value) > _ITEMS_MAX:
        inside.append(f"... {len(value)}")
    comma = "," if isinstance(value, tuple) and len(value) == 1 else ""
    return f"{opening}{', '.join(inside)}{comma}{closing}"


def _pairs(value: dict[object, object], depth: int) -> str:
    inside = [
        f"{spelled(key, depth + 1)}: {spelled(each, depth + 1)}"
        for key, each in list(value.items())[:_ITEMS_MAX]
    ]
    if len(value) > _ITEMS_MAX:
        inside.append(f"... {len(value)}")
    return "{" + ", ".join(inside) + "}"


def _attributes(value: object, depth: int) -> str:
    name = type(value).__name__
    try:
        attributes = dict(vars(value))
    except TypeError:
        slots = getattr(type(value), "__slots__", ())
        names = (slots,) if isinstance(slots, str) else tuple(slots)
        attributes = {each: getattr(value, each) for each in names if hasattr(value, each)}
    inside = "".join(
        f" {key}={spelled(each, depth + 1)}" for key, each in list(attributes.items())[:_ITEMS_MAX]
    )
    return f"<{name}{inside}>"
