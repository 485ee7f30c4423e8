"""Stand-ins for what the engine meets outside: reasoners that do as told, and a clock moved by hand."""

import math
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field

import anyio

from sleeplsp.engine.clock import Clock
from sleeplsp.engine.outcome import FixCounts, Outcome, Reflected
from sleeplsp.engine.reasoner import Event, Wish


class NoReasoner:
    """A reasoner that is never asked."""

    async def think(self, wish: Wish) -> AsyncGenerator[Event, None]:
        raise AssertionError(f"asked to think about {[*wish.overlays, *wish.shown]}")
        yield  # a generator

    async def is_model_there(self) -> bool:
        return True

    async def close(self) -> None:
        """Do nothing: it holds nothing."""


@dataclass
class Run:
    """One run that a ScriptedReasoner was asked for, and what it is to tell."""

    overlays: dict[str, bytes]
    shown: dict[str, str]
    wish: Wish
    is_over: bool = False
    """It has ended, or was given up."""
    _events: list[Event | Exception | None] = field(default_factory=list)
    _more: anyio.Event = field(default_factory=anyio.Event)

    def tell(self, event: Event) -> None:
        """Have the run tell something."""
        self._add(event)

    def fail(self, error: Exception) -> None:
        """Have the run fail."""
        self._add(error)

    def finish(self) -> None:
        """Have the run tell an outcome and end."""
        self._add(outcome())
        self._add(None)

    def stop(self) -> None:
        """Have the run end without an outcome."""
        self._add(None)

    async def events(self) -> AsyncGenerator[Event, None]:
        try:
            while True:
                while not self._events:
                    self._more = anyio.Event()
                    await self._more.wait()
                event = self._events.pop(0)
                if isinstance(event, Exception):
                    raise event
                if event is None:
                    return
                yield event
        finally:
            self.is_over = True

    def _add(self, event: Event | Exception | None) -> None:
        self._events.append(event)
        self._more.set()


class ScriptedReasoner:
    """A reasoner whose runs do what the test tells them."""

    def __init__(self) -> None:
        self.runs: list[Run] = []
        self.closed = False
        self.is_there: bool | Exception = True
        """Whether somebody answers at a model's endpoint, or why nobody can tell."""
        self.looks = 0
        """How often that was asked."""

    async def is_model_there(self) -> bool:
        self.looks += 1
        if isinstance(self.is_there, Exception):
            raise self.is_there
        return self.is_there

    async def think(self, wish: Wish) -> AsyncGenerator[Event, None]:
        run = Run(dict(wish.overlays), dict(wish.shown), wish)
        self.runs.append(run)
        async for event in run.events():
            yield event

    async def close(self) -> None:
        self.closed = True


class HandClock(Clock):
    """Time stands still until it is moved."""

    def __init__(self) -> None:
        self._now = 0.0
        self._sleepers: list[tuple[float, anyio.Event]] = []

    def now(self) -> float:
        return self._now

    async def sleep(self, seconds: float) -> None:
        woken = anyio.Event()
        self._sleepers.append((self._now + seconds, woken))
        await woken.wait()

    async def move(self, seconds: float) -> None:
        """Let time pass, and everyone do what they do then."""
        self._now += seconds
        for at, woken in self._sleepers:
            if at <= self._now or math.isclose(at, self._now):
                woken.set()
        await anyio.wait_all_tasks_blocked()


def outcome(deduced: int = 0) -> Outcome:
    """Return what a run comes to that has little to tell."""
    return Outcome(
        modules=1,
        deduced=deduced,
        kept=0,
        failed={},
        skipped={},
        other=0,
        fixes=FixCounts(),
        seconds=0.1,
    )


def stopped() -> Reflected:
    """Return what a model's part of a run came to that something ended."""
    return Reflected(
        model="scripted",
        modules=0,
        known=0,
        left=1,
        calls=1,
        weighed=0,
        replayed=0,
        cancelled=0,
        prompt_tokens=0,
        cached_tokens=0,
        completion_tokens=0,
        cost=0.0,
        claims={},
        drops={},
        failed={},
        is_trusted=True,
        stopped="nobody answers",
        is_capped=False,
        seconds=0.0,
        module_seconds=0.0,
    )
