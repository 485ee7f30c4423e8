"""Ranking: in which order modules are thought about where the call graph leaves a choice, and why.

Most expected benefit first: what somebody looks at and what it calls, what was edited and what calls that,
then what changes often, what much of the workspace calls, what was asked about before. It must not know who
thinks, nor when.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import NamedTuple

import msgspec

from sleeplsp.core.resolved import path_in
from sleeplsp.engine.knowledge import Knowledge
from sleeplsp.engine.outcome import Progress

CALLERS_MIN = 2
"""Functions that are called from as many places are worth a deeper look."""


class Signals(msgspec.Struct, frozen=True):
    """What is known of modules besides their texts, by path."""

    churn: Mapping[str, int] = {}
    """Commits of late that changed them."""
    asked: Mapping[str, int] = {}
    """Times somebody asked about them of late."""


class Turn(NamedTuple):
    """When a module's turn is: the lowest rank is first."""

    rank: int
    cause: str


class Ranking:
    """The turns of one workspace's modules, and what they are made from; for one thread."""

    def __init__(self, look_for_signals: Callable[[], Signals]) -> None:
        self.shown: tuple[str, ...] = ()
        """Modules somebody looks at."""
        self.edited: dict[str, None] = {}
        """Modules that were edited in this run."""
        self._look_for_signals = look_for_signals
        self._signals: Signals | None = None
        self._turns: dict[str, Turn] = {}

    def arrange(self, knowledge: Knowledge, *, is_much: bool) -> Mapping[str, Turn]:
        """Return all turns, as of now if there is much to be thought about."""
        if is_much and self._signals is None:
            self._signals = self._look_for_signals()
        if is_much or not self._turns:
            self._turns = turns(knowledge, self.shown, self.edited, self._signals or Signals())
        return self._turns

    def told(self, progress: Progress) -> Progress:
        """Return a run's progress with the cause of what it is at."""
        turn = self._turns.get(progress.path)
        return msgspec.structs.replace(progress, cause=turn.cause) if turn is not None else progress


def turns(
    knowledge: Knowledge, shown: Iterable[str], edited: Iterable[str], signals: Signals
) -> dict[str, Turn]:
    """Return the turns of all modules."""
    causes = dict.fromkeys(shown, "it is open")
    _extend(causes, knowledge, knowledge.calls, "an open module calls it")
    causes.update((path, "it was edited") for path in edited if path not in causes)
    _extend(causes, knowledge, knowledge.callers, "it calls what was edited", steps_max=1)
    called = _called(knowledge)
    rest = sorted(
        knowledge.facts.keys() - causes.keys(),
        key=lambda path: (
            -signals.churn.get(path, 0),
            -called.get(path, 0),
            -signals.asked.get(path, 0),
            path,
        ),
    )
    causes.update((path, _cause(path, signals, called)) for path in _callees_first(rest, knowledge))
    return {path: Turn(rank, cause) for rank, (path, cause) in enumerate(causes.items())}


def deeper(knowledge: Knowledge, shown: Collection[str]) -> dict[int, list[str]]:
    """Return functions whose first look was cut off and that are worth more, by the effort they are worth.

    Those are what many call, what is suspected of something, what somebody looks at; the most called first.
    """
    found: dict[int, list[str]] = {}
    for ref in sorted(knowledge.cut, key=lambda each: (-len(knowledge.callers.get(each, ())), each)):
        row = knowledge.rows[ref]
        hot = len(knowledge.callers.get(ref, ())) >= CALLERS_MIN
        if hot or row.suspicions or path_in(ref) in shown:
            found.setdefault(row.effort + 1, []).append(ref)
    return found


def _extend(
    causes: dict[str, str],
    knowledge: Knowledge,
    edges: Mapping[str, Iterable[str]],
    cause: str,
    steps_max: int | None = None,
) -> None:
    """Add the modules that calls lead to from those there are, at most so many calls away."""
    found = [ref for path in causes for ref in knowledge.functions_of(path)]
    seen = set(found)
    while found and (steps_max is None or steps_max > 0):
        near = (each for ref in found for each in edges.get(ref, ()))
        found = [each for each in dict.fromkeys(near) if each not in seen and each in knowledge.calls]
        seen.update(found)
        for ref in found:
            causes.setdefault(path_in(ref), cause)
        steps_max = steps_max - 1 if steps_max is not None else None


def _callees_first(order: Iterable[str], knowledge: Knowledge) -> Iterator[str]:
    """Yield modules, each after those it calls: it is then done in one go, while it is at hand."""
    below: dict[str, dict[str, None]] = {}
    for ref, callees in knowledge.calls.items():
        below.setdefault(path_in(ref), {}).update(dict.fromkeys(map(path_in, callees)))
    rest = dict.fromkeys(order)
    begun: set[str] = set()
    done: set[str] = set()
    for top in rest:
        pending = [top]
        while pending:
            path = pending[-1]
            if path not in begun:
                begun.add(path)
                pending += [each for each in below.get(path, ()) if each in rest and each not in begun]
                continue
            pending.pop()
            if path not in done:
                done.add(path)
                yield path


def _called(knowledge: Knowledge) -> dict[str, int]:
    """Return how many functions call one of each module."""
    counts: dict[str, int] = {}
    for ref, callers in knowledge.callers.items():
        path = path_in(ref)
        counts[path] = counts.get(path, 0) + len(callers)
    return counts


def _cause(path: str, signals: Signals, called: Mapping[str, int]) -> str:
    if commits := signals.churn.get(path):
        return f"it changes often ({commits} commits)"
    if callers := called.get(path):
        return f"{callers} functions call it" if callers > 1 else "a function calls it"
    if asked := signals.asked.get(path):
        return f"it was asked about {asked} times"
    return "it is left"
