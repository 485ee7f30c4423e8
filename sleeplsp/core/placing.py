"""Placing: between byte offsets in one text and token ordinals in its symbols.

Everything stored speaks of tokens within a symbol (`core.insight.Place`); everything that runs speaks of
offsets. Spans are worked out once per symbol, when first asked for.
"""

from collections.abc import Callable

from sleeplsp.core.digest import Span, token_extent, token_range, token_spans
from sleeplsp.core.facts import MODULE
from sleeplsp.core.insight import Place
from sleeplsp.core.languages import Language
from sleeplsp.core.symbols import Outline, Symbol
from sleeplsp.core.syntax import Tree
from sleeplsp.core.text import Text


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
        self._spans: dict[str, list[Span]] = {}

    def symbol(self, symbol_id: str) -> Symbol | None:
        """Return a symbol by its id; `<module>` is the file's own code."""
        return self._symbols.get(symbol_id)

    def place(self, symbol_id: str, start: int, end: int) -> Place | None:
        """Return the place of bytes `start` to `end` in a symbol; None if no token of it is there."""
        found = token_range(self._spans_of(symbol_id), start, max(end, start + 1))
        return Place(f"{self.path}::{symbol_id}", *found) if found is not None else None

    def quote(self, start: int, end: int) -> str:
        """Return the characters between two offsets."""
        return self.text.slice(start, end)

    def extent(self, place: Place) -> Span | None:
        """Return the bytes of a place in this text; None if its symbol or tokens are gone."""
        path, _, symbol_id = place.ref.partition("::")
        if path != self.path:
            return None
        return token_extent(self._spans_of(symbol_id), place.first, place.last)

    def tokens(self, place: Place) -> list[str]:
        """Return the tokens of a place."""
        spans = self._spans_of(place.ref.partition("::")[2])[place.first : place.last + 1]
        return [self.text.slice(start, end) for start, end in spans]

    def _spans_of(self, symbol_id: str) -> list[Span]:
        if symbol_id not in self._spans:
            symbol = self._symbols.get(symbol_id)
            extents = (self._outline.module, *self._outline.symbols)
            found = (
                token_spans(self._language, self.text, self._tree(), symbol, extents)
                if symbol is not None
                else []
            )
            self._spans[symbol_id] = found
        return self._spans[symbol_id]
