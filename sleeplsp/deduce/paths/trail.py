"""Trails: the decisions of one path through a program, and how likely it is that it is ever taken.

Paths that part share what they have in common. It must not be known here how paths are found.
"""

import msgspec

from sleeplsp.core import flow
from sleeplsp.core.flow import Expression
from sleeplsp.deduce.events import Event


class Decision(msgspec.Struct, frozen=True, gc=False):
    """One choice made on a path.

    `kind`: 'test', 'turn' (a loop took an item), 'end' (a loop had no item left; `turns` tells
    whether it had any), 'raised' (a step raised an exception), 'caught' (it came to a handler;
    `holds` if that asks for just such errors), 'stopped' (a context manager kept it), 'passed' (it
    went through a final block).
    """

    kind: str
    node: Expression | flow.Handler | None
    start: int
    end: int
    holds: bool = True
    turns: int = 0


class Trail:
    """The decisions of a path, newest first: a linked list that paths share."""

    __slots__ = ("before", "decision", "supposed", "weak")

    def __init__(
        self,
        decision: Decision,
        before: "Trail | None",
        *,
        seldom: bool = False,
        supposed: bool = False,
    ) -> None:
        self.decision = decision
        self.before = before
        empty = decision.kind == "end" and decision.turns == 0
        self.weak: bool = (before is not None and before.weak) or empty or seldom
        """It needs a loop over something that may never be empty to make no turn, or an exception
        out of what hardly ever raises one."""
        self.supposed: bool = (before is not None and before.supposed) or supposed
        """It needs an exception out of what nobody says raises one."""

    def decisions(self) -> list[Decision]:
        """Return the decisions in the order they were made."""
        found: list[Decision] = []
        trail: Trail | None = self
        while trail is not None:
            found.append(trail.decision)
            trail = trail.before
        return found[::-1]


class Witness(msgspec.Struct, frozen=True, gc=False):
    """A path on which a watched event happens."""

    event: Event
    decisions: tuple[Decision, ...]
    weak: bool
    always: tuple[Decision, ...] = ()
    """Of the decisions, those that every path found to the event has made."""
    supposed: bool = False
