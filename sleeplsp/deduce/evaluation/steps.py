"""What each kind of step does to a state: storing, binding, importing, deleting, entering, catching.

One function per kind, called through `Runner.step`. It must not know the order in which steps are run, nor
where exits lead.
"""

from collections.abc import Callable
from typing import Any

from sleeplsp.core import flow
from sleeplsp.core.flow import Expression, ProgramKind
from sleeplsp.core.locals import imported
from sleeplsp.deduce import cfg
from sleeplsp.deduce.domain import ANYTHING, CAUGHT, Entity, EntityKind, Instance, State, Unbound, Value, of
from sleeplsp.deduce.evaluation import operators
from sleeplsp.deduce.evaluation.attributes import is_property
from sleeplsp.deduce.evaluation.evaluate import Evaluator
from sleeplsp.deduce.evaluation.types import are_plain
from sleeplsp.deduce.events import Use


def store(evaluator: Evaluator, target: Expression, value: Value, state: State) -> None:
    """Store a value in a target."""
    match target:
        case flow.Name(id=name):
            if evaluator.tracks(name):
                state.set(name, value)
            elif name in evaluator.program.outer:
                evaluator.risk("act", target)
        case flow.Attribute():
            base = evaluator.value(target.base, state)
            evaluator.needs(Use.STORE_ATTRIBUTE, target, target.base, base, state)
            evaluator.emit(Use.STORE_ATTRIBUTE, target, base, state, other=value)
            evaluator.risks_both(target)
            _store_path(evaluator, target, base, value, state)
        case flow.Index():
            base = evaluator.value(target.base, state)
            evaluator.needs(Use.STORE_ITEM, target, target.base, base, state)
            evaluator.value(target.index, state)
            evaluator.emit(Use.STORE_ITEM, target, base, state, other=value)
            evaluator.risks_both(target)
        case flow.Display(items=items):
            evaluator.needs(Use.UNPACK, target, target, value, state)
            evaluator.risks_both(target)
            for item in items:
                starred = isinstance(item, flow.Star)
                inner = item.value if isinstance(item, flow.Star) else item
                store(
                    evaluator,
                    inner,
                    of(Instance("builtins.list", target.start)) if starred else ANYTHING,
                    state,
                )
        case _:
            evaluator.value(target, state)


def _store_path(
    evaluator: Evaluator, target: flow.Attribute, base: Value, value: Value, state: State
) -> None:
    state.forget_paths_to(target.name)
    if (path := evaluator.path(target)) and not is_property(evaluator.world, base, target.name):
        state.set(path, value)


def _evaluate(evaluator: Evaluator, step: flow.Evaluate, state: State) -> None:
    value = evaluator.value(step.value, state)
    evaluator.emit(Use.DROP, step.value, value, state)


def _assign(evaluator: Evaluator, step: flow.Assign, state: State) -> None:
    single = step.targets[0] if len(step.targets) == 1 else None
    if (
        isinstance(single, flow.Display)
        and isinstance(step.value, flow.Display)
        and len(single.items) == len(step.value.items)
        and not any(isinstance(each, flow.Star) for each in (*single.items, *step.value.items))
    ):
        values = [evaluator.value(each, state) for each in step.value.items]
        for target, value in zip(single.items, values, strict=True):
            store(evaluator, target, value, state)
        return
    value = evaluator.value(step.value, state)
    evaluator.emit(Use.STORE, step, value, state)
    if not state.dead:
        for target in step.targets:
            store(evaluator, target, value, state)


def _augment(evaluator: Evaluator, step: flow.Augment, state: State) -> None:
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
    store(evaluator, step.target, _grown(left, result), state)


def _grown(before: Value, after: Value) -> Value:
    # `items += more` changes a list in place: it stays the same list.
    lists = all(
        isinstance(each, Instance) and each.type in ("builtins.list", "builtins.set") for each in before
    )
    return before if lists and before else after


def _bind(evaluator: Evaluator, step: flow.Bind, state: State) -> None:
    kind = EntityKind.CLASS if step.is_class else EntityKind.FUNCTION
    plain = not step.is_class and not step.decorators
    if not plain or not are_plain(step, evaluator.program.locals, evaluator.world):
        evaluator.risks_both(step)
    if evaluator.tracks(step.name):
        state.set(step.name, ANYTHING if step.decorators else of(Entity(kind, "")))


def _import(evaluator: Evaluator, step: flow.Import, state: State) -> None:
    evaluator.risks_both(step)
    if step.member == "*" or not evaluator.tracks(step.binds):
        return
    at_top = evaluator.program.kind is ProgramKind.MODULE
    state.set(step.binds, evaluator.world.name(step.binds if at_top else imported(step)))


def _delete(evaluator: Evaluator, step: flow.Delete, state: State) -> None:
    for target in step.targets:
        if not isinstance(target, flow.Name):
            evaluator.risks_both(target)
        if isinstance(target, flow.Name):
            evaluator.value(target, state)
            if evaluator.tracks(target.id):
                state.set(target.id, of(Unbound(target.start)))
        elif isinstance(target, (flow.Attribute, flow.Index)):
            use = Use.STORE_ATTRIBUTE if isinstance(target, flow.Attribute) else Use.STORE_ITEM
            base = evaluator.value(target.base, state)
            evaluator.needs(use, target, target.base, base, state)
            evaluator.emit(use, target, base, state)
            state.forget_paths_of(evaluator.path(target) or "?")


def _enter(evaluator: Evaluator, step: cfg.Enter, state: State) -> None:
    value = evaluator.needs(Use.ENTER, step, step.context, evaluator.value(step.context, state), state)
    evaluator.emit(Use.ENTER, step, value, state)
    evaluator.risks_both(step)
    state.forget_paths()
    if step.target is not None:
        store(evaluator, step.target, _entered(evaluator, value), state)


def _entered(evaluator: Evaluator, value: Value) -> Value:
    if len(value) != 1:
        return ANYTHING
    (only,) = value
    if not isinstance(only, Instance):
        return ANYTHING
    method = evaluator.world.library_method(only.type, "__enter__")
    if method is not None and method.types == (only.type,):
        return value
    return ANYTHING


def _release(evaluator: Evaluator, step: cfg.Release, state: State) -> None:
    evaluator.emit(Use.LEAVE, step, evaluator.value(step.context, state), state)
    state.forget_paths()


def _catch(evaluator: Evaluator, step: cfg.Catch, state: State) -> None:
    for type_ in step.handler.types:
        evaluator.value(type_, state)
    if step.handler.name is not None and evaluator.tracks(step.handler.name):
        state.set(step.handler.name, of(CAUGHT))


def _unbind(evaluator: Evaluator, step: cfg.Unbind, state: State) -> None:
    if evaluator.tracks(step.name):
        state.set(step.name, of(Unbound(step.start)))


def _declare(evaluator: Evaluator, step: flow.Declare, _state: State) -> None:
    if not isinstance(step.target, flow.Name):
        evaluator.risks_both(step)  # the object it is part of is evaluated


STEPS: dict[type, Callable[[Evaluator, Any, State], None]] = {
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
