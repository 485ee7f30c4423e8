"""Drifted: the functions of a workspace that lost something since the base, and which callers need it.

An edit is told where it was made: what a function of unchanged code passes on is counted for the function it
comes from. Pure but for the texts that `callers` looks into. It must not know how it is told.
"""

from collections.abc import Callable, Iterator, Mapping

import msgspec

from sleeplsp.core.index import Index
from sleeplsp.core.resolved import ref_of
from sleeplsp.core.row import FunctionRow, ModuleRow
from sleeplsp.deduce.drift.changes import changes
from sleeplsp.deduce.drift.sides import Change, Side
from sleeplsp.deduce.idioms.tests import is_test
from sleeplsp.deduce.telling.describe import short
from sleeplsp.engine.drift.base import Base, sides_of
from sleeplsp.engine.drift.callers import Call, Callers

DRIFTS_MAX = 2000
"""Functions that are told to have drifted; with more, none is: that is no edit but another program."""


class CallerOf(msgspec.Struct, frozen=True):
    """One call, and what it has to do with what was lost."""

    call: Call
    needs: bool
    """It fails without what was lost."""
    through: str = ""
    """Reference of the function that passes on what was lost, if it is not called itself."""


class Drifted(msgspec.Struct, frozen=True):
    """One thing that one function lost."""

    ref: str
    change: Change
    callers: tuple[CallerOf, ...]

    @property
    def needed(self) -> bool:
        """Tell whether a caller needs it."""
        return any(each.needs for each in self.callers)


class Lost(msgspec.Struct, frozen=True):
    """A function and what it lost."""

    then: Side
    now: Side
    changes: tuple[Change, ...]


def lost_in(base: Base, row: ModuleRow, index: Callable[[], Index]) -> dict[str, Lost]:
    """Return the functions of a module that lost something since the base, by reference and in their order.

    `index` is of all modules as they are, and asked for only where classes have to be compared.
    """
    path, kinds, found = row.facts.path, _Kinds(index, base.renamed), {}
    starts = {each.id: each.start for each in row.facts.symbols}
    sides = sides_of(row)
    for symbol in sorted(sides, key=lambda each: starts[each]):
        then, now = base.then(path, symbol), sides[symbol]
        if then is not None and (lost := changes(then, now, kinds.is_kind)):
            found[ref_of(path, symbol)] = Lost(then, now, lost)
    return found


def drifted(
    lost: Mapping[str, Lost], functions: Mapping[str, FunctionRow], callers: Callers
) -> list[Drifted]:
    """Return what callers need or what was promised to all, of all that was lost in a workspace."""
    return list(_Comparison(lost, functions, callers).drifted()) if len(lost) <= DRIFTS_MAX else []


class _Comparison:
    """All that was lost, sorted out: where it comes from, who needs it."""

    def __init__(
        self, found: Mapping[str, Lost], functions: Mapping[str, FunctionRow], callers: Callers
    ) -> None:
        self._found = found
        self._functions = functions
        self._callers = callers
        self._nones = {ref for ref, each in found.items() if any(c.kind == "none" for c in each.changes)}
        self._carried = {ref: sources for ref in self._nones if (sources := self._sources(ref))}
        """Functions that pass on a callee's None, with these callees."""

    def drifted(self) -> Iterator[Drifted]:
        """Yield what is worth telling."""
        for ref, lost in self._found.items():
            if lost.then.code == lost.now.code:
                continue
            for change in lost.changes:
                if change.kind != "none" or ref not in self._carried:
                    told = Drifted(ref, change, tuple(self._callers_of(ref, change)))
                    if told.needed or is_promise(ref, lost.now):
                        yield told

    def _sources(self, ref: str) -> tuple[str, ...]:
        """Return the callees whose None a function passes on, if it is theirs that is told of it."""
        lost = self._found[ref]
        callees = self._nones.intersection(self._functions[ref].trace.consulted) - {ref}
        if lost.then.code == lost.now.code:
            return tuple(sorted(callees))
        said = {step.sentence for step in lost.now.contract.returns.none_path}
        return tuple(each for each in sorted(callees) if f"`{short(each)}()` may return `None`" in said)

    def _callers_of(self, ref: str, change: Change) -> Iterator[CallerOf]:
        passing = {ref: ""}
        pending = [ref]
        for each in pending:
            for call in self._callers.of(each):
                needs = bool(change.check) and any(s.category == change.check for s in call.failing)
                if not passing[each] or needs:
                    yield CallerOf(call, needs, passing[each])
            if change.kind == "none":
                following = [other for other, sources in self._carried.items() if each in sources]
                pending += [other for other in following if other not in passing]
                passing.update({other: other for other in following if other not in passing})


def is_promise(ref: str, side: Side) -> bool:
    """Tell whether a function is there for callers that cannot be seen: public, and no test."""
    path, _, symbol = ref.partition("::")
    folders = path.removesuffix(".py").removesuffix("/__init__").split("/")
    names = (*folders, *symbol.split("."))
    private = any(each.startswith("_") and not each.endswith("__") for each in names)
    return not private and not side.facts.around and not is_test(path)


class _Kinds:
    """Which classes are kinds of which, as far as the workspace says."""

    def __init__(self, index: Callable[[], Index], renamed: Mapping[str, str]) -> None:
        self._index = index
        self._now = {then: now for now, then in renamed.items()}

    def is_kind(self, one: str, other: str) -> bool | None:
        """Tell whether objects of a class of today are objects of another of the base; None: not known."""
        path, colons, symbol = other.partition("::")
        other = f"{self._now.get(path, path)}{colons}{symbol}"
        if one == other or (one == "builtins.bool" and other in ("builtins.int", "builtins.float")):
            return True
        if "::" in other and other not in self._index().classes:
            return None  # it may have another name now
        if "::" not in one:
            return False if one in _PLAIN and (other in _PLAIN or "::" in other) else None
        line = self._index().hierarchy.ancestors(one)
        if line is None or any("::" not in each for each in line):
            return None
        return other in line


_NUMBERS = ("bool", "complex", "float", "int")
_CONTAINERS = ("bytearray", "bytes", "dict", "frozenset", "list", "range", "set", "str", "tuple")
_PLAIN = frozenset(f"builtins.{each}" for each in (*_NUMBERS, *_CONTAINERS))
