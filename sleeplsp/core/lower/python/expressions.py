"""Python expressions: one function per node kind, found by the table at the end."""

from collections.abc import Callable

from tree_sitter import Node

from sleeplsp.core.flow import (
    Argument,
    Attribute,
    Await,
    Boolean,
    Call,
    Compare,
    Comprehension,
    ComprehensionClause,
    Conditional,
    Constant,
    Display,
    Expression,
    Index,
    Mapping,
    Name,
    Not,
    Opaque,
    Operation,
    Slice,
    Star,
    Unary,
    Walrus,
    Yield,
    chained,
)
from sleeplsp.core.lower.python import literals
from sleeplsp.core.lower.python.scope import DEPTH_MAX, Scope


def expression(node: Node, scope: Scope) -> Expression:
    """Lower any expression node; what is not understood is Opaque."""
    handler = _HANDLERS.get(node.type, _unknown)
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
    if kind in _TARGET_LISTS:
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
            return Argument(
                expression(value, scope), keyword=scope.text(name.start_byte, name.end_byte)
            )
    if node.type in ("list_splat", "dictionary_splat"):
        inner = operands(node)
        if inner:
            return Argument(
                expression(inner[0], scope), stars=1 if node.type == "list_splat" else 2
            )
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
        return _unknown(node, scope)
    start = name.start_byte
    lowered, text = expression(base, scope), scope.text(start, name.end_byte)
    chain = chained(lowered, text)
    return Attribute(node.start_byte, node.end_byte, lowered, text, start, chain)


def _call(node: Node, scope: Scope) -> Expression:
    callee = node.child_by_field_name("function")
    if callee is None:
        return _unknown(node, scope)
    lowered = expression(callee, scope)
    given = arguments(node.child_by_field_name("arguments"), scope)
    return Call(node.start_byte, node.end_byte, lowered, given)


def _subscript(node: Node, scope: Scope) -> Expression:
    value = node.child_by_field_name("value")
    if value is None:
        return _unknown(node, scope)
    base = expression(value, scope)
    parts = tuple(expression(each, scope) for each in node.children_by_field_name("subscript"))
    if len(parts) == 1 and b"," not in scope.source[parts[0].end : node.end_byte]:
        return Index(node.start_byte, node.end_byte, base, parts[0])
    start = parts[0].start if parts else node.end_byte
    return Index(
        node.start_byte, node.end_byte, base, Display(start, node.end_byte - 1, "tuple", parts)
    )


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


def _operation(node: Node, scope: Scope) -> Expression:
    # Chains such as a + b + c lean left and can be thousands of terms deep: walk down in a loop.
    chain: list[Node] = []
    while node.type == "binary_operator":
        chain.append(node)
        left = node.child_by_field_name("left")
        if left is None:
            return _unknown(chain[0], scope)
        node = left
    if len(chain) > DEPTH_MAX:
        scope.broken = True
        return Opaque(chain[0].start_byte, chain[0].end_byte, ())
    lowered = expression(node, scope)
    for each in reversed(chain):
        operator, right = each.child_by_field_name("operator"), each.child_by_field_name("right")
        if operator is None or right is None:
            return _unknown(each, scope)
        lowered = Operation(
            each.start_byte, each.end_byte, operator.type, lowered, expression(right, scope)
        )
    return lowered


def _unary(node: Node, scope: Scope) -> Expression:
    operator, operand = node.child_by_field_name("operator"), node.child_by_field_name("argument")
    if operator is None or operand is None:
        return _unknown(node, scope)
    inner = expression(operand, scope)
    if (
        operator.type == "-"
        and isinstance(inner, Constant)
        and isinstance(inner.value, (int, float))
    ):
        return Constant(node.start_byte, node.end_byte, inner.kind, -inner.value)
    return Unary(node.start_byte, node.end_byte, operator.type, inner)


def _not(node: Node, scope: Scope) -> Expression:
    operand = node.child_by_field_name("argument")
    return (
        Not(node.start_byte, node.end_byte, expression(operand, scope))
        if operand
        else _unknown(node, scope)
    )


def _boolean(node: Node, scope: Scope) -> Expression:
    left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
    operator = node.child_by_field_name("operator")
    if left is None or right is None or operator is None:
        return _unknown(node, scope)
    first, second = expression(left, scope), expression(right, scope)
    word = "and" if operator.type == "and" else "or"
    if left.type == "boolean_operator" and isinstance(first, Boolean) and first.operator == word:
        return Boolean(node.start_byte, node.end_byte, word, (*first.operands, second))
    return Boolean(node.start_byte, node.end_byte, word, (first, second))


def _compare(node: Node, scope: Scope) -> Expression:
    values = [expression(child, scope) for child in operands(node)]
    operators = [_operator(child) for child in node.children_by_field_name("operators")]
    operators = [operator for operator in operators if operator]
    if len(values) != len(operators) + 1:
        return _unknown(node, scope)
    pairs = tuple(
        Compare(left.start, right.end, operator, left, right)
        for left, operator, right in zip(values, operators, values[1:], strict=False)
    )
    if len(pairs) == 1:
        # The node's own span, which holds brackets around the operands.
        return Compare(
            node.start_byte, node.end_byte, pairs[0].operator, pairs[0].left, pairs[0].right
        )
    return Boolean(node.start_byte, node.end_byte, "and", pairs)


def _operator(node: Node) -> str:
    words = {"is not": "is-not", "not in": "not-in", "<>": "!="}
    return words.get(node.type, node.type)


def _conditional(node: Node, scope: Scope) -> Expression:
    parts = operands(node)
    if len(parts) != 3:
        return _unknown(node, scope)
    then, test, orelse = parts
    tested = expression(test, scope)
    return Conditional(
        node.start_byte, node.end_byte, tested, expression(then, scope), expression(orelse, scope)
    )


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
    value = expression(inner[0], scope) if inner else _unknown(node, scope)
    return Star(node.start_byte, node.end_byte, value)


def _parenthesized(node: Node, scope: Scope) -> Expression:
    inner = operands(node)
    return expression(inner[0], scope) if len(inner) == 1 else _unknown(node, scope)


def _comprehension(node: Node, scope: Scope) -> Expression:
    body = node.child_by_field_name("body")
    if body is None:
        return _unknown(node, scope)
    names: dict[str, str] = {}
    clauses: list[ComprehensionClause] = []
    for child in operands(node):
        if child.type == "for_in_clause":
            clauses.append(_clause(child, scope, names, first=not clauses))
        elif child.type == "if_clause" and clauses:
            test = expression(operands(child)[0], scope)
            last = clauses[-1]
            clauses[-1] = ComprehensionClause(
                last.target, last.iterable, (*last.conditions, test), last.is_async
            )
    parts = [
        part
        for part in (body.child_by_field_name("key"), body.child_by_field_name("value"))
        if part
    ]
    elements = tuple(expression(part, scope) for part in (parts if body.type == "pair" else [body]))
    if clauses:
        scope.renamed.pop()
    kind = _COMPREHENSIONS[node.type]
    return Comprehension(node.start_byte, node.end_byte, kind, elements, tuple(clauses))  # type: ignore[arg-type]


def _clause(node: Node, scope: Scope, names: dict[str, str], *, first: bool) -> ComprehensionClause:
    left, rights = node.child_by_field_name("left"), node.children_by_field_name("right")
    # The first iterable is evaluated outside the comprehension's own scope.
    iterables = tuple(expression(right, scope) for right in rights if not right.is_extra)
    if first:
        scope.renamed.append(names)
    if len(iterables) == 1:
        iterable = iterables[0]
    else:
        iterable = Display(node.start_byte, node.end_byte, "tuple", iterables)
    if left is not None:
        names.update({name: scope.fresh(name) for name in _names_in(left, scope)})
    where = left if left is not None else node
    bound = target(where, scope)
    is_async = any(child.type == "async" for child in node.children)
    return ComprehensionClause(bound, iterable, (), is_async)


def _names_in(node: Node, scope: Scope) -> list[str]:
    if node.type == "identifier":
        return [scope.text(node.start_byte, node.end_byte)]
    if node.type in _TARGET_LISTS or node.type in ("list_splat_pattern", "list_splat"):
        return [name for child in operands(node) for name in _names_in(child, scope)]
    return []


def _walrus(node: Node, scope: Scope) -> Expression:
    name, value = node.child_by_field_name("name"), node.child_by_field_name("value")
    if name is None or value is None:
        return _unknown(node, scope)
    lowered = expression(value, scope)
    bound = scope.binds_around(scope.text(name.start_byte, name.end_byte))
    return Walrus(
        node.start_byte, node.end_byte, Name(name.start_byte, name.end_byte, bound), lowered
    )


def _await(node: Node, scope: Scope) -> Expression:
    inner = operands(node)
    return (
        Await(node.start_byte, node.end_byte, expression(inner[0], scope))
        if inner
        else _unknown(node, scope)
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


def _unknown(node: Node, scope: Scope) -> Opaque:
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
_COMPREHENSIONS = {
    "list_comprehension": "list",
    "set_comprehension": "set",
    "dictionary_comprehension": "dict",
    "generator_expression": "generator",
}
_TARGET_LISTS = frozenset(
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
    "binary_operator": _operation,
    "unary_operator": _unary,
    "not_operator": _not,
    "boolean_operator": _boolean,
    "comparison_operator": _compare,
    "conditional_expression": _conditional,
    **dict.fromkeys(_DISPLAYS, _display),
    "dictionary": _dictionary,
    "list_splat": _star,
    "list_splat_pattern": _star,
    "parenthesized_expression": _parenthesized,
    **dict.fromkeys(_COMPREHENSIONS, _comprehension),
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
