"""What a call of a workspace function gives, by the contracts of all it may reach and by what it passes."""

from sleeplsp.core import flow
from sleeplsp.core.context import Callee
from sleeplsp.core.contract import Contract, Verdict
from sleeplsp.core.facts import Default
from sleeplsp.deduce.domain import (
    ANYTHING,
    UNKNOWN,
    Alternative,
    Coroutine,
    Instance,
    Literal,
    Nothing,
    Value,
    join,
    may_be_none,
)
from sleeplsp.deduce.evaluation.arguments import Bound
from sleeplsp.deduce.evaluation.truth import is_none

Reached = list[tuple[str, Callee, Contract]]


def given_back(
    node: flow.Call,
    reached: Reached,
    bound: tuple[Bound, ...],
    arguments: tuple[Value, ...],
    off: frozenset[str],
) -> Value:
    """Return what a call gives; it may be None only if every function it may reach says so.

    `off` names guards that are switched off.
    """
    result: Value = frozenset()
    nones = [contract.returns.none is Verdict.YES for _, _, contract in reached]
    every_none = any(nones) if "none-dereference:overridden" in off else all(nones)
    for (ref, callee, contract), each in zip(reached, bound, strict=True):
        passed = _Passed(callee, each, arguments, off)
        nothing = Nothing(node.start, node.end, ref) if every_none else None
        result = join(result, _of_contract(contract, nothing, passed))
    return result or ANYTHING


def awaited_back(coroutine: Coroutine, contract: Contract) -> Value:
    """Return what awaiting a coroutine gives."""
    nothing = Nothing(coroutine.start, coroutine.end, coroutine.ref)
    return _of_contract(contract, nothing, None) or ANYTHING


def default_of(callee: Callee, parameter: str) -> Default:
    """Return what a parameter is when the call leaves it out."""
    found = (each.default for each in callee.parameters if each.name == parameter)
    return next(found, Default.ABSENT)


class _Passed:
    """What one call passes to one callee."""

    def __init__(
        self, callee: Callee, bound: Bound, arguments: tuple[Value, ...], off: frozenset[str]
    ) -> None:
        self.off = off
        self._callee = callee
        self._bound = bound
        self._arguments = arguments

    def value(self, name: str) -> Value | None:
        """Return what reaches a parameter, None when that is not certain."""
        index = self._bound.by_name.get(name)
        return self._arguments[index] if index is not None else None

    def allows(self, name: str, condition: str) -> bool:
        """Tell whether a condition on a parameter may hold in this call."""
        value = self.value(name)
        if "." in name:
            return True  # of the object's attributes nothing is known here
        if condition in ("default", "other"):
            return (value is None and name in self._bound.omitted) is (condition == "default")
        if value is None:
            default = default_of(self._callee, name) if name in self._bound.omitted else Default.OTHER
            return condition in _DEFAULTS[default]
        if condition in ("none", "given"):
            found = is_none(value)
            return found is (condition == "none") or (
                found is None and (condition == "given" or may_be_none(value))
            )
        found = _truth(value)
        return found is None or found is (condition == "true")


_DEFAULTS: dict[Default, tuple[str, ...]] = {
    Default.NONE: ("none", "false"),
    Default.FALSE: ("given", "false"),
    Default.TRUE: ("given", "true"),
    Default.OTHER: (),
    Default.ABSENT: (),
}


def _of_contract(contract: Contract, nothing: Nothing | None, passed: _Passed | None) -> Value:
    returns = contract.returns
    seen = returns.none is Verdict.NO
    found: list[Alternative] = [Instance(each, sure=seen) for each in returns.types]
    may_be = returns.none is Verdict.YES
    if not returns.complete or (may_be and nothing is None):
        found.append(UNKNOWN)
    if may_be and nothing is not None and _is_open(contract, passed):
        found.append(nothing)
    result: Value = frozenset(found)
    for name, present in returns.arguments:
        value = passed.value(name) if passed is not None else None
        if value is None:
            result = join(result, ANYTHING)
        else:
            drops = present and passed is not None and "none-dereference:given-back" not in passed.off
            result = join(
                result,
                frozenset(each for each in value if not (drops and isinstance(each, Nothing))),
            )
    return result


def _is_open(contract: Contract, passed: _Passed | None) -> bool:
    """Tell whether what is passed leaves the callee's ways to None open."""
    if passed is None:
        return not contract.returns.none_when
    if "none-dereference:demanded" in passed.off:
        return True
    return all(passed.allows(name, condition) for name, condition in contract.returns.none_when)


def _truth(value: Value) -> bool | None:
    known = {
        bool(each.value) if isinstance(each, Literal) else False if isinstance(each, Nothing) else None
        for each in value
    }
    return known.pop() if len(known) == 1 else None
