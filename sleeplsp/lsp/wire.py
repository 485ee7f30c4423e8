"""The wire: bytes as they come, taken apart into JSON values.

A stream that lies about lengths, or holds no message at all, costs what was broken and nothing after it.
Pure but for the bytes it waits with. It must not know what the values mean.
"""

import json
import re
from collections.abc import Iterator
from typing import Any, NoReturn

import msgspec

BODY_BYTES_MAX = 16 * 1024 * 1024
"""Bytes of the largest message that is read: taking one apart holds up all others."""

HEADER_BYTES_MAX = 4096
"""Bytes of the longest header."""

HEAD_BYTES_MAX = 64 * 1024
"""Bytes kept of a message that is too large: enough to tell which it was."""

PARSE_ERROR = -32700
INVALID_REQUEST = -32600

_END = b"\r\n\r\n"
_LENGTH = re.compile(rb"Content-Length:[ \t]*(\d{1,18})[ \t]*$", re.IGNORECASE)
_FIELD = re.compile(rb"[!-9;-~]+:[^\r\n]*")
_CHARSET = re.compile(rb"Content-Type:.*charset=[\"']?(?!utf-?8\b)", re.IGNORECASE)
_NEXT = b"Content-Length: "
# No JSON contains this: within its strings, line ends are escaped.
_HIDDEN = re.compile(_NEXT + rb"\d+\r\n(?:Content-Type:[^\r\n]*\r\n)?\r\n")
_HIDDEN_BYTES_MAX = 256
_DEPTH_MAX = 20
"""Levels down to which the beginning of a message is read: what it is about stands above them."""


class Broken(msgspec.Struct, frozen=True):
    """Bytes of which no value could be made, with what could be read of them."""

    code: int
    reason: str
    begun: object = None


class Wire:
    """What one side has sent so far."""

    def __init__(self, body_bytes_max: int = BODY_BYTES_MAX) -> None:
        self._body_bytes_max = body_bytes_max
        self._buffer = bytearray()
        self._length: int | None = None
        """Of the body that is awaited."""
        self._left = 0
        """Bytes still to come of a body that is too large."""
        self._head = b""
        self._searched = 0
        self._is_lost = False
        """The last bytes belonged to nothing, and this was told."""
        self._strange: bytes | None = None
        """The field of the header that says that the body is in no encoding we read."""

    def feed(self, data: bytes) -> Iterator[object]:
        """Yield the JSON values, and `Broken` for what is none, that are whole with these bytes."""
        self._buffer += data
        while True:
            if self._left:
                part = self._skip()
            elif self._length is None:
                part = self._header()
            else:
                part = self._body(self._length)
            if part is _MORE:
                return
            if part is not _NOTHING:
                yield part

    def _header(self) -> object:
        buffer = self._buffer
        end = buffer.find(_END)
        if end < 0:
            if len(buffer) <= HEADER_BYTES_MAX:
                return _MORE
            lost = bytes(buffer[:-HEADER_BYTES_MAX])
            del buffer[:-HEADER_BYTES_MAX]
            return self._lost(lost)
        start = max(0, end - HEADER_BYTES_MAX)
        lost, lines = bytes(buffer[:start]), bytes(buffer[start:end]).split(b"\r\n")
        del buffer[: end + len(_END)]
        found = self._strange = None
        for line in lines:
            length = _LENGTH.search(line)
            if length is not None:
                found = length
                lost += line[: length.start()]
            elif _CHARSET.match(line):
                self._strange = line
            elif not _FIELD.fullmatch(line):
                lost += line
        if found is None:
            return self._lost(lost or b"a header without a length")
        length_told = int(found[1])
        if length_told > self._body_bytes_max:
            self._left, self._head = length_told, b""
        else:
            self._length, self._searched = length_told, 0
        told = self._lost(lost)
        self._is_lost = False
        return told

    def _body(self, length: int) -> object:
        buffer = self._buffer
        if len(buffer) < length:
            hidden = _hidden(buffer, self._searched)
            self._searched = max(0, len(buffer) - _HIDDEN_BYTES_MAX)
            if hidden is None:
                return _MORE
            del buffer[:hidden]
            self._length = None
            return Broken(PARSE_ERROR, f"a message of {hidden} bytes was said to be of {length}")
        body = bytes(buffer[:length])
        del buffer[:length]
        self._length = None
        strange, self._strange = self._strange, None
        if strange is not None:
            return Broken(PARSE_ERROR, f"a message in another encoding than UTF-8: {_shown(strange)}")
        try:
            return _value(body)
        except (ValueError, RecursionError) as error:
            # It may have reached into another message, or go on behind what was said to be its end.
            buffer[:0] = body[_hidden(body, 0) or -_HIDDEN_BYTES_MAX :]
            self._is_lost = True
            return Broken(PARSE_ERROR, f"a message is no JSON: {error}")

    def _skip(self) -> object:
        buffer = self._buffer
        within = buffer[: self._left]
        hidden = _hidden(within, 0)
        if hidden is not None:
            self._keep(hidden)
            self._left = 0
            return Broken(PARSE_ERROR, "a message is shorter than was said", opening(self._head))
        if len(within) < self._left:
            # The end is kept: another message may begin in it.
            self._keep(max(0, len(within) - _HIDDEN_BYTES_MAX))
            return _MORE
        self._keep(self._left)
        reason = f"a message has more than {self._body_bytes_max} bytes"
        return Broken(INVALID_REQUEST, reason, opening(self._head))

    def _keep(self, count: int) -> None:
        """Drop bytes of a body that is too large, and keep its head."""
        self._head += self._buffer[: min(count, HEAD_BYTES_MAX - len(self._head))]
        self._left -= count
        del self._buffer[:count]

    def _lost(self, lost: bytes) -> object:
        """Tell once of bytes that follow each other and belong to nothing; space may stand anywhere."""
        if not lost.strip() or self._is_lost:
            return _NOTHING
        self._is_lost = True
        return Broken(PARSE_ERROR, f"what is no message: {_shown(lost)}")


def opening(head: bytes) -> object:
    """Return what the beginning of a JSON value says, without what is cut off."""
    text = head.decode("utf-8", "replace")
    closers: list[str] = []
    end, left_open, is_string, is_escaped = 0, "", False, False
    for at, each in enumerate(text):
        if is_string:
            is_string = is_escaped or each != '"'
            is_escaped = each == "\\" and not is_escaped
        elif each == '"':
            is_string = True
        elif each in "{[" and len(closers) < _DEPTH_MAX:
            closers.append("}" if each == "{" else "]")
            end, left_open = at + 1, "".join(reversed(closers))
        elif each in "}]" and closers:
            closers.pop()
            end, left_open = at + 1, "".join(reversed(closers))
        elif each == ",":
            end, left_open = at, "".join(reversed(closers))
        elif each in "{[}]":
            break
    whole = text[:end] + left_open
    try:
        return _value(whole.encode())
    except (ValueError, RecursionError):
        return None


_MORE = object()
"""Nothing is whole yet."""
_NOTHING = object()
"""Something was passed over, and there may be more."""


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no number")


_DECODER = json.JSONDecoder(parse_constant=_refuse)


def _value(body: bytes) -> Any:  # noqa: ANN401  whatever JSON says
    return _DECODER.decode(body.decode("utf-8", "surrogatepass"))


def _hidden(body: bytes | bytearray, start: int) -> int | None:
    """Return where a header stands within what was said to be one body."""
    while (at := body.find(_NEXT, start)) >= 0:
        if _HIDDEN.match(body, at):
            return at
        start = at + 1
    return None


def _shown(lost: bytes) -> str:
    return repr(lost[:40])
