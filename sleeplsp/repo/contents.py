"""What the bytes of a file say: that it is binary, generated, minified, or has too long a line.

Pure functions on bytes. This module must not know the file's name or where the bytes come from.
"""

import re
from collections.abc import Iterable, Iterator

from sleeplsp.core.text import looks_binary
from sleeplsp.engine.ports import SkipReason

# A licence fits before the mark; a text that is written to other files stands further down.
_HEAD_BYTES = 4096
_HEAD_LINES = 40
# Written by hand, hardly any file has more; minified, hardly any has less.
_MINIFIED_LINE_BYTES_MEAN = 200
_MINIFIED_FILE_BYTES_MIN = 2048
_LINE_END = re.compile(rb"\r\n|\r|\n")
_COMMENT = re.compile(rb"[ \t]*(?:#|//|/\*|\*|--|;|<!--|%)")
_GENERATED = re.compile(rb"(?<![\w`'\"])@generated\b(?![`'\"])", re.ASCII)
_DO_NOT_EDIT = re.compile(rb"generated\b.{0,200}?\bdo not (?:edit|modify)\b", re.IGNORECASE | re.DOTALL)
_TRIPLE_QUOTED = re.compile(rb"(\"\"\"|''')(.*?)(?:\1|\Z)", re.DOTALL)
_GOES_ON = (b"=", b"(", b"[", b"{", b",", b"+", b"\\")
# What a text says of the file it stands in, at the start of a line or sentence: elsewhere it may well
# speak of other files.
_OF_ITSELF = re.compile(
    rb"""
    (?: ^ [\s>*!-]* | [.!:] \s+ )
    (?:
        this \s+ (?:file|module|script|source|code) \s+ (?:is|was|has\s+been) \s+
        (?: auto(?:matically)? [\s-]* generated | generated \s+ automatically ) \b
    |
        (?: (?: it | this \s+ (?:file|module|script|source|code) ) \s+ (?:is|was|has\s+been) \s+ )?
        (?: auto(?:matically)? [\s-]* )? generated (?: \s+ (?:file|module|script|source|code) )?
        (?: \s+ (?:by|from|with|using|on|automatically|and) \b | \s* [.,:;!(-] )
        .{0,200}?
        \b (?:
            (?:do\s+not|don't) \s+ (?:edit|modify) | (?:must|should) \s+ not \s+ be \s+ (?:edited|modified)
        ) \b
    )
    """,
    re.IGNORECASE | re.DOTALL | re.MULTILINE | re.VERBOSE,
)


def reason_of_contents(raw: bytes, line_bytes_max: int) -> SkipReason | None:
    """Return why the contents are not to be used, or None when they are."""
    if looks_binary(raw):
        return SkipReason.BINARY
    if _says_generated(raw[:_HEAD_BYTES]):
        return SkipReason.GENERATED
    if _is_minified(raw):
        return SkipReason.MINIFIED
    if len(raw) > line_bytes_max and _longest_line(raw) > line_bytes_max:
        return SkipReason.LINE_TOO_LONG
    return None


def _says_generated(head: bytes) -> bool:
    """Look for the marks that generators leave, where a file speaks: other text may be about them."""
    if b"enerated" not in head and b"ENERATED" not in head:
        return False
    lines = _LINE_END.split(head, _HEAD_LINES)[:_HEAD_LINES]
    comments = b"\n".join(_comments(lines))
    if _GENERATED.search(comments) or _DO_NOT_EDIT.search(comments):
        return True
    text = b"\n".join(lines)
    outside = _comments(_TRIPLE_QUOTED.sub(b"", text).split(b"\n"))
    spoken = b"\n".join(_COMMENT.sub(b"", each, count=1) for each in outside)
    return any(map(_OF_ITSELF.search, (spoken, *_standing_strings(text))))


def _comments(lines: Iterable[bytes]) -> Iterator[bytes]:
    return (line for line in lines if _COMMENT.match(line))


def _standing_strings(text: bytes) -> Iterator[bytes]:
    """Yield what stands in strings of many lines that nothing is done with, as docstrings of modules."""
    for string in _TRIPLE_QUOTED.finditer(text):
        before, _, line = text[: string.start()].rpartition(b"\n")
        if line in (b"", b"r", b"R", b"\xef\xbb\xbf") and not before.rstrip().endswith(_GOES_ON):
            yield string[2]


def _is_minified(raw: bytes) -> bool:
    if len(raw) < _MINIFIED_FILE_BYTES_MIN:
        return False
    lines = raw.count(b"\n") or raw.count(b"\r")
    return len(raw) > _MINIFIED_LINE_BYTES_MEAN * max(lines, 1)


def _longest_line(raw: bytes) -> int:
    return max(map(len, raw.replace(b"\r", b"\n").split(b"\n")))
