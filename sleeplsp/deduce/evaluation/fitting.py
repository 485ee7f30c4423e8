"""Whether a call surely fits what it reaches, so that no TypeError can come of passing the arguments.

Asked before it is said that nothing raises: what is not proved to fit does not. It must not know what
calls give.
"""

from collections.abc import Sequence

from sleeplsp.core import flow
from sleeplsp.core.context import Callee
from sleeplsp.core.flow import Argument, ParameterKind
from sleeplsp.deduce.domain import Instance, Value, type_name
from sleeplsp.deduce.evaluation.arguments import Bound
from sleeplsp.deduce.evaluation.operators import is_plain
from sleeplsp.deduce.library import LibraryFunction, takes
from sleeplsp.deduce.world import World

_FOR_AN_OBJECT = (ParameterKind.POSITIONAL, ParameterKind.EITHER, ParameterKind.REST)


def fits(callee: Callee, node: flow.Call, bound: Bound, *, given: bool) -> bool:
    """Tell whether a function of the workspace surely takes what a call passes; `given` as for `bind`."""
    if not _are_written(node.arguments):
        return False
    if given:
        first = callee.parameters[0] if callee.parameters else None
        if first is None or first.kind not in _FOR_AN_OBJECT:
            return False
        if first.kind is ParameterKind.EITHER and any(each.keyword == first.name for each in node.arguments):
            return False
    return not (bound.missing or bound.extra or bound.unknown or bound.repeated)


def surely_returns(
    world: World, function: LibraryFunction, node: flow.Call, receiver: Value, arguments: tuple[Value, ...]
) -> bool:
    """Tell whether a function of the library surely takes what a call passes, and raises nothing then."""
    if not function.total or not _are_written(node.arguments):
        return False
    owner = function.ref.rpartition(".")[0]
    on_object = bool(receiver) and all(isinstance(each, Instance) for each in receiver)
    if world.library_class(owner) is not None and not on_object:
        return False  # through its class it takes its object like any argument
    keywords = tuple(each.keyword for each in node.arguments if each.keyword is not None)
    if not takes(function, len(node.arguments) - len(keywords), keywords):
        return False
    return all(is_plain(each) and (function.ref in _TAKES_ANY or _is_of(each, owner)) for each in arguments)


# Total functions that ask nothing of their arguments; others are trusted with the class they are of.
_TAKES_ANY = frozenset(
    {"builtins.callable", "builtins.id", "builtins.list.append", "builtins.slice", "collections.deque.append"}
)


def _is_of(value: Value, owner: str) -> bool:
    return all(type_name(each) == owner for each in value)


def _are_written(arguments: Sequence[Argument]) -> bool:
    """Tell whether all that is passed is seen: nothing unpacked, no name changed inside a class."""
    return not any(each.stars or _is_mangled(each.keyword or "") for each in arguments)


def _is_mangled(name: str) -> bool:
    return name.startswith("__") and not name.endswith("__")
