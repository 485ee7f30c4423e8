"""Which claims can be tried: those about what a plain function gives back that can be called without harm.

All that a check uses can be used without harm, too. It must not know who calls anything, nor whether it was
tried before.
"""

import ast
from collections.abc import Iterable, Iterator

import msgspec

from sleeplsp.core.insight import Invariant
from sleeplsp.engine.verification.body import parameters
from sleeplsp.engine.verification.reach import Reach, Refs
from sleeplsp.prompts.reply.checks import RESULT
from sleeplsp.prompts.sameness import parsed


class Eligible(msgspec.Struct, frozen=True):
    """A claim that can be tried, and the functions and classes that this leads to."""

    claim: Invariant
    refs: Refs


def eligible(path: str, reach: Reach, claims: Iterable[Invariant]) -> Iterator[Eligible]:
    """Yield those claims of a module that can be tried."""
    for each in claims:
        if not each.check or each.kind == "requires":  # what callers must see to is no claim about calls
            continue
        function, tree = reach.function(path, each.symbol), parsed(each.check)
        if function is None or tree is None or not _can_be_called(function):
            continue
        asked = _as_function(tree, function)
        called, checked = reach.of(path, each.symbol), reach.of_check(path, asked) if asked else None
        if called is not None and checked is not None:
            yield Eligible(each, called | checked)


def _can_be_called(function: ast.FunctionDef) -> bool:
    """Tell whether it is said of all that can be passed what it is."""
    arguments = function.args
    is_plain = arguments.vararg is None and arguments.kwarg is None
    return is_plain and all(each.annotation is not None for each in parameters(function))


def _as_function(check: ast.Expression, function: ast.FunctionDef) -> ast.FunctionDef | None:
    """Return a check as a function of what its own is passed and gives; None if it asks nothing of that."""
    if not any(isinstance(each, ast.Name) and each.id == RESULT for each in ast.walk(check)):
        return None
    passed = [ast.arg(each.arg) for each in parameters(function)]
    arguments = ast.arguments(
        posonlyargs=[], args=[*passed, ast.arg(RESULT)], kwonlyargs=[], kw_defaults=[], defaults=[]
    )
    return ast.FunctionDef(name="check", args=arguments, body=[ast.Return(check.body)], decorator_list=[])
