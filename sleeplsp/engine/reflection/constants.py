"""Constants that a module imports by name: which they are, as far as that is certain.

What counts is that a name is bound once and for all (`core.extract.fixed`) in every module on the way, and
that no module of the workspace stores into one of these under that name. Cheap, so that it can be asked of a
whole workspace without reading a text. It must not know what a constant's value is, nor who is told.
"""

from collections.abc import Iterator

from sleeplsp.core.facts import ANY, ModuleFacts
from sleeplsp.core.resolved import ref_of
from sleeplsp.core.symbols import Symbol
from sleeplsp.engine.knowledge import Knowledge

FOLLOW_MAX = 8
"""Imports that are followed from module to module for one name."""

KINDS = frozenset(("constant", "variable"))


def constants(knowledge: Knowledge, path: str) -> Iterator[tuple[str, str, Symbol]]:
    """Yield the name in a module, the reference and the symbol of each constant that it imports."""
    for name in knowledge.facts[path].fixed:
        found = _followed(knowledge, path, name)
        if found is not None:
            where, symbol = found
            yield name, ref_of(where, symbol.id), symbol


def _followed(knowledge: Knowledge, path: str, name: str) -> tuple[str, Symbol] | None:
    """Return the module and symbol of an imported value; None for all else, and for what may change."""
    for count in range(FOLLOW_MAX):
        facts = knowledge.facts.get(path)
        if facts is None or name not in facts.fixed or _is_stored(knowledge, path, name):
            return None
        if knowledge.index.files.member(path, name):  # which is put in its place once it is imported
            return None
        (binding,) = facts.bindings[name]
        if binding.kind == "value":
            return _defined(facts, name) if count else None
        if binding.kind != "import" or not binding.member:
            return None
        path, name = knowledge.index.files.find(path, binding.target, binding.level), binding.member
    return None


def _is_stored(knowledge: Knowledge, path: str, name: str) -> bool:
    return not knowledge.stored.isdisjoint((f"{path}.{name}", f"{path}.{ANY}"))


def _defined(facts: ModuleFacts, name: str) -> tuple[str, Symbol] | None:
    named = [each for each in facts.symbols if each.path == name]
    return (facts.path, named[0]) if len(named) == 1 and named[0].kind in KINDS else None
