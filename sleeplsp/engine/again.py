"""When a model that was stopped is tried again: after a while, or once somebody answers at its endpoint.

To look whether somebody does is no call and costs nothing. It must not know what a run is, nor any protocol.
"""

import logging
from collections.abc import Awaitable, Callable

import anyio

from sleeplsp.engine.clock import Clock
from sleeplsp.engine.outcome import Reflected

log = logging.getLogger(__name__)

AGAIN_S = 300.0
"""Seconds after which a model is tried again that was stopped by a limit, or by what the user can mend."""

LOOK_S_MIN = 30.0
LOOK_S_MAX = 300.0
"""Seconds between two looks at an endpoint that was gone, fails or has too much to do: twice as many each
time, until a run goes well."""


class Again:
    """One model that may have been stopped, and who is told when it is to be tried again."""

    def __init__(
        self, clock: Clock, is_there: Callable[[], Awaitable[bool]], tell: Callable[[], None]
    ) -> None:
        self._clock, self._is_there, self._tell = clock, is_there, tell
        self._look_s = LOOK_S_MIN
        self._is_looking = False
        self._waiting: anyio.CancelScope | None = None
        self._nap: anyio.CancelScope | None = None

    def well(self) -> None:
        """Take note that a run was not stopped: there is nothing to wait for."""
        self._look_s = LOOK_S_MIN
        self._give_up()

    def answered(self) -> None:
        """Take note that the endpoint has answered a question: look now."""
        if self._nap is not None:
            self._nap.cancel()

    async def wait(self, stopped: Reflected) -> None:
        """Wait until a model is to be tried again, and tell; looking goes on as it was begun."""
        if stopped.is_away and self._is_looking:
            return
        self._give_up()
        with anyio.CancelScope() as scope:
            self._waiting, self._is_looking = scope, stopped.is_away
            await (self._look() if stopped.is_away else self._clock.sleep(AGAIN_S))
            self._waiting, self._is_looking = None, False
            self._tell()

    def _give_up(self) -> None:
        waiting, self._waiting, self._is_looking = self._waiting, None, False
        if waiting is not None:
            waiting.cancel()

    async def _look(self) -> None:
        """Look now and then, until somebody answers."""
        while True:
            with anyio.CancelScope() as self._nap:
                await self._clock.sleep(self._look_s)
            self._nap = None
            self._look_s = min(2 * self._look_s, LOOK_S_MAX)
            try:
                if await self._is_there():
                    return
            except Exception:
                log.exception("nobody can tell whether the model is there")
                return
