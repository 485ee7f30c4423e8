"""Trying: the fixes of what was suspected are verified, one after the other, once all else is decided.

It must not know what makes a fix good.
"""

from collections.abc import Callable

from sleeplsp.core.resolved import path_in
from sleeplsp.engine.crew import Crew
from sleeplsp.engine.fixes import Task, Verified, tried
from sleeplsp.engine.knowledge import Knowledge
from sleeplsp.engine.work import FunctionResult, Sources


class Trying:
    """The trials of one workspace; for one thread."""

    def __init__(self, knowledge: Knowledge, sources: Sources, note: Callable[[str], None]) -> None:
        self._knowledge = knowledge
        self._sources = sources
        self._note = note
        self._trial: Verified | None = None
        self._next: tuple[Task, Callable[[object], None]] | None = None
        """What is to be done next, and nobody was free for."""
        self._begun: tuple[int, int] = (0, 0)
        """Of what was known when the trial began, and how often the crew had been recalled."""

    def hand_out(self, crew: Crew, drafts: list[FunctionResult]) -> bool:
        """Go on with a trial, or begin the next; tell whether any is on."""
        while self._trial is None and drafts:
            draft = drafts[-1]
            if draft.ref not in self._knowledge.rows:  # it is gone
                drafts.pop()
                continue
            self._begun = self._knowledge.version, crew.recalls
            self._trial = tried(self._knowledge, self._sources, draft)
            self._go_on(crew, drafts, draft, None)
        self._hand(crew)
        return self._trial is not None

    def _go_on(self, crew: Crew, drafts: list[FunctionResult], draft: FunctionResult, answer: object) -> None:
        trial = self._trial
        if trial is None:
            return
        if self._begun != (self._knowledge.version, crew.recalls):
            self._trial = self._next = None  # something was edited meanwhile: once more
            return
        try:
            task = trial.send(answer)
        except StopIteration as end:
            self._trial = None
            if draft in drafts:  # else it was deduced again meanwhile
                drafts.remove(draft)
            self._knowledge.learn(draft.ref, end.value)
            self._note(path_in(draft.ref))
        else:
            self._next = task, lambda result: self._go_on(crew, drafts, draft, result)
            self._hand(crew)

    def _hand(self, crew: Crew) -> None:
        """Give what is to be done to whoever is free; if nobody is, it waits."""
        if self._next is not None and (free := crew.free()):
            (task, take), self._next = self._next, None
            crew.hand(free[0], task, take)
