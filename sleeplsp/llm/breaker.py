"""A circuit breaker: an endpoint that fails over and over is left alone for a while.

It must not know how calls are made.
"""

import anyio

from sleeplsp.engine.clock import Clock
from sleeplsp.engine.model import DeniedError, ModelError, OverloadedError, UnreachableError
from sleeplsp.llm.faults import RejectedError

FAILURES_MAX = 5
"""So many calls in a row fail, with all that was tried again, before the endpoint is left alone."""

REST_S_MIN = 30.0
REST_S_MAX = 600.0


class Breaker:
    """Lets calls pass until too many have failed; after a rest, one, whose end the others wait for."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._failures = 0
        self._last: ModelError | None = None
        self._rest_s = REST_S_MIN
        self._until: float | None = None
        self._trial: object | None = None
        self._trial_over = anyio.Event()

    def is_tried_for(self, call: object) -> bool:
        """Tell whether another call is on that shows whether this one may pass."""
        return self._trial is not None and self._trial is not call

    async def shown(self, call: object) -> None:
        """Wait as long as another call is on that shows it."""
        while self.is_tried_for(call):
            await self._trial_over.wait()

    def admit(self, call: object) -> None:
        """Let a call pass for which nothing is tried, or raise what the last one failed with."""
        if self._until is None or self._trial is call:
            return
        left_s = self._until - self._clock.now()
        if left_s > 0:
            raise self._refusal(left_s)
        self._trial = call

    def relieve(self) -> None:
        """Tell that somebody answers there: the next call may be tried now."""
        if self._until is not None:
            self._until = min(self._until, self._clock.now())

    def over(self, call: object, error: ModelError | None) -> None:
        """Tell how an admitted call ended: None, or an error that is of this call alone, is well."""
        is_trial = self._trial is call
        self.gone(call)
        if not _is_of_the_endpoint(error):
            self._failures, self._until, self._rest_s = 0, None, REST_S_MIN
            return
        self._failures += 1
        self._last = error
        if is_trial:
            self._rest_s = min(self._rest_s * 2, REST_S_MAX)
        if is_trial or (self._until is None and self._failures >= FAILURES_MAX):
            self._until = self._clock.now() + self._rest_s

    def gone(self, call: object) -> None:
        """Tell that a call was given up before it showed anything."""
        if self._trial is call:
            self._trial = None
            self._trial_over.set()
            self._trial_over = anyio.Event()

    def _refusal(self, left_s: float) -> ModelError:
        last = self._last or UnreachableError("no reason is known")
        return type(last)(
            f"{self._failures} calls in a row have failed, so none is made for {left_s:.0f} s: {last}"
        )


def _is_of_the_endpoint(error: ModelError | None) -> bool:
    if isinstance(error, RejectedError):
        return False
    return isinstance(error, UnreachableError | OverloadedError | DeniedError)
