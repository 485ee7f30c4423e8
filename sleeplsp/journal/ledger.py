"""The Ledger on disk: each call is booked in one transaction of the journal's file before it is made.

Where nothing can be booked, nothing may be spent: there is no queue and no new file in the place of a
corrupted one, of which nobody knows what it said. This module must not know tables.
"""

import contextlib
import secrets
import sqlite3
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from sleeplsp.engine.caps import refusal
from sleeplsp.engine.errors import JournalError
from sleeplsp.engine.ledger import Books, Caps, Reservation, Settlement
from sleeplsp.engine.model import CapError
from sleeplsp.journal.calls import book, books, settle, spending, write_off
from sleeplsp.journal.disk import LOCK_S_MAX
from sleeplsp.journal.file import JournalFile, reading
from sleeplsp.journal.schema import begun_at
from sleeplsp.journal.writing import day

T = TypeVar("T")

_NUMBER_BITS = 53  # of a number that any JSON reader can hold


class _Open:
    """A call that is under way, or of which could not be written what it came to."""

    def __init__(self, reservation: Reservation, at: float) -> None:
        self.reservation = reservation
        self.at = at
        self.settlement: Settlement | None = None


class DiskLedger:
    """Fulfils the port `Ledger` in the journal of `state_dir`, by default the user's state directory.

    Nothing is opened before the first call. Any thread may call; one waits for another.
    """

    def __init__(
        self,
        state_dir: str | Path | None = None,
        *,
        lock_s_max: float = LOCK_S_MAX,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.notices: list[str] = []
        self._state_dir = state_dir
        self._lock_s_max = lock_s_max
        self._now = clock
        self._lock = threading.Lock()
        self._file: JournalFile | None = None
        self._open: dict[int, _Open] = {}

    def reserve(self, reservation: Reservation, caps: Caps) -> int:
        """Book a call before it is made. Raises CapError, JournalError."""
        number, at = secrets.randbits(_NUMBER_BITS), 0.0

        def work(connection: sqlite3.Connection) -> CapError | None:
            nonlocal at
            at = self._now()  # only now: it may have been long until it was our turn
            self._check_begun(connection, at)
            self._settle_late(connection)
            write_off(connection, at)
            refused = refusal(reservation, caps, spending(connection, reservation, at))
            if refused is None:
                book(connection, number, reservation, at)
            return refused

        with self._lock:
            refused = self._write(work, anew=False)
            if refused is None:
                self._open[number] = _Open(reservation, at)
        if refused is not None:
            raise refused
        return number

    def settle(self, number: int, settlement: Settlement) -> None:
        """Put what a call came to in the place of what was reserved. Raises JournalError."""
        with self._lock:
            if number in self._open:
                self._open[number].settlement = settlement
                self._write(self._settle_late)

    def books(self, root: str | None = None) -> Books:
        """Return the sums as they stand on disk. Raises JournalError."""
        with reading(self._state_dir, self._lock_s_max) as connection:
            return books(connection, root, self._now()) if connection is not None else Books()

    def close(self) -> None:
        """Write what is still to be settled, if that is possible, and release the file."""
        with self._lock:
            if any(each.settlement is not None for each in self._open.values()):
                with contextlib.suppress(JournalError):
                    self._write(self._settle_late)
            if self._file is not None:
                self._file.close()

    def _write(self, work: Callable[[sqlite3.Connection], T], *, anew: bool = True) -> T:
        """Do some work in a transaction of its own; what was settled late is settled then."""
        if self._file is None:
            self._file = JournalFile(self._state_dir, self._lock_s_max)
        try:
            result = self._file.write(work, anew=anew)
        finally:
            self.notices += self._file.notices
            self._file.notices.clear()
        self._open = {number: each for number, each in self._open.items() if each.settlement is None}
        return result

    def _settle_late(self, connection: sqlite3.Connection) -> None:
        """Settle all of which it is known what they came to."""
        for number, each in self._open.items():
            if each.settlement is not None and not settle(connection, number, each.settlement):
                # The file in which it was booked has been set aside: it was paid for all the same.
                book(connection, number, each.reservation, each.at)
                settle(connection, number, each.settlement)

    def _check_begun(self, connection: sqlite3.Connection, at: float) -> None:
        """Raise JournalError where the file cannot know what was spent today."""
        before = self._file.predecessor if self._file is not None else None
        if before is not None and day(begun_at(connection)) == day(at):
            raise JournalError(
                "the journal was corrupted and begun anew today (UTC), so that nobody knows what was spent: "
                f"no model is asked until tomorrow, or until {before} is removed"
            )
