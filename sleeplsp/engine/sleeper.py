"""The Sleeper: empties the Agenda in idle time.

It waits until nothing has been edited for `idle_s`, settles the edited modules, and has a reasoner bring
all of the workspace up to date; what comes back goes into the Workspace and to its listener. One run at a
time; what arrives during a run makes another. A run that fails is told and does not end the sleep. It must
not know what a reasoner is made of, nor any protocol.
"""

import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import aclosing
from typing import Protocol

import anyio
import msgspec

from sleeplsp.core.located import ModuleClaims
from sleeplsp.engine.agenda import EVERYTHING, NOTHING, Agenda
from sleeplsp.engine.deduction import Outcome, Progress
from sleeplsp.engine.workspace import Workspace


class ReasonerError(Exception):
    """A run could not be finished; the message is one line for the user."""


Event = Progress | ModuleClaims | Outcome


class Reasoner(Protocol):
    """Whoever thinks, as the Sleeper sees it."""

    def think(self, overlays: Mapping[str, bytes], shown: tuple[str, ...]) -> AsyncIterator[Event]:
        """Bring the workspace up to date, `overlays` in place of files, and tell claims of `shown`.

        Ends with an Outcome; raises ReasonerError when it cannot.
        """
        ...

    async def close(self) -> None:
        """Give back what it holds."""
        ...


class Status(msgspec.Struct, frozen=True, kw_only=True):
    """What the Sleeper is doing."""

    thinking: bool
    cause: str = ""
    progress: Progress | None = None
    outcome: Outcome | None = None
    """Of the last run that finished."""
    failure: str = ""
    """Of the last run, if it failed."""


class Listener(Protocol):
    """Told of everything, on the event loop."""

    def learned(self, path: str) -> None:
        """Claims of an open module are in the Workspace."""
        ...

    def settled(self, path: str) -> None:
        """An edited module was read afresh."""
        ...

    def slept(self, status: Status) -> None:
        """A run began, came further, finished or failed."""
        ...


class Sleeper:
    """Thinks about one workspace while nobody waits."""

    def __init__(
        self,
        workspace: Workspace,
        reasoner: Reasoner,
        listener: Listener,
        *,
        idle_s: float,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.status = Status(thinking=False)
        self._workspace = workspace
        self._reasoner = reasoner
        self._listener = listener
        self._idle_s = idle_s
        self._clock = clock
        self._agenda: Agenda = NOTHING
        self._edited_at = -idle_s
        self._wake = anyio.Event()

    def wake(self, cause: str, path: str = EVERYTHING, *, edited: bool = False) -> None:
        """Put a module on the agenda; after an edit, thinking waits until typing has paused."""
        self._agenda = self._agenda.add(path, cause)
        if edited:
            self._edited_at = self._clock()
        self._wake.set()

    async def run(self) -> None:
        """Sleep until cancelled."""
        try:
            while True:
                await self._wake.wait()
                self._wake = anyio.Event()
                if await self._is_quiet():
                    await self._think()
        finally:
            with anyio.CancelScope(shield=True):
                await self._reasoner.close()

    async def _is_quiet(self) -> bool:
        """Wait until nothing was edited for `idle_s`; settle what was."""
        while (left := self._edited_at + self._idle_s - self._clock()) > 0:
            await anyio.sleep(left)
        for path in sorted(self._workspace.unsettled):
            self._workspace.settle(path)
            self._listener.settled(path)
        return bool(self._agenda)

    async def _think(self) -> None:
        agenda, self._agenda = self._agenda, NOTHING
        modules = self._workspace.snapshot.modules
        # What does not parse is thought about as it was when it last did.
        overlays = {path: module.text.source for path, module in modules.items()}
        self._tell(Status(thinking=True, cause=agenda.cause(), outcome=self.status.outcome))
        try:
            async with aclosing(self._reasoner.think(overlays, tuple(modules))) as events:  # type: ignore[type-var]
                async for event in events:
                    self._take(event)
        except ReasonerError as error:
            self._tell(Status(thinking=False, outcome=self.status.outcome, failure=str(error)))

    def _take(self, event: Event) -> None:
        match event:
            case Progress():
                self._tell(msgspec.structs.replace(self.status, progress=event))
            case ModuleClaims():
                if self._workspace.learn(event):
                    self._listener.learned(event.path)
            case Outcome():
                self._tell(Status(thinking=False, outcome=event))

    def _tell(self, status: Status) -> None:
        self.status = status
        self._listener.slept(status)
