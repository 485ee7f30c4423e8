"""What calls give and do: functions of the workspace by their contracts, of the library by its facts."""

import msgspec

from sleeplsp.core import flow
from sleeplsp.core.context import Callee, Site
from sleeplsp.core.contract import Contract, Verdict
from sleeplsp.core.facts import Default
from sleeplsp.core.resolved import Kind
from sleeplsp.deduce.domain import (
    ANYTHING,
    BOOLEAN,
    CAUGHT,
    UNKNOWN,
    Coroutine,
    Entity,
    Given,
    Instance,
    Nothing,
    State,
    Value,
    is_seen,
    join,
    may_be_none,
    of,
)
from sleeplsp.deduce.evaluation.aims import Aim, aim_of
from sleeplsp.deduce.evaluation.arguments import Bound
from sleeplsp.deduce.evaluation.evaluate import CallHandler, Evaluator
from sleeplsp.deduce.evaluation.fitting import surely_returns
from sleeplsp.deduce.evaluation.given_back import Reached, awaited_back, default_of, given_back
from sleeplsp.deduce.evaluation.matched import surely_matches
from sleeplsp.deduce.evaluation.narrowing import doubt
from sleeplsp.deduce.evaluation.operators import is_plain
from sleeplsp.deduce.events import Use
from sleeplsp.deduce.library import LibraryFunction, LibraryValue, returns

_READS = "builtins.hasattr"
"""It reads the attribute: that may be a property, or `__getattr__` be asked."""
_TESTS = frozenset((_READS, "builtins.isinstance", "builtins.issubclass", "builtins.callable"))

# Calls after which what is known of attributes still holds, though they may run an object's own code.
_LOOKS_ONLY = frozenset(
    f"builtins.{name}"
    for name in (
        "hasattr",
        "len",
        "str",
        "repr",
        "print",
        "sorted",
        "list",
        "tuple",
        "set",
        "dict",
        "bool",
        "int",
        "float",
        "type",
        "id",
        "min",
        "max",
        "sum",
        "any",
        "all",
        "getattr",
        "range",
        "enumerate",
        "zip",
        "isinstance",
        "format",
    )
)


class Calls(CallHandler):
    """Evaluates the calls of one program."""

    def __init__(self) -> None:
        self._aims: dict[int, Aim] = {}
        """By the identity of the node, which its Aim keeps alive."""

    def __call__(self, evaluator: Evaluator, node: flow.Call, state: State) -> Value:
        """Return what a call gives; apply what it does to the state."""
        callee = _callee(evaluator, node, state)
        receiver: Value = evaluator.receiver if isinstance(node.callee, flow.Attribute) else frozenset()
        arguments = tuple(evaluator.value(each.value, state) for each in node.arguments)
        aim = self._aims.get(id(node))
        if aim is None:
            aim = self._aims[id(node)] = aim_of(node, evaluator.world)
        function = _library(evaluator, node, callee) if aim.site is None else None
        if aim.site is not None:
            result, ref = _workspace(evaluator, aim, aim.site, arguments, state), aim.site.ref
        elif function is not None:
            result, ref = (
                _of_library(function, node, arguments, receiver, state, evaluator.world.off),
                function.ref,
            )
        else:
            result, ref = ANYTHING, ""
        if function is None:
            _may_end(evaluator, aim, arguments, state)
        for each in node.arguments:
            if each.stars:
                evaluator.risks_both(each.value)  # unpacking may run an object's own code
        if function is not None:
            forgets = _forgets(evaluator, node, function, receiver, arguments)
        else:
            forgets = _risks(evaluator, aim)
        if forgets:
            state.forget_paths()
        evaluator.emit(
            Use.CALLED,
            node,
            result,
            state,
            other=callee,
            detail=ref,
            arguments=arguments,
            receiver=receiver,
        )
        return result

    def awaited(self, evaluator: Evaluator, coroutine: Coroutine) -> Value:
        """Return what awaiting a coroutine of the workspace gives."""
        callee = evaluator.world.callee(coroutine.ref)
        if callee is not None and callee.hook:
            return ANYTHING
        contract = evaluator.world.contract(coroutine.ref)
        return awaited_back(coroutine, contract)


def _may_end(evaluator: Evaluator, aim: Aim, arguments: tuple[Value, ...], state: State) -> None:
    """Doubt what follows a call that may well not come back, or not with what it was passed."""
    if aim.leaves or (aim.leaves_handed and any(CAUGHT in value for value in arguments)):
        state.doubt()
    if aim.vets:
        doubt(evaluator, tuple(each.value for each in aim.node.arguments), state)


def _risks(evaluator: Evaluator, aim: Aim) -> bool:
    """Note what a call may do; tell whether attributes must be forgotten."""
    if aim.raises:
        evaluator.risk("raise", aim.node)
    if aim.acts:
        evaluator.risk("act", aim.node)
    return aim.forgets


def _forgets(
    evaluator: Evaluator,
    node: flow.Call,
    function: LibraryFunction,
    receiver: Value,
    arguments: tuple[Value, ...],
) -> bool:
    """Note what a call of the library may do; tell whether attributes must be forgotten."""
    if not surely_returns(evaluator.world, function, node, receiver, arguments):
        evaluator.risk("raise", node)
    runs_code = function.ref == _READS and not is_plain(arguments[0] if arguments else frozenset())
    if (function.ref in _TESTS and not runs_code) or (function.pure and all(map(is_plain, arguments))):
        return False
    evaluator.risk("act", node)
    return function.ref not in _LOOKS_ONLY


def _callee(evaluator: Evaluator, node: flow.Call, state: State) -> Value:
    value = evaluator.value(node.callee, state)
    return evaluator.needs(Use.CALL, node, node.callee, value, state)


def _workspace(
    evaluator: Evaluator, aim: Aim, site: Site, arguments: tuple[Value, ...], state: State
) -> Value:
    node, reached = aim.node, aim.reached
    if len(reached) == 1:
        _requirements(evaluator, node, reached[0], aim.bound[0], arguments, state)
    if site.kind is Kind.CLASS:
        return of(Instance(site.ref, node.start, exact=site.exact)) if site.makes else ANYTHING
    if not reached:
        return ANYTHING
    if any(callee.is_async or callee.is_generator for _, callee, _ in reached):
        return _deferred(node, reached)
    unguarded = "none-dereference:hook" in evaluator.world.off
    if not unguarded and any(callee.hook for _, callee, _ in reached):
        return ANYTHING  # somebody else is meant to put something in its place
    if all(contract.returns.leaves is Verdict.NO for _, _, contract in reached):
        if site.kind is Kind.METHOD and _is_public(node):
            state.doubt()  # what only raises is often there to be overridden, by classes not seen here
        else:
            state.dead = True
    return given_back(node, reached, aim.bound, arguments, evaluator.world.off)


def _is_public(node: flow.Call) -> bool:
    return isinstance(node.callee, flow.Attribute) and not node.callee.name.startswith("_")


def _deferred(node: flow.Call, reached: Reached) -> Value:
    if len(reached) > 1:
        return ANYTHING
    ref, callee, _ = reached[0]
    if callee.is_generator:
        return of(
            Instance("types.AsyncGeneratorType" if callee.is_async else "types.GeneratorType", node.start)
        )
    return of(Coroutine(ref, node.start, node.end))


def _requirements(
    evaluator: Evaluator,
    node: flow.Call,
    reached: tuple[str, Callee, Contract],
    bound: Bound,
    arguments: tuple[Value, ...],
    state: State,
) -> None:
    """Report what is passed as None where the callee cannot bear it."""
    ref, callee, contract = reached
    if callee.is_async or callee.is_generator:
        return
    for requirement in contract.requires:
        if requirement.kind != "not none":
            continue
        if (index := bound.by_name.get(requirement.parameter)) is not None:
            value, where = arguments[index], node.arguments[index].value
        elif default_of(callee, requirement.parameter) is Default.NONE and (
            requirement.parameter in bound.omitted
        ):
            value, where = of(Nothing(node.start, node.end, "default")), node
        else:
            continue
        if may_be_none(value):
            evaluator.emit(Use.PASSED, where, value, state, detail=f"{ref} {requirement.parameter}")


def _library(evaluator: Evaluator, node: flow.Call, callee: Value) -> LibraryFunction | None:
    """Return the library function a call reaches: by name, or as a method of a typed object."""
    world = evaluator.world
    if len(callee) == 1:
        (only,) = callee
        if isinstance(only, Entity) and only.ref:
            return world.library_function(only.ref)
    if isinstance(node.callee, flow.Name) and node.callee.id == "isinstance#builtin":
        return world.library_function("builtins.isinstance")
    return None


def _of_library(
    function: LibraryFunction,
    node: flow.Call,
    arguments: tuple[Value, ...],
    receiver: Value,
    state: State,
    off: frozenset[str],
) -> Value:
    if function.ref in _TESTS:
        return BOOLEAN
    if function.is_async:
        return of(Coroutine(function.ref, node.start, node.end))
    if function.never_returns:
        state.dead = True
    if function.always_none or function.never_returns:
        return of(Nothing(node.start, node.end, function.ref))
    given, passed = _library_result(function, node, arguments)
    made = node.start if given.types == (function.ref,) else -1
    sure = all(is_seen(each) for each in receiver)
    found: Value = frozenset(Instance(each, made, exact=made >= 0, sure=sure) for each in given.types)
    sees_matches = "none-dereference:matched" not in off
    if given.none and not (sees_matches and surely_matches(function.ref, node, arguments)):
        found |= {Nothing(node.start, node.end, function.ref)}
    if given.anything:
        found |= {UNKNOWN}
    for index in passed:
        given_back = frozenset(each for each in arguments[index] if not isinstance(each, Nothing))
        found = join(found, given_back if found or len(passed) > 1 else _another(given_back))
    return found or ANYTHING


def _another(value: Value) -> Value:
    """Return a value of the same classes: what gives nothing but its argument may well give a copy."""
    return frozenset(
        Instance(each.type, exact=isinstance(each, Instance) and each.exact, sure=is_seen(each))
        if isinstance(each, (Given, Instance)) and each.type
        else UNKNOWN
        if isinstance(each, Given)
        else each
        for each in value
    )


def _library_result(
    function: LibraryFunction, node: flow.Call, arguments: tuple[Value, ...]
) -> tuple[LibraryValue, list[int]]:
    """Return what a library call gives, and which arguments (by index) it may give back."""
    places: dict[int | str, int] = {}
    positional = 0
    for index, argument in enumerate(node.arguments):
        if argument.stars:
            # Whether what `*` unpacks makes None possible is not known, unless nothing else can be.
            value = returns(function, -1)[0]
            surely = all(each.none for each in function.results or (value,))
            return msgspec.structs.replace(value, none=value.none and surely, anything=True), []
        if argument.keyword is None:
            places[positional] = index
            positional += 1
        else:
            places[argument.keyword] = index
    nones = frozenset(place for place, index in places.items() if may_be_none(arguments[index]))
    keywords = tuple(place for place in places if isinstance(place, str))
    value, passed = returns(function, positional, keywords, nones)
    return value, [places[each] for each in passed]
