"""What a call of a function leads to, where all of that can run without anything being the worse for it.

Everything that is used on the way must be known: own names, what `known_pure` lists, constants that are
written out, and functions and plain classes of the workspace of which the same is true. What is changed must
have been made by whoever changes it. A deduced contract says less: it knows nothing of objects whose class it
does not know, which is most of them; here annotations are believed. That is enough to run code that its user
trusts, in a process that may not write: nothing is claimed of it. It must not know who calls anything.
"""

import ast
import builtins
from collections.abc import Callable, Iterable

from sleeplsp.core.contract import Verdict
from sleeplsp.core.resolved import Kind, Resolved, ref_of
from sleeplsp.core.text import Text
from sleeplsp.engine.knowledge import Knowledge
from sleeplsp.engine.verification.body import Body, Use
from sleeplsp.engine.verification.known_pure import FRESH, MAKERS, METHODS, is_known
from sleeplsp.engine.verification.plain_class import uses_of
from sleeplsp.engine.verification.sources import Sources
from sleeplsp.engine.verification.written import is_written_out

FUNCTIONS_MAX = 50
"""Functions and classes that a call may lead to; where there are more, it is not made."""

Refs = frozenset[str]


class Reach:
    """What calls of the functions of one workspace lead to; for one thread."""

    def __init__(self, knowledge: Knowledge, text_of: Callable[[str], Text | None]) -> None:
        self._knowledge = knowledge
        self._sources = Sources(knowledge, text_of)
        self._version = -1
        self._next: dict[str, Refs | None] = {}
        """By reference, as of that version: what it leads to at once; None if it cannot be called."""

    def function(self, path: str, name: str) -> ast.FunctionDef | None:
        """Return a function of a module as it is written; None where its name may be another thing, too."""
        self._renew()
        return self._sources.function(path, name)

    def of(self, path: str, name: str) -> Refs | None:
        """Return the functions and classes that a call of one leads to, itself among them; else None."""
        self._renew()
        return self._followed([ref_of(path, name)])

    def of_check(self, path: str, check: ast.FunctionDef) -> Refs | None:
        """Return the same of a function that is written in no module, and could be in this one."""
        self._renew()
        first = self._of_function(path, check)
        return self._followed(first) if first is not None else None

    def _renew(self) -> None:
        if self._version != self._knowledge.version:
            self._version, self._next = self._knowledge.version, {}
            self._sources.forget()

    def _followed(self, refs: Iterable[str]) -> Refs | None:
        found = dict.fromkeys(refs)
        pending = list(found)
        while pending:
            ref = pending.pop()
            if ref not in self._next:
                self._next[ref] = self._at_once(ref)
            further = self._next[ref]
            if further is None or len(found) > FUNCTIONS_MAX:
                return None
            pending += (each for each in further if each not in found)
            found.update(dict.fromkeys(further))
        return frozenset(found)

    def _at_once(self, ref: str) -> Refs | None:
        path, _, name = ref.partition("::")
        found = self._sources.class_(path, name)
        if found is not None:
            return self._of_class(path, found)
        function, row = self._sources.function(path, name), self._knowledge.rows.get(ref)
        if function is None or function.decorator_list or row is None or row.contract.pure is Verdict.NO:
            return None
        return self._of_function(path, function)

    def _of_function(self, path: str, function: ast.FunctionDef) -> Refs | None:
        body = Body(
            function,
            is_global=lambda name: self._is_global(path, name),
            is_fresh=lambda chain: self._name(path, chain) in FRESH,
        )
        return self._of_uses(path, body.uses) if body.is_quiet else None

    def _of_class(self, path: str, found: ast.ClassDef) -> Refs | None:
        uses = uses_of(found, lambda chain: self._name(path, chain))
        return self._of_uses(path, uses) if uses is not None else None

    def _of_uses(self, path: str, uses: Iterable[Use]) -> Refs | None:
        refs: set[str] = set()
        for each in uses:
            further = self._of_use(path, each)
            if further is None:
                return None
            refs.update(further)
        return frozenset(refs)

    def _of_use(self, path: str, use: Use) -> tuple[str, ...] | None:
        """Return what a name of a module, or an attribute of one, leads to; None if it may not be used."""
        value = self._sources.value(path, use.chain[0])
        if value is not None:
            is_method = len(use.chain) > 1 and use.chain[-1] in METHODS
            is_written = is_written_out(value, lambda chain: self._name(path, chain) in MAKERS)
            return () if is_written and (is_method or not use.is_called) else None
        resolved, rest = self._resolved(path, use.chain)
        if resolved is None:
            return None
        match resolved.kind:
            case Kind.EXTERNAL:
                return () if is_known(".".join((resolved.ref, *rest))) else None
            case Kind.FUNCTION:
                return (resolved.ref,) if not rest else None
            case Kind.CLASS:
                # Of a plain class what is read is a value that is written out; a method is not called so.
                return (resolved.ref,) if not (rest and use.is_called) else None
        return None

    def _is_global(self, path: str, name: str) -> bool:
        facts = self._knowledge.facts.get(path)
        return hasattr(builtins, name) or facts is None or name in facts.bindings

    def _name(self, path: str, chain: tuple[str, ...]) -> str:
        """Return the dotted name of what lies outside of the workspace; '' for all else."""
        resolved, rest = self._resolved(path, chain)
        is_outside = resolved is not None and resolved.kind is Kind.EXTERNAL
        return ".".join((resolved.ref, *rest)) if resolved is not None and is_outside else ""

    def _resolved(self, path: str, chain: tuple[str, ...]) -> tuple[Resolved | None, tuple[str, ...]]:
        """Return what the longest part of a chain means that means anything, and the rest."""
        for length in range(len(chain), 0, -1):
            found = self._knowledge.index.resolve(path, "", ".".join(chain[:length]))
            if found is not None and found.kind is not Kind.MODULE:
                return found, chain[length:]
        return None, chain
