"""Charting: from what is known of a module to its part of the atlas. Pure; it holds no state."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator

from sleeplsp.core.atlas import CALL, COLUMN_MAX, KIND_CODES, LENGTH_MAX, LINE_MAX, SYMBOL, Chart
from sleeplsp.core.context import Contexts
from sleeplsp.core.facts import MODULE, ModuleFacts
from sleeplsp.core.symbols import Symbol
from sleeplsp.core.text import Text

_KINDS = {kind: number for number, kind in enumerate(KIND_CODES)}
_BREAKS = frozenset("\n\t")
"""What ids and paths are told apart by: one that holds any of them is not charted."""

Reached = tuple[str, int, int, tuple[str, ...]]
"""One call: the symbol it stands in, the bytes of the name of what is called, what it may lead to."""


def reached(facts: ModuleFacts, contexts: Contexts) -> tuple[Reached, ...]:
    """Return the calls of a module that surely lead to symbols of the workspace, by position."""
    found = [
        (function.symbol, call.name_start, call.name_end, tuple(dict.fromkeys((site.ref, *site.refs))))
        for function in facts.functions
        for call in function.calls
        if (site := contexts.site(facts.path, function.owner, call.callee)) is not None
    ]
    return tuple(sorted(found, key=lambda each: each[1]))


def chart(facts: ModuleFacts, calls: Iterable[Reached], text: Text) -> Chart:
    """Return the chart of a module; `text` is the one its facts are of."""
    pen = _Pen(text)
    symbols = [(each, place) for each in facts.symbols if (place := _place(each, pen)) is not None]
    numbers = {MODULE: 0, **{each.id: number for number, (each, _) in enumerate(symbols, 1)}}
    calls = [each for each in calls if each[0] in numbers]
    targets = _targets(calls)
    return Chart(
        path=facts.path,
        text_digest=facts.text_digest,
        symbols="\n".join(each.id for each, _ in symbols),
        places=b"".join(place for _, place in symbols),
        called=_called(targets),
        calls=b"".join(_calls(calls, numbers, targets, pen)),
        wide=tuple(sorted(pen.wide.items())),
    )


class _Pen:
    """Packs spans of one text, and takes down what stands before them where that is not ASCII."""

    def __init__(self, text: Text) -> None:
        self.wide: dict[int, bytes] = {}
        self._source, self._starts = text.source, text.line_starts
        self._is_ascii = text.source.isascii()

    def packed(self, start: int, end: int) -> int | None:
        """Return a span within one line as a number; None if it does not fit into one."""
        line = bisect_right(self._starts, start) - 1
        column, length = start - self._starts[line], end - start
        if line > LINE_MAX or column + length > COLUMN_MAX or not 0 <= length <= LENGTH_MAX:
            return None
        if not self._is_ascii:
            before = self._source[self._starts[line] : end]
            if not before.isascii() and len(before) > len(self.wide.get(line, b"")):
                self.wide[line] = before
        return line << 40 | column << 16 | length


def _place(symbol: Symbol, pen: _Pen) -> bytes | None:
    name = pen.packed(symbol.name_start, symbol.name_end)
    start, end = pen.packed(symbol.start, symbol.start), pen.packed(symbol.end, symbol.end)
    if name is None or start is None or end is None or not _BREAKS.isdisjoint(symbol.id):
        return None
    return SYMBOL.pack(name, start, end, _KINDS[symbol.kind])


def _targets(calls: Iterable[Reached]) -> dict[str, int]:
    """Return a number for each symbol that is called; those of one module stand together."""
    refs = {ref for call in calls for ref in call[3] if _BREAKS.isdisjoint(ref)}
    return {ref: number for number, ref in enumerate(sorted(refs, key=lambda each: each.split("::", 1)))}


def _called(targets: Iterable[str]) -> str:
    lines: list[str] = []
    last = None
    for ref in targets:
        path, _, symbol = ref.partition("::")
        lines.append(f"\t{symbol}" if path == last else f"\n{path}\t{symbol}")
        last = path
    return "".join(lines)


def _calls(
    calls: Iterable[Reached], numbers: dict[str, int], targets: dict[str, int], pen: _Pen
) -> Iterator[bytes]:
    for caller, start, end, refs in calls:
        span = pen.packed(start, end)
        for ref in refs:
            if span is not None and ref in targets:
                yield CALL.pack(targets[ref], numbers[caller], span)
