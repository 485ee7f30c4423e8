"""Texts of a known shape: in lower case, stripped, cut to a length, the extension of a file.

For an expression that makes such a text: which constants it is never equal to, and which never stand in
it. Read off the expression as it is written; values must not be known here.
"""

from collections.abc import Callable, Iterator

import msgspec

from sleeplsp.core import flow
from sleeplsp.core.flow import Expression, Name

_CASES = {"lower": "in lower case", "casefold": "in lower case", "upper": "in upper case"}
_STRIPPED = {"strip": "at its ends", "lstrip": "at its beginning", "rstrip": "at its end"}
_STRIPPING: dict[str, Callable[[str | bytes], str | bytes]] = {
    "strip": lambda text: text.strip(),
    "lstrip": lambda text: text.lstrip(),
    "rstrip": lambda text: text.rstrip(),
}
_LAYERS_MAX = 8
"""Methods called one on the result of the other."""


class Layer(msgspec.Struct, frozen=True, gc=False):
    """One step in the making of a text.

    `kind`: 'case', 'ends', 'cut' or 'extension'; `name` is the method called, `limit` what the text is cut
    to, in characters.
    """

    kind: str
    node: Expression
    base: Expression
    name: str = ""
    limit: int = 0


def layers(node: Expression, given: Callable[[Name], Expression | None]) -> Iterator[Layer]:
    """Yield the steps that shape a text, last one first; of a kind only the one that counts.

    `given` says what a variable was surely given before it is read.
    """
    seen: list[str] = []
    while len(seen) < _LAYERS_MAX:
        made = given(node) if isinstance(node, Name) else None
        layer = _layer(made if made is not None else node)
        if layer is None:
            return
        if _HIDDEN_BY[layer.kind].isdisjoint(seen):
            yield layer
        seen.append(layer.kind)
        node = layer.base


# What a later step leaves nothing of: lower case after upper case, ends after a cut, a length that
# another case may have changed.
_HIDDEN_BY = {
    "case": frozenset(("case",)),
    "ends": frozenset(("ends", "cut")),
    "cut": frozenset(("cut", "case")),
    "extension": frozenset(("extension", "ends", "cut")),
}


def never_equal_to(layer: Layer, text: str | bytes) -> str:
    """Return what a text of this shape has that `text` has not, '' if they may be equal."""
    match layer.kind:
        case "case":
            return f"is {_CASES[layer.name]}" if never_within(layer, text) else ""
        case "ends":
            stripped = _STRIPPING[layer.name](text)
            return f"has no blanks {_STRIPPED[layer.name]}" if stripped != text else ""
        case "cut":
            return f"has at most {layer.limit} characters" if len(text) > layer.limit else ""
    begins = not text or text[:1] in (".", b".")
    return "" if begins else "is empty or begins with a dot"


def never_within(layer: Layer, text: str | bytes) -> bool:
    """Tell whether no text of this shape holds `text`."""
    # Of letters beyond ASCII some change in more than one way.
    if layer.kind != "case" or not text.isascii():
        return False
    return (text.upper() if layer.name == "upper" else text.lower()) != text


def _layer(node: Expression) -> Layer | None:
    if isinstance(node, flow.Index):
        return _of_index(node)
    if not isinstance(node, flow.Call) or not isinstance(node.callee, flow.Attribute) or node.arguments:
        return None
    name = node.callee.name
    kind = "case" if name in _CASES else "ends" if name in _STRIPPED else ""
    return Layer(kind, node, node.callee.base, name) if kind else None


def _of_index(node: flow.Index) -> Layer | None:
    index = node.index
    if isinstance(index, flow.Slice):
        limit = _length(index.bounds)
        return Layer("cut", node, node.base, limit=limit) if limit is not None else None
    second = isinstance(index, flow.Constant) and index.value in (1, -1) and index.kind == "int"
    callee = node.base.callee if isinstance(node.base, flow.Call) else None
    name = callee.name if isinstance(callee, flow.Attribute) else getattr(callee, "id", "")
    return Layer("extension", node, node.base) if second and name == "splitext" else None


def _length(bounds: tuple[Expression, ...]) -> int | None:
    """Return how many items a slice has at most."""
    if len(bounds) != 2:
        return None
    left_out = [isinstance(each, flow.Constant) and each.kind == "none" for each in bounds]
    lower, upper = (_number(each) for each in bounds)
    if left_out[0] and upper is not None and upper >= 0:
        return upper
    if left_out[1] and lower is not None and lower < 0:
        return -lower
    if lower is not None and upper is not None and (lower < 0) is (upper < 0):
        return max(0, upper - lower)
    return None


def _number(node: Expression) -> int | None:
    return node.value if isinstance(node, flow.Constant) and isinstance(node.value, int) else None
