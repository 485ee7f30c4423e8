"""The code digest of a symbol, and where its tokens stand.

Both see a symbol as tokens, with comments and layout left out, and follow the language's layout
query alone. A claim is stored with the ordinals of its tokens instead of with offsets, which any
edit above it would shift. This module must not name a node kind, nor know what is stored.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from hashlib import blake2b
from itertools import pairwise
from typing import Protocol

from sleeplsp.core.languages import CALLABLE_KINDS, Language
from sleeplsp.core.layout import CODE, EXTENT, OPAQUE, STATEMENT, Layout, Piece
from sleeplsp.core.syntax import operators
from sleeplsp.core.text import Text

Span = tuple[int, int]
"""Start and end as byte offsets into the Text."""

_DIGEST_BYTES = 12

# No UTF-8 text holds the bytes from F8 on, so they stand for what must not be mistaken for code.
_SPACES = b" \t\n\r\f\v"
_KEPT_SPACES = bytes.maketrans(_SPACES, bytes(range(0x100 - len(_SPACES), 0x100)))
_WORD = rb"\w$\x80-\xf7"
# A statement's mark is F9 and the number of blocks around it.
_OPAQUE_MARK, _INNER_MARK, _CUT = b"\xf8", b"\xf9\xf8", b"\xf9\xf9"


class Extent(Protocol):
    """A definition as far as this module needs to know it; a Symbol is one."""

    @property
    def start(self) -> int:
        """Offset of its first byte."""

    @property
    def end(self) -> int:
        """Offset behind its last byte."""

    @property
    def kind(self) -> str:
        """What it is, in the words of `core.languages`."""


def code_digests(language: Language, text: Text, layout: Layout, extents: Sequence[Extent]) -> list[str]:
    """Return the digest of each extent, 24 hex characters, in one pass over the text.

    `extents` is sorted by start, outer before inner; the first is the whole file. The digest of a
    callable covers all that it holds; any other leaves out the members inside of it, at any depth.
    """
    kinds = {(each.start, each.end): each.kind for each in extents[1:]}
    chunks = _chunks(language, text, layout.pieces_around(extents[0].end, kinds))
    file, *others = _digests(language, [extents[0].kind, *kinds.values()], chunks)
    found = dict(zip(kinds, others, strict=True))
    return [file, *(found[each.start, each.end] for each in extents[1:])]


def token_spans(
    language: Language, text: Text, layout: Layout, extent: Extent, extents: Iterable[Extent]
) -> list[Span]:
    """Return where each token stands that the digest of `extent` covers; its ordinal is its index.

    `extents` are all symbols of the file, sorted by start, outer before inner. What is opaque (a
    string) is split into words, punctuation and spaces, so that a part of it can be pointed at.
    """
    spans: list[Span] = []
    start = extent.start
    for member_start, member_end in (*left_out(language, extent, extents), (extent.end, extent.end)):
        pieces = layout.pieces_between(start, member_start)
        spans += _spans_of(pieces, text.parsed, _tokens(language))
        start = member_end
    return spans


def _spans_of(pieces: Iterable[Piece], source: bytes, tokens: re.Pattern[bytes]) -> Iterator[Span]:
    for code, start, end in pieces:
        if code == CODE:
            yield from (each.span() for each in tokens.finditer(source, start, end))
        elif code == OPAQUE:
            kept = source[start:end].translate(_KEPT_SPACES)
            yield from ((start + each.start(), start + each.end()) for each in tokens.finditer(kept))


class _Frame:
    """An extent that has begun and not ended: its tokens without members and with them."""

    def __init__(self, number: int, kind: str, mark: bytes) -> None:
        self.number = number
        self.mark = mark
        self.whole: list[bytes] = []
        self.own: list[bytes] = self.whole if kind in CALLABLE_KINDS else []

    def add(self, own: bytes, whole: bytes) -> None:
        # What is empty is not added, so that a member left out leaves no trace.
        if whole:
            self.whole.append(whole)
        if own and self.own is not self.whole:
            self.own.append(own)


def _digests(language: Language, kinds: list[str], chunks: Iterator[tuple[bool, bytes, bytes]]) -> list[str]:
    """Make the digests of nested extents, given their kinds in the order in which they begin.

    An inner extent enters the outer one as its digest: each token is hashed once at any depth.
    """
    digests = [""] * len(kinds)
    outer = _Frame(-1, "", b"")
    frames: list[_Frame] = []
    begun = 0
    for begins, tokens, mark in chunks:
        outer.add(tokens, tokens)
        if begins:
            frames.append(outer)
            outer = _Frame(begun, kinds[begun], mark)
            begun += 1
            continue
        inner, outer = outer, frames.pop()
        own = digests[inner.number] = _hash(inner.own)
        whole = own if inner.own is inner.whole else _hash(inner.whole)
        kept = kinds[inner.number] not in language.member_kinds
        marked = inner.mark + _INNER_MARK
        outer.add(marked + own.encode() if kept else b"", marked + whole.encode())
    return digests


def _hash(tokens: list[bytes]) -> str:
    return blake2b(b" ".join(tokens), digest_size=_DIGEST_BYTES).hexdigest()


def _chunks(
    language: Language, text: Text, pieces: Iterator[tuple[int, int, int]]
) -> Iterator[tuple[bool, bytes, bytes]]:
    """Cut a text where extents begin (True) and end (False); give in normal form what is before.

    With a beginning comes the mark of the statement that the extent is.
    """
    source = text.parsed
    returns = b"\r" in source
    parts: list[bytes] = []
    cuts: list[tuple[bool, bytes]] = []
    depths = [0]
    marked = -1
    for code, start, end in pieces:
        if code == CODE:
            parts.append(source[start:end])
        elif code == STATEMENT:
            parts.append(b"\xf9%d" % (end - depths[-1]))
            marked = start
        elif code == OPAQUE:
            letters = source[start:end]
            # A checkout may turn line ends into CRLF; languages read that as a newline in a string.
            letters = letters.replace(b"\r\n", b"\n") if returns else letters
            parts += (_OPAQUE_MARK, letters.translate(_KEPT_SPACES), _OPAQUE_MARK)
        elif code == EXTENT:
            cuts.append((True, parts.pop() if marked == start else b""))
            parts.append(_CUT)
            marked = -1
            depths.append(end)
        else:
            cuts.append((False, b""))
            parts.append(_CUT)
            depths.pop()
    chunks = _in_normal_form(parts, _needless_spaces(language)).split(_CUT)
    return ((begins, chunk, mark) for (begins, mark), chunk in zip(cuts, chunks, strict=False))


def _in_normal_form(parts: list[bytes], needless: re.Pattern[bytes]) -> bytes:
    """Join what was parted between tokens; leave one space where two tokens need it, else none."""
    joined = b" ".join(parts).replace(b"\\\r\n", b" ").replace(b"\\\n", b" ")
    return needless.sub(b"", b" ".join(joined.split()))


def left_out(language: Language, extent: Extent, extents: Iterable[Extent]) -> list[Span]:
    """Return the outermost members inside of `extent` that its digest leaves out, by position."""
    if extent.kind in CALLABLE_KINDS:
        return []
    found: list[Span] = []
    position = extent.start
    for each in extents:
        inside = position <= each.start and each.end <= extent.end
        # What has the same span and kind is the extent itself, or another name of it.
        twin = (each.start, each.end, each.kind) == (extent.start, extent.end, extent.kind)
        if inside and not twin and each.kind in language.member_kinds:
            found.append((each.start, each.end))
            position = each.end
    return found


@cache
def _tokens(language: Language) -> re.Pattern[bytes]:
    """Compile what a token is: a word, the longest operator, kept spaces, or one character.

    A backslash at the end of a line is none: where a language has it, it joins lines.
    """
    known = [re.escape(each.encode()) for each in operators(language)]
    return re.compile(b"|".join([rb"[%b]+" % _WORD, *known, rb"[\xf8-\xff]+", rb"(?!\\\r?\n)\S"]))


@cache
def _needless_spaces(language: Language) -> re.Pattern[bytes]:
    """Compile which single space can go without joining two tokens.

    It must stay between two words, and between characters that are neighbours in an operator.
    """
    pairs: dict[bytes, set[bytes]] = {}
    for each in map(str.encode, operators(language)):
        for left, right in pairwise(each):
            pairs.setdefault(re.escape(bytes([left])), set()).add(re.escape(bytes([right])))
    joining = [rb"(?<=[%b] )[%b]" % (_WORD, _WORD)]
    joining += [rb"(?<=%b )[%b]" % (left, b"".join(sorted(rights))) for left, rights in pairs.items()]
    return re.compile(rb" (?!%b)" % b"|".join(joining))
