"""Deduction over a workspace: from files to rows, callees before callers, nothing done twice.

One Deduction lives as long as its workspace is open. It goes on in little steps: whoever owns it opens its
mail in between, and may ask for something else in the midst of a run, which then goes on from what it has.
It serves nobody else, in a thread of its own. It must not know how work is done, where rows lie or who
listens.
"""

import queue
import time
from collections.abc import Callable, Mapping, Sequence

import msgspec

from sleeplsp.core.facts import ModuleFacts
from sleeplsp.core.index import Index
from sleeplsp.core.resolved import path_in
from sleeplsp.core.row import ModuleRow
from sleeplsp.core.text import Text, text_digest
from sleeplsp.engine.agenda import EVERYTHING
from sleeplsp.engine.crew import Answer, Crew
from sleeplsp.engine.deciding import Deciding
from sleeplsp.engine.gather import Gathered, Gatherer
from sleeplsp.engine.keeping import Keeper, resting_on
from sleeplsp.engine.knowledge import Knowledge
from sleeplsp.engine.outcome import FixCounts, Outcome, Progress
from sleeplsp.engine.ports import Files, Gate, OpenGate, Store
from sleeplsp.engine.ranking import deeper, ranks
from sleeplsp.engine.reading import Reading
from sleeplsp.engine.rowview import RowView
from sleeplsp.engine.trying import Trying
from sleeplsp.engine.work import SourceFile, Worker

Listener = Callable[[Progress], None]

KEEP_EVERY_S = 2.0
"""Seconds between two times rows are stored in the midst of a run: what is stored outlives the process."""


LOOK_AGAIN_S = 0.25
"""Seconds between two looks whether another process has left what we wait for."""

MANY_MODULES = 8
"""So many modules to be read are worth waiting for another process that reads them just now."""

NEAR_FUNCTIONS = 200
"""With so few functions that wait, what is asked of one module is not answered provisionally first."""


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What a Deduction is to think about next."""

    held: Mapping[str, Text] = {}
    """Texts an editor holds in place of files, as far as they are others than before."""
    closed: tuple[str, ...] = ()
    """Modules whose file counts again."""
    scan: bool = True
    """Files may have changed, come or gone."""
    again: tuple[str, ...] = ()
    """Modules to be deduced again whatever is known of them; EVERYTHING for all."""
    shown: tuple[str, ...] = ()
    """Modules somebody looks at: they and what they call come first."""


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
    ) -> None:
        self.mail: queue.SimpleQueue[Answer | None] = queue.SimpleQueue()
        """What has to be opened by `open`; None says that somebody else has something to say."""
        self.knowledge = Knowledge()
        self.outcome: Outcome | None = None
        """Of the last run, once it has ended."""
        self.changed: set[str] = set()
        """Modules of which other rows are known than when this was last emptied."""
        self._workers = workers
        self.flight = flight or OpenGate()
        """Passed while much is thought about, so that no two processes think the same."""
        self._has_waited = self._has_flown = False
        self._crew: Crew | None = None
        self._gatherer = Gatherer(files, store, recipe)
        self._keeper = Keeper(root, store, recipe)
        self._found: Gathered | None = None
        self._overlays: dict[str, Text] = {}
        self._wanted: Callable[[str], bool] = lambda _path: True
        self._must_scan = True
        self._begun_at = self._kept_at = time.monotonic()
        self._shown: tuple[str, ...] = ()
        self._tell: Listener = lambda _progress: None
        self._deciding = Deciding(self.knowledge, self._source, self._note)
        self._reading = Reading(self._source, self._deciding.own)
        self._trying = Trying(self.knowledge, self._source, self._note)

    def run(
        self,
        listen: Listener = lambda _progress: None,
        overlays: Mapping[str, Text] | None = None,
        wanted: Callable[[str], bool] = lambda _path: True,
    ) -> Outcome:
        """Bring all modules up to date, `overlays` in place of files. Raises StoreError."""
        self._wanted = wanted
        held = overlays or {}
        self.ask(Asked(held=held, closed=tuple(self._overlays.keys() - held.keys())), listen)
        while (outcome := self.outcome) is None:
            if not self.step() and self.outcome is None:
                self.wait()
        return outcome

    def ask(self, asked: Asked, listen: Listener = lambda _progress: None) -> None:
        """Think about something more; a run that is on takes it in."""
        if self.outcome is not None or self._found is None:
            self._begun_at = time.monotonic()
            self._deciding.begin()
        self.outcome = None
        self._tell = listen
        self._shown = asked.shown
        for path in asked.closed:
            self._overlays.pop(path, None)
        self._overlays.update(asked.held)
        self._must_scan = self._must_scan or asked.scan
        if self._found is not None:
            changed = self._gatherer.amend(self._found, asked.held, asked.closed)
            known = {path for path in changed if self._is_known(path)}
            self._reading.drop(known)  # somebody has taken back what was being read
            self._look_into(changed - known)
        again = self.knowledge.facts if EVERYTHING in asked.again else asked.again
        self._deciding.again(ref for path in again for ref in self.knowledge.functions_of(path))

    def step(self) -> bool:
        """Do a little; tell whether there is more to do at once, without mail. Raises StoreError."""
        if self.outcome is not None:
            return False
        if self._must_scan and (self._found is None or not (self._reading or self._deciding)):
            self._scan()  # after what is known to have changed
            return True
        crew = self.crew()
        if not self._may_begin():
            return False
        if self._reading:
            self._reading.hand_out(crew, self._tell)
            if not self._reading.is_done:
                return False
            self._take_in(*self._reading.take())
        if self._deciding.hand_out(crew, self._tell):
            return True
        if time.monotonic() - self._kept_at > KEEP_EVERY_S and len(self._keeper):
            self._keep()
        if self._deciding:
            return False
        if self._deepen():
            return True
        if self._trying.hand_out(crew, self._deciding.drafts):
            return False
        self._finish()
        return False

    def wait(self, seconds: float | None = None) -> bool:
        """Wait for mail and take what it says, at most some seconds; tell whether any came."""
        if self.outcome is None and self._crew is not None and not self._crew.is_busy:
            seconds = LOOK_AGAIN_S  # other processes have all there is, and do not tell when they are done
        try:
            self._open(self.mail.get(timeout=seconds))
        except queue.Empty:
            return False
        while not self.mail.empty():
            self._open(self.mail.get())
        return True

    def pause(self) -> None:
        """Let others think meanwhile: nothing is done here for a while."""
        self.flight.leave()

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

    def is_decided(self, path: str) -> bool:
        """Tell whether all there is to know of a module is known."""
        functions = self.knowledge.functions_of(path)
        return path in self.knowledge.facts and not self._deciding.concerns(functions)

    def is_left_out(self, path: str) -> bool:
        """Tell whether a module is not to be thought about."""
        return path in self._found.skipped if self._found is not None else self._gatherer.is_left_out(path)

    @property
    def is_near(self) -> bool:
        """Whether it is a matter of moments until all is decided."""
        return self._found is not None and not self._must_scan and len(self._deciding) <= NEAR_FUNCTIONS

    def text_of(self, path: str) -> Text | None:
        """Return a module's text as it is known; None if it cannot be read any more."""
        if self._found is None or path not in self.knowledge.facts:
            return None
        text = self._gatherer.text(self._found, path)
        digest = self.knowledge.facts[path].text_digest
        return text if text is not None and text_digest(text) == digest else None

    def crew(self) -> Crew:
        """Return the crew, started when it is first needed."""
        if self._crew is None:
            self._crew = Crew(self._workers(), self.mail.put)
        return self._crew

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

    def _open(self, answer: Answer | None) -> None:
        if answer is not None and self._crew is not None:
            self._crew.opened(answer)

    def _may_begin(self) -> bool:
        """Tell whether nobody else thinks about all this just now; what they have found is looked up then."""
        if len(self._reading) < MANY_MODULES or self._has_flown:
            return True
        if not self.flight.enter():
            self._has_waited = True
            self._tell(Progress("waiting", 0, len(self._reading)))
            return False
        self._has_flown = True
        if self._has_waited:
            self._has_waited = False
            self._scan()
        return True

    def _scan(self) -> None:
        self._must_scan = False
        is_first = self._found is None
        self._found = found = self._gatherer.gather(self._keeper.manifest(), self._overlays, self._wanted)
        if is_first and found.unchanged:
            self.knowledge.begin(_facts(found.rows), found.rows, trusted=True)
            self.changed.update(found.rows)
        elif is_first:
            self._reading.know(found.rows)
            self._reading.add(found.unknown)
        else:
            known = [path for path in found.rows if self._is_known(path)]
            changed = found.stamps.keys() | self.knowledge.facts.keys()
            self._look_into(changed.difference(known, found.skipped.keys() - self.knowledge.facts.keys()))
        found.rows = {}

    def _look_into(self, paths: set[str]) -> None:
        """Have modules read of which not everything is known as they are now; forget those that are gone."""
        found = self._found
        if found is None or not paths:
            return
        there = {path for path in paths if path in found.stamps and path not in found.skipped}
        self._reading.forget(paths - there)
        stored = self._gatherer.stored(found, there)
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
        for path in changes:
            if path not in rows:
                self._note(path)
        self.changed.update(changes)
        self._deciding.arrange(ranks(knowledge, self._shown))

    def _deepen(self) -> bool:
        """Have functions thought about more that are worth it; tell whether there are any."""
        found = deeper(self.knowledge, self._shown)
        for effort, refs in found.items():
            self._deciding.deepen(refs, effort)
        return bool(found)

    def _is_known(self, path: str) -> bool:
        stamp = self._found.stamps.get(path) if self._found is not None else None
        facts = self.knowledge.facts.get(path)
        if stamp is None or facts is None:
            return stamp is not None and self._reading.has_failed(path)
        return self._keeper.address(facts) == stamp.address

    def _source(self, path: str) -> SourceFile | None:
        return self._gatherer.source(self._found, path) if self._found is not None else None

    def _note(self, path: str) -> None:
        """Take note that a module's row is another than before."""
        self.changed.add(path)
        self._keeper.note(path)

    def _keep(self) -> None:
        """Store what rests on nothing unsaved, and is decided."""
        self._kept_at = time.monotonic()
        found = self._found
        if found is None:
            return
        unsaved = [path for path in found.overlays if not self._gatherer.is_saved(found, path)]
        tainted = resting_on(self.knowledge, unsaved)
        drafted = {path_in(each.ref) for each in self._deciding.drafts}
        self._keeper.keep(
            self.rows,
            lambda path: path not in tainted and path not in drafted and self.is_decided(path),
        )
        if self.outcome is not None and not unsaved:
            self._keeper.finish(found, self.knowledge.facts, self.failed)

    def _finish(self) -> None:
        functions = len(self.knowledge.rows)
        deduced = self._deciding.deduced
        found = self._found
        self.outcome = Outcome(
            modules=len(self.knowledge.facts),
            deduced=deduced,
            considered=self._deciding.considered,
            kept=max(functions - deduced, 0),
            failed=self.failed,
            skipped=found.skipped if found is not None else {},
            other=found.other if found is not None else 0,
            fixes=FixCounts(self.knowledge.offered, self.knowledge.withheld),
            seconds=time.monotonic() - self._begun_at,
        )
        self._keep()
        self.flight.leave()
        self._has_flown = False


def _facts(rows: Mapping[str, ModuleRow]) -> dict[str, ModuleFacts]:
    return {path: row.facts for path, row in rows.items()}
