"""The code of modules: what may make them act otherwise. It must not know what was tried."""

import hashlib
from collections.abc import Iterable, Iterator

from sleeplsp.core.facts import MODULE
from sleeplsp.core.resolved import ref_of
from sleeplsp.engine.knowledge import Knowledge


class Code:
    """The code of one workspace; for one thread."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._knowledge = knowledge
        self._version = -1
        self._modules: dict[str, str] = {}
        """Digests, as of that version."""

    def digest(self, path: str) -> str:
        """Return the digest of a module's code, and of what it imports from others; '' if it is gone.

        Comments and layout do not count.
        """
        if self._version != self._knowledge.version:
            self._version, self._modules = self._knowledge.version, {}
        if path not in self._modules:
            is_there = path in self._knowledge.facts
            self._modules[path] = _digest(self._parts(path)) if is_there else ""
        return self._modules[path]

    def _parts(self, path: str) -> Iterator[str]:
        facts = self._knowledge.facts[path]
        yield self._knowledge.codes[ref_of(path, MODULE)]
        yield facts.interface
        yield from (f"{each.id} {each.digest}" for each in facts.symbols)
        for each in sorted(self._imported(path)):
            yield f"{each} {self._knowledge.facts[each].interface}"

    def _imported(self, path: str) -> set[str]:
        facts, files = self._knowledge.facts[path], self._knowledge.index.files
        found = {files.find(path, dotted, level) for dotted, level in facts.stars}
        for bindings in facts.bindings.values():
            for each in bindings:
                if each.kind == "import":
                    module = files.find(path, each.target, each.level)
                    found |= {module, files.member(module, each.member)}
        return {each for each in found if each in self._knowledge.facts}


def _digest(parts: Iterable[str]) -> str:
    joined = "\0".join(parts).encode("utf-8", "surrogatepass")
    return hashlib.blake2b(joined, digest_size=12).hexdigest()
