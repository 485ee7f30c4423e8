"""Python expressions: one function per node kind, found by the table at the end.

Operators and comprehensions, lambdas and annotations have modules of their own that add to the table.
"""

from collections.abc import Callable

from tree_sitter import Node

from sleeplsp.core.flow import (
    Argument,
    Attribute,
    Await,
    Call,
    Constant,
    Display,
    Expression,
    Index,
    Mapping,
    Name,
    Opaque,
    Slice,
    Star,
    Walrus,
    Yield,
    chained,
)
from sleeplsp.core.lower.python import literals
from sleeplsp.core.lower.python.scope import DEPTH_MAX, Scope


def expression(node: Node, scope: Scope) -> Expression:
    """Lower any expression node; what is not understood is Opaque."""
    handler = _HANDLERS.get(node.type, unknown)
    if scope.depth >= DEPTH_MAX:
        scope.broken = True
        return Opaque(node.start_byte, node.end_byte, ())
    scope.depth += 1
    lowered = handler(node, scope)
    scope.depth -= 1
    return lowered


def target(node: Node, scope: Scope) -> Expression:
    """Lower what an assignment stores into; names are bound."""
    kind = node.type
    if kind == "identifier":
        return _bound_name(node, scope)
    if kind in TARGET_LISTS:
        items = tuple(target(child, scope) for child in operands(node))
        brackets = kind in ("parenthesized_expression", "tuple_pattern")
        if brackets and len(items) == 1 and b"," not in scope.source[items[0].end : node.end_byte]:
            return items[0]
        return Display(node.start_byte, node.end_byte, "tuple", items)
    if kind in ("list_splat_pattern", "list_splat"):
        return Star(node.start_byte, node.end_byte, target(operands(node)[0], scope))
    return expression(node, scope)


def arguments(node: Node | None, scope: Scope) -> tuple[Argument, ...]:
    """Lower an argument list; a lone generator expression is one argument."""
    if node is None:
        return ()
    if node.type == "generator_expression":
        return (Argument(expression(node, scope)),)
    return tuple(_argument(child, scope) for child in operands(node))


def operands(node: Node) -> list[Node]:
    """Named children that are code: comments and line joins may stand anywhere."""
    return [child for child in node.named_children if not child.is_extra]


def _argument(node: Node, scope: Scope) -> Argument:
    if node.type == "keyword_argument":
        name, value = node.child_by_field_name("name"), node.child_by_field_name("value")
        if name is not None and value is not None:
            return Argument(expression(value, scope), keyword=scope.text(name.start_byte, name.end_byte))
    if node.type in ("list_splat", "dictionary_splat"):
        inner = operands(node)
        if inner:
            return Argument(expression(inner[0], scope), stars=1 if node.type == "list_splat" else 2)
    return Argument(expression(node, scope))


def _bound_name(node: Node, scope: Scope) -> Name:
    start, end = node.start_byte, node.end_byte
    return Name(start, end, scope.binds(scope.text(start, end)))


def _name(node: Node, scope: Scope) -> Name:
    start, end = node.start_byte, node.end_byte
    return Name(start, end, scope.reads(scope.text(start, end)))


def _attribute(node: Node, scope: Scope) -> Expression:
    base, name = node.child_by_field_name("object"), node.child_by_field_name("attribute")
    if base is None or name is None:
        return unknown(node, scope)
    start = name.start_byte
    lowered, text = expression(base, scope), scope.text(start, name.end_byte)
    chain = chained(lowered, text)
    return Attribute(node.start_byte, node.end_byte, lowered, text, start, chain)


def _call(node: Node, scope: Scope) -> Expression:
    callee = node.child_by_field_name("function")
    if callee is None:
        return unknown(node, scope)
    lowered = expression(callee, scope)
    given = arguments(node.child_by_field_name("arguments"), scope)
    return Call(node.start_byte, node.end_byte, lowered, given)


def _subscript(node: Node, scope: Scope) -> Expression:
    value = node.child_by_field_name("value")
    if value is None:
        return unknown(node, scope)
    base = expression(value, scope)
    parts = tuple(expression(each, scope) for each in node.children_by_field_name("subscript"))
    alone = len(parts) == 1 and not isinstance(parts[0], Star)
    if alone and b"," not in scope.source[parts[0].end : node.end_byte]:
        return Index(node.start_byte, node.end_byte, base, parts[0])
    start = parts[0].start if parts else node.end_byte
    return Index(node.start_byte, node.end_byte, base, Display(start, node.end_byte - 1, "tuple", parts))


def _slice(node: Node, scope: Scope) -> Slice:
    bounds: list[Expression] = []
    empty = True
    for child in node.children:
        if child.type == ":":
            if empty:
                bounds.append(Constant(child.start_byte, child.start_byte, "none", None))
            empty = True
        elif child.is_named and not child.is_extra:
            bounds.append(expression(child, scope))
            empty = False
    if empty:
        bounds.append(Constant(node.end_byte, node.end_byte, "none", None))
    return Slice(node.start_byte, node.end_byte, tuple(bounds))


def _display(node: Node, scope: Scope) -> Display:
    items = tuple(expression(child, scope) for child in operands(node))
    return Display(node.start_byte, node.end_byte, _DISPLAYS[node.type], items)  # type: ignore[arg-type]


def _dictionary(node: Node, scope: Scope) -> Mapping:
    items: list[tuple[Expression | None, Expression]] = []
    for child in operands(node):
        key, value = child.child_by_field_name("key"), child.child_by_field_name("value")
        if child.type == "pair" and key is not None and value is not None:
            items.append((expression(key, scope), expression(value, scope)))
        else:
            inner = operands(child)
            items.append((None, expression(inner[0] if inner else child, scope)))
    return Mapping(node.start_byte, node.end_byte, tuple(items))


def _star(node: Node, scope: Scope) -> Star:
    inner = operands(node)
    value = expression(inner[0], scope) if inner else unknown(node, scope)
    return Star(node.start_byte, node.end_byte, value)


def _parenthesized(node: Node, scope: Scope) -> Expression:
    inner = operands(node)
    return expression(inner[0], scope) if len(inner) == 1 else unknown(node, scope)


def _walrus(node: Node, scope: Scope) -> Expression:
    name, value = node.child_by_field_name("name"), node.child_by_field_name("value")
    if name is None or value is None:
        return unknown(node, scope)
    lowered = expression(value, scope)
    bound = scope.binds_around(scope.text(name.start_byte, name.end_byte))
    return Walrus(node.start_byte, node.end_byte, Name(name.start_byte, name.end_byte, bound), lowered)


def _await(node: Node, scope: Scope) -> Expression:
    inner = operands(node)
    return (
        Await(node.start_byte, node.end_byte, expression(inner[0], scope)) if inner else unknown(node, scope)
    )


def _yield(node: Node, scope: Scope) -> Yield:
    scope.is_generator = True
    inner = operands(node)
    delegates = any(child.type == "from" for child in node.children)
    if len(inner) > 1:
        items = tuple(expression(child, scope) for child in inner)
        value: Expression | None = Display(inner[0].start_byte, node.end_byte, "tuple", items)
    else:
        value = expression(inner[0], scope) if inner else None
    return Yield(node.start_byte, node.end_byte, value, delegates)


def _singleton(node: Node, _scope: Scope) -> Constant:
    kind = {"true": "bool", "false": "bool", "none": "none", "ellipsis": "ellipsis"}[node.type]
    value = node.type == "true" if kind == "bool" else None
    return Constant(node.start_byte, node.end_byte, kind, value)  # type: ignore[arg-type]


def unknown(node: Node, scope: Scope) -> Opaque:
    """Lower what is not understood: its parts are evaluated, its program is broken."""
    scope.broken = True
    inner = tuple(expression(child, scope) for child in operands(node) if child.type in _HANDLERS)
    return Opaque(node.start_byte, node.end_byte, inner)


def _string(node: Node, scope: Scope) -> Expression:
    return literals.string(node, scope, expression)


def _concatenated(node: Node, scope: Scope) -> Expression:
    return literals.concatenated(node, scope, expression)


_DISPLAYS = {
    "list": "list",
    "list_pattern": "list",
    "tuple": "tuple",
    "tuple_pattern": "tuple",
    "expression_list": "tuple",
    "pattern_list": "tuple",
    "set": "set",
}
TARGET_LISTS = frozenset(
    (
        "pattern_list",
        "tuple_pattern",
        "list_pattern",
        "expression_list",
        "tuple",
        "list",
        "parenthesized_expression",
    )
)

_HANDLERS: dict[str, Callable[[Node, Scope], Expression]] = {
    "identifier": _name,
    "attribute": _attribute,
    "call": _call,
    "subscript": _subscript,
    "slice": _slice,
    **dict.fromkeys(_DISPLAYS, _display),
    "dictionary": _dictionary,
    "list_splat": _star,
    "list_splat_pattern": _star,
    "parenthesized_expression": _parenthesized,
    "named_expression": _walrus,
    "await": _await,
    "yield": _yield,
    "integer": literals.number,
    "float": literals.number,
    "true": _singleton,
    "false": _singleton,
    "none": _singleton,
    "ellipsis": _singleton,
    "string": _string,
    "concatenated_string": _concatenated,
}


def handles(kind: str, handler: Callable[[Node, Scope], Expression]) -> None:
    """Add a node kind whose lowering lives in another module (lambda, annotations)."""
    _HANDLERS[kind] = handler
