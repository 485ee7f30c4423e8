"""Changes of a document as the protocol tells them, turned into edits of its text.

Pure. It must not know where texts are kept.
"""

from collections.abc import Iterable

from lsprotocol import types

from sleeplsp.core.text import Text
from sleeplsp.engine.shifting import Change
from sleeplsp.lsp.convert import BOM, Columns, Encoding

TRIM_MIN = 64
"""Bytes from which on a replacement is searched for what stays the same."""

_TOP = types.Position(0, 0)
_MARK = BOM.encode()

Edit = tuple[Change, Text]
"""A change, and the text after it."""


def edits_of(
    text: Text,
    events: Iterable[types.TextDocumentContentChangeEvent],
    encoding: Encoding,
    *,
    marked: bool,
) -> tuple[list[Edit], bool]:
    """Return the edits that changes amount to, one after the other.

    `marked` says that the editor's text begins with a byte-order mark; it is returned as it is then.
    """
    edits: list[Edit] = []
    for event in events:
        start, end, characters = 0, len(text.source), event.text
        at_top = True
        if isinstance(event, types.TextDocumentContentChangePartial):
            columns = Columns(text, encoding, marked=marked)
            start = columns.offset(event.range.start)
            end = max(columns.offset(event.range.end), start)
            at_top = event.range.start == _TOP
            if at_top and marked and event.range.end == _TOP:
                characters += BOM  # what comes before the mark makes it an ordinary character
        if at_top:
            marked = characters.startswith(BOM)
        inserted = characters[at_top and marked :].encode("utf-8", "surrogatepass")
        change, inserted = _trimmed(text.source, start, end, inserted)
        text = text.replaced(change.start, change.end, inserted)
        edits.append((change, text))
        if not marked and text.source.startswith(_MARK):  # what stood before it is gone
            marked = True
            text = text.replaced(0, len(_MARK), b"")
            edits.append((Change(0, len(_MARK), 0), text))
    return edits, marked


def _trimmed(source: bytes, start: int, end: int, inserted: bytes) -> tuple[Change, bytes]:
    """Leave out of a replacement what it does not change: claims about that stay."""
    if end - start >= TRIM_MIN and len(inserted) >= TRIM_MIN:
        removed = source[start:end]
        first = _whole(removed, _common(removed, inserted))
        last = _common(removed[first:][::-1], inserted[first:][::-1])
        while last and removed[len(removed) - last] & 0xC0 == 0x80:  # inside a character
            last -= 1
        start, end = start + first, end - last
        inserted = inserted[first : len(inserted) - last]
    return Change(start, end, len(inserted)), inserted


def _common(left: bytes, right: bytes) -> int:
    """Return how many bytes two texts begin with alike."""
    low, high = 0, min(len(left), len(right))
    while low < high:
        middle = (low + high + 1) // 2
        if left[low:middle] == right[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def _whole(text: bytes, at: int) -> int:
    """Return the last border between characters up to an offset."""
    while at and at < len(text) and text[at] & 0xC0 == 0x80:
        at -= 1
    return at
