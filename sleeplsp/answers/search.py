"""Search: symbols of a workspace by a part of their name, in modules that are open and in all others.

The letters of a query stand in a name in their order, in either case; what comes before the last dot of a
query stands likewise in the module's path and what the symbol is defined in. It must not know how long a
search may take: it yields what it finds module by module.
"""

import heapq
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from enum import IntEnum
from pathlib import PurePosixPath

import msgspec

from sleeplsp.answers.definitions import read
from sleeplsp.core.resolved import ref_of
from sleeplsp.core.snapshot import Snapshot

FOUND_MAX = 200
"""Symbols that are told of one search, the best ones: more nobody reads."""

QUERY_MAX = 200
"""Characters of a query that are looked at."""

_HUMP = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+|[^\W\d_a-zA-Z]+")


class Fit(IntEnum):
    """How a name fits a query, best first."""

    EXACT = 0
    SAME = 1
    """But for the case."""
    BEGINS = 2
    HUMPS = 3
    """With the letters that its words begin with."""
    HOLDS = 4
    SCATTERED = 5


class Found(msgspec.Struct, frozen=True, order=True, gc=False):
    """A symbol that fits; the least is the best."""

    fit: Fit
    length: int
    """Characters of the name."""
    name: str
    path: str
    number: int
    """Of the symbol in its module, by position."""
    ref: str


def matches(snapshot: Snapshot, query: str) -> Iterator[list[Found]]:
    """Yield what fits in each module; of a module that is open, as its text is now.

    Where nothing is looked for all fits, and it ends with as many as are told.
    """
    fits, left = _Query(query), FOUND_MAX
    for path, symbols in _symbols(snapshot):
        found = fits.among(path, symbols)
        yield found
        left -= len(found)
        if left <= 0 and not query.strip():
            return


def _symbols(snapshot: Snapshot) -> Iterator[tuple[str, str]]:
    """Yield the path of each module with the ids of its symbols by position, one on each line."""
    for path in snapshot.modules:
        if (module := read(snapshot, path)) is not None:
            yield path, "\n".join(each.id for each in module.symbols)
    for path, chart in snapshot.atlas.charts.items():
        if read(snapshot, path) is None:
            yield path, chart.symbols


def best(found: Sequence[Iterable[Found]]) -> list[Found]:
    """Return the best of several lists, sorted."""
    return heapq.nsmallest(FOUND_MAX, (each for some in found for each in some))


class _Query:
    """What is looked for, made ready to look through many names."""

    def __init__(self, query: str) -> None:
        around, _, self._name = "".join(query[:QUERY_MAX].split()).rpartition(".")
        self._around = around.lower()
        letters = "".join(f"[^{re.escape(each)}.#\n]*+{re.escape(each)}" for each in self._name.lower())
        self._pattern = re.compile(rf"(?:^|\.){letters}[^.#\n]*+(?:#\d+)?$", re.MULTILINE)
        self._fit = _fitting(self._name)

    def among(self, path: str, symbols: str) -> list[Found]:
        """Return which ids fit, of those on the lines of `symbols`."""
        if not symbols:
            return []
        lower = symbols.lower()
        ids: list[str] = []
        found: list[Found] = []
        number = at = 0
        for match in self._pattern.finditer(lower):
            number += lower.count("\n", at, match.start())
            at = match.start()
            ids = ids or symbols.split("\n")
            container, _, name = ids[number].rpartition(".")
            name = name.partition("#")[0]
            if self._stands_around(path, container):
                found.append(Found(self._fit(name), len(name), name, path, number, ref_of(path, ids[number])))
        return found

    def _stands_around(self, path: str, container: str) -> bool:
        if not self._around:
            return True
        module = ".".join(PurePosixPath(path).with_suffix("").parts)
        left = iter(f"{module}.{container}".lower())
        return all(each in left for each in self._around)


def _fitting(query: str) -> Callable[[str], Fit]:
    """Return what tells how a name that has the letters of a query fits it."""
    lower = query.lower()

    def fit(name: str) -> Fit:
        if name == query:
            return Fit.EXACT
        low = name.lower()
        if low == lower:
            return Fit.SAME
        if low.startswith(lower):
            return Fit.BEGINS
        left = iter(each[0].lower() for each in _HUMP.findall(name))
        if all(each in left for each in lower):
            return Fit.HUMPS
        return Fit.HOLDS if lower in low else Fit.SCATTERED

    return fit
