"""The journal and the ledger in memory: for tests, and for those who want nothing written to disk."""

import secrets
import sqlite3
import threading
import time
from collections.abc import Callable

from sleeplsp.engine.account import Account
from sleeplsp.engine.caps import refusal
from sleeplsp.engine.entries import Entry
from sleeplsp.engine.ledger import Books, Caps, Reservation, Settlement
from sleeplsp.journal.calls import book, books, settle, spending, write_off
from sleeplsp.journal.reading import account
from sleeplsp.journal.schema import migrate
from sleeplsp.journal.writing import write


class MemoryJournal:
    """Fulfils the port `Journal`; `entries` is all that it was told."""

    def __init__(self) -> None:
        self.notices: list[str] = []
        self.entries: list[Entry] = []

    def tell(self, entry: Entry) -> None:
        """Take an entry."""
        self.entries.append(entry)

    def flush(self) -> bool:
        """Tell that nothing is left to be kept."""
        return True

    def account(self, root: str) -> Account:
        """Return what is known of a workspace: the tables are made for it."""
        connection = sqlite3.connect(":memory:", isolation_level=None)
        try:
            migrate(connection)
            write(connection, self.entries)
            return account(connection, root)
        finally:
            connection.close()

    def close(self) -> None:
        """Do nothing: the entries go with the object."""


class MemoryLedger:
    """Fulfils the port `Ledger` for one process: its limits hold for those who share the object."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self.notices: list[str] = []
        self._now = clock
        self._lock = threading.Lock()
        self._connection = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
        migrate(self._connection)

    def reserve(self, reservation: Reservation, caps: Caps) -> int:
        """Book a call before it is made. Raises CapError."""
        number, at = secrets.randbits(53), self._now()
        with self._lock:
            write_off(self._connection, at)
            refused = refusal(reservation, caps, spending(self._connection, reservation, at))
            if refused is not None:
                raise refused
            book(self._connection, number, reservation, at)
        return number

    def settle(self, number: int, settlement: Settlement) -> None:
        """Put what a call came to in the place of what was reserved."""
        with self._lock:
            settle(self._connection, number, settlement)

    def books(self, root: str | None = None) -> Books:
        """Return the sums."""
        with self._lock:
            return books(self._connection, root, self._now())

    def close(self) -> None:
        """Forget the books."""
        self._connection.close()
