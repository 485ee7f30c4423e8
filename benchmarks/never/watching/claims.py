"""Claims of one function, as values, and what a call that ended says of each.

Judged are single calls: nothing is known here of how they are watched or where claims come from.
"""

import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import FunctionType
from typing import NamedTuple

from .values import described, fingerprint, key, likeness

RESULTS_MAX = 2000
"""Results remembered of one pure function."""

# What a claim that a function never raises leaves out: no code can rule it out.
LEFT_OUT = (MemoryError, RecursionError, KeyboardInterrupt, GeneratorExit)

NEVER_NONE = "never returns None"
ONLY_NONE = "returns nothing"
NEVER_RETURNS = "never returns"
NEVER_RAISES = "never raises"
TYPES = "returns only certain classes"
PURE = "pure"
UNCHANGED = "leaves an argument as it is"
REQUIRES = "needs an argument"
KINDS = (NEVER_NONE, NEVER_RAISES, PURE, UNCHANGED, TYPES, ONLY_NONE, NEVER_RETURNS, REQUIRES)

CONTROLS = (NEVER_NONE, NEVER_RAISES, PURE)
"""Kinds that are judged of functions of which they are not claimed as well: that they are contradicted
there shows that the tests and the watching could contradict the claims."""

Arguments = Mapping[str, object]


class Claims(NamedTuple):
    """What is claimed of one function."""

    ref: str
    name: str
    line: int
    """1-based, of the first decorator if there is one."""
    kinds: tuple[str, ...]
    types: tuple[str, ...] = ()
    given_back: tuple[str, ...] = ()
    """Parameters that may be the result, or of its class, beside `types`."""
    unchanged: tuple[str, ...] = ()
    required: tuple[tuple[str, str], ...] = ()
    """Parameter and what it must be: 'not none', 'not empty', 'not zero'."""


class Before(NamedTuple):
    """What is kept of a call until it ends."""

    kinds: frozenset[str]
    """What the call is judged by."""
    arguments: Arguments
    prints: Mapping[str, object]
    """Fingerprints of those that must not change."""
    key: object | None
    """Stands for all arguments together when they are immutable."""


class Judge:
    """Judges the calls of one function; remembers results of a pure one."""

    def __init__(self, claims: Claims, root: str) -> None:
        self.claims = claims
        self._root = root
        self._claimed = frozenset(claims.kinds)
        self._controlled = self._claimed.union(CONTROLS)
        self._results: dict[object, tuple[object, str]] = {}
        self._classes: list[type | str] | None = None

    def before(self, arguments: Arguments, *, control: bool, printed: bool) -> Before:
        """Return what must be kept of a call that begins; as a control it is judged by `CONTROLS` too.

        Only with `printed` it is seen whether arguments are changed.
        """
        kinds = self._controlled if control else self._claimed
        watched: Sequence[str] = self.claims.unchanged if printed else ()
        whole: object | None = None
        if PURE in kinds:
            watched = tuple(arguments) if printed else ()
            whole = key(tuple(arguments.values()))
        prints = {name: fingerprint(arguments[name]) for name in watched if name in arguments}
        return Before(kinds, arguments, prints, whole)

    def returned(self, before: Before, result: object) -> Iterator[tuple[str, str]]:
        """Yield what a call contradicts by returning: the kind of claim, and how."""
        told = f"returned {described(result)}"
        if NEVER_RETURNS in before.kinds:
            yield NEVER_RETURNS, told
        if NEVER_NONE in before.kinds and result is None:
            yield NEVER_NONE, told
        if ONLY_NONE in before.kinds and result is not None:
            yield ONLY_NONE, told
        if TYPES in before.kinds and result is not None and not self._is_expected(before, result):
            yield TYPES, told
        for name, wanted in self.claims.required:
            if name in before.arguments and _lacks(before.arguments[name], wanted):
                yield REQUIRES, f"{told} though `{name}` is {described(before.arguments[name])}"
        yield from self._changes(before)
        if before.key is not None:
            yield from self._differs(before.key, result)

    def raised(self, before: Before, error: BaseException) -> Iterator[tuple[str, str]]:
        """Yield what a call contradicts by raising."""
        if NEVER_RAISES in before.kinds and not isinstance(error, LEFT_OUT):
            yield NEVER_RAISES, f"raised {type(error).__name__}"
        yield from self._changes(before)

    def _changes(self, before: Before) -> Iterator[tuple[str, str]]:
        for name, print_ in before.prints.items():
            if fingerprint(before.arguments[name]) != print_:
                if PURE in before.kinds:
                    yield PURE, f"`{name}` was changed"
                if name in self.claims.unchanged:
                    yield UNCHANGED, f"`{name}` was changed"

    def _differs(self, arguments: object, result: object) -> Iterator[tuple[str, str]]:
        like, told = likeness(result), described(result)
        known = self._results.get(arguments)
        if known is not None and known[0] != like:
            yield PURE, f"returned {told}, and {known[1]} for the same arguments"
        elif known is None and len(self._results) < RESULTS_MAX:
            self._results[arguments] = like, told

    def _is_expected(self, before: Before, result: object) -> bool:
        # What is given back may be a copy.
        if any(type(before.arguments.get(name)) is type(result) for name in self.claims.given_back):
            return True
        if self._classes is None:
            self._classes = [_class(each) for each in self.claims.types]
        line = type(result).__mro__
        own = {symbol for each in line for symbol in [_symbol(each, self._root)] if symbol}
        return any(
            each in line or each in own or each is object or _stands_for(each, result)
            for each in self._classes
        )


def _lacks(argument: object, wanted: str) -> bool:
    if wanted == "not none":
        return argument is None
    if wanted == "not zero":
        return type(argument) in (int, bool, float) and not argument
    return type(argument) in (list, tuple, str, bytes, dict) and not argument


def _class(ref: str) -> type | str:
    """Return the class a reference names: itself for one of the package, `object` where not known."""
    if "::" in ref:
        path, _, symbol = ref.partition("::")
        return f"{path}::{symbol.partition('#')[0]}"
    module, _, name = ref.rpartition(".")
    while module and module not in sys.modules:
        module, _, outer = module.rpartition(".")
        name = f"{outer}.{name}"
    found: object = sys.modules.get(module)
    for part in name.split("."):
        found = getattr(found, part, None)
    found = getattr(found, "__origin__", found)
    known = isinstance(found, type) and found.__module__ not in ("typing", "_typeshed")
    return found if known and isinstance(found, type) else object


def _stands_for(known: type | str, result: object) -> bool:
    """Tell whether an abstract class of the library counts the result's class as its own."""
    if isinstance(known, str) or not known.__module__.endswith("abc"):
        return False
    return issubclass(type(result), known)


def _symbol(class_: type, root: str) -> str:
    """Return the reference of a class of the package, '' for others."""
    inside = (each for each in map(Path, _files(class_)) if each.is_relative_to(root))
    file = next(inside, None)
    if file is None:
        return ""
    return f"{file.relative_to(root).as_posix()}::{class_.__qualname__.replace('<locals>.', '')}"


def _files(class_: type) -> Iterator[str]:
    """Yield where a class may be defined: its methods know, but not those that a decorator or base wrote.

    Its `__module__` may be made up.
    """
    for each in vars(class_).values():
        if isinstance(each, FunctionType) and each.__qualname__ == f"{class_.__qualname__}.{each.__name__}":
            file = Path(each.__code__.co_filename)
            if file.is_absolute():
                yield os.path.realpath(file)
    found = getattr(sys.modules.get(class_.__module__), "__file__", None)
    if isinstance(found, str):
        yield os.path.realpath(found)
