"""Python operators: arithmetic, comparison, short circuit, conditional expressions."""

from typing import Literal

from tree_sitter import Node

from sleeplsp.core.flow import (
    Boolean,
    Compare,
    Conditional,
    Constant,
    Expression,
    Not,
    Opaque,
    Operation,
    Unary,
    Walrus,
)
from sleeplsp.core.lower.python.expressions import expression, handles, operands, unknown
from sleeplsp.core.lower.python.scope import DEPTH_MAX, Scope


def _operation(node: Node, scope: Scope) -> Expression:
    # Chains such as a + b + c lean left and can be thousands of terms deep: walk down in a loop.
    chain: list[Node] = []
    while node.type == "binary_operator":
        chain.append(node)
        left = node.child_by_field_name("left")
        if left is None:
            return unknown(chain[0], scope)
        node = left
    if len(chain) > DEPTH_MAX:
        scope.broken = True
        return Opaque(chain[0].start_byte, chain[0].end_byte, ())
    lowered = expression(node, scope)
    for each in reversed(chain):
        operator, right = each.child_by_field_name("operator"), each.child_by_field_name("right")
        if operator is None or right is None:
            return unknown(each, scope)
        lowered = Operation(each.start_byte, each.end_byte, operator.type, lowered, expression(right, scope))
    return lowered


def _unary(node: Node, scope: Scope) -> Expression:
    operator, operand = node.child_by_field_name("operator"), node.child_by_field_name("argument")
    if operator is None or operand is None:
        return unknown(node, scope)
    inner = expression(operand, scope)
    if operator.type == "-" and isinstance(inner, Constant) and isinstance(inner.value, (int, float)):
        return Constant(node.start_byte, node.end_byte, inner.kind, -inner.value)
    return Unary(node.start_byte, node.end_byte, operator.type, inner)


def _not(node: Node, scope: Scope) -> Expression:
    operand = node.child_by_field_name("argument")
    return (
        Not(node.start_byte, node.end_byte, expression(operand, scope)) if operand else unknown(node, scope)
    )


def _boolean(node: Node, scope: Scope) -> Expression:
    left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
    operator = node.child_by_field_name("operator")
    if left is None or right is None or operator is None:
        return unknown(node, scope)
    first, second = expression(left, scope), expression(right, scope)
    word: Literal["and", "or"] = "and" if operator.type == "and" else "or"
    if left.type == "boolean_operator" and isinstance(first, Boolean) and first.operator == word:
        return Boolean(node.start_byte, node.end_byte, word, (*first.operands, second))
    return Boolean(node.start_byte, node.end_byte, word, (first, second))


def _compare(node: Node, scope: Scope) -> Expression:
    values = [expression(child, scope) for child in operands(node)]
    operators = [_operator(child) for child in node.children_by_field_name("operators")]
    operators = [operator for operator in operators if operator]
    if len(values) != len(operators) + 1:
        return unknown(node, scope)
    pairs = tuple(
        Compare(left.start, right.end, operator, left, right)
        for left, operator, right in zip(values, operators, values[1:], strict=False)
    )
    if len(pairs) == 1:
        # The node's own span, which holds brackets around the operands.
        return Compare(node.start_byte, node.end_byte, pairs[0].operator, pairs[0].left, pairs[0].right)
    return Boolean(node.start_byte, node.end_byte, "and", pairs)


def _operator(node: Node) -> str:
    words = {"is not": "is-not", "not in": "not-in", "<>": "!="}
    return words.get(node.type, node.type)


def _conditional(node: Node, scope: Scope) -> Expression:
    parts = operands(node)
    if len(parts) != 3:
        return unknown(node, scope)
    then, test, orelse = parts
    tested = expression(test, scope)
    start, end = node.start_byte, node.end_byte
    one, other = expression(then, scope), expression(orelse, scope)
    if then.type == "named_expression" and isinstance(one, Walrus):
        # The grammar takes `x := a if b else c` for `(x := a) if b else c`; brackets would be a node.
        return Walrus(start, end, one.target, Conditional(one.value.start, end, tested, one.value, other))
    return Conditional(start, end, tested, one, other)


handles("binary_operator", _operation)
handles("unary_operator", _unary)
handles("not_operator", _not)
handles("boolean_operator", _boolean)
handles("comparison_operator", _compare)
handles("conditional_expression", _conditional)
