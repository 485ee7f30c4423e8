"""The Sleeper: empties the Agenda in idle time.

It waits until nothing has been edited for `idle_s`, settles the edited modules, and has a reasoner bring
all of the workspace up to date; what comes back goes into the Workspace and to its listener. One run at a
time; what arrives during a run makes another. A run that fails is told and does not end the sleep. It must
not know what a reasoner is made of, nor any protocol.
"""

import logging
import time
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import aclosing
from enum import Enum, auto
from typing import Protocol

import anyio
import anyio.abc
import anyio.lowlevel
import anyio.to_thread
import msgspec

from sleeplsp.core.atlas import Batch
from sleeplsp.core.located import ModuleClaims, Suspected
from sleeplsp.core.snapshot import OpenModule
from sleeplsp.engine.agenda import EVERYTHING, NOTHING, Agenda
from sleeplsp.engine.outcome import Outcome, Progress
from sleeplsp.engine.overlays import Overlays
from sleeplsp.engine.workspace import Workspace, is_large, learned, settled

log = logging.getLogger(__name__)


class ReasonerError(Exception):
    """A run could not be finished; the message is one line for the user."""


class ReasonerDiedError(ReasonerError):
    """Whoever thought is gone, and may do better another time."""


class Notice(msgspec.Struct, frozen=True):
    """What the user should know: one line."""

    line: str


Event = Progress | ModuleClaims | Batch | Suspected | Notice | Outcome


class Wish(msgspec.Struct, frozen=True, kw_only=True):
    """What a reasoner is asked for."""

    overlays: Mapping[str, bytes]
    """Texts that stand in place of files, by path."""
    shown: Mapping[str, str]
    """Modules whose claims are to be told if they differ from those held, with the digest of these."""
    scan: bool = True
    """Files may have changed, come or gone."""
    again: frozenset[str] = frozenset()
    """Modules to be thought about again whatever is known of them; EVERYTHING for all."""
    everywhere: bool = False
    """What is suspected of modules that are not shown is to be told as well."""


class Reasoner(Protocol):
    """Whoever thinks, as the Sleeper sees it."""

    def think(self, wish: Wish) -> AsyncGenerator[Event, None]:
        """Bring the workspace up to date; end with an Outcome, or raise ReasonerError.

        To give it up costs nothing: what is asked next goes on from where it was.
        """
        ...

    async def close(self) -> None:
        """Give back what it holds."""
        ...


class Status(msgspec.Struct, frozen=True, kw_only=True):
    """What the Sleeper is doing."""

    thinking: bool
    paused: bool = False
    """No run begins: what waits is thought about when the pause is over."""
    cause: str = ""
    progress: Progress | None = None
    outcome: Outcome | None = None
    """Of the last run that finished."""
    failure: str = ""
    """Of the last run, if it failed."""


class Pause(Enum):
    """Whether thinking is paused, and what ends it."""

    NONE = auto()
    UNTIL_SAVED = auto()
    UNTIL_RESUMED = auto()


class Listener(Protocol):
    """Told of everything, on the event loop."""

    def learned(self, path: str) -> None:
        """Take note that claims of an open module came, or that it was read afresh."""
        ...

    def noticed(self, line: str) -> None:
        """Take note of something that the user should know."""
        ...

    def slept(self, status: Status) -> None:
        """Take note that a run began, came further, finished or failed."""
        ...


class Clock:
    """Time, in seconds from any beginning. Tests move one by hand."""

    def now(self) -> float:
        """Return the time."""
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        await anyio.sleep(seconds)


class Sleeper:
    """Thinks about one workspace while nobody waits."""

    def __init__(
        self,
        workspace: Workspace,
        reasoner: Reasoner,
        listener: Listener,
        *,
        idle_s: float,
        clock: Clock | None = None,
    ) -> None:
        self.status = Status(thinking=False)
        self._workspace = workspace
        self._reasoner = reasoner
        self._successor: Reasoner | None = None
        self._listener = listener
        self._idle_s = idle_s
        self._clock = clock or Clock()
        self._agenda: Agenda = NOTHING
        self._overlays = Overlays()
        self._has_died = False
        self._pause = Pause.NONE
        self._run: anyio.CancelScope | None = None
        self._lull: anyio.CancelScope | None = None
        self._quiet_at = self._clock.now()
        self._wake = anyio.Event()

    def wake(self, cause: str, path: str = EVERYTHING, *, edited: bool = False, again: bool = False) -> None:
        """Put a module on the agenda; after an edit, thinking waits until typing has paused.

        `again`: it is thought about whatever is known of it.
        """
        self._agenda = self._agenda.add(path, cause, again=again)
        if edited:
            self._quiet_at = self._clock.now() + self._idle_s
        self._wake.set()

    def pause(self, *, until_saved: bool = False) -> None:
        """Give up the run that is on, and begin none until `resume`, or already at the next save.

        Nothing is forgotten: what waits is thought about then.
        """
        self._pause = Pause.UNTIL_SAVED if until_saved else Pause.UNTIL_RESUMED
        self._give_up()

    def saved(self, path: str) -> None:
        """Take note that a module was saved."""
        if self._pause is Pause.UNTIL_SAVED:
            self.resume()
        self.wake("saved", path)

    def resume(self) -> None:
        """Think again after a pause."""
        self._pause = Pause.NONE
        self._wake.set()

    def replace(self, reasoner: Reasoner, *, idle_s: float) -> None:
        """Have another reasoner think from now on: the run that is on is begun again with it."""
        self._successor, self._idle_s = reasoner, idle_s
        self._quiet_at = min(self._quiet_at, self._clock.now() + idle_s)
        if self._lull is not None:
            self._lull.cancel()  # it may be a shorter one
        self._give_up()
        self.wake("settings changed")

    async def run(self) -> None:
        """Sleep until cancelled. Texts settle while a run is on; what they say is for the next."""
        try:
            async with anyio.create_task_group() as tasks:
                while True:
                    await self._wake.wait()
                    self._wake = anyio.Event()
                    while (left := self._quiet_at - self._clock.now()) > 0:
                        with anyio.CancelScope() as self._lull:
                            await self._clock.sleep(left)
                    await self._settle()
                    if self.status.thinking:
                        if self._agenda and self._pause is Pause.NONE:
                            self._give_up()  # for one that begins with what is new, and goes on with the rest
                        continue
                    if self._successor is not None:
                        await self._reasoner.close()
                        self._reasoner, self._successor = self._successor, None
                    if self._agenda and self._pause is Pause.NONE:
                        agenda, self._agenda = self._agenda, NOTHING
                        outcome = self.status.outcome
                        self._tell(Status(thinking=True, cause=agenda.cause(), outcome=outcome))
                        self._run = anyio.CancelScope()
                        tasks.start_soon(self._think, agenda, self._run)
        finally:
            with anyio.CancelScope(shield=True):
                await self._reasoner.close()

    async def _settle(self) -> None:
        for path in self._workspace.unsettled:
            try:
                # Edited meanwhile, it is left for the next time: the edit has woken us.
                if await self._update(path, settled):
                    self._listener.learned(path)
            except Exception:
                log.exception("%s cannot be read afresh", path)

    async def _learn(self, claims: ModuleClaims) -> None:
        while claims.path in self._workspace.snapshot.modules:
            if await self._update(claims.path, lambda module: learned(module, claims)):
                self._listener.learned(claims.path)
                return

    async def _update(self, path: str, work: Callable[[OpenModule], OpenModule]) -> bool:
        """Put a module in its place that is worked out of it; tell whether it was still as it was."""
        module = self._workspace.snapshot.modules.get(path)
        if module is None:
            return False
        if is_large(module.text):
            after = await anyio.to_thread.run_sync(work, module, abandon_on_cancel=True)
        else:
            after = work(module)
        return self._workspace.replace(module, after)

    def _give_up(self) -> None:
        if self._run is not None:
            self._run.cancel()

    async def _think(self, agenda: Agenda, run: anyio.CancelScope) -> None:
        with run:
            outcome, failure = await self._finish(agenda)
        if run.cancelled_caught:
            self._agenda = agenda.joined(self._agenda)
            outcome, failure = self.status.outcome, ""
        is_paused = self._pause is not Pause.NONE
        status = Status(thinking=False, paused=is_paused, outcome=outcome, failure=failure)
        if run.cancelled_caught and not is_paused:
            self.status = status  # the next run begins at once: nobody need know
        else:
            self._tell(status)
        self._wake.set()

    async def _finish(self, agenda: Agenda) -> tuple[Outcome | None, str]:
        """Have the reasoner think until it is done; return the last outcome, and why this run has none."""
        modules = self._workspace.snapshot.modules
        meant = {path for path, cause in agenda.waiting.items() if cause != "edited"}
        overlays = self._overlays.take(modules, meant)
        shown = {
            path: module.claims.digest if module.claims is not None else ""
            for path, module in modules.items()
        }
        touches = self._workspace.touches()
        outcome, failure = self.status.outcome, "the run ended without an outcome"
        try:
            wish = Wish(
                overlays=overlays,
                shown=shown,
                scan=agenda.scan,
                again=agenda.again,
                everywhere=self._workspace.minds_all,
            )
            async with aclosing(self._reasoner.think(wish)) as events:
                async for event in events:
                    if isinstance(event, Outcome):
                        outcome, failure = event, ""
                        self._has_died = False
                        self._workspace.rethought(touches)
                    else:
                        await self._take(event)
        except ReasonerDiedError as error:
            failure = f"{error}; it is started again {'at the next change' if self._has_died else 'now'}"
            if not self._has_died:  # twice in a row, and something here kills it
                self._agenda = self._agenda.add(EVERYTHING, "tried again")
            self._has_died = not self._has_died
        except ReasonerError as error:
            failure = str(error)
        except Exception as error:
            # Whatever a run dies of, the sleep goes on.
            log.exception("a run failed")
            failure = f"internal error: {type(error).__name__}: {error}"
        return outcome, failure

    async def _take(self, event: Progress | ModuleClaims | Batch | Suspected | Notice) -> None:
        match event:
            case Progress():
                self._tell(msgspec.structs.replace(self.status, progress=event))
            case Notice():
                self._listener.noticed(event.line)
            case ModuleClaims():
                await self._learn(event)
                await anyio.lowlevel.checkpoint()  # many may come at once: requests go between
            case Suspected():
                self._workspace.suspect(event)
                await anyio.lowlevel.checkpoint()
            case Batch():
                self._workspace.chart(event)
                await anyio.lowlevel.checkpoint()

    def _tell(self, status: Status) -> None:
        self.status = status
        try:
            self._listener.slept(status)
        except Exception:
            # Whoever listens badly must not end the sleep.
            log.exception("the listener failed")
