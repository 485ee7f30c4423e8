"""What is said between the process that runs code and the one that wants to know: orders in, lines out.

It decides when to stop listening; it must not know what a line means for a claim.
"""

import json
import os
import selectors
import subprocess
import time
from collections.abc import Callable, Iterator
from enum import Enum, auto

import msgspec

from sleeplsp.engine.verification.ports import Result

LOOK_SECONDS = 0.1
"""Time between two looks at whether anybody still waits."""

LINE_BYTES_MAX = 64 * 1024
EXIT_SECONDS_MAX = 1.0
"""For a process that has closed its output to end by itself, so that it is known how."""


class Ended(Enum):
    """Why nothing more is said."""

    EXITED = auto()
    SILENT = auto()
    OUT_OF_TIME = auto()
    UNWANTED = auto()


class Said(msgspec.Struct, frozen=True):
    """One line; which of the first four is told says what it is."""

    begun: int | None = None
    alive: bool = False
    found: int | None = None
    failed: str | None = None
    result: Result = Result.OPEN
    runs: int = 0
    example: str = ""
    reason: str = ""


class Conversation:
    """Orders for one process, and the lines it says.

    `for said in conversation` until there are no more; `ended` then tells why.
    """

    def __init__(
        self,
        process: subprocess.Popen[bytes],
        orders: object,
        *,
        ends_at: float,
        silence_seconds: float,
        is_wanted: Callable[[], bool],
    ) -> None:
        self.ended = Ended.EXITED
        self._process = process
        self._orders = json.dumps(orders).encode() + b"\n"
        self._ends_at = ends_at
        self._silence_seconds = silence_seconds
        self._is_wanted = is_wanted
        self._last_said_at: float | None = None

    def __iter__(self) -> Iterator[Said]:
        """Yield what is said until the process ends or falls silent, time is over, or nobody wants more."""
        with selectors.DefaultSelector() as selector:
            self._register(selector)
            pending = b""
            while self._goes_on():
                ready = {key.data for key, _ in selector.select(LOOK_SECONDS)}
                if "orders" in ready:
                    self._send(selector)
                if "lines" not in ready:
                    continue
                more = os.read(self._output, LINE_BYTES_MAX)
                if not more or len(pending) > LINE_BYTES_MAX:
                    return
                *lines, pending = (pending + more).split(b"\n")
                yield from self._read(lines)

    def exit_code(self) -> int | None:
        """Return how the process ended, once it has closed its output; None: it has not."""
        try:
            return self._process.wait(EXIT_SECONDS_MAX)
        except subprocess.TimeoutExpired:
            return None

    @property
    def _output(self) -> int:
        assert self._process.stdout is not None  # noqa: S101 - it is a pipe
        return self._process.stdout.fileno()

    @property
    def _input(self) -> int:
        assert self._process.stdin is not None  # noqa: S101 - it is a pipe
        return self._process.stdin.fileno()

    def _register(self, selector: selectors.BaseSelector) -> None:
        os.set_blocking(self._input, False)
        selector.register(self._input, selectors.EVENT_WRITE, "orders")
        selector.register(self._output, selectors.EVENT_READ, "lines")

    def _goes_on(self) -> bool:
        now = time.monotonic()
        if not self._is_wanted():
            self.ended = Ended.UNWANTED
        elif now > self._ends_at:
            self.ended = Ended.OUT_OF_TIME
        elif self._last_said_at is not None and now - self._last_said_at > self._silence_seconds:
            self.ended = Ended.SILENT
        else:
            return True
        return False

    def _send(self, selector: selectors.BaseSelector) -> None:
        """Send what the pipe takes; it stays open afterwards, since the process ends with it."""
        try:
            self._orders = self._orders[os.write(self._input, self._orders) :]
        except BlockingIOError:
            return
        except BrokenPipeError:
            self._orders = b""
        if not self._orders:
            selector.unregister(self._input)

    def _read(self, lines: list[bytes]) -> Iterator[Said]:
        for line in lines:
            try:
                said = msgspec.json.decode(line, type=Said)
            except msgspec.MsgspecError:
                continue  # not by our program, then
            self._last_said_at = time.monotonic()
            yield said
