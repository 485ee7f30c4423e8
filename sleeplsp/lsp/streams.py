"""Streams: bytes from the editor and to it, on the event loop, which neither may hold up.

An editor that does not read what it is told is waited for without blocking anybody else. It must not know
what the bytes say.
"""

import asyncio
import contextlib
import os
import select
import socket
import sys
import threading
from collections.abc import Callable
from typing import IO, NamedTuple

READ_BYTES = 256 * 1024
"""Bytes that are read at once, at most."""

WRITE_BYTES = 4096
"""Bytes that a pipe which says it can be written to takes without waiting."""

FLUSH_S = 1.0
"""Seconds in which the last words must have been read."""


class Channel(NamedTuple):
    """Where bytes come from and go to."""

    readable: int
    writable: int
    read: Callable[[int], bytes]
    """Read up to so many bytes, waiting for the first; none mean the end."""
    write: Callable[[memoryview], int]
    """Write some of the bytes, waiting for room; return how many."""


def channel_of_files(requests: IO[bytes], replies: IO[bytes]) -> Channel:
    """Return the channel over two files from which nothing was read yet."""
    readable, writable = requests.fileno(), replies.fileno()
    return Channel(
        readable,
        writable,
        lambda count: os.read(readable, count),
        lambda data: os.write(writable, data),
    )


def channel_of_socket(connection: socket.socket) -> Channel:
    """Return the channel over a connection."""
    return Channel(connection.fileno(), connection.fileno(), connection.recv, connection.send)


class Incoming:
    """Hands on what comes in, on the loop; nothing at all when there will be no more."""

    def __init__(self, channel: Channel, take: Callable[[bytes], None]) -> None:
        self._channel = channel
        self._take = take
        self._loop = asyncio.get_running_loop()
        self._is_open = True
        self._is_awaited = True
        """The loop tells when there is something to read; else a thread waits for it."""
        self._may_read = threading.Event()
        self.resume()
        if not self._is_awaited:
            threading.Thread(target=self._read_beside, name="sleeplsp-requests", daemon=True).start()

    def pause(self) -> None:
        """Read no more until `resume`; what was read already may still come."""
        self._may_read.clear()
        if self._is_awaited:
            self._loop.remove_reader(self._channel.readable)

    def resume(self) -> None:
        """Read on."""
        if not self._is_open:
            return
        self._may_read.set()
        if self._is_awaited:
            try:
                self._loop.add_reader(self._channel.readable, self._ready)
            except (NotImplementedError, OSError):  # Windows; a regular file
                self._is_awaited = False

    def close(self) -> None:
        """Read no more, ever."""
        self.pause()
        self._is_open = False

    def _ready(self) -> None:
        self._hand_on(_read(self._channel))

    def _read_beside(self) -> None:
        data = b"-"
        while data:
            self._may_read.wait()
            data = _read(self._channel)
            try:
                self._loop.call_soon_threadsafe(self._hand_on, data)
            except RuntimeError:  # the loop is closed
                return

    def _hand_on(self, data: bytes) -> None:
        if self._is_open:
            if not data:
                self.close()
            self._take(data)


class Outgoing:
    """Sends at once what there is room for, and the rest when there is; fulfils what pygls writes to."""

    def __init__(self, channel: Channel, drained: Callable[[], None]) -> None:
        self.backlog = bytearray()
        """What waits for the editor to read."""
        self._channel = channel
        self._drained = drained
        self._loop = asyncio.get_running_loop()
        self._is_closed = False
        self._is_flushed = asyncio.Event()

    def write(self, data: bytes) -> None:
        """Send, now or later."""
        if self._is_closed:
            return
        if not self.backlog:
            data = data[self._send(data) :]
            if data and not self._is_closed:
                self._loop.add_writer(self._channel.writable, self._ready)
        if not self._is_closed:
            self.backlog += data

    def close(self) -> None:
        """Send nothing any more."""
        if self.backlog:
            self._loop.remove_writer(self._channel.writable)
            self.backlog.clear()
        self._is_closed = True

    async def flush(self) -> None:
        """Wait until all was sent, as far as the editor reads at all."""
        if self.backlog:
            self._is_flushed.clear()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._is_flushed.wait(), FLUSH_S)

    def _ready(self) -> None:
        sent = self._send(self.backlog)
        del self.backlog[:sent]
        if not self.backlog:
            self._loop.remove_writer(self._channel.writable)
            self._is_flushed.set()
            self._drained()

    def _send(self, data: bytes | bytearray) -> int:
        """Send as much as there is room for; return how much."""
        sent = 0
        try:
            with memoryview(data) as view:
                while sent < len(data) and _has_room(self._channel.writable):
                    sent += self._channel.write(view[sent : sent + WRITE_BYTES])
        except OSError:  # nobody reads any more: many an editor ends without awaiting the last reply
            self._is_closed = True
            return len(data)
        return sent


def _read(channel: Channel) -> bytes:
    try:
        return channel.read(READ_BYTES)
    except OSError:  # the other side was killed, or the stream is closed
        return b""


def _has_room(writable: int) -> bool:
    if sys.platform == "win32":
        return True  # there is no asking: a full pipe holds up the loop there
    poll = select.poll()
    poll.register(writable, select.POLLOUT)
    return bool(poll.poll(0))
