"""Rooms: how the bytes of a prompt are shared out among its parts.

A share of the room is kept for the code whatever comes after it, so that it reads the same from call to
call. It must not know what the parts say.
"""

import msgspec

from sleeplsp.prompts.prompt import ESTIMATE_BYTES_PER_TOKEN, Prompt

ROOM_BYTES_MIN = 600
"""Less than this for code and all else is not worth a call: it shows a function of a dozen lines."""

_CODE = 0.625
_NOTES = 0.25
_LIST = 0.0625
_LIST_BYTES_MIN = 75
"""A list shorter than this may have no room for a single name."""


class Room(msgspec.Struct, frozen=True):
    """Bytes for the parts of one prompt."""

    bytes: int

    @property
    def code(self) -> int:
        """For the module's code, before all else."""
        return int(self.bytes * _CODE)

    @property
    def notes(self) -> int:
        """For what is told beside the code, if the code takes all that it may."""
        return min(int(self.bytes * _NOTES), max(self.bytes - self.code - 2 * self.list, 0))

    @property
    def list(self) -> int:
        """For names of symbols, and as much for what is known."""
        return max(int(self.bytes * _LIST), min(_LIST_BYTES_MIN, self.bytes // 8))

    def left(self, code_bytes: int) -> int:
        """Return what is left for notes beside so much code."""
        return self.notes + max(self.code - code_bytes, 0)


def room(frame: Prompt, tokens_max: int) -> Room | None:
    """Return the room in a prompt of which the frame is given; None if it is too small."""
    left = (tokens_max - frame.tokens - 1) * ESTIMATE_BYTES_PER_TOKEN
    return Room(left) if left >= ROOM_BYTES_MIN else None
