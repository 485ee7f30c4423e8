"""Evaluating expressions that take a single way: what value they have in a state, and what happens.

An Evaluator is told where events go; without a sink it only computes. It changes the state only by what
evaluation itself teaches (after `x.a` has run, `x` is not None) and by forgetting what a call may have
changed. It must not know control flow.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import Unpack

from sleeplsp.core import flow
from sleeplsp.core.flow import Expression, Name, Program
from sleeplsp.deduce.domain import (
    ANSWERS_MAX,
    ANYTHING,
    Alternative,
    Coroutine,
    Given,
    Nothing,
    State,
    Value,
)
from sleeplsp.deduce.evaluation import operators
from sleeplsp.deduce.evaluation.expressions import EVALUATIONS
from sleeplsp.deduce.events import Details, Event, Use
from sleeplsp.deduce.world import World

Sink = Callable[[Event, State], None]


class Evaluator:
    """Evaluates the expressions of one program."""

    def __init__(self, world: World, program: Program, call: "CallHandler", sink: Sink | None = None) -> None:
        self.world = world
        self.program = program
        self.sink = sink
        self._call = call
        self._tracked = program.locals - program.rebound - program.outer
        self._chains: dict[str, str] = {}
        self.globals: dict[str, Value] = {}
        """What the names of the module and the builtins stand for, once looked up."""
        self.risks: dict[str, Expression | flow.Statement] = {}
        """The first node that may 'raise' or 'act' (run code that is not known, change something)."""
        self.explained: set[int] = set()
        """Where tests for None begin that look for a None seen to come there: they show of nothing else
        that it may be None."""
        self.receiver: Value = frozenset()
        """The object of the attribute evaluated last."""

    def tracks(self, variable: str) -> bool:
        """Tell whether a variable is the program's own and changed by nobody else."""
        return variable in self._tracked or variable[0] == "%" or "#" in variable

    def value(self, node: Expression, state: State) -> Value:
        """Return what an expression may be."""
        return EVALUATIONS[type(node)](self, node, state)

    def emit(
        self, use: Use, node: Expression | flow.Statement, value: Value, state: State, **more: Unpack[Details]
    ) -> None:
        """Report an event, if somebody listens."""
        if self.sink is not None:
            self.sink(Event(use, node, value, certain=state.certain, **more), state)

    def risk(self, kind: str, node: Expression | flow.Statement) -> None:
        """Note that a node may raise, or may run code of which nothing is known."""
        self.risks.setdefault(kind, node)

    def risks_both(self, node: Expression | flow.Statement) -> None:
        """Note a node that may raise and may run unknown code."""
        self.risks.setdefault("raise", node)
        self.risks.setdefault("act", node)

    def needs(
        self,
        use: Use,
        node: Expression | flow.Statement,
        base: Expression,
        value: Value,
        state: State,
    ) -> Value:
        """Note a use that None does not survive; return the value without None, which is known after."""
        if value is ANYTHING:
            return value
        present = _presents(value)
        if present == value:
            if self.sink is not None and any(isinstance(each, Coroutine) for each in value):
                self.emit(use, node, value, state, used=base)
            return value
        self.risk("raise", node)
        self.emit(use, node, value, state, used=base)
        if path := self.path(base):
            state.narrow(path, present or ANYTHING)
        return present or ANYTHING

    def tested(self, node: Expression, state: State) -> Value:
        """Return the value of a condition; asking an object for its truth may run its code."""
        value = self.value(node, state)
        if self.sink is not None:
            self.emit(Use.TEST, node, value, state)
        if not operators.is_plain(value) and operators.truth(value, self.world) is None:
            self.risks_both(node)
        return value

    def path(self, node: Expression) -> str:
        """Return the variable or path an expression is known under in a state; '' if under none."""
        if isinstance(node, Name):
            return node.id if self.tracks(node.id) else ""
        if not isinstance(node, flow.Attribute):
            return ""
        known = self._chains.get(node.chain)
        if known is None:
            tracked = bool(node.chain) and self.tracks(node.chain.partition(".")[0])
            known = self._chains[node.chain] = node.chain if tracked else ""
        return known

    def call(self, node: flow.Call, state: State) -> Value:
        """Return what a call gives; apply what it does to the state."""
        return self._call(self, node, state)

    def awaited(self, coroutine: Coroutine) -> Value:
        """Return what awaiting a coroutine gives."""
        return self._call.awaited(self, coroutine)

    def operands(
        self,
        node: Expression | flow.Statement,
        operator: str,
        left: tuple[Expression, Value],
        right: tuple[Expression, Value],
        state: State,
    ) -> tuple[Value, Value]:
        """Note operands that may be None; an operand of an unknown class may know what to do with it."""
        (left_node, one), (right_node, other) = left, right
        unguarded = "none-dereference:operand" in self.world.off
        if unguarded or operators.is_builtin(other):
            one = self.needs(Use.OPERATE, node, left_node, one, state)
        if (unguarded or operators.is_builtin(one)) and not (operator == "%" and operators.may_be_text(one)):
            other = self.needs(Use.OPERATE, node, right_node, other, state)
        return one, other


@lru_cache(maxsize=ANSWERS_MAX)
def _presents(value: Value) -> Value:
    return frozenset(_present(each) for each in value if not isinstance(each, Nothing))


def _present(each: Alternative) -> Alternative:
    if isinstance(each, Given) and not each.present:
        return Given(each.name, each.type, present=True)
    return each


class CallHandler:
    """What `calls` provides: the value of a call, and of awaiting a coroutine."""

    def __call__(self, evaluator: Evaluator, node: flow.Call, state: State) -> Value:
        """Return what a call gives; apply what it does to the state."""
        raise NotImplementedError

    def awaited(self, evaluator: Evaluator, coroutine: Coroutine) -> Value:
        """Return what awaiting a coroutine gives."""
        raise NotImplementedError
