"""Where things stand: lines and columns of places and offsets, as users count them, from 1.

Holds the texts it has looked into. It must not know what is claimed of a place.
"""

from collections.abc import Callable

from sleeplsp.cli.report import EditEntry, FixEntry, Span
from sleeplsp.core.ignores import comment_place, is_ignored
from sleeplsp.core.insight import Fix, Place
from sleeplsp.core.languages import language_of
from sleeplsp.core.located import Spot, spot
from sleeplsp.core.syntax import Tree, parse
from sleeplsp.core.text import Text
from sleeplsp.engine.locate import Locator

_MARKER = b"ignore"


class Places:
    """The places of one workspace. `text_of` reads a module, None if it is gone."""

    def __init__(self, text_of: Callable[[str], Text | None]) -> None:
        self._text_of = text_of
        self._locator = Locator(text_of)
        self._parsed: tuple[Text, Tree] | None = None
        """The text parsed last: what is suspected of one module is told together."""

    def span(self, place: Place) -> Span | None:
        """Return where a place stands; None if it is gone."""
        found = self._locator.spot(place)
        return _span(found) if found is not None else None

    def at(self, path: str, start: int, end: int) -> Span:
        """Return the span between two offsets of a module."""
        return _span(spot(path, self._text_of(path) or Text(b""), start, end))

    def line(self, path: str, offset: int) -> int:
        """Return the line of an offset in a module."""
        return (self._text_of(path) or Text(b"")).line_of(offset) + 1

    def fix(self, fix: Fix) -> FixEntry | None:
        """Return a fix as spans; None if a place of it is gone."""
        edits = []
        for each in fix.edits:
            span = self.span(each.place)
            if span is None:
                return None
            edits.append(EditEntry(span=_empty(span) if each.before else span, text=each.text))
        return FixEntry(title=fix.title, edits=tuple(edits))

    def is_ignored(self, place: Place, check: str) -> bool:
        """Tell whether a comment where a place stands silences a check."""
        path = place.ref.partition("::")[0]
        text, language = self._text_of(path), language_of(path)
        found = self._locator.spot(place)
        if text is None or language is None or found is None or _MARKER not in text.source:
            return False
        start = text.line_starts[found.start.line] + found.start.utf8
        if self._parsed is None or self._parsed[0] is not text:
            self._parsed = text, parse(language, text)
        return is_ignored(text, start, comment_place(language, text, self._parsed[1], start), check)


def _span(found: Spot) -> Span:
    return Span(
        path=found.path,
        line=found.start.line + 1,
        column=found.start.character + 1,
        end_line=found.end.line + 1,
        end_column=found.end.character + 1,
    )


def _empty(span: Span) -> Span:
    return Span(
        path=span.path,
        line=span.line,
        column=span.column,
        end_line=span.line,
        end_column=span.column,
    )
