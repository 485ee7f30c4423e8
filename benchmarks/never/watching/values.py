"""Looking at values without running any of their code: fingerprints, likeness, short descriptions.

Classes may define `__eq__`, `__repr__`, `__getattr__` or properties that do anything; nothing here calls
them. It must not know what is claimed.
"""

from types import GeneratorType, MemberDescriptorType
from typing import TypeGuard, TypeVar

DEPTH_MAX = 4
"""Levels of containers and objects looked into."""

NODES_MAX = 300
"""Values looked at for one fingerprint."""

TEXT_MAX = 80
"""Characters of one description."""

_ATOMS = (type(None), bool, int, float, str, bytes, complex)
_Kind = TypeVar("_Kind")


def key(value: object) -> object | None:
    """Return a hashable stand-in for an immutable value, None for one that may change."""
    if type(value) in _ATOMS:
        return type(value).__name__, repr(value)
    if _exactly(value, tuple):
        inner = tuple(key(each) for each in value)
        return None if None in inner else ("tuple", inner)
    if _exactly(value, frozenset):
        members = frozenset(key(each) for each in value)
        return None if None in members else ("frozenset", members)
    return None


def likeness(value: object, depth: int = DEPTH_MAX) -> object:
    """Return what two equal results have in common: constants and containers of them, else classes."""
    known = key(value)
    if known is not None or not depth:
        return known or type(value)
    if _exactly(value, dict):
        pairs = ((likeness(a, depth - 1), likeness(b, depth - 1)) for a, b in value.items())
        return dict, tuple(pairs)
    if _exactly(value, list) or _exactly(value, tuple):
        return type(value), tuple(likeness(each, depth - 1) for each in value)
    if _exactly(value, set) or _exactly(value, frozenset):
        return type(value), frozenset(likeness(each, depth - 1) for each in value)
    return type(value)


def fingerprint(value: object) -> object:
    """Return what an object holds, as deep as the limits allow: another one after it was changed."""
    return _Prints().of(value, DEPTH_MAX)


class _Prints:
    """One fingerprint being taken."""

    def __init__(self) -> None:
        self._left = NODES_MAX
        self._seen: set[int] = set()

    def of(self, value: object, depth: int) -> object:
        """Return the fingerprint of one value."""
        if type(value) in _ATOMS:
            return type(value), repr(value)
        self._left -= 1
        if depth == 0 or self._left < 0 or id(value) in self._seen or _derives(value, type):
            return id(value)
        self._seen.add(id(value))
        if _exactly(value, GeneratorType):
            return id(value), value.gi_frame.f_lasti if value.gi_frame is not None else None
        return id(value), self._items(value, depth - 1), self._attributes(value, depth - 1)

    def _items(self, value: object, depth: int) -> object:
        """Return what a container of a builtin class, or of one derived from it, holds."""
        if _derives(value, dict):
            return [(self.of(a, 1), self.of(b, depth)) for a, b in list(dict.items(value))]
        if _derives(value, list):
            return [self.of(each, depth) for each in list.__iter__(value)]
        if _derives(value, tuple):
            return [self.of(each, depth) for each in tuple.__iter__(value)]
        if _derives(value, set):
            return frozenset(map(id, set.__iter__(value)))
        return bytes(value) if _exactly(value, bytearray) else None

    def _attributes(self, value: object, depth: int) -> list[object]:
        """Return what an object's dictionary and slots hold."""
        found: list[object] = []
        for base in type(value).__mro__:
            for name, slot in vars(base).items():
                if _exactly(slot, MemberDescriptorType):
                    try:
                        found.append((name, self.of(slot.__get__(value), depth)))
                    except AttributeError:
                        found.append((name, "not set"))
        try:
            own: object = object.__getattribute__(value, "__dict__")
        except AttributeError:
            return found
        if _exactly(own, dict):
            found += [(name, self.of(each, depth)) for name, each in list(own.items())]
        return found


def described(value: object, depth: int = 2) -> str:
    """Return a short text for a value: constants as they are written, objects by their class."""
    told = _told(value, depth)
    return told if len(told) <= TEXT_MAX else told[: TEXT_MAX - 3] + "..."


def _told(value: object, depth: int) -> str:
    if type(value) in _ATOMS:
        return repr(value)
    if _derives(value, type):
        return f"class {value.__module__}.{value.__qualname__}"
    if depth and _exactly(value, dict):
        pairs = [f"{described(a, 0)}: {described(b, depth - 1)}" for a, b in value.items()]
        return f"{{{_some(pairs)}}}"
    if depth and (_exactly(value, list) or _exactly(value, tuple) or _exactly(value, set)):
        return f"{type(value).__name__}({_some([described(each, depth - 1) for each in value])})"
    return f"<{type(value).__module__}.{type(value).__qualname__}>"


def _some(told: list[str]) -> str:
    return ", ".join(told[:4]) + (", ..." if len(told) > 4 else "")


def _exactly(value: object, kind: type[_Kind]) -> TypeGuard[_Kind]:
    # Not `isinstance`, which asks the object for its `__class__`.
    return type(value) is kind


def _derives(value: object, kind: type[_Kind]) -> TypeGuard[_Kind]:
    return kind in type(value).__mro__
