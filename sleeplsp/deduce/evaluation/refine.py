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
    Given,
    Literal,
    Nothing,
    State,
)
from sleeplsp.deduce.evaluation.attributes import OF_NONE
from sleeplsp.deduce.evaluation.evaluate import Evaluator
from sleeplsp.deduce.evaluation.instances import is_type_call, isinstance_holds, type_holds
from sleeplsp.deduce.evaluation.narrowing import doubt, doubtful, keep_only, may_be_any
from sleeplsp.deduce.evaluation.truth import truth_of


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
            if holds and _is_for_checkers(test) and "narrow:type-checking" not in evaluator.world.off:
                state.doubt()  # nothing runs here
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


def _is_for_checkers(test: flow.Name | flow.Attribute) -> bool:
    return (test.name if isinstance(test, flow.Attribute) else test.shown) == "TYPE_CHECKING"


def _truth(evaluator: Evaluator, test: Expression, state: State, *, holds: bool) -> bool:
    if "narrow:truth" in evaluator.world.off:
        return True
    world = evaluator.world
    return keep_only(
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
        # Whether an equal number or text is the very same is nobody's to say.
        if isinstance(other, flow.Constant) and (operator == "==" or other.kind in _SINGLE):
            return _equals_constant(evaluator, one, other, state, holds=holds)
    for one, other in ((test.left, test.right), (test.right, test.left)):
        if isinstance(one, flow.Call) and is_type_call(one):
            return type_holds(evaluator, one.arguments[0].value, other, state, holds=holds)
    doubt(evaluator, (test.left, test.right), state)
    return True


_SINGLE = ("none", "bool", "ellipsis")


def _equals_constant(
    evaluator: Evaluator, node: Expression, constant: flow.Constant, state: State, *, holds: bool
) -> bool:
    if constant.kind == "none":
        if "narrow:none" in evaluator.world.off:
            return True
        if holds:
            return _becomes_none(evaluator, node, state)
        return keep_only(evaluator, node, state, lambda each: not isinstance(each, Nothing), present=True)
    if not holds:
        return keep_only(evaluator, node, state, lambda each: not _is_constant(each, constant), present=False)
    if "narrow:equal" in evaluator.world.off:
        return True
    if isinstance(node, flow.Call) and is_type_call(node):
        node = node.arguments[0].value
    return keep_only(evaluator, node, state, lambda each: _may_equal(each, constant), present=True)


def _becomes_none(evaluator: Evaluator, node: Expression, state: State) -> bool:
    path = evaluator.path(node)
    if not path:
        return True
    value = state.values.get(path, ANYTHING)
    nothing = frozenset(each for each in value if isinstance(each, Nothing))
    open_ = any(may_be_any(each) for each in value)
    if not nothing and not open_:
        return False
    given = next((f"given {each.name}" for each in value if isinstance(each, Given)), "")
    if nothing or given:
        evaluator.explained.add(node.start)
    explained = node.start in evaluator.explained and "narrow:explained" not in evaluator.world.off
    if open_ and (given or not explained):
        # The test itself shows that None is possible here.
        nothing |= {Nothing(node.start, node.end, given or "test")}
    state.narrow(path, nothing or ANYTHING)
    return True


def _contained(evaluator: Evaluator, test: flow.Compare, state: State, *, holds: bool) -> bool:
    if "narrow:in" in evaluator.world.off:
        return True
    left, right = test.left, test.right
    none_on_left = isinstance(left, flow.Constant) and left.kind == "none"
    if none_on_left and isinstance(right, flow.Display):
        kept = [
            keep_only(evaluator, item, state, lambda each: not isinstance(each, Nothing), present=True)
            for item in right.items
            if not holds
        ]
        return all(kept)
    if holds and _holds_no_none(right):
        return keep_only(evaluator, left, state, lambda each: not isinstance(each, Nothing), present=True)
    doubt(evaluator, (left,), state)
    return True


def _holds_no_none(node: Expression) -> bool:
    """Tell whether `None in node` is false, or an error, for certain."""
    if isinstance(node, flow.Display):
        return all(isinstance(each, flow.Constant) and each.kind != "none" for each in node.items)
    return isinstance(node, flow.Constant)


def _call(evaluator: Evaluator, test: flow.Call, state: State, *, holds: bool) -> bool:
    name = _builtin(evaluator, test, state)
    handler = _CALLS.get(name)
    if handler is not None:
        return f"narrow:{name}" in evaluator.world.off or handler(evaluator, test, state, holds)
    if "narrow:predicate" not in evaluator.world.off:
        # `if valid(x):` may well have looked whether x is None.
        doubt(evaluator, tuple(each.value for each in test.arguments), state)
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


def _present(evaluator: Evaluator, test: flow.Call, state: State, holds: bool) -> bool:  # noqa: FBT001
    """`callable(x)`, `len(x)`, `issubclass(x, ...)`: true only of what is not None."""
    if not holds or not test.arguments:
        return True
    return keep_only(
        evaluator,
        test.arguments[0].value,
        state,
        lambda each: not isinstance(each, Nothing),
        present=True,
    )


def _hasattr(evaluator: Evaluator, test: flow.Call, state: State, holds: bool) -> bool:  # noqa: FBT001
    name = test.arguments[1].value if len(test.arguments) == 2 else None
    known = isinstance(name, flow.Constant) and name.kind == "str" and name.known
    if known and isinstance(name, flow.Constant) and name.value not in OF_NONE:
        return _present(evaluator, test, state, holds)
    doubt(evaluator, tuple(each.value for each in test.arguments[:1]), state)
    return True


def _bool(evaluator: Evaluator, test: flow.Call, state: State, holds: bool) -> bool:  # noqa: FBT001
    return not test.arguments or refine(evaluator, test.arguments[0].value, state, holds=holds)


def _all(evaluator: Evaluator, test: flow.Call, state: State, holds: bool) -> bool:  # noqa: FBT001
    return _each(evaluator, test, state, wanted=True, holds=holds)


def _any(evaluator: Evaluator, test: flow.Call, state: State, holds: bool) -> bool:  # noqa: FBT001
    return _each(evaluator, test, state, wanted=False, holds=holds)


def _each(evaluator: Evaluator, test: flow.Call, state: State, *, wanted: bool, holds: bool) -> bool:
    argument = test.arguments[0].value if test.arguments else None
    if not isinstance(argument, flow.Display):
        # `any(x is None for x in ...)`: which variables it looked at is not known.
        for path, value in state.values.items():
            state.values[path] = doubtful(value)
        return True
    if holds is not wanted:
        return True
    return all(refine(evaluator, item, state, holds=wanted) for item in argument.items)


_CALLS: dict[str, Callable[[Evaluator, flow.Call, State, bool], bool]] = {
    "isinstance": isinstance_holds,
    "issubclass": _present,
    "callable": _present,
    "hasattr": _hasattr,
    "len": _present,
    "bool": _bool,
    "all": _all,
    "any": _any,
}


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
