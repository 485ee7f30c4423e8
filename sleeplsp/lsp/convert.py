"""Between the protocol and the rest: positions, ranges, URIs. Nothing else converts, or validates, twice.

A position's character counts units of the negotiated encoding; one that is out of range means the
nearest there is.
"""

from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

from lsprotocol import types

from sleeplsp.core.located import Position as LocatedPosition
from sleeplsp.core.located import Spot
from sleeplsp.core.text import Text, decode_slice

Encoding = types.PositionEncodingKind | str


def offset(text: Text, position: types.Position, encoding: Encoding) -> int:
    """Return the byte offset of a position; clamped to the line and the text."""
    if position.line >= len(text.line_starts):
        return len(text.source)
    line = text.line(position.line)
    return text.line_starts[position.line] + _bytes(line, position.character, encoding)


def position(text: Text, at: int, encoding: Encoding) -> types.Position:
    """Return the position of a byte offset."""
    at = min(max(at, 0), len(text.source))
    line = text.line_of(at)
    before = text.source[text.line_starts[line] : at]
    return types.Position(line, _units(before, encoding))


def range_of(text: Text, start: int, end: int, encoding: Encoding) -> types.Range:
    """Return the range between two byte offsets."""
    return types.Range(position(text, start, encoding), position(text, end, encoding))


def spot_range(spot: Spot, encoding: Encoding) -> types.Range:
    """Return a located span as a range."""
    return types.Range(_located(spot.start, encoding), _located(spot.end, encoding))


def path_of(uri: str) -> Path | None:
    """Return the file a URI names; None for any scheme but `file`."""
    parts = urlsplit(uri)
    if parts.scheme != "file" or parts.netloc not in ("", "localhost"):
        return None
    path = unquote(parts.path, errors="surrogateescape")
    if len(path) > 2 and path[2] == ":" and path[0] == "/":
        path = path[1:]  # a drive letter
    return Path(path) if path and "\0" not in path else None


def uri_of(path: Path) -> str:
    """Return the URI of a file."""
    text = path.as_posix()
    return "file://" + quote(text if text.startswith("/") else f"/{text}", safe="/:@!$&'()*+,;=~", errors="surrogateescape")


def _bytes(line: bytes, character: int, encoding: Encoding) -> int:
    if character <= 0:
        return 0
    if encoding == types.PositionEncodingKind.Utf8:
        end = min(character, len(line))
        while end < len(line) and line[end] & 0xC0 == 0x80:  # inside a character: before it
            end -= 1
        return end
    if encoding == types.PositionEncodingKind.Utf32 or line.isascii():
        return len(decode_slice(line)[:character].encode("utf-8", "surrogatepass"))
    left, count = character, 0
    for each in decode_slice(line):
        left -= 2 if each > "\uffff" else 1
        if left < 0:
            break
        count += len(each.encode("utf-8", "surrogatepass"))
    return count


def _units(before: bytes, encoding: Encoding) -> int:
    if encoding == types.PositionEncodingKind.Utf8 or before.isascii():
        return len(before)
    characters = decode_slice(before)
    if encoding == types.PositionEncodingKind.Utf32:
        return len(characters)
    return len(characters) + sum(each > "\uffff" for each in characters)


def _located(at: LocatedPosition, encoding: Encoding) -> types.Position:
    if encoding == types.PositionEncodingKind.Utf8:
        return types.Position(at.line, at.utf8)
    return types.Position(at.line, at.character if encoding == types.PositionEncodingKind.Utf32 else at.utf16)
