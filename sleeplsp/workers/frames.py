"""Frames: how processes talk. A length of four bytes, most significant first, then msgpack.

Nothing is pickled. It must not know what the messages are.
"""

from typing import IO, TypeVar

import msgspec

FRAME_BYTES_MAX = 1 << 30


T = TypeVar("T")


class ClosedError(Exception):
    """The other side is gone."""


def write(stream: IO[bytes], message: object) -> None:
    """Write one frame; raises ClosedError when nobody reads, or could."""
    try:
        payload = msgspec.msgpack.encode(message)
    except (OverflowError, TypeError, UnicodeEncodeError) as error:  # a number of 65 bits, half a character
        raise ClosedError(f"what cannot be told: {error}") from error
    if len(payload) > FRAME_BYTES_MAX:
        raise ClosedError(f"a frame of {len(payload)} bytes")
    try:
        stream.write(len(payload).to_bytes(4, "big"))
        stream.write(payload)
        stream.flush()
    except (OSError, ValueError) as error:
        raise ClosedError(str(error)) from error


def read(stream: IO[bytes], decoder: msgspec.msgpack.Decoder[T]) -> T:
    """Read one frame; raises ClosedError at the end of the stream or when it holds something else."""
    length = int.from_bytes(_exactly(stream, 4), "big")
    if length > FRAME_BYTES_MAX:
        raise ClosedError(f"a frame of {length} bytes")
    try:
        return decoder.decode(_exactly(stream, length))
    except msgspec.DecodeError as error:
        raise ClosedError(str(error)) from error


def _exactly(stream: IO[bytes], count: int) -> bytes:
    try:
        data = stream.read(count)
    except (OSError, ValueError) as error:
        raise ClosedError(str(error)) from error
    if data is None or len(data) < count:
        raise ClosedError("the stream ended")
    return data
