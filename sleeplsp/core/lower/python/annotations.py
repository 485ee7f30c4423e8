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
    return None if node is None else _type(node, scope.source, 0)


def _type(node: Node, source: bytes, depth: int) -> Expression:
    start, end = node.start_byte, node.end_byte
    parts = [child for child in node.named_children if not child.is_extra]
    kind = node.type
    if depth > DEPTH_MAX:
        return Opaque(start, end, ())
    if kind in ("type", "parenthesized_expression") and len(parts) == 1:
        return _type(parts[0], source, depth + 1)
    if kind == "identifier":
        return Name(start, end, source[start:end].decode("utf-8", "replace"))
    if kind == "none":
        return Constant(start, end, "none", None)
    if kind == "ellipsis":
        return Constant(start, end, "ellipsis", None)
    if kind == "string":
        return _quoted(node, source)
    if kind in ("attribute", "member_type") and len(parts) == 2:
        name = source[parts[1].start_byte : parts[1].end_byte].decode("utf-8", "replace")
        base = _type(parts[0], source, depth + 1)
        return Attribute(start, end, base, name, parts[1].start_byte, chained(base, name))
    return _compound(node, [_type(part, source, depth + 1) for part in parts])


def _compound(node: Node, parts: list[Expression]) -> Expression:
    start, end, kind = node.start_byte, node.end_byte, node.type
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


def _quoted(node: Node, source: bytes) -> Expression:
    start, end = node.start_byte, node.end_byte
    content = [child for child in node.named_children if child.type == "string_content"]
    if len(content) != 1 or end - start > LITERAL_BYTES_MAX:
        return Opaque(start, end, ())
    inner = source[content[0].start_byte : content[0].end_byte]
    root = _parser().parse(b"_: " + inner.strip()).root_node
    # `_: Foo | None` is one annotated assignment when the string holds one type.
    statement = root.named_children[0] if not root.has_error and root.named_child_count == 1 else None
    assignment = statement.named_children[0] if statement is not None and statement.named_children else None
    kind = assignment.child_by_field_name("type") if assignment is not None else None
    if kind is None:
        return Opaque(start, end, ())
    return _type(kind, b"_: " + inner.strip(), 0)


@cache
def _parser() -> tree_sitter.Parser:
    return tree_sitter.Parser(tree_sitter.Language(tree_sitter_python.language()))
