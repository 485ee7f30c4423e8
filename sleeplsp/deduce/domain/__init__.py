"""What is tracked of values while a program is followed: nullness, simple types, constants, definedness.

`values` are sets of alternatives, `state` is what every variable may hold at one point. It must not be
known here how states flow or what is made of them.
"""

from sleeplsp.deduce.domain.state import State
from sleeplsp.deduce.domain.values import (
    ANSWERS_MAX,
    ANYTHING,
    BOOLEAN,
    CAUGHT,
    NEVER,
    UNKNOWN,
    Alternative,
    Coroutine,
    Entity,
    EntityKind,
    Given,
    Instance,
    Literal,
    Nothing,
    Unbound,
    Unknown,
    Value,
    given_name,
    is_seen,
    join,
    literal,
    may_be_none,
    may_be_unbound,
    of,
    type_name,
)

__all__ = [
    "ANSWERS_MAX",
    "ANYTHING",
    "BOOLEAN",
    "CAUGHT",
    "NEVER",
    "UNKNOWN",
    "Alternative",
    "Coroutine",
    "Entity",
    "EntityKind",
    "Given",
    "Instance",
    "Literal",
    "Nothing",
    "State",
    "Unbound",
    "Unknown",
    "Value",
    "given_name",
    "is_seen",
    "join",
    "literal",
    "may_be_none",
    "may_be_unbound",
    "of",
    "type_name",
]
