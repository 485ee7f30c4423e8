"""Python statements: one function per node kind, found by the table at the end.

Definitions and imports have modules of their own that add to the table.
"""

from collections.abc import Callable, Iterator

from tree_sitter import Node

from sleeplsp.core.flow import (
    Assert,
    Assign,
    Augment,
    Block,
    Break,
    Continue,
    Declare,
    Delete,
    Display,
    Evaluate,
    Expression,
    For,
    Handler,
    If,
    Opaque,
    Raise,
    Return,
    Statement,
    Try,
    While,
    With,
    WithItem,
)
from sleeplsp.core.lower.python.annotations import annotation
from sleeplsp.core.lower.python.expressions import expression, operands, target
from sleeplsp.core.lower.python.patterns import match
from sleeplsp.core.lower.python.scope import DEPTH_MAX, Scope

Lowered = Statement | tuple[Statement, ...]


def block(node: Node | None, scope: Scope) -> Block:
    """Lower the statements of a block or module; broken pieces are evaluated for unknown effect."""
    if node is None:
        scope.broken = True
        return ()
    if scope.depth >= DEPTH_MAX:
        scope.broken = True
        return (Evaluate(node.start_byte, node.end_byte, Opaque(node.start_byte, node.end_byte, ())),)
    children = operands(node)
    if not children and node.type == "block":  # not yet written
        scope.broken = True
    scope.depth += 1
    statements = tuple(_flat(_HANDLERS.get(child.type, _unknown)(child, scope) for child in children))
    scope.depth -= 1
    return statements


def _flat(lowered: Iterator[Lowered]) -> Iterator[Statement]:
    for each in lowered:
        if isinstance(each, tuple):
            yield from each
        else:
            yield each


def _expression_statement(node: Node, scope: Scope) -> Statement:
    inner = operands(node)
    if len(inner) == 1:
        if inner[0].type == "assignment":
            return _assignment(inner[0], scope)
        if inner[0].type == "augmented_assignment":
            return _augmented(inner[0], scope)
        return Evaluate(node.start_byte, node.end_byte, expression(inner[0], scope))
    items = tuple(expression(child, scope) for child in inner)
    return Evaluate(node.start_byte, node.end_byte, Display(node.start_byte, node.end_byte, "tuple", items))


def _assignment(node: Node, scope: Scope) -> Statement:
    lefts: list[Node] = []
    type_: Node | None = None
    right: Node | None = node
    while right is not None and right.type == "assignment":  # a = b = value
        left = right.child_by_field_name("left")
        if left is not None:
            lefts.append(left)
        type_ = type_ or right.child_by_field_name("type")
        right = right.child_by_field_name("right")
    annotated = annotation(type_, scope)
    start, end = node.start_byte, node.end_byte
    if right is None:
        if annotated is not None and lefts:
            return Declare(start, end, target(lefts[0], scope), annotated)
        return Evaluate(start, end, Opaque(start, end, ()))
    value = expression(right, scope)
    return Assign(start, end, tuple(target(left, scope) for left in lefts), value, annotated)


def _augmented(node: Node, scope: Scope) -> Statement:
    left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
    operator = node.child_by_field_name("operator")
    if left is None or right is None or operator is None:
        return _unknown(node, scope)
    stored = target(left, scope)
    return Augment(node.start_byte, node.end_byte, stored, operator.type[:-1], expression(right, scope))


def _return(node: Node, scope: Scope) -> Statement:
    inner = operands(node)
    return Return(node.start_byte, node.end_byte, expression(inner[0], scope) if inner else None)


def _raise(node: Node, scope: Scope) -> Statement:
    cause = node.child_by_field_name("cause")
    values = [child for child in operands(node) if cause is None or child.id != cause.id]
    value = expression(values[0], scope) if values else None
    return Raise(
        node.start_byte,
        node.end_byte,
        value,
        expression(cause, scope) if cause is not None else None,
    )


def _assert(node: Node, scope: Scope) -> Statement:
    inner = operands(node)
    if not inner:
        return _unknown(node, scope)
    message = expression(inner[1], scope) if len(inner) > 1 else None
    return Assert(node.start_byte, node.end_byte, expression(inner[0], scope), message)


def _delete(node: Node, scope: Scope) -> Statement:
    inner = operands(node)
    if len(inner) == 1 and inner[0].type in (
        "expression_list",
        "tuple",
        "list",
        "parenthesized_expression",
    ):
        inner = operands(inner[0])
    return Delete(node.start_byte, node.end_byte, tuple(target(child, scope) for child in inner))


def _break(node: Node, _scope: Scope) -> Statement:
    return Break(node.start_byte, node.end_byte)


def _continue(node: Node, _scope: Scope) -> Statement:
    return Continue(node.start_byte, node.end_byte)


def _pass(_node: Node, _scope: Scope) -> Lowered:
    return ()


def _outer(node: Node, scope: Scope) -> Lowered:
    for child in operands(node):
        name = scope.text(child.start_byte, child.end_byte)
        scope.declare_outer(name, outermost=node.type == "global_statement")
    return ()


def _if(node: Node, scope: Scope) -> Lowered:
    first, then = _branch(node, scope)
    arms: list[tuple[Node, Expression, Block]] = [(node, first, then)]
    orelse: Block = ()
    for child in node.children_by_field_name("alternative"):
        if child.type == "elif_clause":
            test, body = _branch(child, scope)
            arms.append((child, test, body))
        elif child.type == "else_clause":
            orelse = block(child.child_by_field_name("body"), scope)
    for arm, test, body in reversed(arms):
        orelse = (If(arm.start_byte, node.end_byte, test, body, orelse),)
    return orelse


def _branch(node: Node, scope: Scope) -> tuple[Expression, Block]:
    condition = node.child_by_field_name("condition")
    test = (
        expression(condition, scope)
        if condition is not None
        else Opaque(node.start_byte, node.start_byte, ())
    )
    body = node.child_by_field_name("consequence") or node.child_by_field_name("body")
    return test, block(body, scope)


def _while(node: Node, scope: Scope) -> Statement:
    test, body = _branch(node, scope)
    return While(node.start_byte, node.end_byte, test, body, _else(node, scope))


def _for(node: Node, scope: Scope) -> Statement:
    left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
    if left is None or right is None:
        return _unknown(node, scope)
    iterable = expression(right, scope)
    bound = target(left, scope)
    body = block(node.child_by_field_name("body"), scope)
    return For(node.start_byte, node.end_byte, bound, iterable, body, _else(node, scope), _is_async(node))


def _else(node: Node, scope: Scope) -> Block:
    clause = node.child_by_field_name("alternative") or child_of(node, "else_clause")
    return block(clause.child_by_field_name("body"), scope) if clause is not None else ()


def _try(node: Node, scope: Scope) -> Statement:
    body = block(node.child_by_field_name("body"), scope)
    handlers = tuple(
        _handler(child, scope)
        for child in node.named_children
        if child.type in ("except_clause", "except_group_clause")
    )
    orelse = _else(node, scope)
    final = child_of(node, "finally_clause")
    last = block(child_of(final, "block"), scope) if final is not None else ()
    return Try(node.start_byte, node.end_byte, body, handlers, orelse, last)


def _handler(node: Node, scope: Scope) -> Handler:
    types: list[Expression] = []
    name: str | None = None
    for child in operands(node):
        if child.type == "block":
            continue
        caught = child
        if child.type == "as_pattern":
            caught = operands(child)[0]
            alias = child.child_by_field_name("alias")
            if alias is not None:
                name = scope.binds(scope.text(alias.start_byte, alias.end_byte))
        lowered = expression(caught, scope)
        types.extend(lowered.items if isinstance(lowered, Display) else [lowered])
    star = any(child.type in ("*", "except*") for child in node.children)
    body = block(child_of(node, "block"), scope)
    return Handler(node.start_byte, node.end_byte, tuple(types), name, body, star)


def _with(node: Node, scope: Scope) -> Statement:
    clause = child_of(node, "with_clause")
    found = operands(clause) if clause is not None else []
    items = tuple(_with_item(child, scope) for child in found)
    body = block(node.child_by_field_name("body"), scope)
    return With(node.start_byte, node.end_byte, items, body, _is_async(node))


def _with_item(node: Node, scope: Scope) -> WithItem:
    value = node.child_by_field_name("value") or node
    alias = value.child_by_field_name("alias") if value.type == "as_pattern" else None
    if alias is None:
        return WithItem(expression(value, scope), None)
    context = expression(operands(value)[0], scope)
    bound = operands(alias)
    return WithItem(context, target(bound[0], scope) if bound else None)


def _match(node: Node, scope: Scope) -> Statement:
    return match(node, scope, block)


def _type_alias(node: Node, scope: Scope) -> Statement:
    name = node.child_by_field_name("left")
    while name is not None and name.type in ("type", "generic_type"):
        name = next(iter(operands(name)), None)
    right = node.child_by_field_name("right")
    if name is None or right is None:
        return _unknown(node, scope)
    if name.type != "identifier":  # the grammar takes `type(x).name = value` for an alias
        return _stored_in_type(node, name, operands(right), scope)
    opaque = Opaque(node.start_byte, node.end_byte, ())
    return Assign(node.start_byte, node.end_byte, (target(name, scope),), opaque)


def _stored_in_type(node: Node, left: Node, right: list[Node], scope: Scope) -> Statement:
    """Lower `type(x).name = value`: what it is stored in is the type of what stands in the brackets."""
    inner: Node | None = left
    while inner is not None and inner.type != "parenthesized_expression":
        inner = next(iter(operands(inner)), None)
    read = tuple(expression(each, scope) for each in (operands(inner) if inner is not None else ()))
    value = expression(right[0], scope) if right else Opaque(node.end_byte, node.end_byte, ())
    return Assign(node.start_byte, node.end_byte, (Opaque(left.start_byte, left.end_byte, read),), value)


def _unknown(node: Node, scope: Scope) -> Statement:
    scope.broken = True
    inner = tuple(
        expression(child, scope)
        for child in operands(node)
        if child.type in ("call", "identifier", "attribute")
    )
    return Evaluate(node.start_byte, node.end_byte, Opaque(node.start_byte, node.end_byte, inner))


def child_of(node: Node | None, kind: str) -> Node | None:
    """Return the first named child of a kind."""
    return (
        next((child for child in node.named_children if child.type == kind), None)
        if node is not None
        else None
    )


def _is_async(node: Node) -> bool:
    return node.child_count > 0 and node.children[0].type == "async"


_HANDLERS: dict[str, Callable[[Node, Scope], Lowered]] = {
    "expression_statement": _expression_statement,
    "return_statement": _return,
    "raise_statement": _raise,
    "assert_statement": _assert,
    "delete_statement": _delete,
    "break_statement": _break,
    "continue_statement": _continue,
    "pass_statement": _pass,
    "global_statement": _outer,
    "nonlocal_statement": _outer,
    "if_statement": _if,
    "while_statement": _while,
    "for_statement": _for,
    "try_statement": _try,
    "with_statement": _with,
    "match_statement": _match,
    "type_alias_statement": _type_alias,
}


def handles(kind: str, handler: Callable[[Node, Scope], Lowered]) -> None:
    """Add a node kind whose lowering lives in another module (definitions)."""
    _HANDLERS[kind] = handler
