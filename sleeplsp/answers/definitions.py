"""Definitions: where the symbols of a workspace stand now, in open modules and in all others.

What an editor has open stands where its text says; all else where the atlas does.
"""

import msgspec

from sleeplsp.core import atlas
from sleeplsp.core.facts import MODULE
from sleeplsp.core.located import Spot
from sleeplsp.core.resolved import ref_of
from sleeplsp.core.snapshot import OpenModule, Snapshot
from sleeplsp.core.symbols import Symbol

Span = tuple[int, int]


class Where(msgspec.Struct, frozen=True):
    """A span of code: bytes of an open module's text, or a place in a file that is not open."""

    path: str
    span: Span | None
    spot: Spot | None


class Defined(msgspec.Struct, frozen=True):
    """A symbol and where it stands; `name` lies within `extent`. A module's own code is at its top."""

    path: str
    symbol: str
    """Its id."""
    kind: str
    """One of `core.languages.KINDS`."""
    name: Where
    extent: Where

    @property
    def ref(self) -> str:
        """The workspace-wide reference."""
        return ref_of(self.path, self.symbol)

    @property
    def short(self) -> str:
        """What it is called in its container; a module by its path."""
        return self.path if self.symbol == MODULE else self.symbol.rpartition(".")[2].partition("#")[0]

    @property
    def container(self) -> str:
        """The dotted path of what it is defined in, '' at the top of the module."""
        return self.symbol.rpartition(".")[0]


def defined(snapshot: Snapshot, ref: str) -> Defined | None:
    """Return a symbol by its reference; None if there is none of that name now."""
    path, _, symbol = ref.partition("::")
    module = read(snapshot, path)
    if module is not None:
        return _of_module(module, symbol)
    chart = snapshot.atlas.charts.get(path)
    found = atlas.definition(chart, symbol) if chart is not None else None
    return charted(path, found) if found is not None else None


def read(snapshot: Snapshot, path: str) -> OpenModule | None:
    """Return an open module whose symbols are known: a large one is read a moment after it is opened."""
    module = snapshot.modules.get(path)
    return module if module is not None and module.is_read else None


def charted(path: str, found: atlas.Definition) -> Defined:
    """Return a symbol as the atlas has it."""
    name, extent = (Where(path, None, each) for each in (found.name, found.extent))
    return Defined(path, found.symbol, found.kind, name, extent)


def _of_module(module: OpenModule, symbol: str) -> Defined | None:
    if symbol == MODULE:
        top = Where(module.path, (0, 0), None)
        return Defined(module.path, MODULE, "module", top, top)
    return next((_open(module.path, each) for each in module.symbols if each.id == symbol), None)


def _open(path: str, symbol: Symbol) -> Defined:
    name = Where(path, (symbol.name_start, symbol.name_end), None)
    extent = Where(path, (symbol.start, symbol.end), None)
    return Defined(path, symbol.id, symbol.kind, name, extent)
