"""Placing: between byte offsets in one text and token ordinals in its symbols.

Everything stored speaks of tokens within a symbol (`core.insight.Place`); everything that runs speaks of
offsets. The tokens of a text are found once, when first asked for; a symbol's are a slice of them, or,
where it leaves its members out, a selection.
"""

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence

import msgspec

from sleeplsp.core.digest import Span, left_out, token_spans
from sleeplsp.core.facts import MODULE
from sleeplsp.core.insight import Place
from sleeplsp.core.languages import Language
from sleeplsp.core.symbols import Outline, Symbol
from sleeplsp.core.syntax import Tree
from sleeplsp.core.text import Text

Offsets = Sequence[int]
"""Compact: an array of unsigned integers."""


class Placing:
    """The symbols of one text and where their tokens stand. `tree` parses the text, when that is needed."""

    def __init__(
        self, path: str, language: Language, text: Text, tree: Callable[[], Tree], outline: Outline
    ) -> None:
        self.path = path
        self.text = text
        self._language = language
        self._tree = tree
        self._outline = outline
        self._symbols = {MODULE: outline.module, **{each.id: each for each in outline.symbols}}
        self._tokens: tuple[Offsets, Offsets] | None = None
        self._ordinals: dict[str, Sequence[int]] = {}

    def symbol(self, symbol_id: str) -> Symbol | None:
        """Return a symbol by its id; `<module>` is the file's own code."""
        return self._symbols.get(symbol_id)

    def place(self, symbol_id: str, start: int, end: int) -> Place | None:
        """Return the place of bytes `start` to `end` in a symbol; None if no token of it is there."""
        ordinals = self._ordinals_of(symbol_id)
        starts, ends = self._all_tokens()
        first = bisect_left(ordinals, bisect_right(ends, start))
        last = bisect_left(ordinals, bisect_left(starts, max(end, start + 1))) - 1
        return Place(f"{self.path}::{symbol_id}", first, last) if 0 <= first <= last else None

    def quote(self, start: int, end: int) -> str:
        """Return the characters between two offsets."""
        return self.text.slice(start, end)

    def extent(self, place: Place) -> Span | None:
        """Return the bytes of a place in this text; None if its symbol or tokens are gone."""
        path, _, symbol_id = place.ref.partition("::")
        if path != self.path:
            return None
        ordinals = self._ordinals_of(symbol_id)
        if not 0 <= place.first <= place.last < len(ordinals):
            return None
        starts, ends = self._all_tokens()
        return starts[ordinals[place.first]], ends[ordinals[place.last]]

    def _ordinals_of(self, symbol_id: str) -> Sequence[int]:
        """Return which of all tokens are a symbol's, in order."""
        if symbol_id not in self._ordinals:
            symbol = self._symbols.get(symbol_id)
            self._ordinals[symbol_id] = self._selected(symbol) if symbol is not None else ()
        return self._ordinals[symbol_id]

    def _selected(self, symbol: Symbol) -> Sequence[int]:
        starts, _ = self._all_tokens()
        first, last = bisect_left(starts, symbol.start), bisect_left(starts, symbol.end)
        members = left_out(self._language, symbol, (self._outline.module, *self._outline.symbols))
        if not members:
            return range(first, last)
        kept: list[int] = []
        for start, end in members:
            kept.extend(range(first, bisect_left(starts, start)))
            first = bisect_left(starts, end)
        return array("I", (*kept, *range(first, last)))

    def _all_tokens(self) -> tuple[Offsets, Offsets]:
        if self._tokens is None:
            # As a callable the file leaves nothing out.
            whole = msgspec.structs.replace(self._outline.module, kind="function")
            spans = token_spans(self._language, self.text, self._tree(), whole, ())
            self._tokens = (
                array("I", (start for start, _ in spans)),
                array("I", (end for _, end in spans)),
            )
        return self._tokens
