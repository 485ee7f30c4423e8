"""Constants that a module imports by name: which they are, as far as that is certain.

Cheap, so that it can be asked of a whole workspace without reading a text. It must not know what a constant's
value is, nor who is told.
"""

from collections.abc import Iterator

from sleeplsp.core.facts import Binding
from sleeplsp.core.resolved import ref_of
from sleeplsp.core.symbols import Symbol
from sleeplsp.engine.knowledge import Knowledge

FOLLOW_MAX = 8
"""Imports that are followed from module to module for one name."""

KINDS = frozenset(("constant", "variable"))


def constants(knowledge: Knowledge, path: str) -> Iterator[tuple[str, str, Symbol]]:
    """Yield the name in a module, the reference and the symbol of each constant that it imports."""
    for name, bindings in sorted(knowledge.facts[path].bindings.items()):
        found = _followed(knowledge, path, bindings)
        if found is not None:
            where, symbol = found
            yield name, ref_of(where, symbol.id), symbol


def _followed(knowledge: Knowledge, path: str, bindings: tuple[Binding, ...]) -> tuple[str, Symbol] | None:
    """Return the module and symbol of a value; None for all else, and for what may be one of several."""
    for _ in range(FOLLOW_MAX):
        if len(bindings) != 1 or bindings[0].kind != "import" or not bindings[0].member:
            return None
        (binding,) = bindings
        path = knowledge.index.files.find(path, binding.target, binding.level)
        facts = knowledge.facts.get(path)
        if facts is None:
            return None
        bindings = facts.bindings.get(binding.member, ())
        if [each.kind for each in bindings] == ["value"]:
            named = [each for each in facts.symbols if each.path == binding.member]
            return (path, named[0]) if len(named) == 1 and named[0].kind in KINDS else None
    return None
