"""The atlas: names and calls of every module of a workspace, open or not, in as few bytes as will do.

A Chart is one module's part: what it defines and which calls in it surely lead to symbols of the
workspace. Spans are packed into integers, columns counted in UTF-8 bytes; where the text before one is not
ASCII, it is kept, so that every unit can be told. Never stored. It must not know how calls are resolved,
nor what is shown.
"""

from collections.abc import Iterable, Iterator, Mapping
from struct import Struct

import msgspec

from sleeplsp.core.facts import MODULE
from sleeplsp.core.languages import KINDS
from sleeplsp.core.located import Position, Spot, position_on
from sleeplsp.core.resolved import ref_of

LINE_MAX = COLUMN_MAX = (1 << 24) - 1
"""Lines of a file and bytes of a line: what stands beyond is not charted."""
LENGTH_MAX = (1 << 16) - 1
"""Bytes of a name."""

KIND_CODES = tuple(sorted(KINDS))

SPAN = Struct("<Q")
SYMBOL = Struct("<QQQB")
"""A symbol: its name, the point it starts at, the point it ends at, the number of its kind."""
CALL = Struct("<IIQ")
"""A call: the number of what is called, the number of the symbol it stands in (0: in none), its name."""


class Chart(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One module: what it defines and calls. Numbers of symbols begin with 1, those of callees with 0."""

    path: str
    text_digest: str
    symbols: str
    """The ids of its symbols by position, one on each line."""
    places: bytes
    """A `SYMBOL` for each of them."""
    called: str
    """What it calls: for each module a line break, its path, and behind a tab each the ids of symbols."""
    calls: bytes
    """A `CALL` for each call and symbol it may lead to, by position."""
    wide: tuple[tuple[int, bytes], ...] = ()
    """Line by line what stands before spans, where that is not ASCII."""


class Definition(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A symbol, its kind and where it stands; `name` lies within `extent`."""

    symbol: str
    kind: str
    name: Spot
    extent: Spot


class Call(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A call in the symbol `caller`: what it may lead to, and where the name of that stands."""

    caller: str
    ref: str
    name: Spot


class Batch(msgspec.Struct, frozen=True, kw_only=True):
    """What is new: charts in place of earlier ones, modules that are gone."""

    charts: tuple[Chart, ...]
    gone: tuple[str, ...] = ()
    anew: bool = False
    """All that was told before is out of date."""


class Atlas(msgspec.Struct, frozen=True):
    """The charts of all modules by path."""

    charts: Mapping[str, Chart]

    def updated(self, batch: Batch) -> "Atlas":
        """Return the atlas with what is new: one copy of the map, whatever the batch holds."""
        charts = {} if batch.anew else dict(self.charts)
        for path in batch.gone:
            charts.pop(path, None)
        charts.update((each.path, each) for each in batch.charts)
        return Atlas(charts)

    def callers_of(self, path: str) -> Iterator[Chart]:
        """Yield the charts of modules that call something in a module."""
        line = f"\n{path}\t"
        return (each for each in self.charts.values() if line in each.called)


EMPTY_ATLAS = Atlas({})


def definitions(chart: Chart) -> Iterator[Definition]:
    """Yield what a module defines, by position."""
    places = SYMBOL.iter_unpack(chart.places)
    for symbol, place in zip(chart.symbols.split("\n"), places, strict=False):
        yield _definition(chart, symbol, place)


def definition(chart: Chart, symbol: str) -> Definition | None:
    """Return a symbol by its id; the module's own code is at its top."""
    if symbol == MODULE:
        top = Spot(chart.path, Position(0, 0, 0, 0), Position(0, 0, 0, 0))
        return Definition(MODULE, "module", top, top)
    number = _number(chart, symbol)
    if not number:
        return None
    return _definition(chart, symbol, SYMBOL.unpack_from(chart.places, (number - 1) * SYMBOL.size))


def calls_to(chart: Chart, ref: str) -> Iterator[Call]:
    """Yield the calls in a module that may lead to a symbol of the workspace, by position."""
    called = list(_called(chart))
    if ref in called:
        yield from _calls(chart, called, target=called.index(ref))


def calls_in(chart: Chart, symbol: str) -> Iterator[Call]:
    """Yield the calls in a symbol of a module itself, by position; one for each symbol a call may lead to."""
    caller = 0 if symbol == MODULE else _number(chart, symbol)
    if caller or symbol == MODULE:
        yield from _calls(chart, list(_called(chart)), caller=caller)


def _calls(
    chart: Chart, called: list[str], *, target: int | None = None, caller: int | None = None
) -> Iterator[Call]:
    symbols = [MODULE, *chart.symbols.split("\n")]
    for each_target, each_caller, span in CALL.iter_unpack(chart.calls):
        if target in (None, each_target) and caller in (None, each_caller):
            yield Call(symbols[each_caller], called[each_target], _spot(chart, span))


def _called(chart: Chart) -> Iterator[str]:
    for line in chart.called.split("\n")[1:]:
        path, *symbols = line.split("\t")
        yield from (ref_of(path, each) for each in symbols)


def _number(chart: Chart, symbol: str) -> int:
    """Return the number of a symbol, 0 if there is none of this id."""
    symbols = chart.symbols.split("\n")
    return symbols.index(symbol) + 1 if symbol in symbols else 0


def _definition(chart: Chart, symbol: str, place: tuple[int, ...]) -> Definition:
    name, start, end, kind = place
    extent = Spot(chart.path, _spot(chart, start).start, _spot(chart, end).start)
    return Definition(symbol, KIND_CODES[kind], _spot(chart, name), extent)


def _spot(chart: Chart, span: int) -> Spot:
    line, column, length = span >> 40, span >> 16 & COLUMN_MAX, span & LENGTH_MAX
    before = _before(chart.wide, line)
    ends = (column, column + length)
    start, end = (
        Position(line, each, each, each) if before is None else position_on(line, before[:each])
        for each in ends
    )
    return Spot(chart.path, start, end)


def _before(wide: Iterable[tuple[int, bytes]], line: int) -> bytes | None:
    return next((text for each, text in wide if each == line), None)
