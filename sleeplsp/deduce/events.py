"""What happens while a program runs, as the checks see it: one Event per noteworthy evaluation.

An Event holds the flow node and the values that meet there. It must not be judged here whether any of
it is a bug.
"""

from enum import StrEnum
from typing import TypedDict

import msgspec

from sleeplsp.core.flow import Expression, Statement
from sleeplsp.deduce.domain import Value


class Use(StrEnum):
    """What is done with a value that None does not allow, or that is noteworthy otherwise."""

    READ = "read"
    """A variable is read; `value` may hold Unbound."""
    ATTRIBUTE = "attribute"
    INDEX = "index"
    CALL = "call"
    """The value is called."""
    ITERATE = "iterate"
    UNPACK = "unpack"
    ENTER = "enter"
    """It is entered as a context manager."""
    OPERATE = "operate"
    """It is an operand of arithmetic or of an order comparison."""
    CONTAIN = "contain"
    """It is what `in` looks into."""
    AWAIT = "await"
    STORE_ATTRIBUTE = "store attribute"
    STORE_ITEM = "store item"
    PASSED = "passed"
    """It is passed for a parameter that must not be None; `detail` is `ref parameter`."""
    COMPARE = "compare"
    """`value` and `other` are compared by `node`."""
    CALLED = "called"
    """A call was made; `detail` is what was called, `value` what it gave."""
    TEST = "test"
    """It is asked whether the value is true."""
    DROP = "drop"
    """A statement computes a value and does nothing with it."""
    STORE = "store"
    """A variable is bound to `value`."""
    DIVIDE = "divide"
    """It is divided by."""
    RETURN = "return"
    RAISE = "raise"
    """`detail` is the class of the exception, '' when not known."""
    LEAVE = "leave"
    """A context manager is released."""


class Details(TypedDict, total=False):
    """What some events tell beside their value; see Event."""

    other: Value
    detail: str
    arguments: tuple[Value, ...]
    receiver: Value
    used: Expression


class Event(msgspec.Struct, frozen=True, gc=False):
    """One use of a value. `node` is where; `value` is what is used."""

    use: Use
    node: Expression | Statement
    value: Value
    other: Value = frozenset()
    detail: str = ""
    arguments: tuple[Value, ...] = ()
    receiver: Value = frozenset()
    """For a call of a method: the object."""
    certain: bool = True
    used: Expression | None = None
    """What it is that is used, where that is a part of the node."""
