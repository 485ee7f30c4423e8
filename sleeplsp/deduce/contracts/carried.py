"""What leads to a return of a None that was stored before: the decisions, and whether they are all it takes.

Blocks are gone through together with the variables that hold the None, so that a way on which it is
replaced is told from one on which it stays. It must not be known here what is said of it.
"""

from functools import cached_property
from itertools import takewhile

import msgspec

from sleeplsp.core import flow
from sleeplsp.deduce import cfg
from sleeplsp.deduce.analysis import Analysis
from sleeplsp.deduce.contracts.leading import Decided
from sleeplsp.deduce.domain import Nothing, State
from sleeplsp.deduce.events import Event

POINTS_MAX = 2000
"""Blocks gone through, once for every set of variables that hold the None."""

Point = tuple[int, frozenset[str]]
"""The start of a block, and the variables that hold the None there."""

Edge = tuple[int, int]

_GOAL: Point = (-1, frozenset())
"""The None is returned."""


class Carried(msgspec.Struct, frozen=True):
    """How a None comes to a return."""

    made: list[Decided]
    """What every way there has decided, nearest first."""
    since: int
    """How many of them are decided after the None came to be."""
    stored: bool
    """A variable of the program holds it on the way."""
    complete: bool
    """It comes there whenever they are so made; exceptions are left aside."""


def carried(analysis: Analysis, block: int, event: Event, nothing: Nothing) -> Carried | None:
    """Return how a None comes to the return in a block; None if only by an exception, or not followed."""
    ways = _Ways(analysis, block, event, nothing)
    way = ways.shortest if len(ways.following) <= POINTS_MAX else []
    if not way:
        return None
    decisions = [(at, edge) for at, edge in enumerate(way) if edge[0] in ways.branches]
    needed = [(at, edge) for at, edge in decisions if not ways.reaches(_GOAL, {edge})]
    closed = {(number, ways.other(number, target)) for _, (number, target) in needed}
    mattering = [(at, edge) for at, edge in needed if ways.returns_after(edge[0], ways.other(*edge))]
    made = [ways.decided(edge) for _, edge in reversed(mattering)]
    since = sum(at >= ways.came for at, _ in mattering)
    return Carried(made, since, ways.stored, not ways.returns(((0, frozenset()),), closed))


class _Ways:
    """All ways through a program, exceptions apart."""

    def __init__(self, analysis: Analysis, block: int, event: Event, nothing: Nothing) -> None:
        self._analysis = analysis
        self._block = block
        self._event = event
        self._nothing = nothing
        self.branches = {
            number: block.exit
            for number, block in enumerate(analysis.graph.blocks)
            if isinstance(block.exit, cfg.Branch) and block.exit.then != block.exit.orelse
        }
        """The decisions, by the block that takes them."""
        self.following: dict[Point, list[tuple[Edge, Point]]] = {}
        self.came = 0
        self.stored = False
        pending: list[Point] = [(0, frozenset())]
        while pending and len(self.following) <= POINTS_MAX:
            point = pending.pop()
            if point not in self.following:
                self.following[point] = [] if point == _GOAL else self._from(point)
                pending.extend(target for _, target in self.following[point])

    def _from(self, point: Point) -> list[tuple[Edge, Point]]:
        number, _ = point
        names = self._held_at_end(point)
        if number == self._block and self._is_returned(names):
            return [((number, _GOAL[0]), _GOAL)]
        reached = self._analysis.states
        targets = [each for each in self._analysis.graph.blocks[number].targets() if each in reached]
        return [((number, each), (each, self._still(names, reached[each]))) for each in targets]

    def _held_at_end(self, point: Point) -> frozenset[str]:
        number, names = point
        held = set(names)
        for step in self._analysis.graph.blocks[number].steps:
            if isinstance(step, flow.Assign):
                value = step.value
                holds = self._is_it(value) or (isinstance(value, flow.Name) and value.id in held)
                stored = {each.id for each in step.targets if isinstance(each, flow.Name)}
                held = held | stored if holds else held - stored
        end = self._analysis.ends.get(number)
        return self._still(frozenset(held), end) if end is not None else frozenset(held)

    def _still(self, names: frozenset[str], state: State) -> frozenset[str]:
        return frozenset(each for each in names if self._nothing in state.get(each))

    def _is_it(self, node: flow.Expression) -> bool:
        return (node.start, node.end) == (self._nothing.start, self._nothing.end)

    def _is_returned(self, names: frozenset[str]) -> bool:
        node = self._event.node
        return isinstance(node, flow.Expression) and (
            self._is_it(node) or (isinstance(node, flow.Name) and node.id in names)
        )

    @cached_property
    def shortest(self) -> list[Edge]:
        """The edges of a shortest way to the goal; `came` is set to the first after the None came to be."""
        start: Point = (0, frozenset())
        before: dict[Point, tuple[Edge, Point] | None] = {start: None}
        pending = [start]
        for point in pending:
            for edge, target in self.following.get(point, ()):
                if target not in before:
                    before[target] = edge, point
                    pending.append(target)
        if _GOAL not in before:
            return []
        way: list[Edge] = []
        held: list[frozenset[str]] = []
        step = before[_GOAL]
        while step is not None:
            edge, point = step
            way.append(edge)
            held.append(point[1])
            step = before[point]
        holding = sum(1 for _ in takewhile(bool, held))
        self.came = len(way) - holding - (1 if holding else 0)
        self.stored = any(not name.startswith("%") for names in held for name in names)
        return way[::-1]

    def decided(self, edge: Edge) -> Decided:
        """Return what is decided on an edge."""
        exit_ = self.branches[edge[0]]
        return edge[0], exit_.same_as or exit_.test, exit_.then == edge[1]

    def other(self, number: int, target: int) -> int:
        """Return the other side of a decision."""
        exit_ = self.branches[number]
        return exit_.orelse if exit_.then == target else exit_.then

    def reaches(self, goal: Point, closed: set[Edge]) -> bool:
        """Tell whether a point can be come to without some edges."""
        return goal in self._reached([(0, frozenset())], closed)

    def returns_after(self, number: int, target: int) -> bool:
        """Tell whether a way along an edge comes to another return than this."""
        points = [
            point
            for following in self.following.values()
            for edge, point in following
            if edge == (number, target)
        ]
        return self.returns(tuple(points), set())

    def returns(self, start: tuple[Point, ...], closed: set[Edge]) -> bool:
        """Tell whether a way without some edges comes to another return than this."""
        leaving = (cfg.Leave, cfg.Fall)
        return any(
            isinstance(self._analysis.graph.blocks[number].exit, leaving)
            and not any(target == _GOAL for _, target in self.following[number, names])
            for number, names in self._reached(list(start), closed)
            if number != _GOAL[0]
        )

    def _reached(self, pending: list[Point], closed: set[Edge]) -> set[Point]:
        seen = set(pending)
        while pending:
            for edge, target in self.following.get(pending.pop(), ()):
                if target not in seen and edge not in closed:
                    seen.add(target)
                    pending.append(target)
        return seen
