"""What is reported of the files of one root that are not open, made anew only where it may have changed.

There may be thousands of such files, and something changes with every key that is pressed. It must not know
how a report is made.
"""

from collections.abc import Callable, Iterator, Mapping

from sleeplsp.core.resolved import path_in
from sleeplsp.core.snapshot import EMPTY, Snapshot
from sleeplsp.engine.settings import CheckLevel
from sleeplsp.lsp.report import Report

Told = tuple[str, Report | None]
"""The URI of a file and its report; None while it is being thought about again."""

Make = Callable[[str], Told | None]
"""Makes the report of a file; None if another root tells of it."""


class Elsewhere:
    """The reports of one root, as of the Snapshot that was looked at last."""

    def __init__(self) -> None:
        self._last: Snapshot = EMPTY
        self._checks: Mapping[str, CheckLevel] | None = None
        self._stale: set[str] = set()
        self._told: dict[str, Told] = {}
        self._resting: dict[str, set[str]] = {}
        """Files by what they rest on: one that does not any more is looked at in vain, and that is all."""

    def steps(self, snapshot: Snapshot, checks: Mapping[str, CheckLevel], make: Make) -> Iterator[None]:
        """Bring all reports up to date, one at each step."""
        self._stale |= self._concerned(snapshot, checks)
        self._last, self._checks = snapshot, checks
        while self._stale:
            path = self._stale.pop()
            self._told.pop(path, None)
            known = snapshot.elsewhere.get(path)
            for located in known.suspicions if known is not None else ():
                for each in located.suspicion.support:
                    self._resting.setdefault(path_in(each.ref), set()).add(path)
            if path not in snapshot.modules and (known is not None or path in snapshot.changed):
                told = make(path)
                if told is not None:
                    self._told[path] = told
            yield

    def told(self) -> Mapping[str, Told]:
        """Return the report of every file that is not open and of which something was or is suspected."""
        return self._told

    def _concerned(self, snapshot: Snapshot, checks: Mapping[str, CheckLevel]) -> set[str]:
        """Return the files whose report may be another than before."""
        last = self._last
        if checks != self._checks:
            return {*snapshot.elsewhere, *snapshot.changed, *self._told}
        changed = {
            path
            for path in {**last.modules, **snapshot.modules}
            if last.modules.get(path) is not snapshot.modules.get(path)
        }
        changed |= last.changed ^ snapshot.changed
        concerned = {path for each in changed for path in self._resting.get(each, ())}
        if last.elsewhere is not snapshot.elsewhere:
            concerned |= {
                path
                for path in {**last.elsewhere, **snapshot.elsewhere}
                if last.elsewhere.get(path) is not snapshot.elsewhere.get(path)
            }
        return concerned | changed
