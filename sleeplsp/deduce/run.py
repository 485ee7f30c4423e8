"""Running blocks: what each step and each exit does to a state.

Shared by the fixpoint over all paths (`fixpoint`) and the walk along single ones (`paths`). It must not
know in which order blocks are run.
"""

from collections.abc import Callable, Iterator
from typing import Any

from sleeplsp.core import flow
from sleeplsp.core.flow import Expression, ParameterKind, Program, ProgramKind
from sleeplsp.core.locals import imported
from sleeplsp.deduce import cfg, operators
from sleeplsp.deduce.calls import Calls
from sleeplsp.deduce.domain import (
    ANYTHING,
    CAUGHT,
    Entity,
    EntityKind,
    Given,
    Instance,
    Nothing,
    State,
    Unbound,
    Value,
    of,
)
from sleeplsp.deduce.evaluate import Evaluator, Sink
from sleeplsp.deduce.events import Use
from sleeplsp.deduce.managers import exception_of
from sleeplsp.deduce.raising import Raising, raising
from sleeplsp.deduce.refine import is_off, refine
from sleeplsp.deduce.truth import truth
from sleeplsp.deduce.types import annotated_type
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
        _STEPS[type(step)](self, step, state)

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
        self.store(exit_.target, self._items(iterable), outcome)
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

    def store(self, target: Expression, value: Value, state: State) -> None:
        """Store a value in a target."""
        match target:
            case flow.Name(id=name):
                if self.evaluator.tracks(name):
                    state.set(name, value)
                elif name in self.program.outer:
                    self.evaluator.risk("act", target)
            case flow.Attribute():
                base = self.evaluator.value(target.base, state)
                self.evaluator.needs(Use.STORE_ATTRIBUTE, target, target.base, base, state)
                self.evaluator.emit(Use.STORE_ATTRIBUTE, target, base, state, other=value)
                self.evaluator.risks_both(target)
                self._store_path(target, value, state)
            case flow.Index():
                base = self.evaluator.value(target.base, state)
                self.evaluator.needs(Use.STORE_ITEM, target, target.base, base, state)
                self.evaluator.value(target.index, state)
                self.evaluator.emit(Use.STORE_ITEM, target, base, state, other=value)
                self.evaluator.risks_both(target)
            case flow.Display(items=items):
                self.evaluator.needs(Use.UNPACK, target, target, value, state)
                self.evaluator.risks_both(target)
                for item in items:
                    starred = isinstance(item, flow.Star)
                    inner = item.value if isinstance(item, flow.Star) else item
                    self.store(
                        inner,
                        of(Instance("builtins.list", target.start)) if starred else ANYTHING,
                        state,
                    )
            case _:
                self.evaluator.value(target, state)

    def _store_path(self, target: flow.Attribute, value: Value, state: State) -> None:
        state.forget_paths_to(target.name)
        if path := self.evaluator.path(target):
            state.set(path, value)

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


def _evaluate(runner: Runner, step: flow.Evaluate, state: State) -> None:
    value = runner.evaluator.value(step.value, state)
    runner.evaluator.emit(Use.DROP, step.value, value, state)


def _assign(runner: Runner, step: flow.Assign, state: State) -> None:
    single = step.targets[0] if len(step.targets) == 1 else None
    if (
        isinstance(single, flow.Display)
        and isinstance(step.value, flow.Display)
        and len(single.items) == len(step.value.items)
        and not any(isinstance(each, flow.Star) for each in (*single.items, *step.value.items))
    ):
        values = [runner.evaluator.value(each, state) for each in step.value.items]
        for target, value in zip(single.items, values, strict=True):
            runner.store(target, value, state)
        return
    value = runner.evaluator.value(step.value, state)
    runner.evaluator.emit(Use.STORE, step, value, state)
    if not state.dead:
        for target in step.targets:
            runner.store(target, value, state)


def _augment(runner: Runner, step: flow.Augment, state: State) -> None:
    evaluator = runner.evaluator
    evaluator.risk("raise", step)
    target = (step.target, evaluator.value(step.target, state))
    given = (step.value, evaluator.value(step.value, state))
    left, right = evaluator.operands(step, step.operator, target, given, state)
    if step.operator in ("/", "//", "%"):
        evaluator.emit(Use.DIVIDE, step, right, state, other=left)
    if not operators.is_plain(left):
        evaluator.risk("act", step)
    result = operators.operation(step.operator, left, right)
    evaluator.emit(Use.STORE, step, result, state, other=left)
    runner.store(step.target, _grown(left, result), state)


def _grown(before: Value, after: Value) -> Value:
    # `items += more` changes a list in place: it stays the same list.
    lists = all(
        isinstance(each, Instance) and each.type in ("builtins.list", "builtins.set") for each in before
    )
    return before if lists and before else after


def _bind(runner: Runner, step: flow.Bind, state: State) -> None:
    kind = EntityKind.CLASS if step.is_class else EntityKind.FUNCTION
    if step.is_class or step.decorators:
        runner.evaluator.risks_both(step)
    if runner.evaluator.tracks(step.name):
        state.set(step.name, ANYTHING if step.decorators else of(Entity(kind, "")))


def _import(runner: Runner, step: flow.Import, state: State) -> None:
    runner.evaluator.risks_both(step)
    if step.member == "*" or not runner.evaluator.tracks(step.binds):
        return
    at_top = runner.program.kind is ProgramKind.MODULE
    state.set(step.binds, runner.world.name(step.binds if at_top else imported(step)))


def _delete(runner: Runner, step: flow.Delete, state: State) -> None:
    for target in step.targets:
        if not isinstance(target, flow.Name):
            runner.evaluator.risks_both(target)
        if isinstance(target, flow.Name):
            runner.evaluator.value(target, state)
            if runner.evaluator.tracks(target.id):
                state.set(target.id, of(Unbound(target.start)))
        elif isinstance(target, (flow.Attribute, flow.Index)):
            use = Use.STORE_ATTRIBUTE if isinstance(target, flow.Attribute) else Use.STORE_ITEM
            base = runner.evaluator.value(target.base, state)
            runner.evaluator.needs(use, target, target.base, base, state)
            runner.evaluator.emit(use, target, base, state)
            state.forget_paths_of(runner.evaluator.path(target) or "?")


def _enter(runner: Runner, step: cfg.Enter, state: State) -> None:
    evaluator = runner.evaluator
    value = evaluator.needs(Use.ENTER, step, step.context, evaluator.value(step.context, state), state)
    evaluator.emit(Use.ENTER, step, value, state)
    evaluator.risks_both(step)
    state.forget_paths()
    if step.target is not None:
        runner.store(step.target, _entered(runner, value), state)


def _entered(runner: Runner, value: Value) -> Value:
    if len(value) != 1:
        return ANYTHING
    (only,) = value
    if not isinstance(only, Instance):
        return ANYTHING
    method = runner.world.library_method(only.type, "__enter__")
    if method is not None and method.types == (only.type,):
        return value
    return ANYTHING


def _release(runner: Runner, step: cfg.Release, state: State) -> None:
    runner.evaluator.emit(Use.LEAVE, step, runner.evaluator.value(step.context, state), state)
    state.forget_paths()


def _catch(runner: Runner, step: cfg.Catch, state: State) -> None:
    for type_ in step.handler.types:
        runner.evaluator.value(type_, state)
    if step.handler.name is not None and runner.evaluator.tracks(step.handler.name):
        state.set(step.handler.name, of(CAUGHT))


def _unbind(runner: Runner, step: cfg.Unbind, state: State) -> None:
    if runner.evaluator.tracks(step.name):
        state.set(step.name, of(Unbound(step.start)))


def _declare(_runner: Runner, _step: flow.Declare, _state: State) -> None:
    pass


_STEPS: dict[type, Callable[[Runner, Any, State], None]] = {
    flow.Evaluate: _evaluate,
    flow.Assign: _assign,
    flow.Augment: _augment,
    flow.Declare: _declare,
    flow.Bind: _bind,
    flow.Import: _import,
    flow.Delete: _delete,
    cfg.Enter: _enter,
    cfg.Release: _release,
    cfg.Catch: _catch,
    cfg.Unbind: _unbind,
}
