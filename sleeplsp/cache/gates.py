"""Gates: what only so many processes of this machine may have at a time, by locks on files.

A lock goes with the process that holds it, however that ends. Where no lock can be made, nobody is kept
waiting. It must not know what is behind a gate.
"""

import contextlib
import logging
import time
from pathlib import Path

import filelock

WANTED_S = 1.0
"""Seconds for which a place counts as wanted: whoever wants it tries more often."""

STUCK_S = 15.0
"""Seconds without a sign of life after which whoever holds a place is taken to stand still."""

BEAT_S = 1.0
"""Seconds between two signs of life."""

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
        self._beaten_at = 0.0
        self._is_past = False
        """It was passed beside somebody who stands still."""

    def enter(self) -> bool:
        """Try to pass, without waiting; tell whether it was possible. Who has passed passes again."""
        if self._held is not None or self._is_open or self._is_past:
            return True
        try:
            self._held = self._locked()
            if self._held is None:
                self._wish.touch()
                self._is_past = any(map(_stands_still, self._paths))
            else:
                self._sign()
        except OSError as error:
            log.warning("no locks in %s: %s", self._paths[0].parent, error)
            self._is_open = True
        return self._held is not None or self._is_open or self._is_past

    def beat(self) -> None:
        """Give a sign of life: a process that was stopped must not keep others waiting."""
        if self._held is not None and time.monotonic() - self._beaten_at > BEAT_S:
            with contextlib.suppress(OSError):
                self._sign()

    def leave(self) -> None:
        """Let others pass."""
        held, self._held, self._is_past = self._held, None, False
        if held is not None:
            held.release()

    def is_wanted(self) -> bool:
        """Tell whether somebody has tried to pass just now and could not."""
        try:
            return time.time() - self._wish.stat().st_mtime < WANTED_S
        except OSError:
            return False

    def _sign(self) -> None:
        self._beaten_at = time.monotonic()
        if self._held is not None:
            # Not the lock's own time: whoever tries it may change that.
            _beat(Path(self._held.lock_file)).touch()

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


def _beat(lock: Path) -> Path:
    """Return the file that is touched as a sign of life."""
    return lock.with_suffix(".beat")


def _stands_still(lock: Path) -> bool:
    try:
        return time.time() - _beat(lock).stat().st_mtime > STUCK_S
    except OSError:
        return False
