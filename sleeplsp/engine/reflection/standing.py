"""Standing: digests by which a module is known to be as it was when a model thought about it.

Cheap, so that a whole workspace is looked over without reading a text. It must not know what was thought.
"""

import hashlib
from collections.abc import Iterable

from sleeplsp.core.resolved import path_in
from sleeplsp.engine.knowledge import UNKNOWN, Knowledge
from sleeplsp.engine.reflection.constants import constants


def standing(knowledge: Knowledge, path: str) -> str:
    """Return the digest of a module's text, the interfaces of all it can see of others, and its constants."""
    facts = knowledge.facts[path]
    seen = {path_in(ref) for each in knowledge.functions_of(path) for ref in knowledge.calls.get(each, ())}
    imports = knowledge.index.files
    for bindings in facts.bindings.values():
        for each in bindings:
            if each.kind == "import":
                found = imports.find(path, each.target, each.level)
                seen.update((found, imports.member(found, each.member)))
    seen.update(imports.find(path, dotted, level) for dotted, level in facts.stars)
    others = (knowledge.facts[each].interface for each in sorted(seen) if each in knowledge.facts)
    values = (f"{name} {ref} {symbol.digest}" for name, ref, symbol in constants(knowledge, path))
    return _digest((path, facts.text_digest, *others, *values))


def soft(knowledge: Knowledge, path: str) -> str:
    """Return the digest of what a model is told besides: contracts of a module's functions, and callers."""
    told: list[str] = []
    for ref in knowledge.functions_of(path):
        told.append(knowledge.digests.get(ref, UNKNOWN))
        told += (knowledge.digests.get(each, UNKNOWN) for each in knowledge.calls.get(ref, ()))
        told += sorted(knowledge.callers.get(ref, ()))
    return _digest(told)


def _digest(parts: Iterable[str]) -> str:
    joined = "\0".join(parts).encode("utf-8", "surrogatepass")
    return hashlib.blake2b(joined, digest_size=12).hexdigest()
