"""Backing off: long runs in the background wait while the machine is busy, but not for ever.

It must not know how it is found out whether the machine is busy.
"""

from collections.abc import Callable

AGAIN_S = 15.0
"""Seconds after which it is looked again whether the machine is still busy."""

WAIT_S_MAX = 1800.0
"""Seconds that a run waits at most: at low priority it harms nobody."""


class Backoff:
    """Whether a run waits now. `busy` says why it should, `now` the time in seconds from any beginning."""

    def __init__(self, busy: Callable[[], str], now: Callable[[], float]) -> None:
        self._busy = busy
        self._now = now
        self._since: float | None = None

    def reason(self) -> str:
        """Return why a run waits; '' if it need not, or has waited long enough."""
        reason = self._busy()
        if not reason:
            return ""
        if self._since is None:
            self._since = self._now()
        return reason if self._now() - self._since < WAIT_S_MAX else ""

    def begun(self) -> None:
        """Take note that a run has begun: the next waits for itself."""
        self._since = None
