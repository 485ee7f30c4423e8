"""What a condition teaches: a state in which it holds, or does not.

One function per form of condition, found by the tables at the end; each form is a guard of the
None-dereference check and can be switched off by its name (`narrow:...`). Whatever a condition may have
tested in a way not understood here makes None doubtful, on both ways: quiet beats clever.
"""

from collections.abc import Callable

from sleeplsp.core import flow
from sleeplsp.core.flow import Expression
from sleeplsp.deduce.domain import (
    ANYTHING,
    UNKNOWN,
    Alternative,
    Entity,
    EntityKind,
    Given,
    Instance,
    Literal,
    Nothing,
    State,
    Value,
    is_seen,
    may_be_none,
    type_name,
)
from sleeplsp.deduce.evaluate import Evaluator
from sleeplsp.deduce.truth import truth_of
from sleeplsp.deduce.world import World

Keep = Callable[[Alternative], bool]


def refine(evaluator: Evaluator, test: Expression, state: State, *, holds: bool) -> bool:
    """Narrow `state` to where `test` is true (or false); return False if that cannot be."""
    while isinstance(test, flow.Not):
        test, holds = test.operand, not holds
    match test:
        case flow.Compare():
            return _compare(evaluator, test, state, holds=holds)
        case flow.Call():
            return _call(evaluator, test, state, holds=holds)
        case flow.Boolean():
            return _boolean(evaluator, test, state, holds=holds)
        case flow.Name() | flow.Attribute():
            return _truth(evaluator, test, state, holds=holds)
    return True


def is_off(test: Expression, off: frozenset[str]) -> bool:
    """Tell whether what a condition of this form teaches is switched off."""
    if not off:
        return False
    while isinstance(test, flow.Not):
        test = test.operand
    if isinstance(test, flow.Compare):
        constants = [each for each in (test.left, test.right) if isinstance(each, flow.Constant)]
        none = any(each.kind == "none" for each in constants)
        return f"narrow:{'none' if none else 'equal'}" in off
    return isinstance(test, (flow.Name, flow.Attribute)) and "narrow:truth" in off


def _truth(evaluator: Evaluator, test: Expression, state: State, *, holds: bool) -> bool:
    if "narrow:truth" in evaluator.world.off:
        return True
    world = evaluator.world
    return _filter(
        evaluator, test, state, lambda each: truth_of(each, world) is not (not holds), present=holds
    )


def _boolean(evaluator: Evaluator, test: flow.Boolean, state: State, *, holds: bool) -> bool:
    # `all` of the operands are as wanted only for a true `and` and a false `or`.
    if (test.operator == "and") is not holds:
        return True
    return all(refine(evaluator, operand, state, holds=holds) for operand in test.operands)


def _compare(evaluator: Evaluator, test: flow.Compare, state: State, *, holds: bool) -> bool:
    operator = test.operator
    if operator in ("is-not", "!=", "not-in"):
        operator, holds = {"is-not": "is", "!=": "==", "not-in": "in"}[operator], not holds
    if operator == "in":
        return _contained(evaluator, test, state, holds=holds)
    if operator not in ("is", "=="):
        return True
    for one, other in ((test.left, test.right), (test.right, test.left)):
        if isinstance(other, flow.Constant):
            return _equals_constant(evaluator, one, other, state, holds=holds)
    _doubt(evaluator, (test.left, test.right), state)
    return True


def _equals_constant(
    evaluator: Evaluator, node: Expression, constant: flow.Constant, state: State, *, holds: bool
) -> bool:
    if constant.kind == "none":
        if "narrow:none" in evaluator.world.off:
            return True
        if holds:
            return _becomes_none(evaluator, node, state)
        return _filter(
            evaluator, node, state, lambda each: not isinstance(each, Nothing), present=True
        )
    if not holds:
        return _filter(
            evaluator, node, state, lambda each: not _is_constant(each, constant), present=False
        )
    if "narrow:equal" in evaluator.world.off:
        return True
    if isinstance(node, flow.Call) and _is_type_call(node):
        node = node.arguments[0].value
    return _filter(evaluator, node, state, lambda each: _may_equal(each, constant), present=True)


def _becomes_none(evaluator: Evaluator, node: Expression, state: State) -> bool:
    path = evaluator.path(node)
    if not path:
        return True
    value = state.values.get(path, ANYTHING)
    nothing = frozenset(each for each in value if isinstance(each, Nothing))
    open_ = any(each is UNKNOWN or (isinstance(each, Given) and not each.present) for each in value)
    if not nothing and not open_:
        return False
    if open_:
        # The test itself shows that None is possible here.
        given = next((f"given {each.name}" for each in value if isinstance(each, Given)), "test")
        nothing |= {Nothing(node.start, node.end, given)}
    state.narrow(path, nothing)
    return True


def _contained(evaluator: Evaluator, test: flow.Compare, state: State, *, holds: bool) -> bool:
    if "narrow:in" in evaluator.world.off:
        return True
    left, right = test.left, test.right
    none_on_left = isinstance(left, flow.Constant) and left.kind == "none"
    if none_on_left and isinstance(right, flow.Display):
        kept = [
            _filter(
                evaluator, item, state, lambda each: not isinstance(each, Nothing), present=True
            )
            for item in right.items
            if not holds
        ]
        return all(kept)
    if holds and not _may_hold_none(right):
        return _filter(
            evaluator, left, state, lambda each: not isinstance(each, Nothing), present=True
        )
    _doubt(evaluator, (left,), state)
    return True


def _may_hold_none(node: Expression) -> bool:
    return isinstance(node, flow.Display) and any(
        isinstance(item, flow.Constant) and item.kind == "none" for item in node.items
    )


def _call(evaluator: Evaluator, test: flow.Call, state: State, *, holds: bool) -> bool:
    name = _builtin(evaluator, test, state)
    handler = _CALLS.get(name)
    if handler is not None:
        return f"narrow:{name}" in evaluator.world.off or handler(evaluator, test, state, holds)
    if "narrow:predicate" not in evaluator.world.off:
        # `if valid(x):` may well have looked whether x is None.
        _doubt(evaluator, tuple(each.value for each in test.arguments), state)
    return True


def _builtin(evaluator: Evaluator, test: flow.Call, state: State) -> str:
    if not isinstance(test.callee, flow.Name):
        return ""
    if test.callee.id == "isinstance#builtin":
        return "isinstance"
    if test.callee.id in state.values:
        return ""
    value = evaluator.world.name(test.callee.id)
    (only,) = value if len(value) == 1 else (UNKNOWN,)
    return (
        only.ref.removeprefix("builtins.")
        if isinstance(only, Entity) and only.ref.startswith("builtins.")
        else ""
    )


def _isinstance(evaluator: Evaluator, test: flow.Call, state: State, holds: bool) -> bool:  # noqa: FBT001
    if len(test.arguments) != 2:
        return True
    classes = _classes(evaluator, test.arguments[1].value, state)
    world = evaluator.world

    def keep(each: Alternative) -> bool:
        name = type_name(each)
        if holds and isinstance(each, Nothing):
            return "types.NoneType" in classes
        if not name or None in classes:
            return True
        answers = {_is_instance(world, each, name, str(each_class)) for each_class in classes}
        if holds:
            return answers != {False}
        return True not in answers

    return _filter(evaluator, test.arguments[0].value, state, keep, present=holds)


def _is_instance(world: World, each: Alternative, name: str, class_ref: str) -> bool | None:
    """Tell whether a value of class `name` is one of another class, as far as that is seen."""
    if isinstance(each, Given) or (isinstance(each, Instance) and not is_seen(each)):
        return None  # an annotation may be wrong, and this be the test that finds it out
    found = world.is_subclass(name, class_ref)
    if found is not False or not isinstance(each, Instance) or each.exact:
        return found
    # It may be of a subclass: of the class asked for, or of both. Of two of the library, hardly.
    outside = "::" not in name and "::" not in class_ref
    return False if outside and world.is_subclass(class_ref, name) is False else None


def _classes(evaluator: Evaluator, node: Expression, state: State) -> list[str | None]:
    """Return the references of the classes an isinstance test names; None for one that is not known."""
    if isinstance(node, flow.Display):
        return [each for item in node.items for each in _classes(evaluator, item, state)]
    if isinstance(node, flow.Operation) and node.operator == "|":
        return _classes(evaluator, node.left, state) + _classes(evaluator, node.right, state)
    if isinstance(node, flow.Constant) and node.kind == "none":
        return ["types.NoneType"]
    if isinstance(node, flow.Call) and _is_type_call(node):
        argument = node.arguments[0].value
        return (
            ["types.NoneType"]
            if isinstance(argument, flow.Constant) and argument.kind == "none"
            else [None]
        )
    value = (
        evaluator.value(node, state.copy())
        if isinstance(node, (flow.Name, flow.Attribute))
        else ANYTHING
    )
    (only,) = value if len(value) == 1 else (UNKNOWN,)
    return (
        [only.ref or None] if isinstance(only, Entity) and only.kind is EntityKind.CLASS else [None]
    )


def _present(evaluator: Evaluator, test: flow.Call, state: State, holds: bool) -> bool:  # noqa: FBT001
    """`callable(x)`, `hasattr(x, ...)`, `len(x)`, `issubclass(x, ...)`: true only of what is not None."""
    if not holds or not test.arguments:
        return True
    return _filter(
        evaluator,
        test.arguments[0].value,
        state,
        lambda each: not isinstance(each, Nothing),
        present=True,
    )


def _bool(evaluator: Evaluator, test: flow.Call, state: State, holds: bool) -> bool:  # noqa: FBT001
    return not test.arguments or refine(evaluator, test.arguments[0].value, state, holds=holds)


def _all(evaluator: Evaluator, test: flow.Call, state: State, holds: bool) -> bool:  # noqa: FBT001
    return _each(evaluator, test, state, wanted=True, holds=holds)


def _any(evaluator: Evaluator, test: flow.Call, state: State, holds: bool) -> bool:  # noqa: FBT001
    return _each(evaluator, test, state, wanted=False, holds=holds)


def _each(
    evaluator: Evaluator, test: flow.Call, state: State, *, wanted: bool, holds: bool
) -> bool:
    argument = test.arguments[0].value if test.arguments else None
    if not isinstance(argument, flow.Display):
        # `any(x is None for x in ...)`: which variables it looked at is not known.
        for path, value in state.values.items():
            state.values[path] = _doubtful(value)
        return True
    if holds is not wanted:
        return True
    return all(refine(evaluator, item, state, holds=wanted) for item in argument.items)


_CALLS: dict[str, Callable[[Evaluator, flow.Call, State, bool], bool]] = {
    "isinstance": _isinstance,
    "issubclass": _present,
    "callable": _present,
    "hasattr": _present,
    "len": _present,
    "bool": _bool,
    "all": _all,
    "any": _any,
}


def _is_type_call(node: flow.Call) -> bool:
    return (
        isinstance(node.callee, flow.Name) and node.callee.id == "type" and len(node.arguments) == 1
    )


def _is_constant(each: Alternative, constant: flow.Constant) -> bool:
    return (
        isinstance(each, Literal)
        and constant.known
        and each.type == constant.kind
        and each.value == constant.value
    )


def _may_equal(each: Alternative, constant: flow.Constant) -> bool:
    if isinstance(each, Nothing):
        return False
    return not isinstance(each, Literal) or not constant.known or each.value == constant.value


def _doubt(evaluator: Evaluator, nodes: tuple[Expression, ...], state: State) -> None:
    """Make None doubtful in what was tested in a way not understood."""
    for node in nodes:
        path = evaluator.path(node)
        if path and path in state.values:
            state.values[path] = _doubtful(state.values[path])


def _doubtful(value: Value) -> Value:
    if not may_be_none(value):
        return value
    return frozenset((UNKNOWN, *(each for each in value if not isinstance(each, Nothing))))


def _filter(
    evaluator: Evaluator, node: Expression, state: State, keep: Keep, *, present: bool
) -> bool:
    """Keep the alternatives of a variable that satisfy `keep`; return False if none is left."""
    path = evaluator.path(node)
    if not path:
        return True
    value = state.values.get(path)
    if value is None:
        return True
    kept: Value = frozenset(each for each in value if keep(each))
    if present:
        kept = frozenset(
            Given(each.name, each.type, present=True) if isinstance(each, Given) else each
            for each in kept
        )
    if kept != value:
        state.narrow(path, kept)
    return bool(kept)
