"""Quotes: where the code that a reply quotes stands in the module, token by token.

Layout and comments do not count, so that a quote may be broken over lines in another way; one that is not
there, or there twice, has no place. It must not know what is said of the code.
"""

from sleeplsp.core.digest import token_spans
from sleeplsp.core.facts import MODULE
from sleeplsp.core.insight import Place
from sleeplsp.core.languages import Language
from sleeplsp.core.resolved import ref_of
from sleeplsp.core.symbols import Outline, Symbol, outline
from sleeplsp.core.syntax import parse
from sleeplsp.core.text import Text
from sleeplsp.prompts.redacted import MARK
from sleeplsp.prompts.reply.held import DropReason

Span = tuple[int, int]

_BETWEEN = b"\0"


class Quotes:
    """The tokens of one module's symbols, found when they are first asked for."""

    def __init__(self, path: str, language: Language, text: Text, found: Outline) -> None:
        self._path = path
        self._language = language
        self._text = text
        self._outline = found
        self._symbols = {MODULE: found.module, **{each.id: each for each in found.symbols}}
        self._spans: dict[str, list[Span]] = {}

    def spans(self, symbol_id: str) -> list[Span]:
        """Return where each token of a symbol stands; the index is its ordinal."""
        if symbol_id not in self._spans:
            self._spans[symbol_id] = self._found(self._symbols[symbol_id])
        return self._spans[symbol_id]

    def tokens(self, symbol_id: str) -> list[bytes]:
        """Return a symbol's tokens."""
        return [self._text.parsed[start:end] for start, end in self.spans(symbol_id)]

    def place(self, symbol_id: str, quote: str) -> Place | DropReason:
        """Return where a quote stands in a symbol, or why that cannot be said."""
        wanted = [each for each in self._tokens_of(quote) if not each.isspace()]
        found = [(number, each) for number, each in enumerate(self.tokens(symbol_id)) if not each.isspace()]
        if not wanted:
            return DropReason.QUOTE_ABSENT
        at = _occurrences([each for _, each in found], wanted)
        if not at:
            return DropReason.REDACTED if MARK in quote else DropReason.QUOTE_ABSENT
        if len(at) > 1:
            return DropReason.QUOTE_AMBIGUOUS
        first, last = found[at[0]][0], found[at[0] + len(wanted) - 1][0]
        return Place(ref_of(self._path, symbol_id), first, last)

    def extent(self, symbol_id: str, place: Place) -> Span:
        """Return the bytes of a place in a symbol."""
        spans = self.spans(symbol_id)
        return spans[place.first][0], spans[place.last][1]

    def _found(self, symbol: Symbol) -> list[Span]:
        found = self._outline
        extents = (found.module, *found.symbols)
        return token_spans(self._language, self._text, found.layout, symbol, extents)

    def _tokens_of(self, quote: str) -> list[bytes]:
        text = Text.from_str(quote)
        found = outline(self._language, text, parse(self._language, text))
        spans = token_spans(self._language, text, found.layout, found.module, ())
        return [text.parsed[start:end] for start, end in spans]


def _occurrences(tokens: list[bytes], wanted: list[bytes]) -> list[int]:
    """Return the first two indices at which some tokens stand in a row."""
    joined, needle = (_BETWEEN.join((b"", *each, b"")) for each in (tokens, wanted))
    found: list[int] = []
    position = joined.find(needle)
    while position >= 0 and len(found) < 2:
        found.append(joined.count(_BETWEEN, 0, position))
        position = joined.find(needle, position + 1)
    return found
