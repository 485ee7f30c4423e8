"""Which claims can be tried: those about what a plain function gives back that can be called without harm.

All that a check calls is known to do no harm either. It must not know who calls anything, nor whether it was
tried before.
"""

import ast
from collections.abc import Iterable, Iterator

from sleeplsp.core.insight import Invariant
from sleeplsp.engine.verification.body import parameters
from sleeplsp.engine.verification.harmless import Harmless
from sleeplsp.prompts.reply.checks import RESULT
from sleeplsp.prompts.sameness import parsed


def eligible(path: str, harmless: Harmless, claims: Iterable[Invariant]) -> Iterator[Invariant]:
    """Yield those claims of a module that can be tried."""
    for each in claims:
        if not each.check or each.kind == "requires":  # what callers must see to is no claim about calls
            continue
        function = harmless.function(path, each.symbol)
        if (
            function is not None
            and _can_be_called(function)
            and harmless.is_harmless(path, each.symbol)
            and (tree := parsed(each.check)) is not None
            and (asked := _as_function(tree, function)) is not None
            and harmless.does_none(path, asked)
        ):
            yield each


def _can_be_called(function: ast.FunctionDef) -> bool:
    """Tell whether it is said of all that must be passed what it is."""
    arguments = function.args
    positional = [*arguments.posonlyargs, *arguments.args]
    needed = positional[: len(positional) - len(arguments.defaults)]
    keyword = zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
    needed += [each for each, default in keyword if default is None]
    return all(each.annotation is not None for each in needed)


def _as_function(check: ast.Expression, function: ast.FunctionDef) -> ast.FunctionDef | None:
    """Return a check as a function of what its own is passed and gives; None if it asks nothing of that."""
    if not any(isinstance(each, ast.Name) and each.id == RESULT for each in ast.walk(check)):
        return None
    passed = [ast.arg(each.arg) for each in parameters(function)]
    arguments = ast.arguments(
        posonlyargs=[], args=[*passed, ast.arg(RESULT)], kwonlyargs=[], kw_defaults=[], defaults=[]
    )
    return ast.FunctionDef(name="check", args=arguments, body=[ast.Return(check.body)], decorator_list=[])
