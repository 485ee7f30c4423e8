"""Calls: who calls what, and where, as far as it is certain; in open modules and in all others.

A call of a method that subclasses have another of counts for each that may run; one that makes an object,
for the class and for its `__init__`.
"""

from collections.abc import Iterable, Iterator

import msgspec

from sleeplsp.answers.definitions import Defined, Where, defined, read
from sleeplsp.core import atlas
from sleeplsp.core.languages import CALLABLE_KINDS, CLASS_KINDS
from sleeplsp.core.lower import is_lowered
from sleeplsp.core.resolved import ref_of
from sleeplsp.core.snapshot import OpenModule, Snapshot
from sleeplsp.core.text import text_digest

REFERENCES_MAX = 2_000
"""Calls of one symbol that are told, by path and position: more take long to send, and nobody reads them."""

_CALLED_KINDS = (CALLABLE_KINDS | CLASS_KINDS) - {"property"}


class Call(msgspec.Struct, frozen=True):
    """A call: in which symbol it stands, what it may lead to, and where the name of that is."""

    caller: str
    """A reference; the module's own code is `path::<module>`."""
    ref: str
    name: Where


class Related(msgspec.Struct, frozen=True):
    """A symbol at the other end of calls, and where the names stand that are called."""

    symbol: Defined
    names: tuple[Where, ...]


def at(snapshot: Snapshot, path: str, offset: int) -> list[Defined]:
    """Return the function or class that is defined at an offset of an open module.

    At a call it is all that this may lead to, first what its name does.
    """
    module = snapshot.modules.get(path)
    if module is None or not is_lowered(module.language.name):
        return []
    symbol = module.symbol_named_at(offset)
    if symbol is not None:
        refs: tuple[str, ...] = (ref_of(path, symbol.id),) if symbol.kind in _CALLED_KINDS else ()
    else:
        link = module.link_at(offset)
        refs = link.reached if link is not None else ()
    found = (defined(snapshot, each) for each in refs)
    return [each for each in found if each is not None]


def references(snapshot: Snapshot, ref: str) -> list[Where]:
    """Return where the calls of a symbol stand, by path and position; at most `REFERENCES_MAX`."""
    return [call.name for call, _ in zip(calls_to(snapshot, ref), range(REFERENCES_MAX), strict=False)]


def incoming(snapshot: Snapshot, ref: str) -> list[Related]:
    """Return who calls a symbol, by path and position of the first call."""
    calls = zip(calls_to(snapshot, ref), range(REFERENCES_MAX), strict=False)
    return _related(snapshot, ((call.caller, call.name) for call, _ in calls))


def outgoing(snapshot: Snapshot, ref: str) -> list[Related]:
    """Return what a symbol calls, by position of the first call; what is defined in it calls for itself."""
    calls = list(calls_in(snapshot, ref))
    targets = {each: defined(snapshot, each) for each in dict.fromkeys(call.ref for call in calls)}
    # Making an object is told of the class alone, not of its `__init__` as well.
    classes = {ref for ref, found in targets.items() if found is not None and found.kind in CLASS_KINDS}
    making = {_key(call.name) for call in calls if call.ref in classes}
    told = (call for call in calls if call.ref in classes or _key(call.name) not in making)
    return _related(snapshot, ((call.ref, call.name) for call in told))


def calls_to(snapshot: Snapshot, ref: str) -> Iterator[Call]:
    """Yield the calls that may lead to a symbol, by path and position."""
    path = ref.partition("::")[0]
    charts = {each.path: each for each in snapshot.atlas.callers_of(path)}
    for each in sorted(charts.keys() | snapshot.modules.keys()):
        module = _linked(snapshot, each)
        if module is not None:
            yield from (call for call in _calls(module) if call.ref == ref)
        elif each in charts:
            yield from map(_charted, atlas.calls_to(charts[each], ref))


def calls_in(snapshot: Snapshot, ref: str) -> Iterator[Call]:
    """Yield the calls that stand in a symbol itself, by position; one for each symbol it may lead to."""
    path, _, symbol = ref.partition("::")
    module, chart = _linked(snapshot, path), snapshot.atlas.charts.get(path)
    if module is not None:
        yield from (call for call in _calls(module) if call.caller == ref)
    elif chart is not None:
        yield from map(_charted, atlas.calls_in(chart, symbol))


def _linked(snapshot: Snapshot, path: str) -> OpenModule | None:
    """Return an open module whose calls are known better than the atlas knows them."""
    module = read(snapshot, path)
    if module is None or module.claims is not None:
        return module
    chart = snapshot.atlas.charts.get(path)
    is_charted = chart is not None and chart.text_digest == text_digest(module.text)
    return None if is_charted else module


def _calls(module: OpenModule) -> Iterator[Call]:
    for link in module.links:
        caller, name = ref_of(module.path, link.caller), Where(module.path, (link.start, link.end), None)
        yield from (Call(caller, each, name) for each in link.reached)


def _charted(call: atlas.Call) -> Call:
    path = call.name.path
    return Call(ref_of(path, call.caller), call.ref, Where(path, None, call.name))


def _related(snapshot: Snapshot, calls: Iterable[tuple[str, Where]]) -> list[Related]:
    names: dict[str, dict[object, Where]] = {}
    for ref, name in calls:
        names.setdefault(ref, {})[_key(name)] = name
    found = ((defined(snapshot, ref), tuple(each.values())) for ref, each in names.items())
    return [Related(symbol, where) for symbol, where in found if symbol is not None]


def _key(where: Where) -> object:
    return (where.path, where.span, where.spot)
