"""Values as sets of alternatives.

A Value is a frozenset of Alternatives and means: on every way that leads here it is one of these.
`Unknown` stands for anything at all, but says nothing of being None: `{Unknown}` is no reason to
suspect None, `{Unknown, Nothing(...)}` is. The empty set is the value of code that is never reached.
"""

from enum import StrEnum
from functools import lru_cache

import msgspec

ALTERNATIVES_MAX = 10
"""Alternatives in one value; beyond, literals become instances, then everything Unknown."""


class Alternative(msgspec.Struct, frozen=True, gc=False):
    """One thing a value may be."""


class Unknown(Alternative, frozen=True, gc=False):
    """Anything."""


class Unbound(Alternative, frozen=True, gc=False):
    """The variable is not bound. `at` is where it was unbound (`del`, end of a handler), -1: never bound."""

    at: int = -1


class Nothing(Alternative, frozen=True, gc=False):
    """None, from the expression at `start`..`end`; `origin` says how it came to be None there.

    `origin` is 'literal', 'test' (a condition that only None passes), 'given NAME' (the same, of what
    was passed for a parameter), or the reference of the function that returned it.
    """

    start: int
    end: int
    origin: str


class Literal(Alternative, frozen=True, gc=False):
    """A constant. `type` tells True from 1."""

    type: str
    value: bool | int | float | str | bytes


class Instance(Alternative, frozen=True, gc=False):
    """An object of a class or a subclass of it, by the class's reference (`builtins.list`).

    `made_at` is the offset of the expression that made it, -1 for one that came from elsewhere: only
    the first kind is nobody else's. `exact`: of this very class, not a subclass. `sure`: seen to be
    one, not just said by an annotation of the workspace.
    """

    type: str
    made_at: int = -1
    exact: bool = False
    sure: bool = False


class Given(Alternative, frozen=True, gc=False):
    """What the caller passed for a parameter. `type` is the class its annotation names, or ''.

    `present` once it is known not to be None.
    """

    name: str
    type: str = ""
    present: bool = False


class EntityKind(StrEnum):
    """What an Entity is."""

    FUNCTION = "function"
    CLASS = "class"
    MODULE = "module"


class Entity(Alternative, frozen=True, gc=False):
    """A function, class or module itself, by reference."""

    kind: EntityKind
    ref: str


class Coroutine(Alternative, frozen=True, gc=False):
    """What calling an async function gives: it has not run. `start`, `end` span the call."""

    ref: str
    start: int
    end: int


Value = frozenset[Alternative]

UNKNOWN = Unknown()
ANYTHING: Value = frozenset((UNKNOWN,))
NEVER: Value = frozenset()
CAUGHT = Instance("builtins.BaseException")
"""What a handler gets."""
BOOLEAN: Value = frozenset((Literal("bool", value=True), Literal("bool", value=False)))


def of(*alternatives: Alternative) -> Value:
    """Return the value that is one of these."""
    return frozenset(alternatives)


def literal(value: bool | float | str | bytes) -> Value:  # noqa: FBT001  the constant itself
    """Return the value that is this constant."""
    return frozenset((Literal(type(value).__name__, value),))


def join(left: Value, right: Value) -> Value:
    """Return what may be either: the union, kept within ALTERNATIVES_MAX."""
    if left is right or right <= left:
        return left
    if left <= right:
        return right
    joined = left | right
    return joined if len(joined) <= ALTERNATIVES_MAX else _coarser(joined)


def given_name(nothing: Nothing) -> str:
    """Return the parameter for which the caller passed this None, '' if it came to be here."""
    return nothing.origin.removeprefix("given ") if nothing.origin.startswith("given ") else ""


ANSWERS_MAX = 4096
"""Values of which an answer is remembered: one program has far fewer, and asks of each many times."""


@lru_cache(maxsize=ANSWERS_MAX)
def may_be_none(value: Value) -> bool:
    """Tell whether None is one of the alternatives that were seen."""
    return any(isinstance(each, Nothing) for each in value)


@lru_cache(maxsize=ANSWERS_MAX)
def may_be_unbound(value: Value) -> bool:
    """Tell whether the variable may be not bound."""
    return any(isinstance(each, Unbound) for each in value)


def is_seen(alternative: Alternative) -> bool:
    """Tell whether its class is seen in the code, not just promised by an annotation."""
    if isinstance(alternative, Instance):
        return alternative.sure or alternative.made_at >= 0
    return isinstance(alternative, (Nothing, Literal, Entity, Coroutine))


def type_name(alternative: Alternative) -> str:
    """Return the reference of the class an alternative is an instance of; '' when not known."""
    if isinstance(alternative, (Instance, Given)):
        return alternative.type
    if isinstance(alternative, Literal):
        return f"builtins.{alternative.type}"
    return _TYPE_NAMES.get(type(alternative), "")


_TYPE_NAMES: dict[type, str] = {Nothing: "types.NoneType", Coroutine: "types.CoroutineType"}


def _coarser(value: Value) -> Value:
    """Give up constants first, then all but what may be None or unbound."""
    typed = frozenset(Instance(type_name(each)) if isinstance(each, Literal) else each for each in value)
    if len(typed) <= ALTERNATIVES_MAX:
        return typed
    kept = sorted((each for each in typed if isinstance(each, (Nothing, Unbound))), key=repr)
    return frozenset((UNKNOWN, *kept[: ALTERNATIVES_MAX - 1]))
