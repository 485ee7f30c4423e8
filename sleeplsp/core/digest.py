"""The code digest of a symbol, and where its tokens stand.

Both see a symbol as tokens, with comments and layout left out, and follow the language's layout
query alone. A claim is stored with the ordinals of its tokens instead of with offsets, which any
edit above it would shift. This module must not name a node kind, nor know what is stored.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from hashlib import blake2b
from itertools import pairwise
from typing import Protocol

from sleeplsp.core.languages import CALLABLE_KINDS, Language
from sleeplsp.core.syntax import Tree, captures, operators
from sleeplsp.core.text import Text

Span = tuple[int, int]
"""Start and end as byte offsets into the Text."""

_DIGEST_BYTES = 12

# What happens at an offset, in the order in which it happens where several things do: what ends
# there comes first, and a statement begins outside of the symbol that it defines.
_BLOCK_END, _EXTENT_END, _BLOCK, _STATEMENT, _EXTENT, _SKIPPED, _OPAQUE, _CODE = range(8)
_CODE_BITS = 3
_CODES = (1 << _CODE_BITS) - 1

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


def code_digests(language: Language, text: Text, tree: Tree, extents: Sequence[Extent]) -> list[str]:
    """Return the digest of each extent, 24 hex characters, in one pass over the text.

    `extents` is sorted by start, outer before inner; the first is the whole file. The digest of a
    callable covers all that it holds; any other leaves out the members inside of it, at any depth.
    """
    kinds = {(each.start, each.end): each.kind for each in extents[1:]}
    events, ends = _layout_events(language, tree)
    for start, end in kinds:
        events += (start << _CODE_BITS | _EXTENT, end << _CODE_BITS | _EXTENT_END)
    # The file is around all else, also where it has the span of its only symbol or is empty.
    events = [_EXTENT, *sorted(events), extents[0].end << _CODE_BITS | _EXTENT_END]
    chunks = _chunks(language, text, _pieces(events, ends, 0))
    file, *others = _digests(language, [extents[0].kind, *kinds.values()], chunks)
    found = dict(zip(kinds, others, strict=True))
    return [file, *(found[each.start, each.end] for each in extents[1:])]


def token_spans(
    language: Language, text: Text, tree: Tree, extent: Extent, extents: Iterable[Extent]
) -> list[Span]:
    """Return where each token stands that the digest of `extent` covers; its ordinal is its index.

    `extents` are all symbols of the file, sorted by start, outer before inner. What is opaque (a
    string) is split into words, punctuation and spaces, so that a part of it can be pointed at.
    """
    source, tokens = text.parsed, _tokens(language)
    members = left_out(language, extent, extents)
    events, ends = _layout_events(language, tree, extent.start, extent.end)
    for start, end in members:
        events += (start << _CODE_BITS | _EXTENT, end << _CODE_BITS | _EXTENT_END)
    # A symbol may be inside of a template string, which is then opaque from its start on.
    opaque_end = max((ends[each] for each in events if _is_open_at(each, extent.start)), default=0)
    events = [each for each in events if extent.start <= each >> _CODE_BITS < extent.end]
    events.append(extent.end << _CODE_BITS)
    spans: list[Span] = []
    for code, start, end in _pieces(sorted(events), ends, extent.start, opaque_end):
        behind = bisect_right(members, start, key=lambda span: span[0])
        if code not in (_CODE, _OPAQUE) or (behind and start < members[behind - 1][1]):
            continue
        piece = source[start:end] if code == _CODE else source[start:end].translate(_KEPT_SPACES)
        spans += [(start + each.start(), start + each.end()) for each in tokens.finditer(piece)]
    return spans


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
        if code == _CODE:
            parts.append(source[start:end])
        elif code == _STATEMENT:
            parts.append(b"\xf9%d" % (end - depths[-1]))
            marked = start
        elif code == _OPAQUE:
            letters = source[start:end]
            # A checkout may turn line ends into CRLF; languages read that as a newline in a string.
            letters = letters.replace(b"\r\n", b"\n") if returns else letters
            parts += (_OPAQUE_MARK, letters.translate(_KEPT_SPACES), _OPAQUE_MARK)
        elif code == _EXTENT:
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


def _pieces(
    events: list[int], ends: dict[int, int], position: int, opaque_end: int = 0
) -> Iterator[tuple[int, int, int]]:
    """Read sorted events; yield stretches of code and of opaque text, and what happens between.

    A stretch is (code, start, end); a happening (code, offset, number of blocks open there).
    """
    depth = 0
    for event in events:
        offset, code = event >> _CODE_BITS, event & _CODES
        if position < offset:
            if position < opaque_end:
                yield _OPAQUE, position, min(offset, opaque_end)
                position = min(offset, opaque_end)
            if position < offset:
                yield _CODE, position, offset
                position = offset
        if code == _BLOCK:
            depth += 1
        elif code == _BLOCK_END:
            depth -= 1
        elif code == _OPAQUE:
            opaque_end = max(opaque_end, ends[event])
        elif code == _SKIPPED:
            position = ends[event] if opaque_end <= offset else position
        else:
            yield code, offset, depth


def _layout_events(
    language: Language, tree: Tree, start: int = 0, end: int | None = None
) -> tuple[list[int], dict[int, int]]:
    """Run the layout query: events (offset and code in one number), and where the long ones end."""
    found = captures(language, language.layout, tree, start, end)
    events = [each.start_byte << _CODE_BITS | _BLOCK for each in found.get("block", ())]
    events += [each.end_byte << _CODE_BITS for each in found.get("block", ())]
    opaque = {each.start_byte: each.end_byte for each in found.get("opaque", ())}
    comments = {each.start_byte: each.end_byte for each in found.get("comment", ())}
    skipped = comments.keys() - opaque.keys()
    ends = {start << _CODE_BITS | _OPAQUE: end for start, end in opaque.items()}
    ends |= {start << _CODE_BITS | _SKIPPED: comments[start] for start in skipped}
    events += ends
    # A comment may stand where a statement does.
    starts = {each.start_byte for each in found.get("statement", ())} - skipped
    events += [each << _CODE_BITS | _STATEMENT for each in starts]
    return events, ends


def _is_open_at(event: int, position: int) -> bool:
    return event & _CODES == _OPAQUE and event >> _CODE_BITS < position


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
