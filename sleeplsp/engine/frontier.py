"""The frontier: which functions wait to be decided, and which of them can be now.

A unit can be decided once none of those it calls waits. Units of one module are taken together, modules in
the order of their rank. It must not know what deciding is, nor who does it.
"""

import heapq
from collections.abc import Iterable, Iterator, Mapping
from typing import Protocol

FEW = 200
"""Up to so many units of a workspace, one that may yet be made stale waits as well: nothing is done twice."""

ANYBODY = -1
"""The worker that owns what no worker has been given yet."""

LAST = 1 << 30
"""The rank of modules that have none."""

Unit = tuple[str, ...]


class Graph(Protocol):
    """Who calls whom, as the frontier sees it."""

    @property
    def calls(self) -> "dict[str, tuple[str, ...]]":
        """Functions whose contracts matter to a function."""
        ...

    @property
    def callers(self) -> "dict[str, set[str]]":
        """The other way round."""
        ...

    def unit(self, ref: str) -> Unit:
        """Return the functions that call each other in a circle with this one."""
        ...

    def height(self, ref: str) -> int:
        """Return how far above those a function stands that call nothing."""
        ...


class Frontier:
    """Units that wait. A unit goes by its first function."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._waiting: dict[str, int] = {}
        """By unit: how many of those it calls are not decided."""
        self._given: set[str] = set()
        """Units that somebody decides now."""
        self._units: dict[str, Unit] = {}
        """Units that wait or are given, as they were then: an edit may tear a circle apart."""
        self._functions = 0
        """How many functions they have: it is asked for at every order, and there may be very many."""
        self._stale: set[str] = set()
        """Those of them that have to be decided once more."""
        self._ready: dict[str, dict[str, None]] = {}
        """Units that can be decided now, by module."""
        self._ranks: Mapping[str, int] = {}
        self._owners: dict[str, int] = {}
        self._heaps: dict[int, list[tuple[int, str]]] = {}

    def __len__(self) -> int:
        """Return how many functions wait or are being decided."""
        return self._functions

    def __bool__(self) -> bool:
        return bool(self._waiting or self._given)

    def concerns(self, refs: Iterable[str]) -> bool:
        """Tell whether any of these functions is not decided."""
        return any(self._is_open(self._key(ref)) for ref in refs)

    def add(self, refs: Iterable[str]) -> None:
        """Let functions wait; what is being decided just now is decided once more."""
        for key in dict.fromkeys(self._key(ref) for ref in refs):
            if key in self._given:
                self._stale.add(key)
            elif key not in self._waiting:
                self._enter(key)

    def rearrange(self, ranks: Mapping[str, int]) -> None:
        """Take note that calls or the order of modules have changed."""
        self._ranks = ranks
        calls = self._graph.calls
        gone = [key for key in self._given if key not in calls]  # the rest of its unit has nobody else now
        members = (ref for key in (*self._waiting, *gone) for ref in self._units[key] if ref in calls)
        waiting = dict.fromkeys(map(self._key, members))
        self._ready, self._heaps = {}, {}
        self._given.difference_update(gone)
        self._stale &= self._given
        self._waiting = dict.fromkeys((key for key in waiting if key not in self._given), 0)
        given = {key: self._units[key] for key in self._given}
        self._units = {**{key: self._graph.unit(key) for key in self._waiting}, **given}
        self._functions = sum(map(len, self._units.values()))
        for key in self._waiting:
            self._waiting[key] = sum(map(self._is_open, self._below(key)))
            if not self._waiting[key]:
                self._make_ready(key)

    def take(self, worker: int, count: int, *, waits: bool = True) -> list[Unit]:
        """Return units of one module that are to be decided now, at most `count`: the worker's own first.

        `waits`: of few units, those are left that may yet be made stale.
        """
        bar = self._bar() if waits else None
        path = self._best(worker) if bar is None else self._lowest(worker, bar)
        if path is None:
            return []
        self._owners.setdefault(path, worker)
        ready = self._ready[path]
        keys = [key for key in ready if bar is None or self._graph.height(key) <= bar][:count]
        for key in keys:
            del ready[key]
            del self._waiting[key]
            self._given.add(key)
        if not ready:
            del self._ready[path]
        else:
            self._push(path)
        return [self._graph.unit(key) for key in keys]

    def decided(self, unit: Unit, *, again: bool = False) -> None:
        """Take note that a unit was decided; `again`: of what it was then, so that it waits once more."""
        key = unit[0]
        if key not in self._given:  # it is gone
            return
        again = again or key in self._stale or self._graph.unit(key) != unit
        self._given.discard(key)
        self._stale.discard(key)
        self._functions -= len(self._units.pop(key))
        if again:
            if self._key(key) == key:
                self._wait_again(key)
            self.add(each for each in unit if each in self._graph.calls)  # it may have been torn apart
            return
        for above in self._above(key):
            if above in self._waiting:
                self._waiting[above] -= 1
                if not self._waiting[above]:
                    self._make_ready(above)

    def own(self, path: str, worker: int) -> None:
        """Let a module be a worker's own: it holds its text."""
        self._owners[path] = worker

    def _wait_again(self, key: str) -> None:
        """Let a unit wait that was being decided: for those above it nothing has changed."""
        self._take_in(key)
        self._waiting[key] = sum(map(self._is_open, self._below(key)))
        if not self._waiting[key]:
            self._make_ready(key)

    def _enter(self, key: str) -> None:
        self._take_in(key)
        self._waiting[key] = sum(map(self._is_open, self._below(key)))
        for above in self._above(key):
            if above in self._waiting and above != key:
                if not self._waiting[above]:
                    ready = self._ready.get(_module(above), {})
                    ready.pop(above, None)
                self._waiting[above] += 1
        if not self._waiting[key]:
            self._make_ready(key)

    def _take_in(self, key: str) -> None:
        self._units[key] = self._graph.unit(key)
        self._functions += len(self._units[key])

    def _make_ready(self, key: str) -> None:
        path = _module(key)
        if not self._ready.get(path):
            self._ready[path] = {}
            self._push(path)
        self._ready[path][key] = None

    def _push(self, path: str) -> None:
        owner = self._owners.get(path, ANYBODY)
        heapq.heappush(self._heaps.setdefault(owner, []), (self._rank(path), path))

    def _best(self, worker: int) -> str | None:
        own = [found for owner in (worker, ANYBODY) if (found := self._top(owner)) is not None]
        if own:
            return min(own)[1]
        others = [found for owner in self._heaps if (found := self._top(owner)) is not None]
        return min(others)[1] if others else None

    def _lowest(self, worker: int, bar: int) -> str | None:
        """Return the best module among few that has a unit at most this high."""
        height = self._graph.height
        found = [
            (self._owners.get(path, worker) != worker, self._rank(path), path)
            for path, keys in self._ready.items()
            if any(height(key) <= bar for key in keys)
        ]
        return min(found)[2] if found else None

    def _rank(self, path: str) -> int:
        return self._ranks.get(path, LAST)

    def _top(self, owner: int) -> tuple[int, str] | None:
        heap = self._heaps.get(owner, [])
        while heap and (not self._ready.get(heap[0][1]) or self._owners.get(heap[0][1], ANYBODY) != owner):
            heapq.heappop(heap)
        return heap[0] if heap else None

    def _bar(self) -> int | None:
        """Return up to which height units are decided now; None where that does not matter."""
        if len(self._waiting) > FEW or 2 * len(self._waiting) > len(self._graph.calls):
            return None
        return min(map(self._graph.height, (*self._waiting, *self._given)), default=None)

    def _below(self, key: str) -> Iterator[str]:
        graph = self._graph
        keys = {
            self._key(each) for ref in graph.unit(key) for each in graph.calls[ref] if each in graph.calls
        }
        return (each for each in keys if each != key)

    def _above(self, key: str) -> Iterator[str]:
        graph = self._graph
        keys = {self._key(each) for ref in graph.unit(key) for each in graph.callers.get(ref, ())}
        return (each for each in keys if each != key)

    def _key(self, ref: str) -> str:
        return self._graph.unit(ref)[0]

    def _is_open(self, key: str) -> bool:
        return key in self._waiting or key in self._given


def _module(key: str) -> str:
    return key.partition("::")[0]
