"""Placing: between byte offsets in one text and token ordinals in its symbols.

Everything stored speaks of tokens within a symbol (`core.insight.Place`); everything that runs speaks of
offsets. A symbol's tokens are found when they are first asked for.
"""

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from sleeplsp.core.digest import Span, token_spans
from sleeplsp.core.facts import MODULE
from sleeplsp.core.insight import Place
from sleeplsp.core.languages import Language
from sleeplsp.core.symbols import Outline, Symbol
from sleeplsp.core.text import Text

Offsets = Sequence[int]
"""Compact: an array of unsigned integers."""


class Placing:
    """The symbols of one text and where their tokens stand."""

    def __init__(self, path: str, language: Language, text: Text, outline: Outline) -> None:
        self.path = path
        self.text = text
        self._language = language
        self._outline = outline
        self._symbols = {MODULE: outline.module, **{each.id: each for each in outline.symbols}}
        self._tokens: dict[str, tuple[Offsets, Offsets]] = {}

    def symbol(self, symbol_id: str) -> Symbol | None:
        """Return a symbol by its id; `<module>` is the file's own code."""
        return self._symbols.get(symbol_id)

    def place(self, symbol_id: str, start: int, end: int) -> Place | None:
        """Return the place of bytes `start` to `end` in a symbol; None if no token of it is there."""
        starts, ends = self._tokens_of(symbol_id)
        first = bisect_right(ends, start)
        last = bisect_left(starts, max(end, start + 1)) - 1
        return Place(f"{self.path}::{symbol_id}", first, last) if first <= last else None

    def quote(self, start: int, end: int) -> str:
        """Return the characters between two offsets."""
        return self.text.slice(start, end)

    def extent(self, place: Place) -> Span | None:
        """Return the bytes of a place in this text; None if its symbol or tokens are gone."""
        path, _, symbol_id = place.ref.partition("::")
        if path != self.path:
            return None
        starts, ends = self._tokens_of(symbol_id)
        if not 0 <= place.first <= place.last < len(starts):
            return None
        return starts[place.first], ends[place.last]

    def _tokens_of(self, symbol_id: str) -> tuple[Offsets, Offsets]:
        """Return where the tokens of a symbol begin, and where they end."""
        if symbol_id not in self._tokens:
            symbol = self._symbols.get(symbol_id)
            spans = self._spans(symbol) if symbol is not None else []
            starts, ends = array("I", [each[0] for each in spans]), array("I", [each[1] for each in spans])
            self._tokens[symbol_id] = starts, ends
        return self._tokens[symbol_id]

    def _spans(self, symbol: Symbol) -> list[Span]:
        outline = self._outline
        extents = (outline.module, *outline.symbols)
        return token_spans(self._language, self.text, outline.layout, symbol, extents)
