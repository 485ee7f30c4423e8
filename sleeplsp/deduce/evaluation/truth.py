"""Truth of values: what a condition over them gives, when that is certain."""

from sleeplsp.deduce.domain import (
    Alternative,
    Coroutine,
    Entity,
    Given,
    Instance,
    Literal,
    Nothing,
    Unbound,
    Value,
    is_seen,
)
from sleeplsp.deduce.world import World


def truth_of(alternative: Alternative, world: World) -> bool | None:
    """Tell whether one alternative is true; None when it may be either."""
    match alternative:
        case Nothing():
            return False
        case Literal(value=value):
            return bool(value)
        case Entity() | Coroutine():
            return True
        case Instance(type=name):
            return True if is_seen(alternative) and world.always_true(name) else None
    return None


def truth(value: Value, world: World) -> bool | None:
    """Tell whether a value is true on every way; None when it may be either."""
    found = {truth_of(each, world) for each in value if not isinstance(each, Unbound)}
    return found.pop() if len(found) == 1 else None


def is_none(value: Value) -> bool | None:
    """Tell whether a value is None on every way, or on none; None when it may be either."""
    found = {_is_none(each) for each in value if not isinstance(each, Unbound)}
    return found.pop() if len(found) == 1 else None


def equal(left: Value, right: Value) -> bool | None:
    """Tell whether two values are equal, when both are single constants or cannot be."""
    if len(left) != 1 or len(right) != 1:
        return None
    (one,), (other,) = left, right
    if isinstance(one, Literal) and isinstance(other, Literal):
        return one.value == other.value
    if isinstance(one, Nothing) or isinstance(other, Nothing):
        return _is_none(one if isinstance(other, Nothing) else other)
    return None


def _is_none(alternative: Alternative) -> bool | None:
    match alternative:
        case Nothing():
            return True
        case Given(present=present):
            return False if present else None
    # What an annotation or a stub promises may be None all the same: tests ask because it is.
    return False if is_seen(alternative) else None
