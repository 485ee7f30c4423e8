"""The keeper: which drift there is since the base, over the life of a workspace.

The base is made once for each commit that is checked out: of what is known where nothing differs from the
commit, else by a run over the files as they were. Where there is no history, it is the first run. It must not
know who asks, nor in which thread a base is made.
"""

from collections.abc import Callable, Iterable, Mapping
from contextlib import closing

import msgspec

from sleeplsp.core.insight import Suspicion
from sleeplsp.core.text import read_text, text_digest
from sleeplsp.engine.deduction import Deduction
from sleeplsp.engine.drift.base import Base, base_of
from sleeplsp.engine.drift.callers import Callers
from sleeplsp.engine.drift.drifted import Drifted, Lost, drifted, lost_in
from sleeplsp.engine.drift.files import FilesThen
from sleeplsp.engine.drift.history import Differing, History
from sleeplsp.engine.drift.told import suspicions_of
from sleeplsp.engine.locate import Locator
from sleeplsp.engine.ports import Files, SkipReason

BesideNow = Callable[[Files], Deduction]
"""Makes a Deduction over other files, which leaves what is stored of the workspace as it is."""

NO_HISTORY = "session"
"""Key of a base that is the first run of a session."""

_TRIES = 2
"""Files may be changed while the base is made; then it is made once more."""


class Making(msgspec.Struct, frozen=True):
    """How the base of a commit is made where that takes a run; for any thread."""

    key: str
    differing: Differing
    history: History
    files: Files
    beside: BesideNow

    def run(self) -> Base | None:
        """Make it; None if files were changed all the time. Raises SleepError."""
        differing = self.differing
        for _ in range(_TRIES):
            base = base_at(self.key, differing, self.files, self.beside)
            again = self.history.differing(self.key)
            if again is None or again.texts.keys() == differing.texts.keys():
                return base if again is not None else None
            differing = again
        return None


class DriftKeeper:
    """Keeps the base of one workspace; for one thread. Without a history it is told of the first run."""

    def __init__(self, history: History | None, files: Files, beside: BesideNow) -> None:
        self._history = history
        self._files = files
        self._beside = beside
        self._key = ""
        """Of the base, whether it could be made or not."""
        self._base: Base | None = None
        self._lost: dict[str, dict[str, Lost]] | None = None
        """What functions lost, by module; None if no module was looked at since there is a base."""
        self._noted: set[str] = set()

    def update(self, deduction: Deduction, held: Iterable[str]) -> Making | None:
        """See to the base, after a run; return how it is made if that takes long.

        `held` are the modules an editor holds, whose text may not be that of the file.
        """
        head = self._history.head() if self._history is not None else None
        key = head or NO_HISTORY
        if key == self._key:
            return None
        self._key, self._base, self._lost = key, None, None
        if self._history is None or head is None:
            self._base = base_of(key, deduction.rows, {})
            return None
        differing = self._history.differing(head)
        if differing is None:
            return None
        if not differing.is_nothing or any(self._is_unsaved(deduction, path) for path in held):
            return Making(head, differing, self._history, self._files, self._beside)
        self._base = base_of(key, deduction.rows, {})
        return None

    def take(self, base: Base | None) -> None:
        """Take a base that was made; one of a commit that is not checked out any more is dropped."""
        if base is not None and base.key == self._key:
            self._base, self._lost = base, None

    def note(self, paths: Iterable[str]) -> None:
        """Take note of modules of which something else is known than before."""
        self._noted.update(paths)

    def drifted(self, deduction: Deduction) -> list[tuple[Drifted, Suspicion]]:
        """Return what has drifted since the base, by the last run; nothing while there is no base."""
        if self._base is None:
            return []
        rows = deduction.rows
        noted, self._noted = (self._noted, set()) if self._lost is not None else (set(rows), set())
        lost = self._lost = self._lost or {}
        for path in noted:
            lost.pop(path, None)
            if path in rows and (found := lost_in(self._base, rows[path], lambda: deduction.index)):
                lost[path] = found
        return drift_of(self._base, lost, deduction)

    def _is_unsaved(self, deduction: Deduction, path: str) -> bool:
        raw, text = self._files.read(path), deduction.text_of(path)
        return text is None or isinstance(raw, SkipReason) or text_digest(read_text(raw)) != text_digest(text)


def drift_of(
    base: Base, lost: Mapping[str, Mapping[str, Lost]], deduction: Deduction
) -> list[tuple[Drifted, Suspicion]]:
    """Return what has drifted, by module and place: of all that was lost, what is worth telling."""
    found = {ref: each for path in sorted(lost) for ref, each in lost[path].items()}
    if not found:
        return []
    knowledge, locator = deduction.knowledge, Locator(deduction.text_of)
    callers = Callers(deduction.index, knowledge.rows, knowledge.callers, locator)
    told = drifted(found, knowledge.rows, callers)
    return list(suspicions_of(told, base.key, knowledge.facts, locator))


def base_at(key: str, differing: Differing, files: Files, beside: BesideNow) -> Base:
    """Return the base of a commit: what a run over the files as they were comes to."""
    with closing(beside(FilesThen(files, differing))) as deduction:
        deduction.run()
        return base_of(key, deduction.rows, differing.renamed)
