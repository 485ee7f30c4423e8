"""What a function's code compares with: the values written in it. It must not know what they are for.

Those of functions of its own module that it names count as well, and the module's names for values.
"""

import dis
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from types import CodeType, FunctionType
from typing import Any

Constant = str | bytes | int | float

CONSTANTS_MAX = 60
"""Of one function: with more of them each would hardly be drawn."""

_LENGTH_MAX = 100
"""Of a text: a longer one is a message, nothing to compare with."""

_HOLDING = (tuple, frozenset, list, set, dict)
_DEPTH_MAX = 2


def constants(function: Callable[..., Any]) -> tuple[Constant, ...]:
    """Return texts, bytes and numbers, each once, those of the function itself first."""
    if not isinstance(function, FunctionType):
        return ()
    names = function.__globals__
    named = [names[each] for each in _names(function.__code__) if each in names]
    helpers = [each for each in named if isinstance(each, FunctionType) and each.__globals__ is names]
    of_helpers = [names[each] for helper in helpers for each in _names(helper.__code__) if each in names]
    found: dict[tuple[type, Constant], Constant] = {}
    for each in (
        *_written(function),
        *_plain(named),
        *(inner for helper in helpers for inner in _written(helper)),
        *_plain(of_helpers),
    ):
        found.setdefault((type(each), each), each)
    return tuple(found.values())[:CONSTANTS_MAX]


def _written(function: FunctionType) -> Iterator[Constant]:
    """Yield what stands in a function, but for its docstring."""
    documented = function.__doc__
    return (each for each in _of_code(function.__code__) if documented is None or each != documented)


def _of_code(code: CodeType) -> Iterator[Constant]:
    # Since Python 3.14 small numbers stand in the instructions.
    yield from (each.arg or 0 for each in dis.get_instructions(code) if each.opname == "LOAD_SMALL_INT")
    yield from _plain(code.co_consts)
    for each in code.co_consts:
        if isinstance(each, CodeType):
            yield from _of_code(each)


def _names(code: CodeType) -> Iterator[str]:
    yield from code.co_names
    for each in code.co_consts:
        if isinstance(each, CodeType):
            yield from _names(each)


def _plain(values: Iterable[Any], depth: int = 0) -> Iterator[Constant]:
    """Yield plain values among some, also those that are held by others."""
    for each in islice(values, CONSTANTS_MAX):
        kind = type(each)
        if kind in {str, bytes}:
            if 0 < len(each) <= _LENGTH_MAX:
                yield each
        elif kind in {int, float}:
            yield each
        elif kind is slice:
            yield from _plain((each.start, each.stop, each.step))
        elif kind in _HOLDING and depth < _DEPTH_MAX:
            yield from _plain(each, depth + 1)
