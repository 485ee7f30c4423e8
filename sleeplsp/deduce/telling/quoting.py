"""Quoting: evidence out of offsets, for one function."""

from typing import Protocol

from sleeplsp.core.insight import Edit, Evidence, Place

QUOTE_MAX = 80
"""Characters of one quote."""


class Source(Protocol):
    """The text a function stands in (`core.placing.Placing` is one)."""

    def place(self, symbol_id: str, start: int, end: int) -> Place | None:
        """Return the place of bytes `start` to `end` in a symbol."""
        ...

    def extent(self, place: Place) -> tuple[int, int] | None:
        """Return the bytes of a place."""
        ...

    def quote(self, start: int, end: int) -> str:
        """Return the characters between two offsets."""
        ...


class Quoter:
    """Quotes the code of one symbol."""

    def __init__(self, source: Source, symbol_id: str) -> None:
        self._source = source
        self._symbol_id = symbol_id

    def evidence(self, start: int, end: int, sentence: str) -> Evidence | None:
        """Return a step of evidence about the code between two offsets; None if it is not the symbol's."""
        place = self.place(start, end)
        return Evidence(place, self.quote(start, end), sentence) if place is not None else None

    def place(self, start: int, end: int) -> Place | None:
        """Return the place of a span."""
        return self._source.place(self._symbol_id, start, end)

    def edit(self, start: int, end: int, text: str) -> Edit | None:
        """Return a change of bytes as one of tokens; None if the bytes do not begin and end tokens."""
        place = self.place(start, end)
        extent = self._source.extent(place) if place is not None else None
        if place is None or extent is None or extent[0] != start:
            return None
        if start == end:
            return Edit(place, text, before=True)
        return Edit(place, text) if extent[1] == end else None

    def text(self, start: int, end: int) -> str:
        """Return the characters between two offsets as they stand there."""
        return self._source.quote(start, end)

    def quote(self, start: int, end: int) -> str:
        """Return a span as one line of at most QUOTE_MAX characters."""
        line = " ".join(self._source.quote(start, end).split())
        return line if len(line) <= QUOTE_MAX else f"{line[: QUOTE_MAX - 1]}…"
