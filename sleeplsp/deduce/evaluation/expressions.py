"""What each kind of expression evaluates to, where it takes a single way.

One function per kind of node, called through `Evaluator.value`; each notes what may raise or run unknown
code. It must not know control flow, nor who listens to events.
"""

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from sleeplsp.core import flow
from sleeplsp.core.flow import Expression, Name, ProgramKind
from sleeplsp.deduce.cfg.expressions import branches
from sleeplsp.deduce.domain import (
    ANYTHING,
    BOOLEAN,
    UNKNOWN,
    Coroutine,
    Entity,
    EntityKind,
    Instance,
    Literal,
    Nothing,
    State,
    Unbound,
    Value,
    is_seen,
    literal,
    may_be_unbound,
    of,
)
from sleeplsp.deduce.evaluation import attributes, operators
from sleeplsp.deduce.events import Use

if TYPE_CHECKING:
    from sleeplsp.deduce.evaluation.evaluate import Evaluator

# A placeholder of an interpolated string that says how to write the value.
_SPECIFIED = re.compile(r"\{(?:![rsa])?:")

_MADE = {
    "list": "builtins.list",
    "set": "builtins.set",
    "dict": "builtins.dict",
    "tuple": "builtins.tuple",
    "generator": "types.GeneratorType",
}


def _name(evaluator: "Evaluator", node: Name, state: State) -> Value:
    name = node.id
    value = state.values.get(name)
    if value is None:  # only what is tracked has one
        tracked = evaluator.tracks(name) or name in evaluator.program.locals
        return ANYTHING if tracked else _global(evaluator, name)
    if value is ANYTHING or not may_be_unbound(value):
        return value
    return _maybe_unbound(evaluator, node, name, value, state)


def _maybe_unbound(evaluator: "Evaluator", node: Name, name: str, value: Value, state: State) -> Value:
    outside = evaluator.program.kind in (ProgramKind.MODULE, ProgramKind.CLASS)
    if outside and (evaluator.program.kind is ProgramKind.CLASS or _is_builtin(evaluator, name)):
        evaluator.risks_both(node)
        return ANYTHING  # the name is then looked up further out
    evaluator.emit(Use.READ, node, value, state)
    evaluator.risk("raise", node)
    bound = frozenset(each for each in value if not isinstance(each, Unbound)) or ANYTHING
    state.narrow(name, bound)
    return bound


def _is_builtin(evaluator: "Evaluator", name: str) -> bool:
    return bool(evaluator.world.library.kind(f"builtins.{name}")) or (
        name.startswith("__") and name.endswith("__")
    )


def _global(evaluator: "Evaluator", name: str) -> Value:
    known = evaluator.globals.get(name)
    if known is None:
        known = evaluator.globals[name] = evaluator.world.name(name)
    if known is ANYTHING:
        evaluator.risk("act", flow.Name(0, 0, name))  # a variable of the module: others may change it
        evaluator.risk("raise", flow.Name(0, 0, name))
    return known


def _constant(_evaluator: "Evaluator", node: flow.Constant, _state: State) -> Value:
    if node.kind == "none":
        return of(Nothing(node.start, node.end, "literal"))
    if node.known and isinstance(node.value, (bool, int, float, str, bytes)):
        return of(Literal(node.kind, node.value))
    return of(Instance("types.EllipsisType" if node.kind == "ellipsis" else f"builtins.{node.kind}"))


def _attribute(evaluator: "Evaluator", node: flow.Attribute, state: State) -> Value:
    base = evaluator.value(node.base, state)
    if node.name not in attributes.OF_NONE:
        base = evaluator.needs(Use.ATTRIBUTE, node, node.base, base, state)
    evaluator.receiver = base
    if (path := evaluator.path(node)) and path in state.values:
        return state.values[path]
    (only,) = base if len(base) == 1 else (UNKNOWN,)
    found = attributes.value_of(evaluator.world, only, node.name)
    # What an annotation promises may be something else.
    if found is ANYTHING or not is_seen(only):
        evaluator.risk("raise", node)
        if not attributes.is_plain(evaluator.world, only, node.name):
            evaluator.risk("act", node)
    return found


def _index(evaluator: "Evaluator", node: flow.Index, state: State) -> Value:
    base = evaluator.value(node.base, state)
    evaluator.needs(Use.INDEX, node, node.base, base, state)
    index = evaluator.value(node.index, state)
    evaluator.risks_both(node)
    evaluator.emit(Use.INDEX, node, base, state, other=index)
    return operators.item(base, node.index)


def _operation(evaluator: "Evaluator", node: flow.Operation, state: State) -> Value:
    left, right = evaluator.value(node.left, state), evaluator.value(node.right, state)
    if node.operator != "|":  # `X | None` is a type
        left, right = evaluator.operands(node, node.operator, (node.left, left), (node.right, right), state)
    if not operators.is_plain(left) or not operators.is_plain(right):
        evaluator.risks_both(node)
    elif node.operator not in ("+", "-", "*") or not (
        operators.is_number(left) and operators.is_number(right)
    ):
        evaluator.risk("raise", node)
    if node.operator in ("/", "//", "%"):
        evaluator.emit(Use.DIVIDE, node, right, state, other=left)
        if isinstance(node.left, flow.Constant) and isinstance(node.right, flow.Constant):
            # `1 / 0` is how code raises on purpose.
            state.dead = state.dead or (node.right.value == 0 and operators.is_number(left))
    return operators.operation(node.operator, left, right)


def _unary(evaluator: "Evaluator", node: flow.Unary, state: State) -> Value:
    operand = evaluator.needs(Use.OPERATE, node, node.operand, evaluator.value(node.operand, state), state)
    if not operators.is_number(operand):
        evaluator.risks_both(node)
    elif node.operator == "~":
        evaluator.risk("raise", node)  # it wants a whole number
    return operators.unary(node.operator, operand)


def _not(evaluator: "Evaluator", node: flow.Not, state: State) -> Value:
    found = operators.truth(evaluator.tested(node.operand, state), evaluator.world)
    return BOOLEAN if found is None else literal(not found)


def _compare(evaluator: "Evaluator", node: flow.Compare, state: State) -> Value:
    left, right = evaluator.value(node.left, state), evaluator.value(node.right, state)
    if node.operator in ("in", "not-in"):
        right = evaluator.needs(Use.CONTAIN, node, node.right, right, state)
    elif node.operator in ("<", "<=", ">", ">="):
        left, right = evaluator.operands(node, node.operator, (node.left, left), (node.right, right), state)
    plain = operators.is_plain(left) and operators.is_plain(right)
    if node.operator not in ("is", "is-not") and not plain:
        evaluator.risks_both(node)
    elif node.operator not in ("is", "is-not", "==", "!="):
        evaluator.risk("raise", node)
    evaluator.emit(Use.COMPARE, node, left, state, other=right)
    return operators.comparison(node.operator, left, right)


def _display(evaluator: "Evaluator", node: flow.Display, state: State) -> Value:
    for item in node.items:
        value = evaluator.value(item, state)
        if node.kind == "set" and not operators.is_plain(value):
            evaluator.risks_both(node)
    return of(Instance(_MADE[node.kind], node.start, exact=True))


def _mapping(evaluator: "Evaluator", node: flow.Mapping, state: State) -> Value:
    for key, value in node.items:
        if key is None or not operators.is_plain(evaluator.value(key, state)):
            evaluator.risks_both(node)
        evaluator.value(value, state)
    return of(Instance("builtins.dict", node.start, exact=True))


def _comprehension(_evaluator: "Evaluator", node: flow.Comprehension, _state: State) -> Value:
    return of(Instance(_MADE[node.kind], node.start, exact=True))


def _format(evaluator: "Evaluator", node: flow.Format, state: State) -> Value:
    if _SPECIFIED.search(node.literal):
        evaluator.risk("raise", node)  # it may not fit the value
    for value in node.values:
        if not operators.is_plain(evaluator.value(value, state)):
            evaluator.risks_both(node)
    return of(Instance("builtins.str", node.start, exact=True))


def _star(evaluator: "Evaluator", node: flow.Star, state: State) -> Value:
    evaluator.needs(Use.UNPACK, node, node.value, evaluator.value(node.value, state), state)
    evaluator.risks_both(node)
    return ANYTHING


def _closure(evaluator: "Evaluator", node: flow.Closure, state: State) -> Value:
    # A definition's defaults are statements before it.
    for default in node.defaults:
        if branches(default):
            evaluator.risks_both(node)
        evaluator.value(default, state)
    return of(Entity(EntityKind.FUNCTION, ""))


def _await(evaluator: "Evaluator", node: flow.Await, state: State) -> Value:
    awaited = evaluator.needs(Use.AWAIT, node, node.value, evaluator.value(node.value, state), state)
    state.forget_paths()
    evaluator.risks_both(node)
    if len(awaited) == 1:
        (only,) = awaited
        if isinstance(only, Coroutine):
            return evaluator.awaited(only)
    return ANYTHING


def _parts(evaluator: "Evaluator", node: Expression, state: State) -> Value:
    if not isinstance(node, flow.Slice):
        evaluator.risks_both(node)
    for part in node.parts():
        evaluator.value(part, state)
    return ANYTHING


def _call(evaluator: "Evaluator", node: flow.Call, state: State) -> Value:
    return evaluator.call(node, state)


EVALUATIONS: dict[type, Callable[["Evaluator", Any, State], Value]] = {
    flow.Name: _name,
    flow.Constant: _constant,
    flow.Attribute: _attribute,
    flow.Index: _index,
    flow.Slice: _parts,
    flow.Call: _call,
    flow.Operation: _operation,
    flow.Unary: _unary,
    flow.Not: _not,
    flow.Compare: _compare,
    flow.Boolean: _parts,
    flow.Conditional: _parts,
    flow.Display: _display,
    flow.Mapping: _mapping,
    flow.Star: _star,
    flow.Format: _format,
    flow.Closure: _closure,
    flow.Comprehension: _comprehension,
    flow.Walrus: _parts,
    flow.Await: _await,
    flow.Yield: _parts,
    flow.Opaque: _parts,
}
