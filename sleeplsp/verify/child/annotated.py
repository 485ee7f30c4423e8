"""What an annotation says of the values it stands for. It must not know how they are made."""

import collections.abc
import enum
import inspect
import types
import typing
from typing import Any

_UNIONS = (typing.Union, getattr(types, "UnionType", typing.Union))
_OF_SOMETHING = {type, collections.abc.Callable}
_WHOLE = (str, bytes, bytearray, memoryview, range)
"""What one goes through without anything having to be said of what it holds."""


def vagueness(annotation: Any, seen: frozenset[Any] = frozenset()) -> str:  # noqa: ANN401 - an annotation
    """Return why nothing can be said about what an annotation leaves open; empty: it says enough."""
    if annotation is Any or annotation is object:
        return "may be anything"
    arguments = typing.get_args(annotation)
    origin = typing.get_origin(annotation)
    if origin is typing.Literal:
        return ""
    if arguments:
        parts = arguments[:1] if origin is typing.Annotated else arguments
        return next(filter(None, (vagueness(each, seen) for each in _flat(parts))), "")
    kind = origin or annotation
    if not isinstance(kind, type) or kind in seen:
        return ""
    if kind in _OF_SOMETHING or _holds_things(kind):
        return f"is a `{kind.__name__}` of anything"
    fields = _fields(kind)
    found = ((name, vagueness(each, seen | {kind})) for name, each in fields.items())
    return next((f"has a `{name}` that {why}" for name, why in found if why), "")


def count(annotation: Any) -> int | None:  # noqa: ANN401 - an annotation
    """Return how many values there are, if they are few and known; None: many, or nobody knows."""
    if annotation is None or annotation is type(None):
        return 1
    if annotation is bool:
        return 2
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is typing.Literal:
        return len(arguments)
    if origin in _UNIONS:
        return _joined(arguments, lambda one, other: one + other, 0)
    if origin is tuple and Ellipsis not in arguments:
        return _joined(arguments, lambda one, other: one * other, 1)
    if (
        isinstance(annotation, type)
        and issubclass(annotation, enum.Enum)
        and not issubclass(annotation, enum.Flag)
    ):
        return len(annotation)
    return None


def _joined(
    annotations: tuple[Any, ...], join: collections.abc.Callable[[int, int], int], of_none: int
) -> int | None:
    total = of_none
    for each in annotations:
        one = count(each)
        if one is None:
            return None
        total = join(total, one)
    return total


def _flat(parts: collections.abc.Iterable[Any]) -> collections.abc.Iterator[Any]:
    """Yield annotations of a list of arguments, those of a callable's list of parameters among them."""
    for each in parts:
        if isinstance(each, list):
            yield from _flat(each)
        elif each is not Ellipsis:
            yield each


def _holds_things(kind: type) -> bool:
    is_library = kind.__module__ in {"builtins", "collections", "collections.abc", "typing"}
    return is_library and issubclass(kind, collections.abc.Iterable) and not issubclass(kind, _WHOLE)


def _fields(kind: type) -> dict[str, Any]:
    """Return annotations of what is needed to make one of a class of the workspace."""
    if kind.__module__ in {"builtins", "typing"} or issubclass(kind, enum.Enum):
        return {}
    try:
        hints = typing.get_type_hints(kind, include_extras=True)
        if typing.is_typeddict(kind):
            return hints
        hints.update(typing.get_type_hints(kind.__init__, include_extras=True))
        names = inspect.signature(kind).parameters
    except Exception:  # noqa: BLE001 - names that are not there, the workspace's own code
        return {}
    return {name: each for name, each in hints.items() if name in names}
