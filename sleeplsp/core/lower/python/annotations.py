"""Python annotations as expressions: generics become Index, unions become `|`, strings are read.

The names in an annotation are not reads of the program; offsets inside a string annotation all point
at the string.
"""

from functools import cache

import tree_sitter
import tree_sitter_python
from tree_sitter import Node

from sleeplsp.core.flow import (
    Attribute,
    Constant,
    Display,
    Expression,
    Index,
    Name,
    Opaque,
    Operation,
    chained,
)
from sleeplsp.core.lower.python.literals import LITERAL_BYTES_MAX
from sleeplsp.core.lower.python.scope import DEPTH_MAX, Scope


def annotation(node: Node | None, scope: Scope) -> Expression | None:
    """Lower the `type` node of a parameter, variable or result; None when there is none."""
    if node is None:
        return None
    if b":=" in scope.source[node.start_byte : node.end_byte]:  # binds a name, which is not followed
        scope.broken = True
    return _Reader(scope.source).type(node, 0)


class _Reader:
    """Reads types in a source, or in the text of a string that spans `at`."""

    def __init__(self, source: bytes, at: tuple[int, int] | None = None) -> None:
        self._source = source
        self._at = at

    def type(self, node: Node, depth: int) -> Expression:
        """Lower one type."""
        start, end = self._span(node)
        parts = [child for child in node.named_children if not child.is_extra]
        kind = node.type
        if depth > DEPTH_MAX:
            return Opaque(start, end, ())
        if kind in ("type", "parenthesized_expression") and len(parts) == 1:
            return self.type(parts[0], depth + 1)
        if kind == "identifier":
            return Name(start, end, self._text(node))
        if kind == "none":
            return Constant(start, end, "none", None)
        if kind == "ellipsis":
            return Constant(start, end, "ellipsis", None)
        if kind == "string":
            return self._quoted(node)
        if kind in ("attribute", "member_type") and len(parts) == 2:
            base, name = self.type(parts[0], depth + 1), self._text(parts[1])
            return Attribute(start, end, base, name, self._span(parts[1])[0], chained(base, name))
        return _compound(kind, (start, end), [self.type(part, depth + 1) for part in parts])

    def _span(self, node: Node) -> tuple[int, int]:
        return self._at or (node.start_byte, node.end_byte)

    def _text(self, node: Node) -> str:
        return self._source[node.start_byte : node.end_byte].decode("utf-8", "replace")

    def _quoted(self, node: Node) -> Expression:
        start, end = self._span(node)
        content = [child for child in node.named_children if child.type == "string_content"]
        bytes_or_values = self._source[node.start_byte : node.start_byte + 1] in (b"b", b"B", b"f", b"F")
        if len(content) != 1 or bytes_or_values or node.end_byte - node.start_byte > LITERAL_BYTES_MAX:
            return Opaque(start, end, ())
        # `_: Foo | None` is one annotated assignment when the string holds one type.
        inner = b"_: " + self._source[content[0].start_byte : content[0].end_byte].strip()
        root = _parser().parse(inner).root_node
        statement = root.named_children[0] if not root.has_error and root.named_child_count == 1 else None
        assigned = statement.named_children[0] if statement is not None and statement.named_children else None
        kind = assigned.child_by_field_name("type") if assigned is not None else None
        return Opaque(start, end, ()) if kind is None else _Reader(inner, (start, end)).type(kind, 0)


def _compound(kind: str, span: tuple[int, int], parts: list[Expression]) -> Expression:
    start, end = span
    if kind in ("union_type", "binary_operator") and len(parts) == 2:
        return Operation(start, end, "|", parts[0], parts[1])
    if kind in ("generic_type", "subscript") and len(parts) >= 2:
        inner = parts[1] if len(parts) == 2 else Display(parts[1].start, end, "tuple", tuple(parts[1:]))
        return Index(start, end, parts[0], inner)
    if kind in ("type_parameter", "tuple", "list", "expression_list"):
        return (
            parts[0]
            if kind == "type_parameter" and len(parts) == 1
            else Display(start, end, "tuple", tuple(parts))
        )
    return Opaque(start, end, tuple(parts))


@cache
def _parser() -> tree_sitter.Parser:
    return tree_sitter.Parser(tree_sitter.Language(tree_sitter_python.language()))
