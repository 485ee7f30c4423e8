"""Arguments for a function, made from its annotations by hypothesis. It must not know what they are for.

Each parameter is given a value, as a claim about the function is one about all of them.
"""

import inspect
import typing
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from hypothesis import reject
from hypothesis import strategies as st
from hypothesis.errors import HypothesisException

from .annotated import count, vagueness
from .constants import constants
from .loading import in_short
from .timing import Ending
from .typing_only import names_for
from .values import use_values

_STARS: dict[object, str] = {inspect.Parameter.VAR_POSITIONAL: "*", inspect.Parameter.VAR_KEYWORD: "**"}


class UndrawableError(Exception):
    """Arguments cannot be made; the text says why, in one line."""


@dataclass(frozen=True)
class Drawn:
    """Arguments of one call, by the parameters' names. Its text is not theirs: nobody writes them out."""

    values: dict[str, Any]

    def __repr__(self) -> str:
        return "Drawn()"


@dataclass(frozen=True)
class Plan:
    """How arguments for one function are made."""

    signature: inspect.Signature
    strategy: st.SearchStrategy[Drawn]
    count: int | None
    """How many different calls there are, where that is known."""


def plan(function: Callable[..., Any], seconds: float, be_alive: Callable[[], None]) -> Plan:
    """Return how arguments are made, each call's in no more than some seconds.

    `be_alive` is called for each. Raises UndrawableError.
    """
    try:
        signature = inspect.signature(function, follow_wrapped=False)
    except Exception as error:
        raise UndrawableError(f"its parameters cannot be read: {in_short(error)}") from error
    strategies: dict[str, st.SearchStrategy[Any]] = {}
    counts: list[int | None] = []
    use_values(constants(function))
    for name, parameter in signature.parameters.items():
        if stars := _STARS.get(parameter.kind):
            raise UndrawableError(f"it takes any arguments: `{stars}{name}`")
        try:
            annotation = _annotation(function, name)
            strategies[name] = _strategy(annotation, seconds)
        except UndrawableError as error:
            raise UndrawableError(f"`{name}` {error}") from error
        counts.append(count(annotation))
    return Plan(signature, _together(strategies, seconds, be_alive), _product(counts))


def _annotation(function: Callable[..., Any], name: str) -> Any:  # noqa: ANN401 - an annotation
    """Return what a parameter's annotation means, whatever the others' do."""
    written = getattr(function, "__annotations__", {})
    if name not in written:
        raise UndrawableError("has no annotation")
    alone = _Annotated({name: written[name]})
    try:
        try:
            names = getattr(function, "__globals__", {})
            return typing.get_type_hints(alone, globalns=names, include_extras=True)[name]
        except NameError:
            return typing.get_type_hints(alone, globalns=names_for(function), include_extras=True)[name]
    except Exception as error:
        raise UndrawableError(f"has an annotation that cannot be read: {in_short(error)}") from error


class _Annotated:
    def __init__(self, annotations: dict[str, Any]) -> None:
        self.__annotations__ = annotations


def _strategy(annotation: Any, seconds: float) -> st.SearchStrategy[Any]:  # noqa: ANN401 - an annotation
    if why := vagueness(annotation):
        raise UndrawableError(why)
    try:
        with Ending(seconds):
            strategy: st.SearchStrategy[Any] = st.from_type(annotation)
            strategy.validate()
            is_empty = strategy.is_empty
    except Exception as error:
        raise UndrawableError(f"is of a kind that no values can be made of: {_kind(annotation)}") from error
    if is_empty:
        raise UndrawableError(f"is of a kind that no values can be made of: {_kind(annotation)}")
    return strategy


def _kind(annotation: Any) -> str:  # noqa: ANN401 - an annotation
    return f"`{getattr(annotation, '__name__', annotation)}`"


def _product(counts: list[int | None]) -> int | None:
    total = 1
    for each in counts:
        if each is None:
            return None
        total *= each
    return total


def _together(
    strategies: dict[str, st.SearchStrategy[Any]], seconds: float, be_alive: Callable[[], None]
) -> st.SearchStrategy[Drawn]:
    @st.composite
    def drawn(draw: st.DrawFn) -> Drawn:
        be_alive()
        try:
            with Ending(seconds):
                return Drawn({name: draw(each) for name, each in strategies.items()})
        except HypothesisException:
            raise
        except Exception:  # noqa: BLE001 - a class that does not take these: the workspace's own code
            reject()

    return drawn()
