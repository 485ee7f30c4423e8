"""The modules of a workspace as they are written: functions, classes and values at their top, by name.

Only names that one statement binds, and nothing else as far as the workspace says. It must not know what they
are looked for.
"""

import ast
import warnings
from collections.abc import Callable

import msgspec

from sleeplsp.core.facts import ANY
from sleeplsp.core.text import Text
from sleeplsp.engine.knowledge import Knowledge

Definition = ast.FunctionDef | ast.ClassDef


class _Module(msgspec.Struct, frozen=True):
    definitions: dict[str, Definition]
    values: dict[str, ast.expr]


class Sources:
    """The modules of one workspace; for one thread."""

    def __init__(self, knowledge: Knowledge, text_of: Callable[[str], Text | None]) -> None:
        self._knowledge = knowledge
        self._text_of = text_of
        self._modules: dict[str, _Module] = {}

    def forget(self) -> None:
        """Read them again: they may have changed."""
        self._modules.clear()

    def function(self, path: str, name: str) -> ast.FunctionDef | None:
        """Return a function of a module; None where its name may be another thing as well."""
        found = self._definition(path, name)
        return found if isinstance(found, ast.FunctionDef) else None

    def class_(self, path: str, name: str) -> ast.ClassDef | None:
        """Return a class of a module; None where its name may be another thing as well."""
        found = self._definition(path, name)
        return found if isinstance(found, ast.ClassDef) else None

    def value(self, path: str, name: str) -> ast.expr | None:
        """Return what a name of a module is bound to once and for all; None for all other names."""
        facts = self._knowledge.facts.get(path)
        if facts is None or name not in facts.fixed or self._is_stored(path, name):
            return None
        return self._module(path).values.get(name)

    def _definition(self, path: str, name: str) -> Definition | None:
        facts = self._knowledge.facts.get(path)
        if facts is None or len(facts.bindings.get(name, ())) != 1 or self._is_stored(path, name):
            return None
        return self._module(path).definitions.get(name)

    def _is_stored(self, path: str, name: str) -> bool:
        """Tell whether any module of the workspace stores into a name from outside."""
        return not self._knowledge.stored.isdisjoint((f"{path}.{name}", f"{path}.{ANY}"))

    def _module(self, path: str) -> _Module:
        if path not in self._modules:
            text = self._text_of(path) if path.endswith((".py", ".pyi")) else None
            self._modules[path] = _read(text.source if text is not None else b"")
        return self._modules[path]


def _read(source: bytes) -> _Module:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            body = ast.parse(source).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        body = []
    values: dict[str, ast.expr] = {}
    for each in body:
        match each:
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                values[name] = value
            case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
                values[name] = value
    return _Module({each.name: each for each in body if isinstance(each, Definition)}, values)
