"""What context managers and exception handlers do to control flow, as far as it is known."""

from sleeplsp.core import flow
from sleeplsp.core.flow import Expression
from sleeplsp.deduce.domain import Entity, EntityKind, Instance, State, Value
from sleeplsp.deduce.evaluation.evaluate import Evaluator

_CATCH_ALL = frozenset(("builtins.BaseException", "builtins.Exception"))


class KnownManagers:
    """Answers the graph builder's questions; see `cfg.Managers`."""

    def __init__(self, evaluator: Evaluator) -> None:
        self._evaluator = evaluator
        self._world = evaluator.world

    def swallows(self, context: Expression) -> bool | None:
        """Tell whether leaving this context manager stops exceptions; None: not known."""
        types = self._types(context)
        answers = {self._swallows(type_) for type_ in types} if types else {None}
        return answers.pop() if len(answers) == 1 else None

    def catches_all(self, types: tuple[Expression, ...]) -> bool:
        """Tell whether a handler of these types stops every exception (an exit of the process aside)."""
        return not types or any(class_of(self._evaluator, each) in _CATCH_ALL for each in types)

    def _types(self, context: Expression) -> list[str]:
        state = State({})
        value: Value = frozenset()
        if isinstance(context, flow.Call):
            site = self._world.site(context.end)
            if site is not None:
                return [site.ref] if site.exact else []
            callee = self._evaluator.value(context.callee, state)
            (only,) = callee if len(callee) == 1 else (None,)
            if isinstance(only, Entity) and only.ref:
                function = self._world.library_function(only.ref)
                return list(function.types) if function is not None and not function.anything else []
        elif isinstance(context, (flow.Name, flow.Attribute)) and self._evaluator.path(context) == "":
            value = self._evaluator.value(context, state)
        return [each.type for each in value if isinstance(each, Instance)]

    def _swallows(self, type_: str) -> bool | None:
        library = self._world.library_class(type_)
        return library.swallows if library is not None else None


def class_of(evaluator: Evaluator, node: Expression) -> str:
    """Return the reference of the class an expression names, '' when not known."""
    if not isinstance(node, (flow.Name, flow.Attribute)) or evaluator.path(node):
        return ""
    value = evaluator.value(node, State({}))
    (only,) = value if len(value) == 1 else (None,)
    return only.ref if isinstance(only, Entity) and only.kind is EntityKind.CLASS else ""


def exception_of(evaluator: Evaluator, value: Expression | None) -> str:
    """Return the class of the exception `raise value` raises, '' when not known."""
    if isinstance(value, flow.Call):
        site = evaluator.world.site(value.end)
        return site.ref if site is not None and site.exact else class_of(evaluator, value.callee)
    return class_of(evaluator, value) if value is not None else ""


def may_catch(
    evaluator: Evaluator, handler: flow.Handler, raised: tuple[str, ...] | None
) -> tuple[bool, bool]:
    """Tell whether a handler may catch one of the raised classes, and whether it surely catches all.

    `raised` None: any exception.
    """
    if not handler.types:
        return True, True
    caught = [class_of(evaluator, each) for each in handler.types]
    if raised is None:
        return True, any(each in _CATCH_ALL for each in caught)
    may, sure = False, True
    for exception in raised:
        answers = [_is_subclass(evaluator, exception, each) for each in caught]
        may = may or any(answer is not False for answer in answers)
        sure = sure and any(answer is True for answer in answers)
    return may, sure


def expects(evaluator: Evaluator, handler: flow.Handler, raised: tuple[str, ...] | None) -> bool:
    """Tell whether a handler asks for one of these classes, not just for everything."""
    caught = [class_of(evaluator, each) for each in handler.types]
    named = [each for each in caught if each and each not in _CATCH_ALL]
    return any(_is_subclass(evaluator, each, name) for each in raised or () for name in named)


def catches_a_kind(evaluator: Evaluator, handler: flow.Handler) -> bool:
    """Tell whether a handler waits for some kinds of errors only: then something does raise them."""
    caught = {class_of(evaluator, each) for each in handler.types}
    return bool(caught) and caught.isdisjoint(_CATCH_ALL)


def _is_subclass(evaluator: Evaluator, exception: str, caught: str) -> bool | None:
    if not exception or not caught:
        return None
    return evaluator.world.is_subclass(exception, caught)
