r"""What a source file says, whatever its bytes: one UTF-8 form, and where its lines begin.

`Text.source` is what every other module measures in: a byte offset always means an offset into it.
It holds the file's characters in UTF-8 with the byte-order mark removed, so that what an editor
sends and what lies on disk agree. Lines end at `\n`, `\r\n` or a lone `\r`, as in the language
server protocol. This module must not know any grammar, file system or protocol type.
"""

import codecs
import hashlib
import re
from bisect import bisect_right
from functools import cached_property

_LINE_END = re.compile(rb"\r\n|\r|\n")
_LONE_RETURN = re.compile(rb"\r(?!\n)")
_SURROGATE = re.compile(rb"\xed[\xa0-\xbf][\x80-\xbf]")
_CODING = re.compile(rb"^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)", re.ASCII)
# What a codec for source files must read as it stands: others are for escapes, mail or no text.
_ESCAPES = rb"# \x41 \u0041 +AGE- =41 %41"
_BINARY_SAMPLE_BYTES = 8192
_BINARY_SHARE = 0.3
# Bytes that ordinary text does not hold: control characters but for layout and escape.
_CONTROL = bytes(b for b in range(32) if b not in b"\t\n\r\f\b\x1b") + b"\x7f"


class Text:
    """An immutable text: `source` is its UTF-8 bytes, offsets count those bytes from 0."""

    def __init__(self, source: bytes) -> None:
        self.source = source

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Text) and self.source == other.source

    def __hash__(self) -> int:
        return hash(self.source)

    @classmethod
    def from_str(cls, characters: str) -> "Text":
        """Take an editor's string; lone surrogates are kept as their three-byte form."""
        return cls(characters.removeprefix("\ufeff").encode("utf-8", "surrogatepass"))

    @cached_property
    def line_starts(self) -> list[int]:
        """Offset at which each line begins; never empty."""
        return [0, *(match.end() for match in _LINE_END.finditer(self.source))]

    @property
    def line_ends(self) -> int:
        """How many line ends there are."""
        source = self.source
        return source.count(b"\n") + source.count(b"\r") - source.count(b"\r\n")

    @cached_property
    def parsed(self) -> bytes:
        """The text as parsers take it, at the same offsets.

        A lone carriage return is a newline, which every grammar knows; a NUL, which ends the file
        for some of them, is a substitute character, and so is a lone surrogate, which is no UTF-8.
        """
        source = self.source.replace(b"\x00", b"\x1a")
        if b"\r" in source:
            source = _LONE_RETURN.sub(b"\n", source)
        return _SURROGATE.sub(b"\xef\xbf\xbd", source) if b"\xed" in source else source

    def line_of(self, offset: int) -> int:
        """0-based line that holds `offset`; an offset past the end is on the last line."""
        return bisect_right(self.line_starts, offset) - 1

    def line(self, line: int) -> bytes:
        """Bytes of a 0-based line without its end; empty when there is no such line."""
        starts = self.line_starts
        if not 0 <= line < len(starts):
            return b""
        end = starts[line + 1] if line + 1 < len(starts) else len(self.source)
        return self.source[starts[line] : end].rstrip(b"\r\n")

    def column_of(self, offset: int) -> int:
        """0-based column of `offset` in characters (code points)."""
        start = self.line_starts[self.line_of(offset)]
        return len(decode_slice(self.source[start:offset]))

    def offset_at(self, line: int, column: int) -> int:
        """Offset of a 0-based line and column in characters; clamped to the line and the text."""
        if line >= len(self.line_starts):
            return len(self.source)
        characters = decode_slice(self.line(line))[: max(column, 0)]
        return self.line_starts[max(line, 0)] + len(characters.encode("utf-8", "surrogatepass"))

    def slice(self, start: int, end: int) -> str:
        """Characters between two offsets."""
        return decode_slice(self.source[start:end])

    def replaced(self, start: int, end: int, insert: bytes) -> "Text":
        """Return the text with the bytes from `start` to `end` replaced."""
        return Text(self.source[:start] + insert + self.source[end:])


def read_text(raw: bytes) -> Text:
    """Make a Text of any bytes: UTF-8, else the coding line of PEP 263, else Latin-1.

    Latin-1 maps every byte to a character, so nothing is refused and nothing is lost.
    """
    raw = raw.removeprefix(codecs.BOM_UTF8)
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return Text(_decode_other(raw).encode("utf-8", "surrogatepass"))
    return Text(raw)


def decode_slice(piece: bytes) -> str:
    """Decode bytes; a border inside a character yields a replacement mark."""
    try:
        return piece.decode("utf-8")
    except UnicodeDecodeError:
        pass
    try:
        return piece.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return piece.decode("utf-8", "replace")


def text_digest(text: Text) -> str:
    """Return the digest of a text: 24 hex characters."""
    return hashlib.blake2b(text.source, digest_size=12).hexdigest()


def looks_binary(raw: bytes) -> bool:
    """Tell whether over 30% of the first 8 KiB are control bytes; a stray NUL is still text."""
    sample = raw[:_BINARY_SAMPLE_BYTES]
    control = len(sample) - len(sample.translate(None, _CONTROL))
    return control > _BINARY_SHARE * len(sample)


def _decode_other(raw: bytes) -> str:
    for line in raw.splitlines()[:2]:
        if match := _CODING.match(line):
            codec = match[1].decode("ascii")
            try:
                if _ESCAPES.decode(codec) == _ESCAPES.decode("ascii"):
                    return raw.decode(codec)
            except (LookupError, ValueError):
                pass
            break
    return raw.decode("latin-1")
