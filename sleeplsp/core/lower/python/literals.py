"""Python literals: numbers and strings as constants, interpolated strings as Format.

A literal longer than `LITERAL_BYTES_MAX` keeps its kind and loses its value.
"""

import ast
import warnings
from collections.abc import Callable

from tree_sitter import Node

from sleeplsp.core.flow import Constant, Expression, Format, Opaque
from sleeplsp.core.lower.python.scope import Scope

LITERAL_BYTES_MAX = 400

Lower = Callable[[Node, Scope], Expression]


def number(node: Node, scope: Scope) -> Constant:
    """Lower an integer, float or imaginary literal."""
    start, end = node.start_byte, node.end_byte
    value = _value(scope.text(start, end)) if end - start <= LITERAL_BYTES_MAX else None
    kind = type(value).__name__ if isinstance(value, (int, float, complex)) else _number_kind(node)
    return Constant(start, end, kind, value, known=value is not None)  # type: ignore[arg-type]


def string(node: Node, scope: Scope, lower: Lower) -> Constant | Format | Opaque:
    """Lower a single string literal; interpolated ones become Format, templates are no strings."""
    children = node.named_children
    if scope.source[node.start_byte : node.start_byte + 1] == b"`":  # repr() in Python 2
        scope.broken = True
        return Opaque(node.start_byte, node.end_byte, ())
    if b"t" in _prefix(node, scope):
        return Opaque(node.start_byte, node.end_byte, _format(node, children, scope, lower).values)
    if any(child.type == "interpolation" for child in children):
        return _format(node, children, scope, lower)
    plain = _plain(node, scope)
    return _unbraced(plain) if b"f" in _prefix(node, scope) else plain


def concatenated(node: Node, scope: Scope, lower: Lower) -> Constant | Format | Opaque:
    """Adjacent string literals, which are one string."""
    parts = [string(child, scope, lower) for child in node.named_children if child.type == "string"]
    start, end = node.start_byte, node.end_byte
    if any(isinstance(part, Opaque) for part in parts):
        return Opaque(start, end, tuple(parts))
    constants = [part for part in parts if isinstance(part, Constant)]
    if len(constants) == len(parts):
        return _joined(start, end, constants)
    literal = "".join(map(_shown, parts))
    values = tuple(value for part in parts if isinstance(part, Format) for value in part.values)
    return Format(start, end, literal, values)


def _number_kind(node: Node) -> str:
    return "int" if node.type == "integer" else "float"


def _joined(start: int, end: int, parts: list[Constant]) -> Constant:
    kind = parts[0].kind if parts else "str"
    known = all(part.known and part.kind == kind for part in parts)
    if not known or end - start > LITERAL_BYTES_MAX:
        return Constant(start, end, kind, None, known=False)
    if kind == "bytes":
        return Constant(
            start,
            end,
            kind,
            b"".join(part.value for part in parts if isinstance(part.value, bytes)),
        )
    return Constant(start, end, kind, "".join(part.value for part in parts if isinstance(part.value, str)))


def _plain(node: Node, scope: Scope) -> Constant:
    start, end = node.start_byte, node.end_byte
    prefix = _prefix(node, scope)
    kind = "bytes" if b"b" in prefix else "str"
    if end - start > LITERAL_BYTES_MAX:
        return Constant(start, end, kind, None, known=False)  # type: ignore[arg-type]
    body = scope.source[start + len(prefix) : end]
    quotes = 3 if body[:3] in (b'"""', b"'''") else 1
    if b"\\" not in body and b"\r" not in body and len(body) >= 2 * quotes:
        content = body[quotes:-quotes]
        value: str | bytes = content if kind == "bytes" else content.decode("utf-8", "replace")
        return Constant(start, end, kind, value)  # type: ignore[arg-type]
    return _evaluated(start, end, kind, prefix.replace(b"f", b"") + body)


def _value(literal: str) -> object:
    """Return what a literal stands for; None for a long of Python 2, or broken code.

    `ast.literal_eval` would leave a cycle of functions behind each time.
    """
    if literal.isascii() and literal.isdecimal() and literal[0] != "0":
        return int(literal)
    try:
        tree = ast.parse(literal, mode="eval").body
    except (ValueError, SyntaxError):
        return None
    return tree.value if isinstance(tree, ast.Constant) else None


def _unbraced(constant: Constant) -> Constant:
    """Return an f-string's constant as it reads: its braces stand doubled in the source."""
    value = constant.value
    if not isinstance(value, str):
        return constant
    single = value.replace("{{", "{").replace("}}", "}")
    return Constant(constant.start, constant.end, "str", single)


def _prefix(node: Node, scope: Scope) -> bytes:
    """Return the letters before the quotes, in lower case."""
    opening = scope.source[node.start_byte : min(node.start_byte + 3, node.end_byte)].lower()
    return opening[: len(opening) - len(opening.lstrip(b"rbuft"))]


def _evaluated(start: int, end: int, kind: str, literal: bytes) -> Constant:
    # A literal with escapes: Python's own reader knows them all. Doubtful escapes only warn there.
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            value = _value(literal.decode("utf-8", "surrogatepass"))
    except UnicodeDecodeError:
        value = None
    known = isinstance(value, (str, bytes))
    return Constant(start, end, kind, value if known else None, known=known)  # type: ignore[arg-type]


def _format(node: Node, children: list[Node], scope: Scope, lower: Lower) -> Format:
    literal: list[str] = []
    values: list[Expression] = []
    for child in children:
        if child.type == "interpolation":
            literal.append(_placeholder(child, scope, values, lower))
        elif child.type == "string_content":
            literal.append(scope.text(child.start_byte, child.end_byte))
    return Format(node.start_byte, node.end_byte, "".join(literal), tuple(values))


def _placeholder(node: Node, scope: Scope, values: list[Expression], lower: Lower) -> str:
    """Collect what is inserted, also inside a format specification; return how it is written."""
    suffix = "=" if any(child.type == "=" for child in node.children) else ""
    for child in node.named_children:
        if child.type == "type_conversion":
            suffix += scope.text(child.start_byte, child.end_byte)
        elif child.type == "format_specifier":
            suffix += scope.text(child.start_byte, child.end_byte)
            inner = (part for part in child.named_children if part.type == "format_expression")
            values.extend(lower(value, scope) for part in inner for value in part.named_children[:1])
        elif child.type != "comment":
            values.append(lower(child, scope))
    return f"{{{suffix}}}"


def _shown(part: Constant | Format | Opaque) -> str:
    if isinstance(part, Format):
        return part.literal
    return part.value if isinstance(part, Constant) and isinstance(part.value, str) else "…"
