"""The code that a call of a function runs, as far as the workspace has it: what a verdict rests on.

It must not know what was tried.
"""

import hashlib
from collections.abc import Iterable

from sleeplsp.core.facts import MODULE
from sleeplsp.core.resolved import path_in, ref_of
from sleeplsp.engine.constants import constants
from sleeplsp.engine.knowledge import Knowledge

FUNCTIONS_MAX = 50
"""Functions that a call may lead to; where there are more, nobody could say what a verdict rests on."""


class Code:
    """The code that calls run, in one workspace; for one thread."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._knowledge = knowledge
        self._version = -1
        self._modules: dict[str, str] = {}
        """Digests of all code of a module, as of that version."""

    def reached(self, ref: str) -> tuple[str, ...] | None:
        """Return the functions that a call of one leads to, itself first; None if they are too many."""
        found = {ref: None}
        pending = [ref]
        while pending:
            for each in self._knowledge.calls.get(pending.pop(), ()):
                if each not in found and path_in(each) in self._knowledge.facts:
                    found[each] = None
                    pending.append(each)
            if len(found) > FUNCTIONS_MAX:
                return None
        return tuple(found)

    def digest(self, refs: Iterable[str]) -> str:
        """Return the digest of all that may make some functions act otherwise: their modules' code."""
        if self._version != self._knowledge.version:
            self._version, self._modules = self._knowledge.version, {}
        paths = sorted({path_in(each) for each in refs})
        return _digest(part for path in paths for part in (path, self._module(path)))

    def _module(self, path: str) -> str:
        if path not in self._modules:
            facts = self._knowledge.facts[path]
            own = (f"{each.id} {each.digest}" for each in facts.symbols)
            imported = (f"{name} {ref} {each.digest}" for name, ref, each in constants(self._knowledge, path))
            body = self._knowledge.codes[ref_of(path, MODULE)]
            self._modules[path] = _digest((body, facts.interface, *own, *imported))
        return self._modules[path]


def _digest(parts: Iterable[str]) -> str:
    joined = "\0".join(parts).encode("utf-8", "surrogatepass")
    return hashlib.blake2b(joined, digest_size=12).hexdigest()
