"""A Deduction, and a ModelReasoner, in a thread of this very process, as the Sleeper sees it: for commands.

It must not know who listens, nor what becomes of what was deduced.
"""

import asyncio
import contextlib
import threading
from collections.abc import AsyncGenerator
from typing import TYPE_CHECKING

from sleeplsp.core.text import Text
from sleeplsp.engine.asking import Asked
from sleeplsp.engine.deduction import Deduction
from sleeplsp.engine.outcome import Outcome, Progress, Reflected
from sleeplsp.engine.reasoner import Event, ReasonerError, Wish

if TYPE_CHECKING:  # where no model is asked, nothing of one is loaded
    from sleeplsp.engine.model_reasoner import ModelReasoner


class LocalReasoner:
    """Fulfils `engine.reasoner.Reasoner` with a Deduction that nobody else uses meanwhile."""

    def __init__(self, deduction: Deduction, model_reasoner: "ModelReasoner | None" = None) -> None:
        self.error: BaseException | None = None
        """What the last run could not be finished for, as it was raised: a command tells it so."""
        self._deduction, self._model_reasoner = deduction, model_reasoner
        self._held: dict[str, bytes] = {}

    async def think(self, wish: Wish) -> AsyncGenerator[Event, None]:
        """Yield how far the run is, and what it came to. One that is given up goes on from where it was."""
        self.error = None
        if self._model_reasoner is not None:
            self._model_reasoner.ask((), again=wish.again, deeper=wish.deeper)
        run = _Run(self._deduction, self._model_reasoner, self._asked(wish))
        run.start()
        try:
            while (event := await run.heard.get()) is not None:
                yield event
        finally:
            run.give_up()
            await asyncio.shield(run.ended.wait())
        self.error = run.error
        if run.error is not None:
            raise ReasonerError(str(run.error)) from run.error

    async def is_model_there(self) -> bool:
        """Say so: a command has one run, and waits for nobody."""
        return True

    async def close(self) -> None:
        """End the workers; what is known stays."""
        if self._model_reasoner is not None:
            await asyncio.to_thread(self._model_reasoner.close)
        await asyncio.to_thread(self._deduction.close)

    def _asked(self, wish: Wish) -> Asked:
        before, self._held = self._held, dict(wish.overlays)
        return Asked(
            held={path: Text(text) for path, text in self._held.items() if before.get(path) != text},
            closed=tuple(before.keys() - self._held.keys()),
            scan=wish.scan,
            again=tuple(wish.again),
            shown=tuple(wish.shown),
        )


class _Run(threading.Thread):
    """One run, until it is over or given up."""

    def __init__(self, deduction: Deduction, model_reasoner: "ModelReasoner | None", asked: Asked) -> None:
        super().__init__(name="sleeplsp-deduction", daemon=True)
        self.heard: asyncio.Queue[Event | None] = asyncio.Queue()
        """What it tells; None at its end."""
        self.ended = asyncio.Event()
        self.error: BaseException | None = None
        self._deduction, self._model_reasoner = deduction, model_reasoner
        self._asked = asked
        self._is_given_up = False
        self._loop = asyncio.get_running_loop()

    def give_up(self) -> None:
        """End soon; nothing if it is over."""
        self._is_given_up = True
        self._deduction.mail.put()  # it looks up

    def run(self) -> None:
        """Think."""
        try:
            if (outcome := self._outcome()) is not None:
                self._tell(outcome)
                if self._model_reasoner is not None:
                    self._tell(self._reflected(self._model_reasoner))
        except BaseException as error:  # noqa: BLE001 - raised where somebody waits
            self.error = error
        finally:
            self._tell(None)
            with contextlib.suppress(RuntimeError):  # the loop is over: nobody waits
                self._loop.call_soon_threadsafe(self.ended.set)

    def _outcome(self) -> Outcome | None:
        deduction = self._deduction
        deduction.ask(self._asked, self._progress)
        while not self._is_given_up:
            if deduction.outcome is not None:
                return deduction.outcome
            if not deduction.step() and deduction.outcome is None:
                deduction.wait(deduction.patience_s)
        deduction.pause()
        return None

    def _reflected(self, model_reasoner: "ModelReasoner") -> Reflected | None:
        while not self._is_given_up:
            if model_reasoner.outcome is not None:
                return model_reasoner.told
            if not model_reasoner.step(self._progress) and model_reasoner.outcome is None:
                self._deduction.wait(model_reasoner.patience_s)
        model_reasoner.pause()
        return None

    def _progress(self, progress: Progress) -> None:
        self._tell(progress)

    def _tell(self, event: Event | None) -> None:
        with contextlib.suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self.heard.put_nowait, event)
