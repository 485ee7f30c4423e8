"""The ways on which a function gives None of its own, and one of them told.

Told is a way with all the decisions it takes, where one is found; else what every way to it has decided.
It must not be known here what callers make of it.
"""

from collections.abc import Iterator

import msgspec

from sleeplsp.core.insight import Evidence
from sleeplsp.deduce.analysis import Analysis, is_written
from sleeplsp.deduce.contracts.carried import Carried, carried
from sleeplsp.deduce.contracts.demands import DEMANDED, demanded
from sleeplsp.deduce.contracts.leading import Decided, leading, told
from sleeplsp.deduce.domain import Nothing, given_name
from sleeplsp.deduce.events import Event, Use
from sleeplsp.deduce.paths.trail import Witness
from sleeplsp.deduce.telling.describe import condition, decisions, origin

WAYS_MAX = 5
"""Returns of None of which the best is told."""


class NoneReturn(msgspec.Struct, frozen=True):
    """A return of None: one the source writes, or one found on a feasible path."""

    block: int
    event: Event
    witness: Witness | None


class _Way(msgspec.Struct, frozen=True):
    """One way to a return of None. `made`: decisions, nearest first, `since` of them after it came to be."""

    one: NoneReturn
    made: list[Decided]
    complete: bool
    nothing: Nothing | None = None
    """The None, where it is worth telling how it came to be."""
    since: int = 0
    followed: bool = True


def nones_of(analysis: Analysis) -> list[NoneReturn]:
    """Return the returns of None, but for a None that the caller passed."""
    found = []
    for block, event in analysis.uses.get(Use.RETURN, ()):
        if not event.certain or not _own(event):
            continue  # None only where the caller passed it: the argument is given back
        witness = analysis.witness(event)
        if witness is not None or (is_written(event) and analysis.may_come(event)):
            found.append(NoneReturn(block, event, witness))
    return found


def none_path(analysis: Analysis, nones: list[NoneReturn]) -> tuple[tuple[Evidence, ...], bool]:
    """Tell one way, and whether there is more to it: a whole one before others, few decisions before many."""
    first = sorted(nones, key=lambda each: (each.witness is not None, _length(each.witness)))[:WAYS_MAX]
    way = min((_way(analysis, each) for each in first), key=lambda each: (not each.complete, len(each.made)))
    steps = [_decided(analysis, each) for each in reversed(way.made)]
    if not way.followed and way.one.witness is not None:
        steps.extend(_happened(analysis, way.one.witness))
    if way.nothing is not None and way.nothing.end > way.nothing.start:
        came = analysis.quoter.evidence(way.nothing.start, way.nothing.end, origin(way.nothing))
        steps.insert(len(way.made) - way.since, came)
    node, nothing = way.one.event.node, way.nothing
    if nothing is None or (node.start, node.end) != (nothing.start, nothing.end):
        steps.append(analysis.quoter.evidence(node.start, node.end, "returns `None`"))
    return tuple(step for step in steps if step is not None), not way.complete


def _own(event: Event) -> list[Nothing]:
    found = [each for each in event.value if isinstance(each, Nothing) and not given_name(each)]
    return sorted(found, key=lambda each: (each.start, each.end, each.origin))


def _length(witness: Witness | None) -> int:
    return len(witness.decisions) if witness is not None else 0


def _way(analysis: Analysis, one: NoneReturn) -> _Way:
    own = _own(one.event)
    if is_written(one.event) or len(own) == len(one.event.value):
        made, complete = leading(analysis, one.block)
        return _Way(one, *told(analysis, made, complete=complete))
    for nothing in own:
        found = carried(analysis, one.block, one.event, nothing)
        if found is not None:
            return _followed(analysis, one, nothing, found)
    made, _ = told(analysis, leading(analysis, one.block)[0], complete=False)
    return _Way(one, made, complete=False, nothing=own[0], since=len(made), followed=False)


def _followed(analysis: Analysis, one: NoneReturn, nothing: Nothing, found: Carried) -> _Way:
    """Return a way that was followed; what a callee gives is None in some cases only."""
    sure = "." not in nothing.origin and "::" not in nothing.origin
    made, complete = told(analysis, found.made, complete=found.complete and sure)
    since = sum(each in made for each in found.made[: found.since])
    return _Way(one, made, complete, nothing if found.stored or not sure else None, since)


def _decided(analysis: Analysis, decided: Decided) -> Evidence | None:
    _, test, holds = decided
    name, demand = demanded(analysis, decided) or ("", "")
    words = DEMANDED[demand].format(name) if demand in DEMANDED else condition(test, holds=holds)
    return analysis.quoter.evidence(test.start, test.end, f"when {words}")


def _happened(analysis: Analysis, witness: Witness) -> Iterator[Evidence]:
    """Yield what happened on a path beside decisions: which of these matter is not known."""
    others = tuple(each for each in witness.decisions if each.kind != "test")
    yield from decisions(msgspec.structs.replace(witness, decisions=others), analysis.quoter)
