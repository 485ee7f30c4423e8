"""What the program hears and says: one JSON object on standard input, one on each line of its own output.

It must not know what is tried. The orders: `root` and `path` of the module, absolute; `trials`, each a
function's name, a check and the files of the modules that a call leads to; `calls_max`, and
`shrinking_calls_max` more; `call_seconds`, `check_seconds`, `cpu_seconds`; `bytes_max`. What is said,
with the number of the trial:

    {"begun": 0}                      from here on it is at this one
    {"alive": true}                   it still is, and not within one call
    {"found": 0, "result": ..., "runs": ..., "example": ..., "reason": ...}
    {"failed": reason}                the module cannot be used at all
"""

import contextlib
import json
import os
import sys
import time
from typing import Any

from .spelling import printable

ALIVE_SECONDS = 0.5
"""Time between two signs of life."""


class Line:
    """The program's own output. Standard input and output are nobody's after that."""

    def __init__(self) -> None:
        self._output = os.dup(1)
        self._input = os.dup(0)
        self._alive_at = 0.0

    def orders(self) -> dict[str, Any]:
        """Return what is to be done; then let nobody else read or write here."""
        orders: dict[str, Any] = json.loads(sys.stdin.buffer.readline())
        end_with(self._input)
        nothing = os.open(os.devnull, os.O_RDWR)
        for number in (0, 1, 2):
            os.dup2(nothing, number)
        os.close(nothing)
        return orders

    def say(self, **told: Any) -> None:  # noqa: ANN401 - plain values
        """Say one thing; what cannot be seen in a text is escaped."""
        self._alive_at = time.monotonic()
        visible = {key: printable(each) if isinstance(each, str) else each for key, each in told.items()}
        pending = json.dumps(visible).encode() + b"\n"
        while pending:
            pending = pending[os.write(self._output, pending) :]

    def be_alive(self) -> None:
        """Say that it goes on, if that was not said lately."""
        if time.monotonic() - self._alive_at > ALIVE_SECONDS:
            self.say(alive=True)


def end_with(pipe: int) -> None:
    """Have the system end this process when a pipe it reads from is closed, where it can.

    Linux then sends what nothing can ignore, whatever code is running; elsewhere a signal that ends what
    has not asked for it.
    """
    with contextlib.suppress(ImportError, OSError, AttributeError):
        import fcntl  # noqa: PLC0415 - not on every system
        import signal  # noqa: PLC0415 - as above

        fcntl.fcntl(pipe, fcntl.F_SETOWN, os.getpid())
        if hasattr(fcntl, "F_SETSIG"):
            fcntl.fcntl(pipe, fcntl.F_SETSIG, signal.SIGKILL)
        fcntl.fcntl(pipe, fcntl.F_SETFL, fcntl.fcntl(pipe, fcntl.F_GETFL) | os.O_ASYNC)
    with contextlib.suppress(ImportError, OSError, AttributeError):
        import select  # noqa: PLC0415 - as above

        already = select.poll()
        already.register(pipe, 0)
        if any(what & select.POLLHUP for _, what in already.poll(0)):
            os._exit(0)
