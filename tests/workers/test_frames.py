"""Frames: whole messages come through, and everything else says that the other side is gone."""

import io
import os

import msgspec
import pytest

from sleeplsp.workers import frames

DECODER = msgspec.msgpack.Decoder(dict[str, int])
WHOLE = b"\x00\x00\x00\x04\x81\xa1a\x01"


def test_what_is_written_is_read() -> None:
    stream = io.BytesIO()
    frames.write(stream, {"a": 1})
    frames.write(stream, {})
    assert stream.getvalue() == WHOLE + b"\x00\x00\x00\x01\x80"
    stream.seek(0)
    assert [frames.read(stream, DECODER), frames.read(stream, DECODER)] == [{"a": 1}, {}]


@pytest.mark.parametrize("message", [10**30, "\ud800", {"a": object()}])
def test_what_cannot_be_said_closes(message: object) -> None:
    stream = io.BytesIO()
    with pytest.raises(frames.ClosedError):
        frames.write(stream, message)
    assert not stream.getvalue()


@pytest.mark.parametrize(
    "sent",
    [
        *(WHOLE[:count] for count in range(len(WHOLE))),
        b"\x00\x00\x00\x00",
        b"\x00\x00\x00\x01\xc1",
        b"\x00\x00\x00\x04\x81\xa1a\xc0",
        (frames.FRAME_BYTES_MAX + 1).to_bytes(4, "big") + b"\x80",
        b"\xff\xff\xff\xff",
        b"Traceback (most recent call last):\n",
    ],
)
def test_what_is_no_whole_frame_closes(sent: bytes) -> None:
    with pytest.raises(frames.ClosedError):
        frames.read(io.BytesIO(sent), DECODER)


def test_a_closed_pipe_closes() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "wb", buffering=0) as stream, pytest.raises(frames.ClosedError):
        frames.write(stream, {})
    with pytest.raises(frames.ClosedError):
        frames.read(stream, DECODER)


def test_a_frame_that_nobody_would_read_is_not_written(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(frames, "FRAME_BYTES_MAX", 3)
    stream = io.BytesIO()
    with pytest.raises(frames.ClosedError):
        frames.write(stream, {"a": 1})
    assert stream.getvalue() == b""
