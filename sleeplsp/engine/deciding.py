"""Deciding: each function that waits either still has a row that holds, or a worker deduces it.

Callees come before callers, and what a changed contract makes stale waits in its turn. It must not know
texts, files or the store.
"""

from collections.abc import Callable, Iterable, Mapping
from math import ceil
from typing import NamedTuple

from sleeplsp.core.context import Context
from sleeplsp.core.context import digest as context_digest
from sleeplsp.core.contract import Contract
from sleeplsp.core.resolved import path_in
from sleeplsp.core.text import Text, text_digest
from sleeplsp.deduce.effort import FIRST
from sleeplsp.engine.crew import Crew
from sleeplsp.engine.frontier import Frontier, Unit
from sleeplsp.engine.knowledge import Knowledge
from sleeplsp.engine.outcome import Progress
from sleeplsp.engine.ranking import Turn
from sleeplsp.engine.rows import rows_of
from sleeplsp.engine.work import FunctionJob, FunctionResult, SourceFile, Sources, UnitJob

ORDER_UNITS = 40
"""Units of one order, at most: few enough that a worker which hangs is soon noticed."""

CHECKS_MAX = 400
"""Units looked at in one step, before mail is opened again."""


class _Job(NamedTuple):
    """A unit that somebody deduces: what its code and contexts were when it was given."""

    unit: Unit
    version: int
    """Of what was known."""
    contexts: Mapping[str, str]
    contracts: Mapping[str, tuple[tuple[str, str], ...]]
    """By function: what it consulted, as a Trace keeps it."""
    texts: Mapping[str, str]
    """Digests of the modules' texts."""
    effort: int
    is_forced: bool
    """Whatever is known, it is to be deduced."""


class Deciding:
    """The functions of one workspace that are being decided; for one thread."""

    def __init__(self, knowledge: Knowledge, sources: Sources, note: Callable[[str], None]) -> None:
        self.deduced = 0
        """Functions deduced since `begin`."""
        self.considered = 0
        """Functions looked at since `begin`, whether their rows still hold."""
        self.in_vain = 0
        """Functions deduced since `begin` that were outdated when they came back."""
        self.drafts: list[FunctionResult] = []
        """What was deduced with fixes that are not verified."""
        self._knowledge = knowledge
        self._sources = sources
        self._note = note
        self._frontier = Frontier(knowledge)
        self._failures: dict[str, tuple[str, str]] = {}
        """Code digest and reason, by function."""
        self._forced: set[str] = set()
        self._efforts: dict[str, int] = {}
        """Functions that are worth more than a first look."""
        self._total = 0
        self._at = ""
        """The module that was handed out last."""

    def __bool__(self) -> bool:
        return bool(self._frontier)

    def __len__(self) -> int:
        """Return how many functions are not decided."""
        return len(self._frontier)

    @property
    def failed(self) -> dict[str, str]:
        """Modules of which a function could not be deduced, with the reason."""
        found: dict[str, str] = {}
        for ref, (code, reason) in self._failures.items():
            if self._knowledge.codes.get(ref) == code:
                found.setdefault(path_in(ref), reason)
        return found

    def begin(self) -> None:
        """Count from here on."""
        self.deduced = self.considered = self.in_vain = self._total = 0

    def stale(self, refs: Iterable[str]) -> None:
        """Let functions wait that may have to be deduced again."""
        self._frontier.add(refs)

    def again(self, refs: Iterable[str]) -> None:
        """Let functions be deduced again, whatever is known."""
        refs = list(refs)
        self._forced.update(refs)
        self._frontier.add(refs)

    def deepen(self, refs: Iterable[str], effort: int) -> None:
        """Let functions be thought about with more effort."""
        refs = list(refs)
        self._efforts.update(dict.fromkeys(refs, effort))
        self._frontier.add(refs)

    def own(self, path: str, worker: int) -> None:
        """Take note that a worker holds a module."""
        self._frontier.own(path, worker)

    def arrange(self, turns: Mapping[str, Turn]) -> None:
        """Take note that calls or the order of modules have changed."""
        self._frontier.rearrange({path: turn.rank for path, turn in turns.items()})

    def concerns(self, refs: Iterable[str]) -> bool:
        """Tell whether any of these functions is not decided."""
        return self._frontier.concerns(refs)

    def hand_out(self, crew: Crew, tell: Callable[[Progress], None]) -> bool:
        """Decide what still holds, and hand out what does not; tell whether there is more to do at once."""
        looked_at = 0
        for number in crew.free():
            jobs: list[UnitJob] = []
            given: list[_Job] = []
            # Towards the end orders grow small, so that all workers end at the same time.
            size = min(ORDER_UNITS, ceil(len(self._frontier) / crew.room))
            while len(jobs) < size and looked_at < CHECKS_MAX:
                units = self._frontier.take(number, min(size - len(jobs), CHECKS_MAX - looked_at))
                if not units and not jobs and crew.is_idle(number):
                    units = self._frontier.take(number, 1, waits=False)
                if not units:
                    break
                looked_at += len(units)
                self._at = path_in(units[0][0])
                for unit in units:
                    self._decide(unit, jobs, given)
            if jobs:
                self._hand(crew, number, jobs, given)
            self._count(tell)
        return looked_at >= CHECKS_MAX

    def _decide(self, unit: Unit, jobs: list[UnitJob], given: list[_Job]) -> None:
        knowledge = self._knowledge
        self.considered += len(unit)
        contexts = {ref: knowledge.context(ref) for ref in unit}
        digests = {ref: context_digest(context) for ref, context in contexts.items()}
        is_forced = not self._forced.isdisjoint(unit)
        effort = max(self._efforts.pop(ref, FIRST) for ref in unit)
        held = None if is_forced else knowledge.still_held(unit, digests, effort)
        if held is not None and not any(self._has_failed(ref) for ref in unit):
            changed = [ref for ref, row in held.items() if knowledge.learn(ref, row)]
            self._decided(unit, changed)
        else:
            self._forced.difference_update(unit)
            jobs.append(
                UnitJob(
                    tuple(FunctionJob(*each, effort) for each in contexts.items()),
                    self._known(unit, contexts),
                )
            )
            given.append(self._job(unit, digests, effort, is_forced=is_forced))

    def _job(self, unit: Unit, contexts: Mapping[str, str], effort: int, *, is_forced: bool) -> _Job:
        knowledge = self._knowledge
        contracts = {ref: knowledge.consulted(ref) for ref in unit}
        texts = {path: knowledge.facts[path].text_digest for path in map(path_in, unit)}
        return _Job(unit, knowledge.version, contexts, contracts, texts, effort, is_forced)

    def _has_failed(self, ref: str) -> bool:
        return ref in self._failures

    def _known(self, unit: Unit, contexts: Mapping[str, Context]) -> dict[str, Contract]:
        rows = self._knowledge.rows
        consulted = {callee for context in contexts.values() for callee in context.callees}
        return {ref: rows[ref].contract for ref in consulted if ref in rows and ref not in unit}

    def _hand(self, crew: Crew, number: int, jobs: list[UnitJob], given: list[_Job]) -> None:
        texts = {path: digest for job in given for path, digest in job.texts.items()}

        def sources(path: str) -> SourceFile | None:
            """Return the very text that is thought about: by now there may be another."""
            source = self._sources(path)
            is_same = source is not None and text_digest(Text(source.source)) == texts[path]
            return source if is_same else None

        recalls = crew.recalls
        crew.hand(
            number,
            lambda worker: worker.deduce(jobs, sources, lambda: crew.recalls == recalls),
            lambda results: self._take(given, results),
        )

    def _take(self, given: list[_Job], results: list[FunctionResult]) -> None:
        found = {each.ref: each for each in results}
        for job in given:
            results = [found[ref] for ref in job.unit if ref in found]
            if len(results) < len(job.unit):  # it was recalled
                self._wait_again(job)
            elif self._knowledge.version != job.version:  # something was edited meanwhile
                self.in_vain += len(results)
                self._wait_again(job)
            else:
                self._learn(job, results)

    def _wait_again(self, job: _Job) -> None:
        if job.is_forced:
            self._forced.update(job.unit)
        if job.effort > FIRST:
            self._efforts.update(dict.fromkeys(job.unit, job.effort))
        self._frontier.decided(job.unit, again=True)

    def _learn(self, job: _Job, results: list[FunctionResult]) -> None:
        knowledge = self._knowledge
        rows = rows_of(knowledge, results, job.contexts, job.contracts, job.effort)
        changed = [ref for ref, row in rows.items() if knowledge.learn(ref, row)]
        self.deduced += len(rows)
        drafted = {each.ref for each in results}
        self.drafts[:] = [each for each in self.drafts if each.ref not in drafted]
        for result in results:
            self._failures.pop(result.ref, None)
            if result.failure:
                self._failures[result.ref] = (knowledge.codes[result.ref], result.failure)
            if any(result.changes):
                self.drafts.append(result)
            self._note(path_in(result.ref))
        self._decided(job.unit, changed)

    def _decided(self, unit: Unit, changed: list[str]) -> None:
        self._frontier.decided(unit)
        callers = self._knowledge.callers
        self._frontier.add(each for ref in changed for each in callers.get(ref, ()) if each not in unit)

    def _count(self, tell: Callable[[Progress], None]) -> None:
        waiting = len(self._frontier)
        self._total = max(self._total, waiting)
        if self._total:
            tell(Progress("deducing", self._total - waiting, self._total, self._at))
