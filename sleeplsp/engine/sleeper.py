"""The Sleeper: empties the Agenda in idle time.

It waits until nothing has been edited for `idle_s`, settles the edited modules, and has a reasoner bring
all of the workspace up to date; what comes back goes into the Workspace and to its listener. One run at a
time; what arrives during a run makes another. A run that fails is told and does not end the sleep. It must
not know what a reasoner is made of, nor any protocol.
"""

import logging
from collections.abc import Callable, Mapping
from contextlib import aclosing
from enum import Enum, auto

import anyio
import anyio.abc
import anyio.lowlevel
import msgspec

from sleeplsp.core.atlas import Batch
from sleeplsp.core.located import ModuleClaims, Suspected
from sleeplsp.engine.again import Again
from sleeplsp.engine.agenda import EVERYTHING, NOTHING, Agenda, pause_s
from sleeplsp.engine.backoff import AGAIN_S, Backoff
from sleeplsp.engine.clock import Clock
from sleeplsp.engine.learner import Learner
from sleeplsp.engine.noting import Notes
from sleeplsp.engine.outcome import Outcome, Progress, Reflected
from sleeplsp.engine.overlays import Overlays
from sleeplsp.engine.reasoner import Notice, Reasoner, ReasonerDiedError, ReasonerError, Wish
from sleeplsp.engine.silence import NO_JOURNAL
from sleeplsp.engine.status import Listener, Status
from sleeplsp.engine.workspace import Workspace

log = logging.getLogger(__name__)


class Pause(Enum):
    """Whether thinking is paused, and what ends it."""

    NONE = auto()
    UNTIL_SAVED = auto()
    UNTIL_RESUMED = auto()


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
        notes: Notes | None = None,
        busy: Callable[[], str] = lambda: "",
    ) -> None:
        self.status = Status(thinking=False)
        self._workspace = workspace
        self._learner = Learner(workspace, listener)
        self._reasoner = reasoner
        self._successor: Reasoner | None = None
        self._listener = listener
        self._idle_s = idle_s
        self._clock = clock or Clock()
        self._agenda: Agenda = NOTHING
        self._overlays = Overlays()
        self._has_died = False
        self._notes = notes or Notes(NO_JOURNAL, "", "server")
        self._noted = ""
        """What the journal calls the run that is on, or was given up for another."""
        self._backoff = Backoff(busy, self._clock.now)
        self._is_asked = False
        """Somebody has said that it is to think now."""
        self._is_looking = False
        self._again = Again(self._clock, self._is_model_there, lambda: self.wake("the model is tried again"))
        self._stopped: Reflected | None = None
        """What a model's part of the run that ended last came to, if it was stopped."""
        self._is_decided = False
        """All is deduced that the run is about: what is left of it is a model's."""
        self._pause = Pause.NONE
        self._run: anyio.CancelScope | None = None
        self._lull: anyio.CancelScope | None = None
        self._quiet_at = self._clock.now()
        self._wake = anyio.Event()

    def wake(
        self,
        cause: str,
        path: str = EVERYTHING,
        *,
        edited: bool = False,
        again: bool = False,
        deeper: bool = False,
    ) -> None:
        """Put a module on the agenda; after an edit, thinking waits until typing has paused.

        `again`: it is thought about whatever is known of it. `deeper`: a model thinks about it more.
        """
        self._agenda = self._agenda.add(path, cause, again=again, deeper=deeper)
        if edited:
            self._quiet_at = self._clock.now() + self._idle_s
        elif (pause := pause_s(len(self._workspace.snapshot.modules), cause)) > 0:
            self._quiet_at = max(self._quiet_at, self._clock.now() + pause)
        self._wake.set()

    @property
    def waiting(self) -> Mapping[str, str]:
        """Why each module waits that does, EVERYTHING among them; one that is thought about waits no more."""
        return self._agenda.waiting

    def pause(self, *, until_saved: bool = False) -> None:
        """Give up the run that is on, and begin none until `resume`, or already at the next save.

        Nothing is forgotten: what waits is thought about then.
        """
        self._pause = Pause.UNTIL_SAVED if until_saved else Pause.UNTIL_RESUMED
        self._is_asked = False
        if self.status.thinking:
            self._give_up()
        else:
            self._tell(msgspec.structs.replace(self.status, paused=True, waiting=""))

    def saved(self, path: str) -> None:
        """Take note that a module was saved."""
        if self._pause is Pause.UNTIL_SAVED:
            self.resume()
        self.wake("saved", path)

    def resume(self) -> None:
        """Think again after a pause."""
        if self._pause is not Pause.NONE and not self.status.thinking:
            self._tell(msgspec.structs.replace(self.status, paused=False))
        self._pause = Pause.NONE
        self._wake.set()

    def answered(self) -> None:
        """Take note that a model has answered a question: one that was stopped may be there again."""
        self._again.answered()

    def think(self, path: str = EVERYTHING, *, deeper: bool = False) -> None:
        """Think about a module again, or about everything, whatever is known of it: now, also in a pause.

        `deeper`: what is known is kept, and a model goes on from there.
        """
        self._is_asked = True
        self.wake("asked for", path, again=not deeper, deeper=deeper)

    def replace(self, reasoner: Reasoner, *, idle_s: float) -> None:
        """Have another reasoner think from now on: the run that is on is begun again with it."""
        self._successor, self._idle_s = reasoner, idle_s
        self._quiet_at = min(self._quiet_at, self._clock.now() + idle_s)
        if self._lull is not None:
            self._lull.cancel()  # it may be a shorter one
        self._give_up()
        self.wake("settings changed")

    async def run(self, *, until_asleep: bool = False) -> None:
        """Sleep until cancelled, or until nothing waits any more and no run is on.

        Texts settle while a run is on; what they say is for the next.
        """
        try:
            async with anyio.create_task_group() as tasks:
                while not (until_asleep and self.is_asleep):
                    await self._wake.wait()
                    self._wake = anyio.Event()
                    while (left := self._quiet_at - self._clock.now()) > 0:
                        with anyio.CancelScope() as self._lull:
                            await self._clock.sleep(left)
                    await self._learner.settle()
                    if self._stopped is not None and not until_asleep:
                        tasks.start_soon(self._again.wait, self._stopped)
                    self._stopped = None
                    if self.status.thinking:
                        if self._agenda and self._pause is Pause.NONE:
                            self._give_up()  # for one that begins with what is new, and goes on with the rest
                        continue
                    if self._successor is not None:
                        await self._reasoner.close()
                        self._reasoner, self._successor = self._successor, None
                    if self._agenda and self._may_begin(tasks):
                        agenda, self._agenda = self._agenda, NOTHING
                        self._tell(
                            Status(
                                thinking=True,
                                cause=agenda.cause(),
                                about=agenda.about(),
                                outcome=self.status.outcome,
                                reflected=self.status.reflected,
                            )
                        )
                        self._run = anyio.CancelScope()
                        tasks.start_soon(self._think, agenda, self._run)
        finally:
            with anyio.CancelScope(shield=True):
                await self._reasoner.close()

    @property
    def is_asleep(self) -> bool:
        """Whether there is nothing to think about, and nothing is being thought about."""
        return not (self._agenda or self.status.thinking)

    def _may_begin(self, tasks: anyio.abc.TaskGroup) -> bool:
        """Tell whether a run may begin now; if the machine is too busy for it, look again later."""
        if self._is_asked or self._pause is not Pause.NONE:
            return self._is_asked
        if self._noted:  # it goes on with what it has begun
            return True
        is_long = self._agenda.is_long(self._workspace.snapshot.modules)
        reason = self._backoff.reason() if is_long else ""
        if reason != self.status.waiting:
            self._tell(msgspec.structs.replace(self.status, waiting=reason))
        if reason and not self._is_looking:
            self._is_looking = True
            tasks.start_soon(self._look_again)
        return not reason

    async def _look_again(self) -> None:
        await self._clock.sleep(AGAIN_S)
        self._is_looking = False
        self._wake.set()

    async def _is_model_there(self) -> bool:
        return self._pause is Pause.NONE and await self._reasoner.is_model_there()

    def _give_up(self) -> None:
        if self._run is not None:
            self._run.cancel()

    async def _think(self, agenda: Agenda, run: anyio.CancelScope) -> None:
        self._is_asked = self._is_decided = False
        self._backoff.begun()
        self._noted = self._noted or self._notes.begun(agenda.cause())
        with run:
            outcome, failure = await self._finish(agenda)
        if run.cancelled_caught:
            self._agenda = (agenda.decided() if self._is_decided else agenda).joined(self._agenda)
            outcome, failure = self.status.outcome, ""
        else:
            self._note(outcome, failure)
            self._model_ended(self.status.reflected)
        status = Status(
            thinking=False,
            paused=self._pause is not Pause.NONE,
            outcome=outcome,
            reflected=self.status.reflected,
            failure=failure,
        )
        if run.cancelled_caught and not status.paused:
            self.status = status  # the next run begins at once: nobody need know
        else:
            self._tell(status)
        self._wake.set()

    def _model_ended(self, reflected: Reflected | None) -> None:
        if reflected is not None and reflected.stopped:
            self._stopped = reflected
        else:
            self._again.well()

    def _note(self, outcome: Outcome | None, failure: str) -> None:
        noted, self._noted = self._noted, ""
        if failure or outcome is None:
            self._notes.failed(noted, failure)
        else:
            self._notes.ended(noted, outcome)

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
                deeper=agenda.deeper,
                everywhere=self._workspace.minds_all,
            )
            async with aclosing(self._reasoner.think(wish)) as events:
                async for event in events:
                    if isinstance(event, Outcome):
                        outcome, failure = event, ""
                        self._has_died, self._is_decided = False, True
                        self._workspace.rethought(touches)
                        self.status = msgspec.structs.replace(self.status, outcome=event, progress=None)
                    else:
                        await self._take(event)
        except ReasonerDiedError as error:
            failure = f"{error}; it is started again {'at the next change' if self._has_died else 'now'}"
            if not self._has_died:  # twice in a row, and something here kills it
                self._agenda = self._agenda.add(EVERYTHING, "tried again")
                self._is_asked = self._pause is Pause.NONE  # a busy machine is no reason to wait in its midst
            self._has_died = not self._has_died
        except ReasonerError as error:
            failure = str(error)
        except Exception as error:
            # Whatever a run dies of, the sleep goes on.
            log.exception("a run failed")
            failure = f"internal error: {type(error).__name__}: {error}"
        return outcome, failure

    async def _take(self, event: Progress | ModuleClaims | Batch | Suspected | Notice | Reflected) -> None:
        match event:
            case Progress():
                self._tell(msgspec.structs.replace(self.status, progress=event))
            case Reflected():
                self._tell(msgspec.structs.replace(self.status, reflected=event))
            case Notice():
                self._listener.noticed(event.line)
            case ModuleClaims():
                await self._learner.learn(event)
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
