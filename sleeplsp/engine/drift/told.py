"""Drift, told: a Suspicion with its evidence, callers included, so that it is shown as any other is.

It must not know who shows it.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping

from sleeplsp.core.facts import ModuleFacts
from sleeplsp.core.insight import Evidence, Place, Severity, Support, Suspicion
from sleeplsp.core.placing import Placing
from sleeplsp.deduce.drift import DRIFT
from sleeplsp.deduce.drift.sides import Change
from sleeplsp.deduce.telling.describe import short
from sleeplsp.deduce.telling.quoting import Quoter
from sleeplsp.engine.drift.base import codes_of
from sleeplsp.engine.drift.drifted import CallerOf, Drifted
from sleeplsp.engine.locate import Locator

CALLERS_MAX = 20
"""Calls named as evidence of one drift, those that need what was lost first."""


def suspicions_of(
    found: Iterable[Drifted], key: str, facts: Mapping[str, ModuleFacts], locator: Locator
) -> Iterator[tuple[Drifted, Suspicion]]:
    """Yield what has drifted since the base called `key`, each as a suspicion of its function.

    The suspicion's evidence is that of the change, then callers.
    """
    codes: dict[str, dict[str, str]] = {}
    for each in found:
        path, _, symbol = each.ref.partition("::")
        placing = locator.placing(path)
        mark = _mark(each, placing, symbol) if placing is not None else None
        if mark is None:
            continue
        evidence = (
            *each.change.evidence,
            *(_step(each.change, caller) for caller in in_order(each.callers)[:CALLERS_MAX]),
        )
        refs = dict.fromkeys((each.ref, *(step.place.ref for step in evidence)))
        for ref in refs:
            module = ref.partition("::")[0]
            if module in facts and module not in codes:
                codes[module] = codes_of(facts[module])
        yield (
            each,
            Suspicion(
                category=DRIFT.name,
                symbol=symbol,
                place=mark.place,
                quote=mark.quote,
                message=message(each),
                severity=DRIFT.severity if each.needed else Severity.NOTE,
                evidence=evidence,
                support=tuple(Support(ref, _code(codes, ref)) for ref in refs),
                shown=each.needed,
                id=_id(key, each),
            ),
        )


def message(drifted: Drifted) -> str:
    """Say what was lost, and how many of its callers need it."""
    told = f"`{name_of(drifted.ref)}()` {drifted.change.sentence}"
    callers = {each.call.caller for each in drifted.callers}
    needing = {each.call.caller for each in drifted.callers if each.needs}
    many, few = len(callers), len(needing)
    if not callers:
        return told
    if not needing:
        return f"{told}; it has {many} caller{'' if many == 1 else 's'}"
    verb = drifted.change.one if few == 1 else drifted.change.several
    if few < many:
        return f"{told}; {few} of its {many} callers {verb}"
    return f"{told}; its only caller {verb}" if few == 1 else f"{told}; its {few} callers {verb}"


def name_of(ref: str) -> str:
    """Return what callers write: a class for its `__init__`."""
    return short(ref).removesuffix(".__init__")


def where(ref: str) -> str:
    """Return what the user calls the code a call stands in."""
    path, _, symbol = ref.partition("::")
    return f"`{path}`" if symbol.startswith("<") else f"`{short(ref)}`"


def in_order(callers: Iterable[CallerOf]) -> list[CallerOf]:
    """Return callers, those that need what was lost first."""
    return sorted(callers, key=lambda each: not each.needs)


def sentence_of(change: Change, caller: CallerOf) -> str:
    """Say what a call has to do with what was lost."""
    through = f", through `{name_of(caller.through)}()`" if caller.through else ""
    return f"{where(caller.call.caller)} {change.one if caller.needs else 'calls it'} here{through}"


def _step(change: Change, caller: CallerOf) -> Evidence:
    return Evidence(caller.call.place, caller.call.quote, sentence_of(change, caller))


def _mark(drifted: Drifted, placing: Placing, symbol: str) -> Evidence | None:
    """Return what the mark is put under: the new code that does it, else the function's name."""
    mark: Place | None = drifted.change.mark
    if mark is not None and mark.ref == drifted.ref:
        extent = placing.extent(mark)
    else:
        found = placing.symbol(symbol)
        extent = (found.name_start, found.name_end) if found is not None else None
    return Quoter(placing, symbol).evidence(*extent, "") if extent is not None else None


def _code(codes: Mapping[str, Mapping[str, str]], ref: str) -> str:
    path, _, symbol = ref.partition("::")
    return codes.get(path, {}).get(symbol, "")


def _id(key: str, drifted: Drifted) -> str:
    """Return the digest that names a drift since one base: 16 hex characters."""
    told = f"{DRIFT.name}\0{key}\0{drifted.ref}\0{drifted.change.kind}"
    return hashlib.blake2b(told.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
