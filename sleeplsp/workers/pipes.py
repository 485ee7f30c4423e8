"""The pipes of a process that answers requests: kept from all else that reads or prints, and watched.

It must not know what is asked.
"""

import contextlib
import os
import queue
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, BinaryIO

import msgspec

from sleeplsp.workers import frames

GRACE_S = 5.0
"""Seconds in which a process ends by itself once nobody asks any more; then it is ended."""


@contextlib.contextmanager
def own_streams() -> Iterator[tuple[BinaryIO, BinaryIO]]:
    """Take standard input and output; what is printed from now on goes to standard error.

    A stray `print` would otherwise stand between two frames, and a child that reads would eat one.
    """
    requests, replies = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    with Path(os.devnull).open("r+b") as nothing:
        os.dup2(nothing.fileno(), 0)
        try:
            os.dup2(2, 1)
        except OSError:  # there is no standard error
            os.dup2(nothing.fileno(), 1)
    try:
        yield requests, replies
    finally:
        with contextlib.suppress(OSError):  # nobody reads what was not sent yet
            replies.close()


def requests_of(stream: IO[bytes], decoder: msgspec.msgpack.Decoder[frames.T]) -> Iterator[frames.T]:
    """Yield requests until the other side is gone; if that is while one is answered, end soon."""
    pending: queue.SimpleQueue[frames.T | None] = queue.SimpleQueue()
    hear(stream, decoder, pending.put)
    while (request := pending.get()) is not None:
        yield request


def hear(
    stream: IO[bytes], decoder: msgspec.msgpack.Decoder[frames.T], put: Callable[[frames.T | None], None]
) -> None:
    """Have requests put somewhere as they come, and None when there are no more: the process ends then."""

    def read() -> None:
        with contextlib.suppress(frames.ClosedError):
            while True:
                put(frames.read(stream, decoder))
        stream.close()
        put(None)
        time.sleep(GRACE_S)
        os._exit(1)  # what is answered now is for nobody

    threading.Thread(target=read, name="sleeplsp-requests", daemon=True).start()
