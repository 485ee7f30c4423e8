"""Which functions can be called without anything being the worse for it.

All that a function uses must be known: its own names, what `known_pure` lists, constants, and functions and
plain classes of the workspace of which the same is true. What it changes it must have made itself. A deduced
contract says less: it knows nothing of objects whose class it does not know, which is most of them; here
annotations are believed. That is enough to run code that its user trusts, in a process that may not write:
nothing is claimed of it. It must not know who calls anything.
"""

import ast
import warnings
from collections.abc import Callable

from sleeplsp.core.contract import Verdict
from sleeplsp.core.resolved import Kind, Resolved, ref_of
from sleeplsp.core.text import Text
from sleeplsp.engine.knowledge import Knowledge
from sleeplsp.engine.verification.body import Body, Use, annotated, chain_of
from sleeplsp.engine.verification.known_pure import BUILTINS, BUT, CHANGING, FRESH, METHODS, MODULES, NAMES

Definition = ast.FunctionDef | ast.ClassDef

_BUILTINS = "builtins."
_CLASS_DECORATORS = ("dataclasses.dataclass", "enum.unique", "functools.total_ordering", "typing.final")
_MAKERS = ("__init__", "__new__", "__post_init__", "__init_subclass__", "__set_name__")
"""Methods that run where an object is made."""


class Harmless:
    """The functions of one workspace that can be called; for one thread."""

    def __init__(self, knowledge: Knowledge, text_of: Callable[[str], Text | None]) -> None:
        self._knowledge = knowledge
        self._text_of = text_of
        self._version = -1
        self._found: dict[str, bool] = {}
        """By reference, as of that version."""
        self._modules: dict[str, dict[str, Definition]] = {}

    def is_harmless(self, path: str, name: str) -> bool:
        """Tell whether a name of a module is a function, and no other, that can be called."""
        if self._version != self._knowledge.version:
            self._version, self._found, self._modules = self._knowledge.version, {}, {}
        return self._holds(ref_of(path, name), ast.FunctionDef)

    def does_none(self, path: str, function: ast.FunctionDef) -> bool:
        """Tell whether a function that is written in a module, or might be, does no harm."""
        body = Body(function, lambda chain: self.is_fresh(path, chain))
        return body.is_quiet and all(self.allows(path, each) for each in body.uses)

    def allows(self, path: str, use: Use) -> bool:
        """Tell whether code of a module may use a name, or an attribute of one."""
        if self._is_constant(path, use.chain[0]):
            return not use.is_called or (len(use.chain) > 1 and use.chain[-1] in METHODS)
        resolved, rest = self._resolved(path, use.chain)
        if resolved is None:
            return False
        match resolved.kind:
            case Kind.EXTERNAL:
                return is_known(".".join((resolved.ref, *rest)))
            case Kind.FUNCTION:
                return not rest and self._holds(resolved.ref, ast.FunctionDef)
            case Kind.CLASS:
                # Of a class that can be made what is read is a constant of it, and a method is not called so.
                return self._holds(resolved.ref, ast.ClassDef) and not (rest and use.is_called)
        return False

    def is_fresh(self, path: str, chain: tuple[str, ...]) -> bool:
        """Tell whether calling something gives a new container."""
        resolved, rest = self._resolved(path, chain)
        external = resolved is not None and resolved.kind is Kind.EXTERNAL
        return resolved is not None and external and ".".join((resolved.ref, *rest)) in FRESH

    def function(self, path: str, name: str) -> ast.FunctionDef | None:
        """Return a function of a module as it is written; None where it is not that alone."""
        found = self._definitions(path).get(name)
        facts = self._knowledge.facts.get(path)
        is_bound_once = facts is not None and len(facts.bindings.get(name, ())) == 1
        return found if isinstance(found, ast.FunctionDef) and is_bound_once else None

    def _resolved(self, path: str, chain: tuple[str, ...]) -> tuple[Resolved | None, tuple[str, ...]]:
        """Return what the longest part of a chain means that means anything, and the rest."""
        for length in range(len(chain), 0, -1):
            found = self._knowledge.index.resolve(path, "", ".".join(chain[:length]))
            if found is not None and found.kind is not Kind.MODULE:
                return found, chain[length:]
        return None, chain

    def _is_constant(self, path: str, name: str) -> bool:
        """Tell whether a name is bound by one plain statement of the module, and nothing else."""
        facts = self._knowledge.facts.get(path)
        return facts is not None and name in facts.fixed and facts.bindings[name][0].kind == "value"

    def _holds(self, ref: str, kind: type[Definition]) -> bool:
        if ref not in self._found:
            self._found[ref] = True  # what calls itself is as harmless as all else that it does
            self._found[ref] = self._is_function(ref) if kind is ast.FunctionDef else self._is_class(ref)
        return self._found[ref]

    def _is_function(self, ref: str) -> bool:
        path, _, name = ref.partition("::")
        function, row = self.function(path, name), self._knowledge.rows.get(ref)
        if function is None or function.decorator_list or row is None:
            return False
        if row.contract.pure is Verdict.NO:
            return False
        return self.does_none(path, function)

    def _is_class(self, ref: str) -> bool:
        """Tell whether making an object of a class runs nothing of it."""
        path, _, name = ref.partition("::")
        found = self._definitions(path).get(name)
        if not isinstance(found, ast.ClassDef) or found.keywords:
            return False
        decorators = [each.func if isinstance(each, ast.Call) else each for each in found.decorator_list]
        members = {each.name for each in found.body if isinstance(each, ast.FunctionDef)}
        return (
            members.isdisjoint(_MAKERS)
            and all(self._names(path, each) in _CLASS_DECORATORS for each in decorators)
            and all((chain := chain_of(each)) and self.allows(path, Use(chain)) for each in found.bases)
            and all(self.allows(path, each) for each in annotated(found))
        )

    def _names(self, path: str, node: ast.expr) -> str:
        resolved, rest = self._resolved(path, chain_of(node) or ("",))
        return ".".join((resolved.ref, *rest)) if resolved is not None else ""

    def _definitions(self, path: str) -> dict[str, Definition]:
        if path not in self._modules:
            text = self._text_of(path) if path.endswith((".py", ".pyi")) else None
            found = _parsed(text.source) if text is not None else None
            body = found.body if found is not None else []
            self._modules[path] = {each.name: each for each in body if isinstance(each, Definition)}
        return self._modules[path]


def is_known(name: str) -> bool:
    """Tell whether a dotted name outside of the workspace may be used."""
    owner, _, last = name.rpartition(".")
    if name.startswith(_BUILTINS):
        builtin, _, method = name.removeprefix(_BUILTINS).partition(".")
        return builtin in BUILTINS and (not method or method in METHODS)
    if name in BUT or (last in CHANGING and "." in owner):
        return False
    return name.partition(".")[0] in MODULES or name in NAMES or owner in NAMES


def _parsed(source: bytes) -> ast.Module | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
