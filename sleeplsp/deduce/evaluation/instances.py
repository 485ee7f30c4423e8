"""Conditions that ask for an object's class: `isinstance(x, C)` and what it teaches of `x`."""

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
    Nothing,
    State,
    is_seen,
    type_name,
)
from sleeplsp.deduce.evaluation.evaluate import Evaluator
from sleeplsp.deduce.evaluation.narrowing import doubt, keep_only
from sleeplsp.deduce.world import World


def isinstance_holds(evaluator: Evaluator, test: flow.Call, state: State, holds: bool) -> bool:  # noqa: FBT001
    """Narrow the first argument of `isinstance`; return False if the answer cannot be."""
    if len(test.arguments) != 2:
        return True
    classes = _classes(evaluator, test.arguments[1].value, state)
    world = evaluator.world

    # A class that is not known may be NoneType, or a tuple that holds it.
    passes = {_takes_none(world, each) for each in classes}
    if holds and None in passes:
        doubt(evaluator, (test.arguments[0].value,), state)

    def keep(each: Alternative) -> bool:
        name = type_name(each)
        if holds and isinstance(each, Nothing):
            return True in passes
        if not name or None in classes:
            return True
        answers = {_is_instance(world, each, name, str(each_class)) for each_class in classes}
        if holds:
            return answers != {False}
        return True not in answers

    present = holds and passes == {False}
    return keep_only(evaluator, test.arguments[0].value, state, keep, present=present)


def type_holds(
    evaluator: Evaluator, node: Expression, klass: Expression, state: State, *, holds: bool
) -> bool:
    """Narrow what `type(x) is C` asks for; return False if the answer cannot be."""
    if "narrow:type" in evaluator.world.off:
        return True
    (only,) = classes if len(classes := _classes(evaluator, klass, state)) == 1 else (None,)
    if not holds or only is None or only == "types.NoneType":
        doubt(evaluator, (node,), state)
        return True
    return keep_only(evaluator, node, state, lambda each: not isinstance(each, Nothing), present=True)


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


def _takes_none(world: World, class_ref: str | None) -> bool | None:
    """Tell whether None is an instance of a class; None when that is not certain."""
    if class_ref in ("types.NoneType", "builtins.object", "typing.Hashable"):
        return True
    if class_ref is None or "::" not in class_ref:
        return None if class_ref is None else False
    return None if world.takes_others(class_ref) else False


def _classes(evaluator: Evaluator, node: Expression, state: State) -> list[str | None]:
    """Return the references of the classes named; None for one that is not known."""
    if isinstance(node, flow.Display):
        return [each for item in node.items for each in _classes(evaluator, item, state)]
    if isinstance(node, flow.Operation) and node.operator == "|":
        return _classes(evaluator, node.left, state) + _classes(evaluator, node.right, state)
    if isinstance(node, flow.Constant) and node.kind == "none":
        return ["types.NoneType"]
    if isinstance(node, flow.Call) and is_type_call(node):
        argument = node.arguments[0].value
        return (
            ["types.NoneType"] if isinstance(argument, flow.Constant) and argument.kind == "none" else [None]
        )
    value = evaluator.value(node, state.copy()) if isinstance(node, (flow.Name, flow.Attribute)) else ANYTHING
    (only,) = value if len(value) == 1 else (UNKNOWN,)
    return [only.ref or None] if isinstance(only, Entity) and only.kind is EntityKind.CLASS else [None]


def is_type_call(node: flow.Call) -> bool:
    """Tell whether a call is `type(x)`."""
    return isinstance(node.callee, flow.Name) and node.callee.id == "type" and len(node.arguments) == 1
