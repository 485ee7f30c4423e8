"""Rows on disk, as diskcache writes them: str keys and bytes values, all within one SQLite file.

The only module that knows diskcache. Nothing is ever pickled or unpickled (CVE-2025-69872), no
value is kept in a file of its own, and no file that a row names is opened or removed. This module
must not know where the folder lies, nor what is done about errors, which are SQLite's.
"""

import errno
import os
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import NoReturn

from diskcache import Cache, Disk, Timeout
from diskcache.core import DBNAME, METADATA, MODE_RAW

from sleeplsp.cache.faults import CorruptionError
from sleeplsp.cache.seal import sealed

_SETTINGS = {
    "statistics": 0,
    "tag_index": 0,
    "eviction_policy": "least-recently-used",
    # Evicted is once for each batch, not at each row.
    "cull_limit": 0,
    "sqlite_auto_vacuum": 1,
    "sqlite_cache_size": 8192,
    "sqlite_journal_mode": "wal",
    "sqlite_journal_size_limit": 4 * 1024 * 1024,
    # Mapped, a file that somebody truncates would end the process instead of raising an error.
    "sqlite_mmap_size": 0,
    "sqlite_synchronous": 1,
    "disk_min_file_size": 0,
    "disk_pickle_protocol": 0,
}


class RefusedRowError(ValueError):
    """A row that this program cannot have written."""


class BytesDisk(Disk):  # type: ignore[misc] # diskcache has no types
    """How diskcache turns keys and values into columns: as they are, or not at all."""

    def put(self, key: object) -> tuple[str, bool]:
        """Return a key's column and that it is raw; raises TypeError for other than str."""
        if type(key) is not str:
            raise TypeError(f"a key must be str, not {type(key).__name__}")
        return key, True

    def get(self, key: object, raw: object) -> str:
        """Return the key of a row; raises RefusedRowError for what is no plain str."""
        if not raw or type(key) is not str:
            raise RefusedRowError("the key is no plain str")
        return key

    def store(self, value: object, read: object, **_: object) -> tuple[int, int, None, memoryview]:
        """Return a value's columns; raises TypeError for other than bytes."""
        if read or type(value) is not bytes:
            raise TypeError(f"a value must be bytes, not {type(value).__name__}")
        return 0, MODE_RAW, None, sqlite3.Binary(value)

    def fetch(self, mode: int, filename: object, value: object, read: object) -> bytes:
        """Return the value of a row; raises RefusedRowError for all but plain bytes in it."""
        if mode != MODE_RAW or filename is not None or read or type(value) is not bytes:
            raise RefusedRowError("the value is no plain bytes")
        return value

    def filename(self, *_: object) -> NoReturn:
        """Raise: no value has a file."""
        raise RefusedRowError("values have no files")

    def remove(self, file_path: object) -> None:
        """Do nothing: no row of ours has a file, and one that names a file may name anybody's."""


class _Cache(Cache):  # type: ignore[misc] # diskcache has no types
    """A cache of bytes, which leaves nothing open when it cannot be opened."""

    def __init__(self, folder: Path, lock_s_max: float, bytes_max: int) -> None:
        try:
            super().__init__(
                str(folder), timeout=lock_s_max, disk=BytesDisk, size_limit=bytes_max, **_SETTINGS
            )
        except BaseException:
            self.close()
            raise


class Writer:
    """Writes to the rows in `folder`, and makes them where there are none.

    Each call opens a connection of its own and closes it, so any thread may call, and a forked
    process too. Errors are sqlite3.Error, OSError and CorruptionError.
    """

    def __init__(self, folder: Path, bytes_max: int, lock_s_max: float) -> None:
        if os.path.expandvars(folder) != str(folder):
            raise OSError(errno.EINVAL, f"{folder} reads as if it held a variable")
        _check_settings(folder / DBNAME)
        with _as_sqlite_errors():
            self._cache = _Cache(folder, lock_s_max, bytes_max)
            self._cache.close()

    def put_many(self, rows: Mapping[str, bytes]) -> None:
        """Store all rows in one transaction."""
        with self._open() as cache, cache.transact():
            for key, value in rows.items():
                cache.set(key, sealed(key, value))

    def evict(self) -> int:
        """Remove the least recently used rows until the size limit holds; return how many."""
        with self._open() as cache:
            return int(cache.cull())

    def clear(self) -> int:
        """Remove all rows; return how many."""
        with self._open() as cache:
            return int(cache.clear())

    @contextmanager
    def _open(self) -> Iterator[Cache]:
        with _as_sqlite_errors():
            try:
                yield self._cache
            finally:
                self._cache.close()


def _check_settings(file: Path) -> None:
    """Raise CorruptionError where a file's settings are not ours: diskcache does what they say."""
    if not file.exists():
        return
    with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as connection:
        found = dict(connection.execute("SELECT key, value FROM Settings"))
    for name in (*METADATA, "size_limit"):
        if not isinstance(found.pop(name, 0), int):
            raise CorruptionError(f"the setting {name} is no number")
    if found != _SETTINGS:
        raise CorruptionError("it has other settings than ours")


@contextmanager
def _as_sqlite_errors() -> Iterator[None]:
    """Raise the error of SQLite that diskcache's Timeout hides; not each one is about time."""
    try:
        yield
    except Timeout as timeout:
        error: BaseException | None = timeout
        while isinstance(error, Timeout):
            error = error.__context__
        raise error or sqlite3.OperationalError("database is locked") from None
