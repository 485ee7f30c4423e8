"""Narrowing what a variable may hold: keeping some alternatives, giving up what is known of None.

Used by whatever learns from a condition; which conditions there are must not be known here.
"""

from collections.abc import Callable

from sleeplsp.core.flow import Expression
from sleeplsp.deduce.domain import (
    UNKNOWN,
    Alternative,
    Given,
    Nothing,
    State,
    Value,
    is_seen,
    may_be_none,
)
from sleeplsp.deduce.evaluation.evaluate import Evaluator
from sleeplsp.deduce.evaluation.truth import is_none

Keep = Callable[[Alternative], bool]


def keep_only(evaluator: Evaluator, node: Expression, state: State, keep: Keep, *, present: bool) -> bool:
    """Keep the alternatives of a variable that satisfy `keep`; return False if none is left."""
    path = evaluator.path(node)
    if not path:
        return True
    value = state.values.get(path)
    if value is None:
        return True
    kept: Value = frozenset(each for each in value if keep(each))
    if present:
        kept = frozenset(
            Given(each.name, each.type, present=True) if isinstance(each, Given) else each for each in kept
        )
    if kept != value:
        state.narrow(path, kept)
    return bool(kept)


def doubt(evaluator: Evaluator, nodes: tuple[Expression, ...], state: State) -> None:
    """Make None doubtful in what was tested in a way not understood."""
    for node in nodes:
        path = evaluator.path(node)
        if path and path in state.values:
            if state.facts is not None and is_none(state.values[path]):
                # On a single path it stays None all the same: no other test can find it true.
                state.facts[path], state.facts[f"{path} is None"] = False, True
            state.values[path] = doubtful(state.values[path])


def doubtful(value: Value) -> Value:
    """Return a value of which it is not known whether it is None, if it was."""
    if not may_be_none(value):
        return value
    return frozenset((UNKNOWN, *(each for each in value if not isinstance(each, Nothing))))


def may_be_any(each: Alternative) -> bool:
    """Tell whether an alternative may be None without anything having shown it."""
    return not (each.present if isinstance(each, Given) else is_seen(each))
