"""The journal in memory: for tests, and for those who want nothing written to disk."""

import sqlite3

from sleeplsp.engine.account import Account
from sleeplsp.engine.entries import Entry
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
