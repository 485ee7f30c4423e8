"""An end to what does not end by itself: an exception that is raised within it.

It must not know what that is. Code in C is not ended by it: whoever started the process notices that it says
nothing any more.
"""

import signal
from types import FrameType, TracebackType

_AGAIN_SECONDS = 1.0
"""Time after which it is raised again, if code has caught it and goes on."""


class TooLongError(BaseException):
    """It has not ended by itself. No Exception, so that code rarely catches it."""


class Ending:
    """`with Ending(seconds) as ending:` raises TooLongError in the block once the time is over."""

    def __init__(self, seconds: float) -> None:
        self.is_over = False
        """Whether that happened: the code may have caught it."""
        self._seconds = seconds
        self._is_on = False

    def __enter__(self) -> "Ending":  # noqa: PYI034 - Python 3.10 has no Self
        # Each time: the code may have wanted the signal for itself.
        signal.signal(signal.SIGALRM, self._end)
        self._is_on = True
        signal.setitimer(signal.ITIMER_REAL, self._seconds, _AGAIN_SECONDS)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._is_on = False
        signal.setitimer(signal.ITIMER_REAL, 0)

    def _end(self, _number: int, _frame: FrameType | None) -> None:
        if self._is_on:
            self.is_over = True
            raise TooLongError
