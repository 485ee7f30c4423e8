"""Gates: what only so many processes of this machine may have at a time, by locks on files.

A lock goes with the process that holds it, however that ends. Where no lock can be made, nobody is kept
waiting. It must not know what is behind a gate.
"""

import logging
import time
from pathlib import Path

import filelock

WANTED_S = 1.0
"""Seconds for which a place counts as wanted: whoever wants it tries more often."""

log = logging.getLogger(__name__)


class FileGate:
    """Fulfils `engine.ports.Gate`: one of `places` lock files is locked while it is passed."""

    def __init__(self, folder: Path, name: str, places: int = 1) -> None:
        self._wish = folder / f"{name}.wanted"
        """Touched by whoever finds all places taken."""
        self._paths = [folder / f"{name}-{number}.lock" for number in range(places)]
        self._held: filelock.BaseFileLock | None = None
        self._is_open = False
        """There are no locks to be had here."""

    def enter(self) -> bool:
        """Try to pass, without waiting; tell whether it was possible. Who has passed passes again."""
        if self._held is not None or self._is_open:
            return True
        try:
            self._held = self._locked()
            if self._held is None:
                self._wish.touch()
        except OSError as error:
            log.warning("no locks in %s: %s", self._paths[0].parent, error)
            self._is_open = True
        return self._held is not None or self._is_open

    def leave(self) -> None:
        """Let others pass."""
        held, self._held = self._held, None
        if held is not None:
            held.release()

    def is_wanted(self) -> bool:
        """Tell whether somebody has tried to pass just now and could not."""
        try:
            return time.time() - self._wish.stat().st_mtime < WANTED_S
        except OSError:
            return False

    def _locked(self) -> filelock.BaseFileLock | None:
        self._paths[0].parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        for path in self._paths:
            # Workers are ended by another thread than starts them.
            lock = filelock.FileLock(path, thread_local=False)
            try:
                return lock.acquire(timeout=0).lock
            except filelock.Timeout:
                continue
        return None
