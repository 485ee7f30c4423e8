"""Python comprehensions: their variables are their own, and get names no other code has."""

from tree_sitter import Node

from sleeplsp.core.flow import Comprehension, ComprehensionClause, Display, Expression
from sleeplsp.core.lower.python.expressions import (
    TARGET_LISTS,
    expression,
    handles,
    operands,
    target,
    unknown,
)
from sleeplsp.core.lower.python.scope import Scope

_COMPREHENSIONS = {
    "list_comprehension": "list",
    "set_comprehension": "set",
    "dictionary_comprehension": "dict",
    "generator_expression": "generator",
}


def _comprehension(node: Node, scope: Scope) -> Expression:
    body = node.child_by_field_name("body")
    if body is None:
        return unknown(node, scope)
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
    parts = [part for part in (body.child_by_field_name("key"), body.child_by_field_name("value")) if part]
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
    if node.type in TARGET_LISTS or node.type in ("list_splat_pattern", "list_splat"):
        return [name for child in operands(node) for name in _names_in(child, scope)]
    return []


for _kind in _COMPREHENSIONS:
    handles(_kind, _comprehension)
