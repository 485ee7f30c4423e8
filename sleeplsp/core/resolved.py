"""What a path was resolved to: the words that resolution, contexts and deduction share."""

from enum import StrEnum

import msgspec


class Kind(StrEnum):
    """What a path was resolved to."""

    FUNCTION = "function"
    METHOD = "method"
    """A function reached through an object: its first parameter is given."""
    CLASS = "class"
    MODULE = "module"
    INSTANCE = "instance"
    """An object of the class `ref`."""
    COROUTINE = "coroutine"
    """What calling the async function `ref` gives."""
    EXTERNAL = "external"
    """A dotted name outside the workspace."""
    EXTERNAL_INSTANCE = "external instance"
    """An object of a class outside the workspace."""


class Resolved(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """What a path refers to. `ref` is `path::symbol`, a module's path, or a dotted external name.

    `exact`: for a class, an instance or what is reached through one, it is this very class, no subclass.
    """

    kind: Kind
    ref: str
    exact: bool = False


def ref_of(module: str, symbol: str) -> str:
    """Return the workspace-wide reference of a symbol."""
    return f"{module}::{symbol}"


def path_in(ref: str) -> str:
    """Return the module of a reference."""
    return ref.partition("::")[0]
