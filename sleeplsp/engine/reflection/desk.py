"""The desk: where a thread that must not wait hands calls of a model in; the answers come by mail.

It has a thread of its own with an event loop on which the model lives; the model is opened with the first
call. It must not know what is asked.
"""

import logging
import queue
import threading
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from typing import TypeVar

import anyio
import anyio.from_thread

from sleeplsp.engine.errors import JournalError
from sleeplsp.engine.mail import Letter
from sleeplsp.engine.model import Answer, Call, Model, ModelError, UnbookedError, Weight

log = logging.getLogger(__name__)

T = TypeVar("T")

OpenModel = Callable[[], AbstractAsyncContextManager[Model]]
"""Opens the model, on the loop that asks; raises ModelError."""


class Ticket:
    """A call that was handed in."""

    def __init__(self) -> None:
        self.is_cancelled = False
        self._scope: anyio.CancelScope | None = None
        self._lock = threading.Lock()

    def begin(self, scope: anyio.CancelScope) -> bool:
        """Take note of the scope it runs in; tell whether it is to run at all."""
        with self._lock:
            self._scope = scope
            return not self.is_cancelled

    def cancel(self) -> anyio.CancelScope | None:
        """Have it not begin, or return the scope to be cancelled on its loop."""
        with self._lock:
            self.is_cancelled = True
            return self._scope


class Desk:
    """One model and the calls that are under way; used by one thread."""

    def __init__(self, open_model: OpenModel, deliver: Callable[[Letter], None]) -> None:
        self._open_model = open_model
        self._deliver = deliver
        self._room: _Room | None = None

    def answer(
        self,
        call: Call,
        take: Callable[[Answer | ModelError], None],
        hear: Callable[[str], None] | None = None,
    ) -> Ticket:
        """Hand a call in; `take` is called by whoever opens the mail, unless the call is cancelled.

        `hear` is told pieces of the reply as they come, on the desk's own thread.
        """
        return self._hand_in(lambda model: model.answer(call, hear), take)

    def weigh(self, call: Call, text: str, take: Callable[[Weight | ModelError], None]) -> Ticket:
        """Hand in the question how likely a text is as the reply; ModelError where that cannot be told."""
        return self._hand_in(lambda model: _weight(model, call, text), take)

    def look(self, take: Callable[[bool], None]) -> Ticket:
        """Hand in the question whether anybody answers at the endpoint; yes where nobody can tell."""
        return self._hand_in(
            lambda model: model.is_there(), lambda found: take(found if isinstance(found, bool) else True)
        )

    def cancel(self, ticket: Ticket) -> None:
        """End a call; nothing if it is over."""
        scope = ticket.cancel()
        if scope is not None and self._room is not None:
            self._room.portal.start_task_soon(scope.cancel)

    def close(self) -> None:
        """End all calls, and the thread."""
        room, self._room = self._room, None
        if room is not None:
            room.close()

    def _hand_in(
        self, work: Callable[[Model], Awaitable[T]], take: Callable[[T | ModelError], None]
    ) -> Ticket:
        if self._room is None:
            self._room = _Room(self._open_model)
        ticket = Ticket()
        self._room.portal.start_task_soon(self._do, self._room, ticket, work, take)
        return ticket

    async def _do(
        self,
        room: "_Room",
        ticket: Ticket,
        work: Callable[[Model], Awaitable[T]],
        take: Callable[[T | ModelError], None],
    ) -> None:
        with anyio.CancelScope() as scope:
            if not ticket.begin(scope):
                return
            result: T | ModelError
            try:
                result = await work(await room.model())
            except ModelError as error:
                result = error
            except JournalError as error:
                result = UnbookedError(str(error))
            except Exception as error:
                log.exception("a call failed")
                result = ModelError(f"internal error: {type(error).__name__}: {error}")
            self._deliver(lambda: take(result))


class _Room:
    """A thread with an event loop, and the model on it."""

    def __init__(self, open_model: OpenModel) -> None:
        self._open_model = open_model
        self._model: Model | None = None
        self._error: ModelError | None = None
        started: queue.SimpleQueue[anyio.from_thread.BlockingPortal] = queue.SimpleQueue()
        self._thread = threading.Thread(
            target=lambda: anyio.run(self._hold, started), name="sleeplsp-model", daemon=True
        )
        self._thread.start()
        self.portal = started.get()

    async def model(self) -> Model:
        """Return the model, opened when it is first asked for. Raises ModelError."""
        self._wanted.set()
        await self._tried.wait()
        if self._model is None:
            raise self._error or ModelError("the model is closed")
        return self._model

    def close(self) -> None:
        """End what is under way, and the thread."""
        self.portal.start_task_soon(self._closing.set)
        self._thread.join()

    async def _hold(self, started: "queue.SimpleQueue[anyio.from_thread.BlockingPortal]") -> None:
        self._wanted, self._tried, self._closing = anyio.Event(), anyio.Event(), anyio.Event()
        async with anyio.from_thread.BlockingPortal() as portal:
            started.put(portal)
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(self._keep_open)
                await self._closing.wait()
                await portal.stop(cancel_remaining=True)
                tasks.cancel_scope.cancel()

    async def _keep_open(self) -> None:
        """Open the model when it is wanted; where it cannot be, try again when it is wanted again."""
        while True:
            await self._wanted.wait()
            try:
                async with self._open_model() as self._model:
                    self._tried.set()
                    await anyio.sleep_forever()
            except ModelError as error:
                self._error = error
                self._wanted, tried, self._tried = anyio.Event(), self._tried, anyio.Event()
                tried.set()
            finally:
                self._model = None


async def _weight(model: Model, call: Call, text: str) -> Weight:
    abilities = await model.abilities()
    if not abilities.can_weigh:
        raise ModelError("the endpoint does not tell how likely a text is")
    return await model.weigh(call, text)
