"""Deduction over a workspace: from files to rows, callees before callers, nothing done twice.

One Deduction lives as long as its workspace is open. It goes on in little steps: whoever owns it opens its
mail in between, and may ask for something else in the midst of a run, which then goes on from what it has.
It serves nobody else, in a thread of its own. It must not know how work is done, where rows lie or who
listens.
"""

import time
from collections.abc import Callable, Iterable, Mapping, Sequence

from sleeplsp.core.facts import ModuleFacts
from sleeplsp.core.index import Index
from sleeplsp.core.resolved import path_in
from sleeplsp.core.row import ModuleRow
from sleeplsp.core.text import Text, text_digest
from sleeplsp.engine.agenda import EVERYTHING
from sleeplsp.engine.asking import Asked
from sleeplsp.engine.contents import Contents
from sleeplsp.engine.crew import Answer, Crew
from sleeplsp.engine.deciding import Deciding
from sleeplsp.engine.keeping import Keeper, resting_on
from sleeplsp.engine.knowledge import Knowledge
from sleeplsp.engine.mail import Mail
from sleeplsp.engine.outcome import FixCounts, Outcome, Progress
from sleeplsp.engine.ports import Files, Gate, OpenGate, Store
from sleeplsp.engine.ranking import Ranking, Signals, deeper
from sleeplsp.engine.reading import Reading
from sleeplsp.engine.rowview import RowView
from sleeplsp.engine.trying import Trying
from sleeplsp.engine.work import Worker

Listener = Callable[[Progress], None]

LOOK_AGAIN_S = 0.25
"""Seconds between two looks whether another process has left what we wait for."""

MANY_MODULES = 8
"""So many modules to be read are worth waiting for another process that reads them just now."""

NEAR_FUNCTIONS = 200
"""With so few functions that wait, what is asked of one module is not answered provisionally first."""


class Deduction:
    """The embedded reasoner over one workspace; for one thread."""

    def __init__(
        self,
        root: str,
        files: Files,
        store: Store,
        workers: Callable[[], Sequence[Worker]],
        recipe: str,
        flight: Gate | None = None,
        signals: Callable[[], Signals] = Signals,
    ) -> None:
        self.mail = Mail()
        self.knowledge = Knowledge()
        self.outcome: Outcome | None = None
        """Of the last run, once it has ended."""
        self._watches: list[set[str]] = []
        self._workers = workers
        self.flight = flight or OpenGate()
        """Passed while much is thought about, so that no two processes think the same."""
        self._has_waited = self._has_flown = False
        self._crew: Crew | None = None
        self._contents = Contents(files, store, recipe)
        self._keeper = Keeper(root, store, recipe)
        self._must_scan = True
        self._begun_at = time.monotonic()
        self._ranking = Ranking(signals)
        self._tell: Listener = lambda _progress: None
        sources = self._contents.source
        self._deciding = Deciding(self.knowledge, sources, self._note)
        self._reading = Reading(sources, self._deciding.own)
        self._trying = Trying(self.knowledge, sources, self._note)

    def run(
        self,
        listen: Listener = lambda _progress: None,
        overlays: Mapping[str, Text] | None = None,
        shown: Sequence[str] = (),
    ) -> Outcome:
        """Bring all modules up to date, `overlays` in place of files. Raises StoreError."""
        held = overlays or {}
        closed = tuple(path for path in self._contents.held if path not in held)
        self.ask(Asked(held=held, closed=closed, shown=tuple(shown)), listen)
        while (outcome := self.outcome) is None:
            if not self.step() and self.outcome is None:
                self.wait(self.patience_s)
        return outcome

    def ask(self, asked: Asked, listen: Listener = lambda _progress: None) -> None:
        """Think about something more; a run that is on takes it in."""
        if self.outcome is not None or self._contents.found is None:
            self._begun_at = time.monotonic()
            self._deciding.begin()
            self._ranking.edited.clear()
        self.outcome = None
        self._tell = listen
        self._ranking.shown = asked.shown
        self._ranking.edited.update(dict.fromkeys(asked.held))
        self._must_scan = self._must_scan or asked.scan
        changed = self._contents.hold(asked.held, asked.closed)
        known = {path for path in changed if self._is_known(path)}
        self._reading.drop(known)  # somebody has taken back what was being read
        self._deciding.stale(ref for path in known for ref in self.knowledge.functions_of(path))
        self._look_into(changed - known)
        if self._reading and self._crew is not None:
            self._crew.recall()  # it is read first, and what is deduced now may rest on what it was before
        again = self.knowledge.facts if EVERYTHING in asked.again else asked.again
        self._deciding.again(ref for path in again for ref in self.knowledge.functions_of(path))

    def step(self) -> bool:
        """Do a little; tell whether there is more to do at once, without mail. Raises StoreError."""
        if self.outcome is not None:
            return False
        if self._must_scan and (self._contents.found is None or not (self._reading or self._deciding)):
            self._scan()  # after what is known to have changed
            return True
        crew = self.crew()
        crew.is_urgent = len(self._reading) < MANY_MODULES and len(self._deciding) <= NEAR_FUNCTIONS
        if not self._may_begin():
            return False
        if self._reading:
            self._reading.hand_out(crew, self._tell)
            if not self._reading.is_done:
                return False
            self._take_in(*self._reading.take())
        if self._deciding.hand_out(crew, self._progress):
            return True
        if self._keeper.is_due:
            self._keep()
        if self._deciding:
            return False
        if self._deepen():
            return True
        if not self._trying.hand_out(crew, self._deciding.drafts):
            self._finish()
        return False

    def wait(self, seconds: float | None = None) -> bool:
        """Wait for mail and take what it says, at most some seconds; tell whether any came."""
        return self.mail.open(seconds)

    @property
    def patience_s(self) -> float | None:
        """Seconds to wait for mail before another step; None if there is nothing to do without."""
        if self.outcome is None and self._crew is not None and not self._crew.is_busy:
            return LOOK_AGAIN_S  # other processes have all there is, and do not tell when they are done
        return None

    def pause(self) -> None:
        """Let others think meanwhile: nothing is done here for a while."""
        if self._crew is not None:
            self._crew.recall()
        self.flight.leave()
        self._has_flown = False

    @property
    def rows(self) -> Mapping[str, ModuleRow]:
        """Every module by path, as it is known now."""
        return RowView(self.knowledge, self.failed)

    @property
    def failed(self) -> dict[str, str]:
        """Modules that could not be thought about, with the reason."""
        return {**self._deciding.failed, **self._reading.failed}

    @property
    def index(self) -> Index:
        """What names of the modules refer to."""
        return self.knowledge.index

    def watch(self) -> set[str]:
        """Return a set into which modules come of which something else is known than before."""
        self._watches.append(set())
        return self._watches[-1]

    def renewed(self, paths: Iterable[str]) -> None:
        """Take note that something else is known of modules than before."""
        for each in self._watches:
            each.update(paths)

    def is_decided(self, path: str) -> bool:
        """Tell whether all there is to know of a module is known."""
        is_read = path in self.knowledge.facts and not self._reading.concerns(path)
        return is_read and not self._deciding.concerns(self.knowledge.functions_of(path))

    def is_left_out(self, path: str) -> bool:
        """Tell whether a module is not to be thought about."""
        return self._contents.is_left_out(path)

    @property
    def unsaved(self) -> list[str]:
        """Modules of which an editor holds a text that is not on disk."""
        return self._contents.unsaved()

    @property
    def is_near(self) -> bool:
        """Whether it is a matter of moments until all is decided."""
        has_looked = self._contents.found is not None and not self._must_scan
        return has_looked and len(self._deciding) <= NEAR_FUNCTIONS

    def text_of(self, path: str) -> Text | None:
        """Return a module's text as it is known; None if it cannot be read any more."""
        facts = self.knowledge.facts.get(path)
        text = self._contents.text(path) if facts is not None else None
        return text if text is not None and facts and text_digest(text) == facts.text_digest else None

    def crew(self) -> Crew:
        """Return the crew, started when it is first needed."""
        if self._crew is None:
            self._crew = Crew(self._workers(), self._deliver)
        return self._crew

    @property
    def is_wanted(self) -> bool:
        """Whether another process waits for what the workers hold."""
        return self._crew is not None and self._crew.is_wanted

    def rest(self) -> None:
        """Let the workers give back what they hold, while there is nothing to do."""
        if self._crew is not None:
            self._crew.rest()

    def close(self) -> None:
        """End the crew."""
        self.flight.leave()
        if self._crew is not None:
            self._crew.close()
            self._crew = None

    def _deliver(self, answer: Answer) -> None:
        self.mail.put(lambda: self._take(answer))

    def _take(self, answer: Answer) -> None:
        if self._crew is not None:
            self._crew.opened(answer)

    def _may_begin(self) -> bool:
        """Tell whether nobody else thinks about all this just now; what they have found is looked up then."""
        if len(self._reading) < MANY_MODULES or self._has_flown:
            self.flight.beat()
            return True
        if not self.flight.enter():
            self._has_waited = True
            self._tell(Progress("waiting", 0, len(self._reading)))
            return False
        if self._has_waited:
            self._scan()
        self._has_flown, self._has_waited = True, False
        return True

    def _scan(self) -> None:
        self._must_scan = False
        is_first = self._contents.found is None
        found = self._contents.scan(self._keeper.manifest())
        if is_first and found.unchanged:
            self.knowledge.trust(found.rows)
            self.renewed(found.rows)
        elif is_first:
            self._reading.know(found.rows)
            self._reading.add(found.unknown, found.earlier)
        else:
            known = [path for path in found.rows if self._is_known(path)]
            changed = found.stamps.keys() | self.knowledge.facts.keys()
            self._look_into(changed.difference(known, found.skipped.keys() - self.knowledge.facts.keys()))
        found.rows, found.earlier = {}, {}

    def _look_into(self, paths: set[str]) -> None:
        """Have modules read of which not everything is known as they are now; forget those that are gone."""
        there = {path for path in paths if self._contents.has(path)}
        self._reading.forget(paths - there)
        stored = self._contents.stored(there)
        self._reading.know(stored)
        self._reading.add(there - stored.keys())

    def _take_in(self, changes: dict[str, ModuleFacts | None], rows: dict[str, ModuleRow]) -> None:
        knowledge = self.knowledge
        if knowledge.facts:
            stale = knowledge.replace(changes, rows)
            self._deciding.stale(stale)
        else:
            facts = {path: each for path, each in changes.items() if each is not None}
            knowledge.begin(facts, rows, trusted=False)
            self._deciding.stale(knowledge.calls)
        for path, each in changes.items():
            if path not in rows or rows[path].facts is not each:
                self._note(path)
        self.renewed(changes)
        self._arrange()

    def _deepen(self) -> bool:
        """Have functions thought about more that are worth it; tell whether there are any."""
        found = deeper(self.knowledge, self._ranking.shown)
        for effort, refs in found.items():
            self._deciding.deepen(refs, effort)
        return bool(found)

    def _arrange(self) -> None:
        """Find out whose turn is when."""
        is_much = len(self._deciding) > NEAR_FUNCTIONS
        self._deciding.arrange(self._ranking.arrange(self.knowledge, is_much=is_much))

    def _progress(self, progress: Progress) -> None:
        self._tell(self._ranking.told(progress))

    def _is_known(self, path: str) -> bool:
        facts = self.knowledge.facts.get(path)
        if facts is None:
            return self._contents.has(path) and self._reading.has_failed(path)
        return self._contents.says(path, facts)

    def _note(self, path: str) -> None:
        """Take note that a module's row is another than before."""
        self.renewed([path])
        self._keeper.note(path)

    def _keep(self) -> None:
        """Store what rests on nothing unsaved, and is decided."""
        unsaved = self._contents.unsaved()
        tainted = resting_on(self.knowledge, unsaved)
        drafted = {path_in(each.ref) for each in self._deciding.drafts}
        self._keeper.keep(
            self.rows,
            lambda path: path not in tainted and path not in drafted and self.is_decided(path),
        )
        found = self._contents.found
        if self.outcome is not None and found is not None and not unsaved:
            self._keeper.finish(found, self.knowledge.facts, self.failed)

    def _finish(self) -> None:
        deduced, found = self._deciding.deduced, self._contents.found
        self.outcome = Outcome(
            modules=len(self.knowledge.facts),
            deduced=deduced,
            considered=self._deciding.considered,
            in_vain=self._deciding.in_vain,
            kept=max(len(self.knowledge.rows) - deduced, 0),
            failed=self.failed,
            skipped=found.skipped if found is not None else {},
            other=found.other if found is not None else 0,
            fixes=FixCounts(self.knowledge.offered, self.knowledge.withheld),
            seconds=time.monotonic() - self._begun_at,
        )
        self._keep()
        self.flight.leave()
        self._has_flown = False
