"""Bytes taken apart: whole messages whatever pieces they come in, and only what is broken is lost."""

import json
import random

import pytest

from sleeplsp.lsp.wire import HEAD_BYTES_MAX, HEADER_BYTES_MAX, Broken, Wire, opening
from tests.lsp.connection import framed

FIRST, SECOND = {"id": 1, "method": "first"}, {"id": 2, "method": "sécond"}
ONE, TWO = (framed(json.dumps(each, ensure_ascii=False).encode()) for each in (FIRST, SECOND))
BROKEN = "broken"


def parts(*pieces: bytes, body_bytes_max: int = 1000) -> list[object]:
    wire = Wire(body_bytes_max)
    found = [part for piece in pieces for part in wire.feed(piece)]
    return [BROKEN if isinstance(part, Broken) else part for part in found]


def test_messages_in_any_pieces() -> None:
    stream = ONE + TWO + ONE
    chance = random.Random(7)
    for size in (1, 2, 3, 50, len(stream)):
        pieces = [stream[at : at + size] for at in range(0, len(stream), size)]
        assert parts(*pieces) == [FIRST, SECOND, FIRST]
    for _ in range(200):
        cuts = sorted(chance.sample(range(len(stream)), 3))
        pieces = [stream[start:end] for start, end in zip([0, *cuts], [*cuts, len(stream)], strict=True)]
        assert parts(*pieces) == [FIRST, SECOND, FIRST]


BODY = json.dumps(FIRST).encode()
LENGTH = len(BODY)


@pytest.mark.parametrize(
    "header",
    [
        "Content-Length: {}\r\n\r\n",
        "content-length: {}\r\n\r\n",
        "CONTENT-LENGTH:{}\r\n\r\n",
        "Content-Length: \t{} \r\n\r\n",
        "Content-Length: 0{}\r\n\r\n",
        "Content-Length: {}\r\nContent-Type: application/vscode-jsonrpc; charset=utf-8\r\n\r\n",
        "Content-Type: application/vscode-jsonrpc; charset=utf8\r\nContent-Length: {}\r\n\r\n",
        "Content-Type: application/vscode-jsonrpc\r\nX-Other: 5\r\nContent-Length: {}\r\n\r\n",
        "\r\nContent-Length: {}\r\n\r\n",  # a line end that closes what went before
    ],
)
def test_headers(header: str) -> None:
    told = header.format(LENGTH).encode() + BODY
    assert parts(told + TWO) == [FIRST, SECOND]
    assert parts(*(bytes([each]) for each in told + TWO)) == [FIRST, SECOND]


LIES = {
    "too short": b"Content-Length: 5\r\n\r\n" + BODY,
    "too long": b"Content-Length: %d\r\n\r\n" % (LENGTH + 9) + BODY,
    "far too long": b"Content-Length: 900\r\n\r\n" + BODY,
    "longer than any": b"Content-Length: 999999999999\r\n\r\n" + BODY,
    "longer than numbers are": b"Content-Length: %s\r\n\r\n" % (b"9" * 100) + BODY,
    "negative": b"Content-Length: -5\r\n\r\n" + BODY,
    "none": b"Content-Type: x\r\n\r\n" + BODY,
    "no number": b"Content-Length: x\r\n\r\n" + BODY,
    "nothing": b"Content-Length: 0\r\n\r\n",
    "no JSON": framed(b"{]"),
    "another encoding": b"Content-Length: %d\r\nContent-Type: x; charset=utf-16\r\n\r\n" % LENGTH + BODY,
    "a line": b"hello\r\n",
    "an empty header": b"hello\r\n\r\n",
    "no header": BODY,
    "a header that never ends": b"x" * 3 * HEADER_BYTES_MAX,
    "lines that never end": b"Name: value\r\n" * HEADER_BYTES_MAX,
}


@pytest.mark.parametrize("lie", LIES)
@pytest.mark.parametrize("size", [1, 7, 1 << 20])
def test_a_lie_costs_what_was_broken_and_nothing_after_it(lie: str, size: int) -> None:
    # A line that belongs to nothing can be the end of what came before it.
    stream = ONE + LIES[lie] + TWO + ONE
    found = parts(*(stream[at : at + size] for at in range(0, len(stream), size)))
    assert [each for each in found if each != BROKEN] == [FIRST, SECOND, FIRST]
    assert 1 <= found.count(BROKEN) <= 2


def test_garbage_without_end_is_told_once_and_not_kept() -> None:
    wire = Wire()
    found = [part for _ in range(1000) for part in wire.feed(b"garbage " * 1000)]
    assert len(found) == 1
    assert len(wire._buffer) <= HEADER_BYTES_MAX + 8000
    assert [*wire.feed(ONE)] == [FIRST]


def test_a_message_that_is_too_large_is_told_by_its_beginning_and_not_kept() -> None:
    wire = Wire(1000)
    head = b'{"jsonrpc": "2.0", "id": 5, "method": "m", "params": {"uri": "u", "text": "'
    length = 100 * HEAD_BYTES_MAX
    found = [*wire.feed(b"Content-Length: %d\r\n\r\n" % length + head)]
    for _ in range(100):
        found += wire.feed(b"x" * HEAD_BYTES_MAX)
        assert len(wire._buffer) < 2 * HEAD_BYTES_MAX
        assert len(wire._head) <= HEAD_BYTES_MAX
    (broken,) = found
    assert isinstance(broken, Broken)
    assert broken.begun == {"jsonrpc": "2.0", "id": 5, "method": "m", "params": {"uri": "u"}}
    # What was sent beyond the length told belongs to nothing.
    assert [each for each in wire.feed(ONE) if not isinstance(each, Broken)] == [FIRST]


@pytest.mark.parametrize(
    ("head", "said"),
    [
        ('{"id": 5, "method": "m", "par', {"id": 5, "method": "m"}),
        ('{"id": 5, "method": "m\\"', {"id": 5}),
        ('{"id": 5', {}),
        ('{"id": 5, "a": {"b": [1, {"c": 2}, 3', {"id": 5, "a": {"b": [1, {"c": 2}]}}),
        ('{"id": "},{", "a": "\\\\", "b', {"id": "},{", "a": "\\"}),
        ("[1, 2", [1]),
        ("", None),
        ('"a', None),
        ("}", None),
        ("[" * 100_000, json.loads("[" * 20 + "]" * 20)),
    ],
)
def test_the_opening_of_a_value(head: str, said: object) -> None:
    assert opening(head.encode()) == said
