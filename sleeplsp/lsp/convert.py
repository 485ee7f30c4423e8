"""Between the protocol and the rest: positions, ranges, URIs. Nothing else converts, or validates, twice.

A position's character counts units of the negotiated encoding; one that is out of range means the
nearest there is.
"""

from functools import lru_cache
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

from lsprotocol import types

from sleeplsp.core.located import Position as LocatedPosition
from sleeplsp.core.located import Spot
from sleeplsp.core.text import Text, decode_slice

Encoding = types.PositionEncodingKind | str

BOM = "\ufeff"
"""A byte-order mark: no part of a Text, but an editor that keeps it counts it as a column."""

IDENTITIES_MAX = 2**14
"""URIs of which it is remembered what they name: all open ones are looked up with every change."""


class Columns:
    """Positions in one text as the editor counts them; `marked` if its copy begins with a mark."""

    def __init__(self, text: Text, encoding: Encoding, *, marked: bool = False) -> None:
        self._text = text
        self._encoding = encoding
        self._mark = _units(BOM.encode(), encoding) if marked else 0

    def offset(self, position: types.Position) -> int:
        """Return the byte offset of a position; clamped to the line and the text."""
        line, character = position.line, position.character
        if line >= len(self._text.line_starts):
            return len(self._text.source)
        if line == 0:
            character -= self._mark
        start = self._text.line_starts[line]
        return start + _bytes(self._text.line(line), character, self._encoding)

    def position(self, at: int) -> types.Position:
        """Return the position of a byte offset."""
        at = min(max(at, 0), len(self._text.source))
        line = self._text.line_of(at)
        before = self._text.source[self._text.line_starts[line] : at]
        more = self._mark if line == 0 else 0
        return types.Position(line, _units(before, self._encoding) + more)

    def range(self, start: int, end: int) -> types.Range:
        """Return the range between two byte offsets."""
        return types.Range(self.position(start), self.position(end))


def spot_range(spot: Spot, encoding: Encoding) -> types.Range:
    """Return a located span as a range."""
    return types.Range(_located(spot.start, encoding), _located(spot.end, encoding))


@lru_cache(maxsize=IDENTITIES_MAX)
def identity(uri: str) -> str:
    """Return what is the same for all spellings of a URI: an editor may escape more here than there."""
    path = path_of(uri)
    return uri_of(path) if path is not None else uri


def path_of(uri: str) -> Path | None:
    """Return the file a URI names; None for any scheme but `file`, and for a version or a part of a file."""
    try:
        parts = urlsplit(uri)
    except ValueError:  # an address in brackets that is none
        return None
    if parts.scheme != "file" or parts.netloc.lower() not in ("", "localhost"):
        return None
    if parts.query or parts.fragment:
        return None
    path = unquote(parts.path, errors="surrogateescape")
    if len(path) > 2 and path[2] == ":" and path[0] == "/":
        path = path[1].lower() + path[2:]  # a drive letter
    return Path(path) if path and "\0" not in path else None


def uri_of(path: Path) -> str:
    """Return the URI of a file."""
    text = path.as_posix()
    rooted = text if text.startswith("/") else f"/{text}"
    return "file://" + quote(rooted, safe="/:@!$&'()*+,;=~", errors="surrogateescape")


def _bytes(line: bytes, character: int, encoding: Encoding) -> int:
    """Return how many bytes of a line stand before a character; inside of one: before it."""
    if character <= 0:
        return 0
    if encoding == types.PositionEncodingKind.Utf8:
        end = min(character, len(line))
        while end < len(line) and line[end] & 0xC0 == 0x80:
            end -= 1
        return end
    if line.isascii():
        return min(character, len(line))
    characters = decode_slice(line)
    if encoding == types.PositionEncodingKind.Utf32:
        return _length(characters[:character])
    left = character
    for count, each in enumerate(characters):
        left -= 2 if each > "\uffff" else 1
        if left < 0:
            return _length(characters[:count])
    return len(line)


def _length(characters: str) -> int:
    return len(characters.encode("utf-8", "surrogatepass"))


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
    utf32 = encoding == types.PositionEncodingKind.Utf32
    return types.Position(at.line, at.character if utf32 else at.utf16)
