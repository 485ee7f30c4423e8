"""The catalogue: what is said of each setting in documentation and warnings, read off the schema."""

import typing
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Literal

import msgspec

from sleeplsp.engine.settings.kinds import Scope
from sleeplsp.engine.settings.model import ModelSettings, Price
from sleeplsp.engine.settings.schema import Settings


class SettingEntry(msgspec.Struct, frozen=True):
    """One setting as the documentation and the warnings describe it."""

    name: str
    expected: str
    """What its value must be, in words."""
    default: object
    scope: Scope
    description: str


@cache
def catalogue() -> tuple[SettingEntry, ...]:
    """Return all settings in the order of the schema."""
    return tuple(_entry(name, hint) for name, hint in types_of().items())


@cache
def types_of() -> dict[str, typing.Any]:
    """Return the annotation of each setting, the model's last."""
    found = typing.get_type_hints(Settings, include_extras=True)
    return {name: found[name] for name in sorted(found, key=ModelSettings.__struct_fields__.__contains__)}


def _entry(name: str, hint: object) -> SettingEntry:
    kind, *notes = typing.get_args(hint)
    about = notes[-1]
    if type(None) in typing.get_args(kind):  # None stands for what is not set
        given = typing.get_args(kind)[0]
        is_bounded = typing.get_origin(given) is typing.Annotated
        kind, *notes = typing.get_args(given) if is_bounded else (given, about)
    return SettingEntry(
        name=name,
        expected=_in_words(kind, notes[0]),
        default=getattr(Settings(), name),
        scope=about.extra["scope"],
        description=about.description,
    )


def _in_words(kind: object, bound: msgspec.Meta) -> str:
    if kind is int and bound.le is not None:
        return f"a whole number from {bound.ge} to {bound.le}"
    if kind is int:
        return f"a whole number of at least {bound.ge}"
    if kind is float:
        return f"a number greater than {bound.gt}" if bound.gt is not None else f"a number from {bound.ge} on"
    if kind is bool:
        return "true or false"
    if typing.get_origin(kind) is Literal:
        return one_of(typing.get_args(kind))
    if typing.get_origin(kind) is tuple:
        return "a list of strings"
    if typing.get_origin(kind) is Mapping:
        value = typing.get_args(kind)[1]
        return "a table of tables" if value is Price else f"a table of {one_of(typing.get_args(value))}"
    return "a string"


def one_of(values: Iterable[object]) -> str:
    """Return values in words, as alternatives."""
    *most, last = (f'"{value}"' for value in values)
    return f"{', '.join(most)} or {last}"
