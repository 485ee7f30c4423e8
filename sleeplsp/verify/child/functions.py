"""A function of a module, if it is one that can simply be called. It must not know what it is called with."""

import inspect
from collections.abc import Callable
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any


class UncallableError(Exception):
    """It is not called; the text says why, in one line."""


def function(module: ModuleType, path: Path, name: str) -> Callable[..., Any]:
    """Return a plain function that is defined in the module itself, undecorated. Raises UncallableError."""
    if "." in name:
        raise UncallableError("only functions of a module are called, no methods")
    found = vars(module).get(name)
    if found is None:
        raise UncallableError("the module has no such function")
    if not isinstance(found, FunctionType):
        raise UncallableError("it is no plain function")
    file = Path(found.__code__.co_filename)
    is_own = file.exists() and file.samefile(path)
    if not is_own or found.__code__.co_name != name or hasattr(found, "__wrapped__"):
        raise UncallableError("it is decorated, or comes from elsewhere")
    if inspect.iscoroutinefunction(found) or inspect.isasyncgenfunction(found):
        raise UncallableError("it is asynchronous")
    if inspect.isgeneratorfunction(found):
        raise UncallableError("it is a generator")
    if (
        "result"
        in found.__code__.co_varnames[: found.__code__.co_argcount + found.__code__.co_kwonlyargcount]
    ):
        raise UncallableError("one of its parameters is called `result`, as what it returns is in checks")
    return found
