"""The journal's file: opened, brought up to date, and written in short transactions.

Whatever has happened to it, a caller's work is done on a good file, or there is a JournalError: a
corrupted file is set aside, kept, and begun anew, which a notice says; one of a newer version is left
alone. A file is used by one thread at a time. This module must not know what is written.
"""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TypeVar

from sleeplsp.engine.errors import JournalError
from sleeplsp.journal.faults import CorruptionError, corruption, is_unwritable, journal_error
from sleeplsp.journal.home import Home
from sleeplsp.journal.schema import APPLICATION, MIGRATIONS, NewerError, migrate, version

T = TypeVar("T")

_SAFETY = (
    # A file that was tampered with must not run functions of ours.
    "PRAGMA trusted_schema = OFF",
    # Mapped, a file that somebody truncates would end the process instead of raising an error.
    "PRAGMA mmap_size = 0",
)
_WRITING = (
    # What is acknowledged outlives a loss of power as well.
    "PRAGMA synchronous = FULL",
    "PRAGMA journal_size_limit = 1048576",
)


class NewerJournalError(JournalError):
    """The journal is a newer version's: there is no sense in trying again."""


class JournalFile:
    """One process's way to write the journal. `lock_s_max` is the longest wait for another's write."""

    def __init__(self, state_dir: str | Path | None, lock_s_max: float) -> None:
        self.notices: list[str] = []
        self._home = Home(state_dir)
        self._lock_s_max = lock_s_max
        self._file: Path | None = None
        self._connection: sqlite3.Connection | None = None

    @property
    def predecessor(self) -> Path | None:
        """The folder of the file that was set aside before the one in use was begun, while it is there."""
        return self._home.predecessor(self._file) if self._file is not None else None

    def write(self, work: Callable[[sqlite3.Connection], T], *, anew: bool = True) -> T:
        """Do some work in one transaction that is kept when this returns. Raises JournalError.

        Where the file is corrupted it is set aside, and the work is done in a new one; unless it is of no
        use `anew`: then that is an error.
        """
        try:
            try:
                return self._in_transaction(work)
            except (sqlite3.Error, CorruptionError) as error:
                how = corruption(error)
                if how is None:
                    raise
                self._set_aside(how)
                if not anew:
                    raise JournalError(self.notices.pop()) from error
                return self._in_transaction(work)
        except NewerError:
            self.close()
            raise NewerJournalError(_newer(self._home.folder)) from None
        except (sqlite3.Error, OSError, CorruptionError) as error:
            self.close()
            raise journal_error(error, self._home.folder) from error

    def close(self) -> None:
        """Release the file; the next write opens it again."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()

    def _in_transaction(self, work: Callable[[sqlite3.Connection], T]) -> T:
        connection = self._opened()
        connection.execute("BEGIN IMMEDIATE")
        try:
            result = work(connection)
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:  # some errors end it themselves
                connection.execute("ROLLBACK")
            raise
        return result

    def _opened(self) -> sqlite3.Connection:
        if self._connection is not None and self._file is not None and self._file.exists():
            return self._connection  # else it was set aside, or somebody removed it
        self.close()
        self._file = self._home.current() or self._home.begin(self._build)
        if not self._file.is_file():
            raise CorruptionError("its file is gone")
        self._connection = self._connected(self._file)
        return self._connection

    def _connected(self, file: Path) -> sqlite3.Connection:
        connection = _connect(file, "mode=rw", self._lock_s_max)
        try:
            _check(connection)
            for statement in _WRITING:
                connection.execute(statement)
            migrate(connection)
        except BaseException:
            connection.close()
            raise
        return connection

    def _build(self, file: Path) -> None:
        with closing(_connect(file, "mode=rwc", self._lock_s_max)) as connection:
            connection.execute(f"PRAGMA application_id = {APPLICATION}")
            connection.execute("PRAGMA auto_vacuum = INCREMENTAL")
            connection.execute("PRAGMA journal_mode = WAL")
            migrate(connection)

    def _set_aside(self, how: str) -> None:
        self.close()
        if self._file is not None:
            broken = self._home.set_aside(self._file)
            self.notices.append(
                f"the journal was corrupted ({how}): it was set aside as {broken} and begun anew"
            )


@contextmanager
def reading(state_dir: str | Path | None, lock_s_max: float) -> Iterator[sqlite3.Connection | None]:
    """Give a connection that writes nothing, or None where there is no journal. Raises JournalError."""
    home = Home(state_dir)
    try:
        file = home.current()
        if file is None:
            yield None
            return
        with closing(_readable(file, lock_s_max)) as connection:
            if version(connection) == 0:
                yield None
            elif version(connection) == len(MIGRATIONS):
                yield connection
            else:
                with closing(_brought_up(connection)) as newer:
                    yield newer
    except NewerError:
        raise NewerJournalError(_newer(home.folder)) from None
    except (sqlite3.Error, OSError) as error:
        how = corruption(error)
        if how is not None:
            raise JournalError(
                f"the journal in {home.folder} is corrupted ({how}); it will be set aside and begun anew"
            ) from error
        raise journal_error(error, home.folder) from error


def _brought_up(connection: sqlite3.Connection) -> sqlite3.Connection:
    """Return a copy in memory of an older version's file, with the tables of today."""
    copy = sqlite3.connect(":memory:", isolation_level=None)
    try:
        connection.backup(copy)
        migrate(copy)
    except BaseException:
        copy.close()
        raise
    return copy


def _readable(file: Path, lock_s_max: float) -> sqlite3.Connection:
    connection = _connect(file, "mode=ro", lock_s_max)
    try:
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlite3.Error as error:
        connection.close()
        if not is_unwritable(error):
            raise
        # Where the files that readers share cannot be made, nobody can write either.
        return _connect(file, "immutable=1", lock_s_max)
    return connection


def _check(connection: sqlite3.Connection) -> None:
    """Raise NewerError or CorruptionError where a file is none that can be written."""
    if connection.execute("PRAGMA application_id").fetchone()[0] != APPLICATION:
        raise CorruptionError("it is another program's file")
    version(connection)
    for each in connection.execute("PRAGMA quick_check(1)"):
        if each[0] != "ok":
            raise CorruptionError(each[0].splitlines()[0])


def _connect(file: Path, how: str, lock_s_max: float) -> sqlite3.Connection:
    connection = sqlite3.connect(
        f"{file.absolute().as_uri()}?{how}",
        uri=True,
        timeout=lock_s_max,
        isolation_level=None,
        check_same_thread=False,  # whoever has several threads lets one at a time use it
    )
    try:
        for statement in _SAFETY:
            connection.execute(statement)
    except BaseException:
        connection.close()
        raise
    return connection


def _newer(folder: Path) -> str:
    return f"the journal in {folder} is a newer version's: it is left alone, and nothing is noted"
