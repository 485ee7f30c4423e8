"""Looking: what was looked at to find something out, so that it is forgotten when that changes.

What is remembered is remembered with what it rests on, and who asks for it rests on the same. A module goes
by its path, whatever derives from a class by `below`. It must not know what is found out.
"""

from collections.abc import Callable, Collection, Hashable
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")

_NOTHING: frozenset[str] = frozenset()


def below(class_ref: str) -> str:
    """Return what stands for all that derives from a class."""
    return f"<{class_ref}"


class Looking:
    """What is being looked at now; one for all that is remembered together."""

    def __init__(self) -> None:
        self._seen: set[str] = set()
        self._shared: dict[frozenset[str], frozenset[str]] = {}

    def at(self, what: str) -> None:
        """Take note that something was looked at."""
        self._seen.add(what)

    def at_all(self, what: frozenset[str]) -> None:
        """Take note that several things were."""
        self._seen |= what

    def begin(self, what: str) -> set[str]:
        """Note apart from now on, `what` first; return what `end` takes."""
        before, self._seen = self._seen, {what}
        return before

    def drop(self, before: set[str]) -> None:
        """Give up what was looked at since `begin`."""
        self._seen = before

    def end(self, before: set[str]) -> frozenset[str]:
        """Return what was looked at since `begin`, and note it with what was before."""
        found = frozenset(self._seen)
        found = self._shared.setdefault(found, found)  # the same few come again and again
        before |= found
        self._seen = before
        return found


class Memory(Generic[K, V]):
    """What was found out in each module, with what it rests on; `unknown` while it is being found out."""

    def __init__(self, looking: Looking, unknown: V) -> None:
        self._looking = looking
        self._nothing = (unknown, _NOTHING)
        self._known: dict[str, dict[K, tuple[V, frozenset[str]]]] = {}
        self._resting: dict[str, set[str]] = {}
        """Modules in which something rests on a thing, by the thing."""

    def get(self, module: str, key: K, find: Callable[[], V]) -> V:
        """Return what is remembered in a module, or find it out."""
        table = self._known.setdefault(module, {})
        known = table.get(key)
        if known is not None:
            self._looking.at_all(known[1])
            return known[0]
        table[key] = self._nothing  # what refers to itself refers to nothing
        before = self._looking.begin(module)
        seen = _NOTHING
        try:
            value = find()
        finally:
            seen = self._looking.end(before)
        table[key] = (value, seen)
        for each in seen:
            self._resting.setdefault(each, set()).add(module)
        return value

    def forget(self, changed: Collection[str]) -> None:
        """Forget what rests on anything that has changed."""
        modules = {module for each in changed for module in self._resting.get(each, ())}
        for module in modules:
            table = self._known.get(module, {})
            self._known[module] = {key: known for key, known in table.items() if known[1].isdisjoint(changed)}

    def forget_all_of(self, module: str) -> None:
        """Forget what was found out in a module."""
        self._known.pop(module, None)

    def apart_in(self, module: str) -> "Memory[K, V]":
        """Return a memory of the same, but of one module, in which it goes its own way."""
        other: Memory[K, V] = Memory(self._looking, self._nothing[0])
        other._known = {**self._known}
        other._known.pop(module, None)
        other._resting = self._resting
        return other
