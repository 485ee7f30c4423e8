"""Notes: what happens in one workspace, put into words for the Journal.

It keeps what must be known to say each thing once: what is suspected of which module, what was shown
today. It must not know where the journal lies, nor who thinks or shows.
"""

import time
import uuid
from collections.abc import Callable, Collection, Iterable, Mapping

from sleeplsp.core.insight import Suspicion
from sleeplsp.core.row import ModuleRow
from sleeplsp.engine.account import Account, RunNote
from sleeplsp.engine.entries import (
    Act,
    Acted,
    Queried,
    RunBegun,
    RunEnded,
    Shown,
    Suspect,
    Suspected,
    root_digest,
    suspects,
)
from sleeplsp.engine.outcome import Outcome
from sleeplsp.engine.ports import Journal

_DAY_S = 86400


class Notes:
    """Tells a journal of the workspace at `root`, an absolute path, or '' for none.

    `who` thinks: `server`, or a command's name.
    """

    def __init__(self, journal: Journal, root: str, who: str, clock: Callable[[], float] = time.time) -> None:
        self._journal = journal
        self._root = root_digest(root)
        self._who = who
        self._now = clock
        self._suspected: dict[str, tuple[Suspect, ...]] = {}
        self._cause, self._begun_at = "", 0.0
        self.success: RunNote | None = None
        """The last run that ended well while this was there."""
        self.failure: RunNote | None = None
        """The last that failed."""
        self._day = 0
        self._shown: set[str] = set()
        self._acted: set[tuple[str, Act]] = set()

    def begun(self, cause: str, *, ago_s: float = 0.0) -> str:
        """Take note that a run begins, or began some seconds ago; return its name."""
        run = uuid.uuid4().hex
        at = self._now() - ago_s
        entry = RunBegun(root=self._root, run=run, who=self._who, cause=cause, at=at)
        self._cause, self._begun_at = cause, at
        self._journal.tell(entry)
        return run

    def ended(self, run: str, outcome: Outcome) -> None:
        """Take note of what a run came to."""
        self.success = self._note(outcome)
        self._journal.tell(
            RunEnded(
                root=self._root,
                run=run,
                at=self._now(),
                modules=outcome.modules,
                deduced=outcome.deduced,
                kept=outcome.kept,
                in_vain=outcome.in_vain,
                failed=outcome.failed,
                seconds=outcome.seconds,
            )
        )

    def failed(self, run: str, reason: str) -> None:
        """Take note that a run could not be finished."""
        self.failure = self._note(None, reason)
        self._journal.tell(RunEnded(root=self._root, run=run, at=self._now(), failure=reason))

    def _note(self, outcome: Outcome | None, failure: str = "") -> RunNote:
        return RunNote(
            who=self._who,
            cause=self._cause,
            begun_at=self._begun_at,
            ended_at=self._now(),
            modules=outcome.modules if outcome is not None else 0,
            deduced=outcome.deduced if outcome is not None else 0,
            kept=outcome.kept if outcome is not None else 0,
            in_vain=outcome.in_vain if outcome is not None else 0,
            failed=len(outcome.failed) if outcome is not None else 0,
            seconds=outcome.seconds if outcome is not None else 0.0,
            failure=failure,
        )

    def suspected(
        self, rows: Mapping[str, ModuleRow], recipe: str, changed: Collection[str] | None = None
    ) -> None:
        """Take note of what is suspected now: all of it the first time, then what has changed.

        `changed` are modules whose rows may be others than the last time; None: any may be.
        """
        before, is_first = self._suspected, not self._suspected
        told: dict[str, tuple[Suspect, ...]] = {}
        for path in rows if is_first or changed is None else changed:
            row = rows.get(path)
            if row is not None and _is_whole(row):
                now = _suspects(path, row)
                if before.get(path) != now:
                    told[path] = before[path] = now
        removed = tuple(path for path in (before if changed is None else changed) if path not in rows)
        for path in removed:
            before.pop(path, None)
        if told or removed:
            unknown = tuple(path for path in rows if path not in before) if is_first else None
            self._journal.tell(
                Suspected(
                    root=self._root,
                    recipe=recipe,
                    at=self._now(),
                    modules=told,
                    removed=removed,
                    unknown=unknown,
                )
            )

    def shown(self, path: str, suspicions: Iterable[Suspicion]) -> None:
        """Take note that suspicions of a module are shown: each once a day."""
        self._begin_day()
        news = suspects(path, (each for each in suspicions if each.id not in self._shown))
        if news:
            self._shown.update(each.id for each in news)
            self._journal.tell(Shown(root=self._root, path=path, at=self._now(), suspects=news))

    def has_shown(self, suspicion: str) -> bool:
        """Tell whether a suspicion was shown today."""
        return suspicion in self._shown

    def acted(self, suspicion: str, act: Act) -> None:
        """Take note that somebody did something about a suspicion."""
        self._begin_day()
        if (suspicion, act) not in self._acted:
            self._acted.add((suspicion, act))
            self._journal.tell(Acted(root=self._root, suspicion=suspicion, act=act, at=self._now()))

    def queried(self, path: str, kind: str, *, found: bool) -> None:
        """Take note that somebody asked about a module."""
        self._journal.tell(Queried(root=self._root, path=path, kind=kind, found=found, at=self._now()))

    @property
    def notices(self) -> list[str]:
        """What the user should know of the journal, one line each."""
        return self._journal.notices

    def account(self) -> Account:
        """Return the journal's account, with all that was told so far; waits. Raises JournalError."""
        self._journal.flush()
        return self._journal.account(self._root)

    def _begin_day(self) -> None:
        today = int(self._now() // _DAY_S)
        if today != self._day:
            self._day = today
            self._shown.clear()
            self._acted.clear()


def _is_whole(row: ModuleRow) -> bool:
    """Tell whether all of a module was thought about: else what is not suspected may be there yet."""
    return not row.failure and not row.facts.errors


def _suspects(path: str, row: ModuleRow) -> tuple[Suspect, ...]:
    found = (each for function in row.functions.values() for each in function.suspicions)
    return suspects(path, sorted(found, key=lambda each: each.id))
