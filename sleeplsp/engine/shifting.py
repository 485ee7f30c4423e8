"""Moving along: what stands in an open module's text, after an edit that was not read yet.

Pure. What an edit touches loses its digest, or goes; what stands behind it moves. It must not know
when the text is read again.
"""

import msgspec

from sleeplsp.core.facts import MODULE
from sleeplsp.core.languages import CALLABLE_KINDS
from sleeplsp.core.located import Link
from sleeplsp.core.snapshot import TOUCHED, Mark, OpenModule
from sleeplsp.core.symbols import Symbol


class Change(msgspec.Struct, frozen=True):
    """Bytes `start` to `end` have become `inserted` bytes."""

    start: int
    end: int
    inserted: int

    def touches(self, start: int, end: int) -> bool:
        """Tell whether a span is edited, or edited at its border."""
        return start <= self.end and self.start <= end

    def is_inside(self, start: int, end: int) -> bool:
        """Tell whether a span holds all of the edit and more on both sides."""
        return start < self.start and self.end < end

    def start_of(self, start: int) -> int:
        """Return where a span that began at `start` begins now."""
        if start < self.end:
            return min(start, self.start)
        return start if start == self.start else start + self._by

    def end_of(self, end: int) -> int:
        """Return where a span that ended at `end` ends now."""
        if end <= self.start:
            return end
        return end + self._by if end >= self.end else self.start + self.inserted

    def moved(self, start: int, end: int) -> tuple[int, int] | None:
        """Return where a span stands now; None if it was touched."""
        if self.touches(start, end):
            return None
        return self.start_of(start), self.end_of(end)

    @property
    def _by(self) -> int:
        return self.inserted - (self.end - self.start)


def shifted(module: OpenModule, change: Change) -> OpenModule:
    """Return a module with all that stands in its text moved along with one edit of the text."""
    members = module.language.member_kinds
    inside = [
        each for each in module.symbols if each.kind in members and change.is_inside(each.start, each.end)
    ]
    digests = dict(module.digests)
    if not inside:
        digests[MODULE] = TOUCHED
    for each in module.symbols:
        if change.touches(each.start, each.end) and not _leaves_out(each, inside):
            digests[each.id] = TOUCHED
    return msgspec.structs.replace(
        module,
        placing=None,
        digests=digests,
        symbols=tuple(_symbol(each, change) for each in module.symbols),
        marks=tuple(mark for each in module.marks if (mark := _mark(each, change)) is not None),
        links=tuple(link for each in module.links if (link := _link(each, change)) is not None),
    )


def _leaves_out(symbol: Symbol, inside: list[Symbol]) -> bool:
    """Tell whether a symbol's digest leaves the edit out: a member of it holds the edit."""
    return symbol.kind not in CALLABLE_KINDS and any(
        symbol.start <= each.start and each.end <= symbol.end and each is not symbol for each in inside
    )


def _symbol(symbol: Symbol, change: Change) -> Symbol:
    if symbol.end < change.start:
        return symbol
    return msgspec.structs.replace(
        symbol,
        start=change.start_of(symbol.start),
        end=change.end_of(symbol.end),
        name_start=change.start_of(symbol.name_start),
        name_end=change.end_of(symbol.name_end),
        doc_start=change.start_of(symbol.doc_start) if symbol.doc_start >= 0 else -1,
        doc_end=change.end_of(symbol.doc_end) if symbol.doc_end >= 0 else -1,
    )


def _mark(mark: Mark, change: Change) -> Mark | None:
    span = change.moved(mark.start, mark.end)
    if span is None:
        return None
    steps = tuple(change.moved(*each) if each is not None else None for each in mark.steps)
    return Mark(*span, change.end_of(mark.comment_at), mark.claim, steps)


def _link(link: Link, change: Change) -> Link | None:
    if max(link.end, link.call_end) < change.start:
        return link
    span = change.moved(link.start, link.end)
    if span is None:
        return None
    call_end = change.end_of(link.call_end) if link.call_end >= 0 else -1
    return msgspec.structs.replace(link, start=span[0], end=span[1], call_end=call_end)
