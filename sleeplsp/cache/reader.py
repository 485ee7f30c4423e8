"""Reading rows in batches, without a lock and without diskcache.

Reads only what this program writes: plain str keys and plain bytes values, within the row itself.
Whatever else a file may hold is not even looked at. This module must not know what is done about
errors, which are SQLite's.
"""

import os
import sqlite3
import time
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

from sleeplsp.cache.faults import CorruptionError
from sleeplsp.cache.seal import unsealed

FILE_NAME = "cache.db"
_KEYS_PER_QUERY = 500
# How exactly it is remembered when a row was used. Finer, and every reader would be a writer.
_USE_GRAIN_S = 3600.0
# `mode = 1` is diskcache's word for a value that is kept as it is.
_SELECT = """
    SELECT key, value, access_time < ? FROM Cache
    WHERE key IN ({}) AND raw = 1 AND mode = 1 AND filename IS NULL AND typeof(value) = 'blob'
"""

_inherited: list[sqlite3.Connection] = []
"""Connections of the process this one was forked from: SQLite forbids even to close them here."""


class Reader:
    """Reads the rows of one file; not to be used by two threads at once.

    An immutable reader reads a file that cannot be written, without what its last writer left in
    the log beside it.
    """

    def __init__(self, folder: Path, lock_s_max: float, *, is_immutable: bool = False) -> None:
        self.is_immutable = is_immutable
        file = folder / FILE_NAME
        if not file.is_file():
            raise CorruptionError(f"{FILE_NAME} is {'no file' if file.exists() else 'missing'}")
        for suffix in ("-wal", "-shm", "-journal"):
            beside = folder / f"{FILE_NAME}{suffix}"
            if beside.exists() and not beside.is_file():  # SQLite would say that it cannot open it
                raise CorruptionError(f"{beside.name} is no file")
        self._process = os.getpid()
        self._used: set[str] = set()
        self._connection = sqlite3.connect(
            file.as_uri() + ("?mode=ro&immutable=1" if is_immutable else "?mode=rw"),
            timeout=lock_s_max,
            isolation_level=None,
            check_same_thread=False,
            uri=True,
        )
        try:
            self.count()
            self._connection.execute(_SELECT.format("?"), (0, "")).fetchall()
        except BaseException:
            self.close()
            raise

    @property
    def is_of_this_process(self) -> bool:
        """Whether no fork has happened since it was opened."""
        return self._process == os.getpid()

    def count(self) -> int:
        """Return the number of rows."""
        query = "SELECT value FROM Settings WHERE key = 'count'"
        row = self._connection.execute(query).fetchone()
        if row is None or type(row[0]) is not int:
            raise CorruptionError("it does not say how many rows it has")
        return row[0]

    def bytes_used(self) -> int:
        """Return the size of the file in bytes, without its log."""
        (pages,) = self._connection.execute("PRAGMA page_count").fetchone()
        (page_bytes,) = self._connection.execute("PRAGMA page_size").fetchone()
        return int(pages * page_bytes)

    def get_many(self, keys: Iterable[str]) -> dict[str, bytes]:
        """Return what there is of `keys`."""
        found: dict[str, bytes] = {}
        unused_since = time.time() - _USE_GRAIN_S
        for chunk in _chunks(keys):
            query = _SELECT.format(",".join("?" * len(chunk)))
            for key, value, is_unused in self._connection.execute(query, (unused_since, *chunk)):
                intact = unsealed(key, value)
                if intact is not None:
                    found[key] = intact
                    if is_unused:
                        self._used.add(key)
        return found

    def flush_used(self) -> None:
        """Write down which rows were used lately: eviction goes by that."""
        if not self._used or self.is_immutable:
            return
        now = time.time()
        used = [(now, key) for key in self._used]
        self._used.clear()
        self._connection.execute("BEGIN IMMEDIATE")
        with self._connection:
            self._connection.executemany("UPDATE Cache SET access_time = ? WHERE key = ? AND raw = 1", used)

    def wait_for_lock(self) -> None:
        """Wait until no other process writes; raises SQLite's error when that takes too long."""
        self._connection.execute("BEGIN IMMEDIATE")
        self._connection.execute("ROLLBACK")

    def vacuum(self) -> None:
        """Give back unused pages and empty the log."""
        self._connection.execute("VACUUM")
        self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    def close(self, *, lock_s_max: float = 0.1) -> None:
        """Close the file, having waited that long to write down which rows were used."""
        if not self.is_of_this_process:
            _inherited.append(self._connection)
            return
        try:
            self._connection.execute(f"PRAGMA busy_timeout = {int(lock_s_max * 1000)}")
            self.flush_used()
        except sqlite3.Error:
            pass  # a row may be evicted too early, which costs work and no more
        finally:
            self._connection.close()


def _chunks(keys: Iterable[str]) -> Iterator[list[str]]:
    keys = iter(keys)
    while chunk := list(islice(keys, _KEYS_PER_QUERY)):
        yield chunk
