"""A process that is told and tells frames, as an event loop sees it: nobody waits for its pipes but threads.

What it is told goes out in turn, what it tells comes in as it is asked for. It must not know what is said.
"""

import asyncio
import contextlib
import logging
import queue
import threading
from collections.abc import Callable
from typing import IO, TYPE_CHECKING, Generic

import msgspec

from sleeplsp.workers import frames

if TYPE_CHECKING:
    import subprocess

log = logging.getLogger(__name__)

END_S = 2.0
"""Seconds in which the process ends by itself when it is asked to."""


class Child(Generic[frames.T]):
    """A process whose standard input and output are pipes; for one event loop."""

    def __init__(
        self,
        process: "subprocess.Popen[bytes]",
        decoder: msgspec.msgpack.Decoder[frames.T],
        aside: Callable[[frames.T], bool] = lambda _reply: False,
    ) -> None:
        """`aside` takes what is not for whoever waits for what it tells next; it tells whether it did."""
        self._process = process
        self._aside = aside
        self._requests: queue.SimpleQueue[object] = queue.SimpleQueue()
        self._replies: asyncio.Queue[frames.T | None] = asyncio.Queue()
        self._loop = asyncio.get_running_loop()
        self._is_gone = asyncio.Event()
        if process.stdin is None or process.stdout is None:
            raise ValueError("a child has pipes")
        for target, stream in ((self._write, process.stdin), (self._read, process.stdout)):
            threading.Thread(target=target, args=(stream, decoder), daemon=True).start()

    @property
    def is_gone(self) -> bool:
        """Whether it tells nothing any more."""
        return self._is_gone.is_set()

    def tell(self, request: object) -> None:
        """Send it something, after all that was sent before."""
        self._requests.put(request)

    async def hear(self) -> frames.T:
        """Wait for what it tells next. Raises frames.ClosedError when it is gone."""
        reply = None if self.is_gone and self._replies.empty() else await self._replies.get()
        if reply is None:
            raise frames.ClosedError("the process is gone")
        return reply

    async def until_gone(self) -> None:
        """Wait until it tells nothing any more."""
        await self._is_gone.wait()

    def _take(self, reply: frames.T) -> None:
        if not self._aside(reply):
            self._replies.put_nowait(reply)

    async def end(self) -> None:
        """Let it end; it is ended if it does not."""
        self._requests.put(None)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._is_gone.wait(), END_S)
        if not self.is_gone:
            self._process.kill()
        await asyncio.to_thread(self._process.wait)

    def _write(self, stream: IO[bytes], _decoder: object) -> None:
        try:
            while (request := self._requests.get()) is not None:
                frames.write(stream, request)
        except frames.ClosedError as error:
            log.info("a process is not told any more: %s", error)
        finally:
            with contextlib.suppress(OSError):
                stream.close()  # it ends, and whoever hears it is told

    def _read(self, stream: IO[bytes], decoder: msgspec.msgpack.Decoder[frames.T]) -> None:
        with contextlib.suppress(RuntimeError):  # the loop is over: nobody hears
            with contextlib.suppress(frames.ClosedError):
                while True:
                    self._loop.call_soon_threadsafe(self._take, frames.read(stream, decoder))
            self._loop.call_soon_threadsafe(self._replies.put_nowait, None)
            self._loop.call_soon_threadsafe(self._is_gone.set)
        stream.close()
