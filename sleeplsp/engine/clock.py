"""Time, as those see it who wait: tests move it by hand."""

import time

import anyio


class Clock:
    """Time, in seconds from any beginning. Tests move one by hand."""

    def now(self) -> float:
        """Return the time."""
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        await anyio.sleep(seconds)
