"""The store on disk: bytes under string keys, shared by all processes of its user.

Whatever happens to the files, a caller sees rows, fewer rows, or a StoreError: what is corrupted is
set aside and begun anew, which a notice says. Reading takes no lock. This module must not know what
keys and values mean.
"""

import errno
import os
import sqlite3
import threading
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Self, TypeVar

import msgspec

from sleeplsp.cache.faults import CorruptionError, corruption, is_unwritable, store_error
from sleeplsp.cache.home import STORE_FORMAT, Home
from sleeplsp.cache.reader import Reader
from sleeplsp.engine.errors import StoreError

if TYPE_CHECKING:
    from sleeplsp.cache.rows import Writer

T = TypeVar("T")


class StoreStats(msgspec.Struct, frozen=True):
    """What can be said of a store at little cost."""

    folder: str
    format: int
    rows: int
    bytes_used: int
    bytes_max: int
    hits: int
    """Keys found since this process opened the store; likewise `misses` and `evicted`."""
    misses: int
    evicted: int


class Collected(msgspec.Struct, frozen=True):
    """What a collection removed."""

    evicted: int
    """Rows dropped to keep the size limit."""
    folders: int
    """Folders of older formats, and stores that had been set aside."""
    bytes_freed: int


class DiskStore:
    """Fulfils the port `Store` in `cache_dir`, by default the user's cache directory.

    `bytes_max` is the size from which on the least recently used rows are dropped, `lock_s_max` the
    longest wait for another process's write. Any thread may call, one at a time gets its turn, and
    so may a forked process. Every method raises StoreError, with one line for the user.
    """

    def __init__(
        self,
        cache_dir: str | Path | None = None,
        *,
        bytes_max: int = 1024**3,
        lock_s_max: float = 5.0,
    ) -> None:
        self.notices: list[str] = []
        """What the user should know, one line each: a corrupted store was set aside."""
        self._bytes_max = bytes_max
        self._lock_s_max = lock_s_max
        self._lock = threading.Lock()
        self._hits = self._misses = self._evicted = 0
        self._is_closed = False
        self._reader: Reader | None = None
        self._writer: Writer | None = None
        self._home = Home(cache_dir)
        self._folder = self._home.folder
        if self._home.was_open_to_others:
            self._run(self._distrust)
        self._run(self._opened)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def get_many(self, keys: Iterable[str]) -> dict[str, bytes]:
        """Return what is stored of `keys`; a missing or unreadable row is simply absent."""
        wanted = set(keys)
        found = self._run(lambda: self._opened().get_many(wanted))
        self._hits += len(found)
        self._misses += len(wanted) - len(found)
        return found

    def put_many(self, rows: Mapping[str, bytes]) -> None:
        """Store all rows in one transaction, then keep the size limit."""
        if rows:
            self._run(lambda: self._write(lambda writer: writer.put_many(rows)))
            self._evicted += self._run(lambda: self._write(lambda writer: writer.evict()))

    def clear(self) -> int:
        """Remove all rows, and what was set aside; return how many rows."""
        removed = self._run(lambda: self._write(lambda writer: writer.clear()))
        self.collect()
        return removed

    def collect(self) -> Collected:
        """Keep the size limit, remove what no version of the program needs, give back space."""
        before = self.stats().bytes_used
        evicted = self._run(lambda: self._write(lambda writer: writer.evict()))
        folders = self._run(self._home.drop_outdated)
        self._run(lambda: self._opened().vacuum())
        return Collected(evicted, folders, before - self.stats().bytes_used)

    def stats(self) -> StoreStats:
        """Return how large the store is, and how it has served this process."""
        rows, bytes_used = self._run(lambda: (self._opened().count(), self._opened().bytes_used()))
        return StoreStats(
            folder=str(self._folder),
            format=STORE_FORMAT,
            rows=rows,
            bytes_used=bytes_used,
            bytes_max=self._bytes_max,
            hits=self._hits,
            misses=self._misses,
            evicted=self._evicted,
        )

    def close(self) -> None:
        """Release files and locks; harmless when done before."""
        with self._lock:
            self._is_closed = True
            self._disconnect()

    def _run(self, operation: Callable[[], T]) -> T:
        """Run one operation; where it meets a corrupted file, once more on a new one."""
        with self._lock:
            if self._is_closed:
                raise StoreError("the store is closed")
            try:
                try:
                    return operation()
                except (sqlite3.Error, CorruptionError) as error:
                    how = corruption(error)
                    if how is None:
                        raise
                    self._set_aside(f"was corrupted ({how})")
                    return operation()
            except (sqlite3.Error, OSError, CorruptionError) as error:
                raise store_error(error, self._home.cache_dir, self._lock_s_max) from error

    def _opened(self) -> Reader:
        """Return the reader of the current generation, which is made where there is none."""
        if self._reader is not None and self._reader.is_of_this_process and self._folder.is_dir():
            return self._reader
        self._disconnect()
        if not self._home.folder.is_dir():  # somebody has removed the cache
            self._home = Home(self._home.cache_dir)
        self._folder = self._home.current() or self._home.begin(self._build)
        self._reader = self._reading()
        return self._reader

    def _reading(self) -> Reader:
        try:
            return Reader(self._folder, self._lock_s_max)
        except sqlite3.Error as error:
            if not is_unwritable(error):
                raise
            return Reader(self._folder, self._lock_s_max, is_immutable=True)

    def _write(self, operation: "Callable[[Writer], T]") -> T:
        if self._opened().is_immutable:
            self._disconnect()  # perhaps it can be written by now
        reader = self._opened()
        if reader.is_immutable:
            raise OSError(errno.EROFS, os.strerror(errno.EROFS))
        reader.flush_used()
        if self._writer is None:
            # To open it takes many small writes, each of which would wait for a minute.
            reader.wait_for_lock()
            self._writer = self._writing(self._folder)
        return operation(self._writer)

    def _writing(self, folder: Path) -> "Writer":
        from sleeplsp.cache.rows import Writer  # noqa: PLC0415 - 40 ms that a reader need not wait

        return Writer(folder, self._bytes_max, self._lock_s_max)

    def _build(self, folder: Path) -> None:
        self._writing(folder)

    def _distrust(self) -> None:
        self._folder = self._home.current() or self._home.folder
        if self._folder != self._home.folder:
            self._set_aside("could be written by other users")

    def _set_aside(self, why: str) -> None:
        self._disconnect()
        broken = self._home.set_aside(self._folder)
        self.notices.append(f"the store {why}: it was set aside as {broken} and begun anew")

    def _disconnect(self) -> None:
        self._writer = None
        if self._reader is not None:
            self._reader.close()
            self._reader = None
