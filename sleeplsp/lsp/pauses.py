"""Pauses of the event loop: told in the log when requests had to wait, with what was running.

While messages come, and a little longer, the loop asks to be called again and again and looks how late that
is; in between nothing is watched and nothing runs. It must not know what the server does.
"""

import asyncio
import gc
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

PAUSE_S_MIN = 0.02
"""Seconds by which the loop must be late to be told of."""

LOOK_EVERY_S = 0.005
WATCHED_S = 2.0
"""Seconds that are watched after something has run."""

TOLD_EVERY_S = 1.0
"""Seconds between two lines; pauses in between are counted."""

_IDLE_SHARE = 0.5


class Pauses:
    """Watches one event loop; not at all where nobody is told.

    `tell` takes lines, `clock` and `computed` give seconds of any beginning.
    """

    def __init__(
        self,
        tell: Callable[[str], object] | None,
        clock: Callable[[], float] = time.perf_counter,
        computed: Callable[[], float] = time.thread_time,
    ) -> None:
        self._tell, self._clock, self._computed = tell, clock, computed
        self._ran: list[tuple[str, float]] = []
        """What ran since the last look, and for how long; what runs inside something else comes first."""
        self._last = "the start"
        self._due = self._watched_until = self._computed_before = 0.0
        self._watching: asyncio.TimerHandle | None = None
        self._told_at = float("-inf")
        self._left_out: list[float] = []
        self._collecting = 0.0
        if tell is not None:
            gc.callbacks.append(self._collected)

    @contextmanager
    def running(self, what: str) -> Iterator[None]:
        """Take note that `what` runs on the loop, and watch it."""
        if self._tell is None:
            yield
            return
        begun = self._clock()
        self._watched_until = begun + WATCHED_S
        if self._watching is None:
            self._watch(begun)
        try:
            yield
        finally:
            self._last = what
            self._ran.append((what, self._clock() - begun))

    def look(self) -> None:
        """See how late this is, and tell of a pause."""
        now = self._clock()
        late = now - self._due
        if late >= PAUSE_S_MIN:
            self._paused(now, late)
        self._watching = None
        if now < self._watched_until:
            self._watch(now)
        else:
            self._ran.clear()

    def _watch(self, now: float) -> None:
        self._ran.clear()
        self._due = now + LOOK_EVERY_S
        self._computed_before = self._computed()
        self._watching = asyncio.get_running_loop().call_later(LOOK_EVERY_S, self.look)

    def _paused(self, now: float, late: float) -> None:
        if self._tell is None or now - self._told_at < TOLD_EVERY_S:
            self._left_out.append(late)
            return
        self._told_at = now
        more = ""
        if self._left_out:
            longest = 1000 * max(self._left_out)
            more = f"; {len(self._left_out)} more since the last line, the longest {longest:.0f} ms"
            self._left_out.clear()
        self._tell(f"the loop paused {1000 * late:.0f} ms: {self._cause(late)}{more}")

    def _cause(self, late: float) -> str:
        computed = self._computed() - self._computed_before
        named = (f"{what} ran {1000 * seconds:.0f} ms" for what, seconds in self._ran if seconds >= late / 2)
        cause = next(named, f"nothing that is named ran, the last was {self._last}")
        if computed < _IDLE_SHARE * late:
            cause += f"; its thread computed for {1000 * computed:.0f} ms, others had the processor"
        return cause

    def _collected(self, phase: str, told: dict[str, int]) -> None:
        if phase == "start":
            self._collecting = self._clock()
        else:
            seconds = self._clock() - self._collecting
            if seconds >= PAUSE_S_MIN / 4:
                self._ran.append((f"garbage collection (generation {told['generation']})", seconds))
