"""Callers: which calls of a workspace surely run a function, and which of them need what it lost.

A call needs what was lost if a check suspects it for that very reason: it was found that the call, or what is
done with its result, fails. It must not know what was lost.
"""

from collections.abc import Collection, Iterator, Mapping
from itertools import islice

import msgspec

from sleeplsp.core.context import Contexts
from sleeplsp.core.index import Index
from sleeplsp.core.insight import Evidence, Place, Suspicion
from sleeplsp.core.placing import Placing
from sleeplsp.core.row import FunctionRow
from sleeplsp.deduce.telling.quoting import Quoter
from sleeplsp.engine.locate import Locator

CALLS_MAX = 500
"""Calls looked at for one function that has drifted."""

_CALL_IS_LAST = frozenset(("wrong-arguments",))
"""Checks whose evidence ends with the call; that of others begins with it."""


class Call(msgspec.Struct, frozen=True):
    """One call that surely runs the function and no other."""

    caller: str
    """Reference of the function, class or module it stands in."""
    place: Place
    """From the name that is called to the end of the call."""
    quote: str
    failing: tuple[Suspicion, ...]
    """What is suspected of this very call, or of what is done with its result."""


class Callers:
    """The calls of functions. Looks into the texts of their callers, through `locator`."""

    def __init__(
        self,
        index: Index,
        functions: Mapping[str, FunctionRow],
        calling: Mapping[str, Collection[str]],
        locator: Locator,
    ) -> None:
        """Take an index of all modules, what was deduced of each function, who consults whose contract."""
        self._index = index
        self._functions = functions
        self._calling = calling
        self._locator = locator
        self._contexts = Contexts(index)
        self._calls: dict[str, tuple[Call, ...]] = {}

    def of(self, ref: str) -> tuple[Call, ...]:
        """Return the calls of a function, those in its own body apart."""
        if ref not in self._calls:
            callers = sorted(each for each in self._calling.get(ref, ()) if each != ref)
            found = (call for caller in callers for call in self._in(caller, ref))
            self._calls[ref] = tuple(islice(found, CALLS_MAX))
        return self._calls[ref]

    def _in(self, caller: str, ref: str) -> Iterator[Call]:
        """Yield the calls of a function in another."""
        path, _, symbol = caller.partition("::")
        placing, facts = self._locator.placing(path), self._index.functions.get(caller)
        if placing is None or facts is None:
            return
        sites = self._contexts.of(self._index.modules[path], facts).sites
        failing = self._failing(placing, caller)
        for call in sorted(facts.calls, key=lambda each: each.end):
            site = sites.get(call.end)
            # What may run another's method is no call of this one for certain.
            step = Quoter(placing, symbol).evidence(call.name_start, call.end, "")
            if site is not None and site.refs == (ref,) and step is not None:
                yield Call(caller, step.place, step.quote, tuple(failing.get(call.end, ())))

    def _failing(self, placing: Placing, caller: str) -> dict[int, list[Suspicion]]:
        """Return what is suspected of calls in a function, by the end of the call."""
        found: dict[int, list[Suspicion]] = {}
        for each in self._functions[caller].suspicions:
            step = _call_of(each)
            extent = placing.extent(step.place) if step is not None else None
            if extent is not None and each.shown:
                found.setdefault(extent[1], []).append(each)
        return found


def _call_of(suspicion: Suspicion) -> Evidence | None:
    steps = suspicion.evidence
    return (steps[-1] if suspicion.category in _CALL_IS_LAST else steps[0]) if steps else None
