"""What calls give and do: functions of the workspace by their contracts, of the library by its facts."""

from sleeplsp.core import flow
from sleeplsp.core.context import Callee, Site
from sleeplsp.core.contract import Contract, Verdict
from sleeplsp.core.index import Kind
from sleeplsp.deduce.arguments import Bound, bind
from sleeplsp.deduce.domain import (
    ANYTHING,
    BOOLEAN,
    UNKNOWN,
    Alternative,
    Coroutine,
    Entity,
    Instance,
    Literal,
    Nothing,
    State,
    Value,
    join,
    of,
)
from sleeplsp.deduce.evaluate import CallHandler, Evaluator
from sleeplsp.deduce.events import Use
from sleeplsp.deduce.library import LibraryFunction
from sleeplsp.deduce.truth import is_none, truth

_TESTS = frozenset(("builtins.isinstance", "builtins.issubclass", "builtins.callable", "builtins.hasattr"))


class Calls(CallHandler):
    """Evaluates calls; keeps no state."""

    def __call__(self, evaluator: Evaluator, node: flow.Call, state: State) -> Value:
        """Return what a call gives; apply what it does to the state."""
        callee = _callee(evaluator, node, state)
        arguments = tuple(evaluator.value(each.value, state) for each in node.arguments)
        site = evaluator.world.site(node.end)
        if site is not None:
            result = _workspace(evaluator, node, site, arguments, state)
            ref, pure = site.ref, _is_pure(evaluator, site)
        else:
            function = _library(evaluator, node, callee)
            result = _of_library(function, node, arguments) if function is not None else ANYTHING
            ref, pure = (function.ref, function.pure) if function is not None else ("", False)
            if function is not None and function.never_returns:
                state.dead = True
        if not pure and ref not in _TESTS:
            state.forget_paths()
        evaluator.emit(Use.CALLED, node, result, state, other=callee, detail=ref, arguments=arguments)
        return result

    def awaited(self, evaluator: Evaluator, coroutine: Coroutine) -> Value:
        """Return what awaiting a coroutine of the workspace gives."""
        contract = evaluator.world.contract(coroutine.ref)
        return _given_back([(coroutine.ref, contract)], coroutine.start, coroutine.end, None, ())


def contracts_at(evaluator: Evaluator, site: Site) -> list[tuple[str, Callee, Contract]]:
    """Return the functions a call may run with their contracts; empty when one of them is not known."""
    found = []
    for ref in site.refs:
        callee = evaluator.world.callee(ref)
        if callee is None:
            return []
        found.append((ref, callee, evaluator.world.contract(ref)))
    return found


def _callee(evaluator: Evaluator, node: flow.Call, state: State) -> Value:
    value = evaluator.value(node.callee, state)
    return evaluator.needs(Use.CALL, node, node.callee, value, state)


def _workspace(evaluator: Evaluator, node: flow.Call, site: Site, arguments: tuple[Value, ...], state: State) -> Value:
    reached = contracts_at(evaluator, site)
    bound = [bind(callee.parameters, node.arguments, given=site.given) for _, callee, _ in reached]
    if len(reached) == 1:
        _requirements(evaluator, node, reached[0], bound[0], arguments, state)
    if site.kind is Kind.CLASS:
        return of(Instance(site.ref, node.start, exact=True)) if site.exact else ANYTHING
    if not reached:
        return ANYTHING
    if any(callee.is_async or callee.is_generator for _, callee, _ in reached):
        return _deferred(node, reached)
    if any(callee.hook for _, callee, _ in reached) and not (site.exact or site.kind is Kind.FUNCTION):
        return ANYTHING
    possible = [(ref, contract) for ref, _, contract in reached]
    if all(contract.returns.leaves is Verdict.NO for _, contract in possible):
        state.dead = True
    return _given_back(possible, node.start, node.end, bound[0] if len(bound) == 1 else None, arguments)


def _deferred(node: flow.Call, reached: list[tuple[str, Callee, Contract]]) -> Value:
    if len(reached) > 1:
        return ANYTHING
    ref, callee, _ = reached[0]
    if callee.is_generator:
        return of(Instance("types.AsyncGeneratorType" if callee.is_async else "types.GeneratorType", node.start))
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
        elif requirement.parameter in bound.omitted and _none_by_default(callee, requirement.parameter):
            value, where = of(Nothing(node.start, node.end, "default")), node
        else:
            continue
        if any(isinstance(each, Nothing) for each in value):
            evaluator.emit(Use.PASS, where, value, state, detail=f"{ref} {requirement.parameter}")


def _none_by_default(callee: Callee, parameter: str) -> bool:
    return any(each.name == parameter and each.none_by_default for each in callee.parameters)


def _given_back(
    possible: list[tuple[str, Contract]], start: int, end: int, bound: Bound | None, arguments: tuple[Value, ...]
) -> Value:
    result: Value = frozenset()
    every_none = all(contract.returns.none is Verdict.YES for _, contract in possible)
    for ref, contract in possible:
        returns = contract.returns
        found: list[Alternative] = [Instance(each) for each in returns.types]
        if not returns.complete or (returns.none is Verdict.YES and not every_none):
            found.append(UNKNOWN)
        if returns.none is Verdict.YES and every_none and _can_be_none(contract, bound, arguments):
            found.append(Nothing(start, end, ref))
        result = join(result, frozenset(found))
        for name in returns.arguments:
            index = bound.by_name.get(name) if bound is not None else None
            result = join(result, arguments[index] if index is not None else ANYTHING)
    return result or ANYTHING


def _can_be_none(contract: Contract, bound: Bound | None, arguments: tuple[Value, ...]) -> bool:
    """Tell whether what is passed leaves the callee's path to None open."""
    if not contract.returns.none_when:
        return True
    if bound is None:
        return False
    return all(_holds(condition, name, bound, arguments) for name, condition in contract.returns.none_when)


def _holds(condition: str, name: str, bound: Bound, arguments: tuple[Value, ...]) -> bool:
    """Tell whether a condition on a parameter may hold; for what the call leaves out, its default decides."""
    if name in bound.omitted:
        return condition in ("none", "false", "omitted")
    index = bound.by_name.get(name)
    if index is None:
        return False  # filled by * or **: not certain
    value = arguments[index]
    if condition in ("none", "given"):
        found = is_none(value)
        return found is (condition == "none") or (found is None and _suspected(value, condition))
    found = _truth(value)
    return found is None or found is (condition == "true")


def _suspected(value: Value, condition: str) -> bool:
    return condition == "given" or any(isinstance(each, Nothing) for each in value)


def _truth(value: Value) -> bool | None:
    known = {bool(each.value) if isinstance(each, Literal) else (False if isinstance(each, Nothing) else None) for each in value}
    return known.pop() if len(known) == 1 else None


def _is_pure(evaluator: Evaluator, site: Site) -> bool:
    reached = contracts_at(evaluator, site)
    return bool(reached) and all(contract.pure is Verdict.YES for _, _, contract in reached)


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


def _of_library(function: LibraryFunction, node: flow.Call, arguments: tuple[Value, ...]) -> Value:
    if function.ref in _TESTS:
        return BOOLEAN
    if function.is_async:
        return of(Coroutine(function.ref, node.start, node.end))
    if function.always_none or function.never_returns:
        return of(Nothing(node.start, node.end, function.ref))
    made = node.start if function.types == (function.ref,) else -1
    found: list[Alternative] = [Instance(each, made, exact=made >= 0) for each in function.types]
    if function.none:
        found.append(Nothing(node.start, node.end, function.ref))
    if function.anything:
        found.append(UNKNOWN)
    return frozenset(found) or ANYTHING
