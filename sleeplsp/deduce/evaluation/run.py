"""Running blocks: what each exit does to a state; what each step does is told in `steps`.

Shared by the fixpoint over all paths (`fixpoint`) and the walk along single ones (`paths`). It must not
know in which order blocks are run.
"""

from collections.abc import Iterator

from sleeplsp.core import flow
from sleeplsp.core.flow import ParameterKind, Program, ProgramKind
from sleeplsp.deduce import cfg
from sleeplsp.deduce.domain import (
    ANYTHING,
    Given,
    Instance,
    Nothing,
    State,
    Unbound,
    Value,
    of,
)
from sleeplsp.deduce.evaluation.calls import Calls
from sleeplsp.deduce.evaluation.evaluate import Evaluator, Sink
from sleeplsp.deduce.evaluation.managers import exception_of
from sleeplsp.deduce.evaluation.raising import Raising, raising
from sleeplsp.deduce.evaluation.refine import is_off, refine
from sleeplsp.deduce.evaluation.steps import STEPS, store
from sleeplsp.deduce.evaluation.truth import truth
from sleeplsp.deduce.evaluation.types import annotated_type
from sleeplsp.deduce.events import Use
from sleeplsp.deduce.world import World


class Runner:
    """Runs the steps of one program's graph."""

    def __init__(self, program: Program, world: World, sink: Sink | None = None) -> None:
        self.program = program
        self.world = world
        self.evaluator = Evaluator(world, program, Calls(), sink)
        self.block = 0
        """The block being run, for whoever listens to events."""
        self._raising: dict[int, Raising] = {}
        """By the identity of the step, which the graph keeps alive."""

    def entry(self, *, facts: bool = False) -> State:
        """Return the state a program begins in: parameters given, other locals not bound."""
        values: dict[str, Value] = {
            name: of(Unbound()) for name in self.program.locals if self.evaluator.tracks(name)
        }
        for parameter in self.program.parameters:
            if self.evaluator.tracks(parameter.name):
                values[parameter.name] = self._given(parameter)
        return State(values, {} if facts else None)

    def raises(self, step: cfg.Step) -> Raising:
        """Return what a step of the graph may raise."""
        known = self._raising.get(id(step))
        if known is None:
            known = self._raising[id(step)] = raising(step, self.evaluator)
        return known

    def failed(self, step: cfg.Step, state: State) -> State:
        """Return the state (perhaps the same one) after a step has raised.

        Calls in it may have changed any object. What the step was to store is as it was, unless a
        call had to do with the object it is stored in.
        """
        if not state.paths or self.raises(step).classes is not None:
            return state
        outcome = state.copy()
        outcome.forget_paths()
        if not isinstance(step, flow.Assign):
            return outcome
        for target in step.targets:
            path = self.evaluator.path(target) if isinstance(target, flow.Attribute) else ""
            if path in state.values and not _hands_over(step, path.partition(".")[0]):
                outcome.narrow(path, state.values[path])
        return outcome

    def step(self, step: cfg.Step, state: State) -> None:
        """Apply one step."""
        STEPS[type(step)](self.evaluator, step, state)

    def branch(self, exit_: cfg.Branch, state: State) -> Iterator[tuple[int, bool, State]]:
        """Yield where a decision can go: target, truth, and the state there."""
        found = truth(self.evaluator.tested(exit_.test, state), self.world)
        if state.dead:
            return
        if is_off(exit_.same_as or exit_.test, self.world.off):
            found = None
        for target, holds in ((exit_.then, True), (exit_.orelse, False)):
            if found is (not holds):
                continue
            outcome = state.copy()
            possible = refine(self.evaluator, exit_.test, outcome, holds=holds)
            if possible and exit_.same_as is not None:
                possible = refine(self.evaluator, exit_.same_as, outcome, holds=holds)
            if possible:
                yield target, holds, outcome

    def turn(self, exit_: cfg.Turn, state: State) -> State:
        """Return the state in which the loop's body begins its next turn."""
        iterable = self.evaluator.value(exit_.iterable, state)
        self.evaluator.needs(Use.ITERATE, exit_.source, exit_.iterable, iterable, state)
        self.evaluator.risks_both(exit_.source)
        outcome = state.copy()
        store(self.evaluator, exit_.target, self._items(iterable), outcome)
        if not exit_.comprehension:
            outcome.forget_paths()
        return outcome

    def leave(self, exit_: cfg.Leave | cfg.Fall, state: State) -> None:
        """Evaluate what is returned; a bare return and the end of the body return None."""
        if isinstance(exit_, cfg.Leave) and exit_.value is not None:
            node, value = exit_.value, self.evaluator.value(exit_.value, state)
        else:
            start, end = (exit_.at, exit_.at) if isinstance(exit_, cfg.Fall) else (exit_.start, exit_.end)
            node = flow.Constant(start, end, "none", None)
            value = of(Nothing(start, end, "end" if isinstance(exit_, cfg.Fall) else "bare"))
        if not state.dead:
            self.evaluator.emit(Use.RETURN, node, value, state)

    def throw(self, exit_: cfg.Throw, state: State) -> None:
        """Evaluate what is raised."""
        for each in (exit_.value, exit_.cause):
            if each is not None:
                self.evaluator.value(each, state)
        if exit_.asserts is not None:
            detail = "builtins.AssertionError"
        else:
            detail = exception_of(self.evaluator, exit_.value)
        node = exit_.value if exit_.value is not None else flow.Constant(exit_.start, exit_.end, "none", None)
        self.evaluator.emit(Use.RAISE, node, ANYTHING, state, detail=detail)

    def _given(self, parameter: flow.Parameter) -> Value:
        if parameter.kind is ParameterKind.REST:
            return of(Instance("builtins.tuple", exact=True))
        if parameter.kind is ParameterKind.KEYWORDS:
            return of(Instance("builtins.dict", parameter.start, exact=True))
        first = self.world.context.bound and parameter is self.program.parameters[0]
        if first and self.program.kind is ProgramKind.FUNCTION:
            return of(Given(parameter.name, self.world.context.owner, present=True))
        return of(Given(parameter.name, annotated_type(parameter.annotation, self.world)))

    def _items(self, iterable: Value) -> Value:
        if len(iterable) != 1:
            return ANYTHING
        (only,) = iterable
        if isinstance(only, Instance):
            if only.type == "builtins.range":
                return of(Instance("builtins.int"))
            if only.type == "builtins.str":
                return of(Instance("builtins.str"))
        return ANYTHING


def _hands_over(step: flow.Assign, variable: str) -> bool:
    """Tell whether a call in a step gets a variable itself: as its object or as an argument."""
    pending = [step.value]
    while pending:
        node = pending.pop()
        if isinstance(node, flow.Call):
            given = [each.value for each in node.arguments]
            if isinstance(node.callee, flow.Attribute):
                given.append(node.callee.base)
            if any(isinstance(each, flow.Name) and each.id == variable for each in given):
                return True
        pending.extend(node.parts())
    return False
