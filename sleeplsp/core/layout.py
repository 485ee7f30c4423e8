"""Layout: where a text has statements, blocks, comments and what is opaque (strings), as its query says.

What the digests and the tokens of symbols are made from once the tree is gone. It must not name a node
kind, nor know what a symbol or a token is.
"""

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from itertools import accumulate
from typing import Self

from sleeplsp.core.languages import Language
from sleeplsp.core.syntax import Tree, captures

# What happens at an offset, in the order in which it happens where several things do: what ends
# there comes first, and a statement begins outside of the symbol that it defines.
_BLOCK_END, EXTENT_END, _BLOCK, STATEMENT, EXTENT, _SKIPPED, OPAQUE, CODE = range(8)
_CODE_BITS = 3
_CODES = (1 << _CODE_BITS) - 1

Piece = tuple[int, int, int]
"""A stretch of text: (CODE or OPAQUE, start, end). A happening: (any other, offset, blocks open there)."""


class Layout:
    """The layout of one text, in a twentieth of the memory that its tree takes."""

    def __init__(self, events: Iterable[int], ends: dict[int, int]) -> None:
        self._events = array("Q", sorted(events))
        """Each an offset and a code in one number."""
        self._long = array("Q", sorted(ends))
        """Those of the events that stand for a stretch, and where it ends."""
        self._ends = array("Q", (ends[each] for each in self._long))
        opaque = (ends[each] if each & _CODES == OPAQUE else 0 for each in self._long)
        self._opaque_ends = array("Q", accumulate(opaque, max))
        """How far what is opaque reaches that began at any of them so far."""

    @classmethod
    def of(cls, language: Language, tree: Tree) -> Self:
        """Run a language's layout query over a tree."""
        found = captures(language, language.layout, tree)
        blocks = found.get("block", ())
        events = [each.start_byte << _CODE_BITS | _BLOCK for each in blocks]
        events += [each.end_byte << _CODE_BITS for each in blocks]
        opaque = {each.start_byte: each.end_byte for each in found.get("opaque", ())}
        comments = {each.start_byte: each.end_byte for each in found.get("comment", ())}
        skipped = comments.keys() - opaque.keys()
        ends = {start << _CODE_BITS | OPAQUE: end for start, end in opaque.items()}
        ends |= {start << _CODE_BITS | _SKIPPED: comments[start] for start in skipped}
        # A comment may stand where a statement does.
        starts = {each.start_byte for each in found.get("statement", ())} - skipped
        events += [each << _CODE_BITS | STATEMENT for each in starts]
        return cls((*events, *ends), ends)

    def pieces_around(self, end: int, extents: Iterable[tuple[int, int]]) -> Iterator[Piece]:
        """Cut a whole text of `end` bytes, also where extents begin and end, the text itself being one."""
        borders = [
            border << _CODE_BITS | code
            for extent in extents
            for border, code in zip(extent, (EXTENT, EXTENT_END), strict=True)
        ]
        # The file is around all else, also where it has the span of its only symbol or is empty.
        events = [EXTENT, *sorted((*self._events, *borders)), end << _CODE_BITS | EXTENT_END]
        return _pieces(events, dict(zip(self._long, self._ends, strict=True)), 0)

    def pieces_between(self, start: int, end: int) -> Iterator[Piece]:
        """Cut the text between two offsets."""
        begin, stop = start << _CODE_BITS, end << _CODE_BITS
        events = self._events[bisect_left(self._events, begin) : bisect_left(self._events, stop)]
        first, last = bisect_left(self._long, begin), bisect_left(self._long, stop)
        ends = dict(zip(self._long[first:last], self._ends[first:last], strict=True))
        # Inside of a template string it is opaque from the start on.
        return _pieces((*events, stop), ends, start, self._opaque_ends[first - 1] if first else 0)


def _pieces(
    events: Iterable[int], ends: dict[int, int], position: int, opaque_end: int = 0
) -> Iterator[Piece]:
    """Read sorted events; give the stretches of code and of opaque text, and what happens between."""
    depth = 0
    for event in events:
        offset, code = event >> _CODE_BITS, event & _CODES
        if position < offset:
            if position < opaque_end:
                yield OPAQUE, position, min(offset, opaque_end)
                position = min(offset, opaque_end)
            if position < offset:
                yield CODE, position, offset
                position = offset
        if code == _BLOCK:
            depth += 1
        elif code == _BLOCK_END:
            depth -= 1
        elif code == OPAQUE:
            opaque_end = max(opaque_end, ends[event])
        elif code == _SKIPPED:
            position = ends[event] if opaque_end <= offset else position
        else:
            yield code, offset, depth
