"""Standard streams that lead nowhere: closed before this process began, or no longer read.

Something stands in the place of a closed one. Otherwise the next file that is opened, such as the store,
takes the number of a stream, and what others print there goes into it. It must not know what is printed.
"""

import os
import sys
from typing import TextIO

# Reading from the first fails, and so does writing to the second: that the answer is lost is told.
# What is told on the third is lost anyway.
_STANDING_IN = (os.O_WRONLY, os.O_RDONLY, os.O_WRONLY)


def hold() -> None:
    """Open whatever of the three streams is closed."""
    for number, flags in enumerate(_STANDING_IN):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, flags)  # takes the lowest number that is free, which is this one
    sys.stdout = sys.stdout or _written(1)
    sys.stderr = sys.stderr or _written(2)


def silence(stream: TextIO) -> None:
    """Let a stream lead nowhere: nobody reads it, or it cannot be written.

    What it still holds would otherwise fail when the process ends, and decide the exit code.
    """
    try:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
    except (OSError, ValueError):
        pass  # the stream is no file, so nothing will be flushed into it either


def _written(number: int) -> TextIO:
    return open(number, "w", encoding="utf-8", errors="backslashreplace", closefd=False)
