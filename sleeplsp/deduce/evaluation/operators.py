"""What operators give, on values. Constants are folded while they stay small."""

import operator
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from sleeplsp.core import flow
from sleeplsp.deduce.domain import (
    ANSWERS_MAX,
    ANYTHING,
    BOOLEAN,
    Alternative,
    Given,
    Instance,
    Literal,
    Value,
    literal,
    may_be_none,
    of,
    type_name,
)
from sleeplsp.deduce.evaluation.truth import equal, is_none, truth

__all__ = ["comparison", "is_plain", "item", "may_be_text", "operation", "truth", "unary"]

_INTEGER_MAX = 2**63
_TEXT_MAX = 200

_ARITHMETIC: dict[str, Callable[[Any, Any], Any]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "//": operator.floordiv,
    "%": operator.mod,
}
_ORDER: dict[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_NUMBERS = ("builtins.bool", "builtins.int", "builtins.float", "builtins.complex")
_SEQUENCES = frozenset(("builtins.list", "builtins.tuple", "builtins.str", "builtins.bytes"))


def operation(operator_: str, left: Value, right: Value) -> Value:
    """Return what `left operator right` gives."""
    if len(left) == 1 and len(right) == 1:
        (one,), (other,) = left, right
        if isinstance(one, Literal) and isinstance(other, Literal):
            folded = _folded(operator_, one.value, other.value)
            if folded is not None:
                return folded
    lefts, rights = _types(left), _types(right)
    if lefts is None:
        return ANYTHING
    if lefts == {"builtins.str"} and operator_ == "%":
        return of(Instance("builtins.str"))
    if rights is None:
        return ANYTHING
    if lefts == rights and len(lefts) == 1 and operator_ == "+" and lefts <= _SEQUENCES:
        return of(Instance(next(iter(lefts))))
    if lefts.issubset(_NUMBERS) and rights.issubset(_NUMBERS):
        return _number(operator_, lefts | rights)
    return ANYTHING


def comparison(operator_: str, left: Value, right: Value) -> Value:
    """Return what a comparison gives: a constant where it is certain."""
    found: bool | None = None
    if operator_ in ("is", "is-not"):
        found = _identical(left, right)
        found = (not found) if found is not None and operator_ == "is-not" else found
        return BOOLEAN if found is None else literal(found)
    if operator_ in ("==", "!="):
        found = equal(left, right)
        found = (not found) if found is not None and operator_ == "!=" else found
    elif operator_ in _ORDER:
        found = _ordered(operator_, left, right)
    if found is not None:
        return literal(found)
    if operator_ in ("in", "not-in") or _types(left) is not None:
        return BOOLEAN
    return ANYTHING


def unary(operator_: str, operand: Value) -> Value:
    """Return what `-x`, `+x` or `~x` gives."""
    if len(operand) == 1:
        (only,) = operand
        if isinstance(only, Literal) and isinstance(only.value, (int, float)) and operator_ != "~":
            return literal(-only.value if operator_ == "-" else +only.value)
    types = _types(operand)
    return of(Instance("builtins.int")) if types == frozenset(("builtins.int",)) else ANYTHING


def item(base: Value, index: flow.Expression) -> Value:
    """Return what `base[index]` gives."""
    types = _types(base)
    if types is not None and len(types) == 1:
        (only,) = types
        if only == "builtins.str" or (isinstance(index, flow.Slice) and only in _SEQUENCES):
            return of(Instance(only))
        if only == "builtins.bytes":
            return of(Instance("builtins.int"))
    return ANYTHING


_PLAIN = frozenset(
    (
        "builtins.bool",
        "builtins.int",
        "builtins.float",
        "builtins.str",
        "builtins.bytes",
        "types.NoneType",
    )
)


@lru_cache(maxsize=ANSWERS_MAX)
def is_plain(value: Value) -> bool:
    """Tell whether a value is surely a number, text or None: operating on it runs nobody's code."""
    return bool(value) and all(type_name(each) in _PLAIN and _is_exact(each) for each in value)


def _is_exact(each: Alternative) -> bool:
    # What an annotation promises may be a subclass, and its operators anybody's.
    return not isinstance(each, (Given, Instance)) or (isinstance(each, Instance) and each.exact)


def is_builtin(value: Value) -> bool:
    """Tell whether a value is surely of builtin classes, whose operators know nothing of None."""
    return bool(value) and all(type_name(each).startswith("builtins.") for each in value)


def is_number(value: Value) -> bool:
    """Tell whether a value is surely a number."""
    return is_plain(value) and all(type_name(each) in _NUMBERS for each in value)


def is_numeric(value: Value) -> bool:
    """Tell whether a value is a number, seen or promised to be one."""
    return bool(value) and all(type_name(each) in _NUMBERS for each in value)


def may_be_text(value: Value) -> bool:
    """Tell whether `value % x` may be formatting."""
    return any(type_name(each) in ("", "builtins.str", "builtins.bytes") for each in value)


@lru_cache(maxsize=ANSWERS_MAX)
def _types(value: Value) -> frozenset[str] | None:
    """Return the classes of a value's alternatives, None if one is not known."""
    names = frozenset(type_name(each) for each in value)
    return names if names and "" not in names and not may_be_none(value) else None


def _number(operator_: str, types: frozenset[str]) -> Value:
    if "builtins.complex" in types:
        return of(Instance("builtins.complex"))
    if "builtins.float" in types or operator_ == "/":
        return of(Instance("builtins.float"))
    # A negative power of an integer is a float.
    return ANYTHING if operator_ == "**" else of(Instance("builtins.int"))


def _folded(operator_: str, left: object, right: object) -> Value | None:
    apply = _ARITHMETIC.get(operator_)
    if apply is None or (isinstance(left, (str, bytes)) and operator_ != "+"):
        return None
    if isinstance(right, (str, bytes)) and not isinstance(left, (str, bytes)):
        return None
    try:
        result = apply(left, right)
    except (TypeError, ValueError, ArithmeticError):
        return None
    if isinstance(result, (str, bytes)):
        return literal(result) if len(result) <= _TEXT_MAX else None
    if isinstance(result, (bool, int, float)):
        return literal(result) if abs(result) < _INTEGER_MAX else None
    return None


def _identical(left: Value, right: Value) -> bool | None:
    for one, other in ((left, right), (right, left)):
        if is_none(other) is True:
            return is_none(one)
    if len(left) == 1 and len(right) == 1:
        (one_,), (other_,) = left, right
        if isinstance(one_, Literal) and isinstance(other_, Literal) and one_.type == other_.type == "bool":
            return one_.value is other_.value
    return None


def _ordered(operator_: str, left: Value, right: Value) -> bool | None:
    if len(left) != 1 or len(right) != 1:
        return None
    (one,), (other,) = left, right
    if not isinstance(one, Literal) or not isinstance(other, Literal):
        return None
    try:
        return bool(_ORDER[operator_](one.value, other.value))
    except TypeError:
        return None
