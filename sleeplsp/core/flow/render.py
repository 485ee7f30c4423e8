"""One canonical text for an expression, without spans: equal texts mean the same source tokens."""

from collections.abc import Callable
from typing import Any

from sleeplsp.core.flow import expressions as flow

_LENGTH_MAX = 400
"""Characters; a longer text is cut, and being cut makes it unequal to every other by its offset."""


def render(expression: flow.Expression) -> str:
    """Write the expression as source would, layout and needless brackets left out."""
    # Sentences put it between backquotes, which only the text of a string can hold.
    text = _render(expression).replace("`", "\\x60")
    return text if len(text) <= _LENGTH_MAX else f"{text[:_LENGTH_MAX]}…@{expression.start}"


def _render(node: flow.Expression) -> str:
    return _WRITERS.get(type(node), _opaque)(node)


def _list(nodes: tuple[flow.Expression, ...]) -> str:
    return ", ".join(_render(node) for node in nodes)


_COMPOUND = frozenset(
    (
        flow.Operation,
        flow.Compare,
        flow.Boolean,
        flow.Conditional,
        flow.Not,
        flow.Walrus,
        flow.Await,
        flow.Yield,
    )
)
_NO_PRIMARY = _COMPOUND | {flow.Unary}


def _operand(node: flow.Expression) -> str:
    text = _render(node)
    return f"({text})" if type(node) in _COMPOUND else text


def _primary(node: flow.Expression) -> str:
    """Write what an attribute, an index or a call is taken of: `(-a).b` is not `-a.b`."""
    text = _render(node)
    return f"({text})" if type(node) in _NO_PRIMARY else text


def _constant(node: flow.Constant) -> str:
    if node.kind == "none":
        return "None"
    if node.kind == "ellipsis":
        return "..."
    return repr(node.value) if node.known else f"<{node.kind}@{node.start}>"


def _argument(argument: flow.Argument) -> str:
    prefix = f"{argument.keyword}=" if argument.keyword else "*" * argument.stars
    return prefix + _render(argument.value)


def _mapping(node: flow.Mapping) -> str:
    pairs = (f"**{_render(v)}" if k is None else f"{_render(k)}: {_render(v)}" for k, v in node.items)
    return "{" + ", ".join(pairs) + "}"


def _display(node: flow.Display) -> str:
    opening, closing = {"list": ("[", "]"), "tuple": ("(", ")"), "set": ("{", "}")}[node.kind]
    tail = "," if node.kind == "tuple" and len(node.items) == 1 else ""
    return f"{opening}{_list(node.items)}{tail}{closing}"


def _index(node: flow.Expression) -> str:
    bare = isinstance(node, flow.Display) and node.kind == "tuple" and len(node.items) > 1
    return _render(node)[1:-1] if bare else _render(node)


def _slice(node: flow.Slice) -> str:
    # A bound that was left out has no width in the source.
    return ":".join(_render(bound) if bound.start < bound.end else "" for bound in node.bounds)


def _comprehension(node: flow.Comprehension) -> str:
    opening, closing = {"list": ("[", "]"), "generator": ("(", ")")}.get(node.kind, ("{", "}"))
    separator = ": " if node.kind == "dict" else ", "
    elements = separator.join(map(_render, node.elements))
    return f"{opening}{elements}{''.join(map(_clause, node.clauses))}{closing}"


def _clause(clause: flow.ComprehensionClause) -> str:
    word = "async for" if clause.is_async else "for"
    conditions = "".join(f" if {_operand(condition)}" for condition in clause.conditions)
    return f" {word} {_render(clause.target)} in {_operand(clause.iterable)}{conditions}"


def _opaque(node: flow.Expression) -> str:
    return f"<unknown@{node.start}:{node.end}>"


def _yield(node: flow.Yield) -> str:
    word = "yield from" if node.delegates else "yield"
    return word if node.value is None else f"{word} {_render(node.value)}"


_WRITERS: dict[type, Callable[[Any], str]] = {
    flow.Name: lambda node: node.shown,
    flow.Constant: _constant,
    flow.Attribute: lambda node: f"{_primary(node.base)}.{node.name}",
    flow.Index: lambda node: f"{_primary(node.base)}[{_index(node.index)}]",
    flow.Slice: _slice,
    flow.Call: lambda node: f"{_primary(node.callee)}({', '.join(map(_argument, node.arguments))})",
    flow.Operation: lambda node: f"{_operand(node.left)} {node.operator} {_operand(node.right)}",
    flow.Unary: lambda node: f"{node.operator}{_operand(node.operand)}",
    flow.Not: lambda node: f"not {_operand(node.operand)}",
    flow.Compare: lambda node: (
        f"{_operand(node.left)} {node.operator.replace('-', ' ')} {_operand(node.right)}"
    ),
    flow.Boolean: lambda node: f" {node.operator} ".join(_operand(each) for each in node.operands),
    flow.Conditional: lambda node: (
        f"{_operand(node.then)} if {_operand(node.test)} else {_operand(node.orelse)}"
    ),
    flow.Display: _display,
    flow.Mapping: _mapping,
    flow.Star: lambda node: f"*{_operand(node.value)}",
    flow.Format: lambda node: f"<format {node.literal!r} {_list(node.values)}>",
    flow.Comprehension: _comprehension,
    flow.Walrus: lambda node: f"{node.target.shown} := {_render(node.value)}",
    flow.Await: lambda node: f"await {_operand(node.value)}",
    flow.Yield: _yield,
}
