"""SIGTERM, by which CI ends a command, ends it as Ctrl-C does: what is open is settled and closed.

It must not know what a command has open.
"""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class Termination:
    """Whether a command was told to end."""

    is_told = False

    def take(self, _number: int, frame: FrameType | None) -> None:
        """Take the signal: do what is done at Ctrl-C, which an event loop may have changed meanwhile."""
        self.is_told = True
        interrupt = signal.getsignal(signal.SIGINT)
        if not callable(interrupt):  # it is ignored, as in the background of a shell
            raise KeyboardInterrupt
        interrupt(signal.SIGINT, frame)


@contextmanager
def heeded() -> Iterator[Termination]:
    """Heed SIGTERM while the context lasts, unless it is ignored or somebody else's."""
    termination = Termination()
    is_ours = threading.current_thread() is threading.main_thread()
    if not is_ours or signal.getsignal(signal.SIGTERM) is not signal.SIG_DFL:
        yield termination
        return
    signal.signal(signal.SIGTERM, termination.take)
    try:
        yield termination
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
