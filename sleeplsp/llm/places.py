"""How many calls may be under way at a time: fewer when the endpoint has too much to do, then more again.

Lives on one event loop. It must not know what a call is.
"""

import heapq
import itertools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import anyio


class Places:
    """Places for at most `most` calls. A sign of overload halves them, a call that goes well adds a bit."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._limit = float(most)
        self._busy = 0
        self._cuts = 0
        self._numbers = itertools.count()
        self._waiting: list[tuple[bool, int, anyio.Event]] = []

    @property
    def limit(self) -> int:
        """How many calls may be under way now."""
        return int(self._limit)

    @property
    def busy(self) -> int:
        """How many are."""
        return self._busy

    @asynccontextmanager
    async def place(self, *, urgent: bool = False) -> AsyncIterator["Place"]:
        """Wait for a place and hold it; who is urgent comes before all others that wait."""
        await self._enter(urgent=urgent)
        try:
            yield Place(self, self._cuts)
        finally:
            self._busy -= 1
            self._wake()

    async def _enter(self, *, urgent: bool) -> None:
        if self._busy < self.limit and not self._waiting:
            self._busy += 1
            return
        mine = (not urgent, next(self._numbers), anyio.Event())
        heapq.heappush(self._waiting, mine)
        try:
            await mine[2].wait()
        except BaseException:
            if mine in self._waiting:
                self._waiting.remove(mine)
                heapq.heapify(self._waiting)
            else:  # it was given a place that it does not take
                self._busy -= 1
                self._wake()
            raise

    def _wake(self) -> None:
        while self._waiting and self._busy < self.limit:
            _, _, event = heapq.heappop(self._waiting)
            self._busy += 1
            event.set()

    def cut(self, cuts_then: int) -> None:
        """Halve the limit, unless that was done since `cuts_then`: what was sent together counts once."""
        if cuts_then == self._cuts:
            self._limit = max(1.0, self._limit / 2)
            self._cuts += 1

    def widen(self) -> None:
        """Add to the limit so much that a round of calls that go well adds one place."""
        self._limit = min(float(self._most), self._limit + 1 / self._limit)
        self._wake()


class Place:
    """A place that is held."""

    def __init__(self, places: Places, cuts: int) -> None:
        self._places = places
        self._cuts = cuts

    def went_well(self) -> None:
        """Tell that the call got through."""
        self._places.widen()

    def was_too_much(self) -> None:
        """Tell that the endpoint asked for less."""
        self._places.cut(self._cuts)
