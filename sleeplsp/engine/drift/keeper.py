"""The keeper: which drift there is since the base, over the life of a workspace.

The base is made once for each commit that is checked out: of the run itself where nothing differs from the
commit, else by a run over the files as they were. Where there is no history, it is the first run. It must not
know who asks.
"""

from collections.abc import Callable, Mapping
from contextlib import closing

from sleeplsp.core.insight import Suspicion
from sleeplsp.core.text import Text, read_text, text_digest
from sleeplsp.engine.deduction import Deduction
from sleeplsp.engine.drift.base import Base, base_of
from sleeplsp.engine.drift.drifted import Drifted, drifted
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


class DriftKeeper:
    """Keeps the base of one workspace."""

    def __init__(self, history: History, files: Files, beside: BesideNow) -> None:
        self._history = history
        self._files = files
        self._beside = beside
        self._base: Base | None = None
        self._failed = ""
        """The commit for which no base could be made."""

    def is_current(self) -> bool:
        """Tell whether the base is that of the commit that is checked out now."""
        key = self._history.head() or NO_HISTORY
        return self._failed == key or (self._base is not None and self._base.key == key)

    def rebase(self, deduction: Deduction, overlays: Mapping[str, Text]) -> None:
        """Make the base, after a run over the workspace as it is, `overlays` in place of files."""
        key = self._history.head()
        self._base = self._made(key, deduction, overlays)
        self._failed = "" if self._base is not None else key or NO_HISTORY

    def drifted(self, deduction: Deduction) -> list[tuple[Drifted, Suspicion]]:
        """Return what has drifted since the base, by the last run; nothing while there is no base."""
        if self._base is None:
            return []
        rows, locator = deduction.rows, Locator(deduction.text_of)
        found = drifted(self._base, rows, lambda: deduction.index, locator)
        return list(suspicions_of(found, self._base.key, rows, locator))

    def _made(self, key: str | None, deduction: Deduction, overlays: Mapping[str, Text]) -> Base | None:
        if key is None:
            return base_of(NO_HISTORY, deduction.rows, {})
        differing = self._history.differing(key)
        for _ in range(_TRIES):
            if differing is None:
                return None
            if differing.is_nothing and not any(map(self._is_unsaved, overlays.items())):
                return base_of(key, deduction.rows, {})
            base = base_at(key, differing, self._files, self._beside)
            before, differing = differing, self._history.differing(key)
            if differing is not None and differing.texts.keys() == before.texts.keys():
                return base
        return None

    def _is_unsaved(self, overlay: tuple[str, Text]) -> bool:
        path, text = overlay
        raw = self._files.read(path)
        return isinstance(raw, SkipReason) or text_digest(read_text(raw)) != text_digest(text)


def base_at(key: str, differing: Differing, files: Files, beside: BesideNow) -> Base:
    """Return the base of a commit: what a run over the files as they were comes to."""
    with closing(beside(FilesThen(files, differing))) as deduction:
        deduction.run()
        return base_of(key, deduction.rows, differing.renamed)
