"""Faults of SQLite and the file system: which mean that the store is corrupted, and what to say.

This module must not know what is stored, nor what is done about a fault.
"""

import errno
import shutil
import sqlite3
from pathlib import Path

from sleeplsp.engine.errors import StoreError

_CORRUPT = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
# What is said of tables or rows that are not ours; there is no code for it, or one for anything.
_FOREIGN = ("no such table", "no such column", "malformed", "Could not decode")
_LOCKED = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_PROTOCOL})
_CLOSED = frozenset({sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM})
# Also opening to read fails so, where the files that readers share cannot be made.
_UNWRITABLE = _CLOSED | {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR}
_FREE_BYTES_MIN = 64 * 1024
_PRIMARY = 0xFF  # the low byte of an extended error code


class CorruptionError(Exception):
    """What lies on disk is not a store of ours, or no longer; the text says how that shows."""


def corruption(error: BaseException) -> str | None:
    """Return how `error` shows that the store is corrupted, or None when it does not."""
    if isinstance(error, CorruptionError):
        return str(error)
    root = _root(error)
    code = getattr(root, "sqlite_errorcode", 0)
    is_foreign = isinstance(root, sqlite3.Error) and str(root).startswith(_FOREIGN)
    is_short = code == sqlite3.SQLITE_IOERR_SHORT_READ
    return str(root) if is_foreign or is_short or code & _PRIMARY in _CORRUPT else None


def is_unwritable(error: BaseException) -> bool:
    """Tell whether `error` says that files cannot be written; they may be readable all the same."""
    return getattr(_root(error), "sqlite_errorcode", 0) & _PRIMARY in _UNWRITABLE


def store_error(error: BaseException, folder: Path, lock_s_max: float) -> StoreError:
    """Return the one line for the user that `error` amounts to."""
    root = _root(error)
    code = getattr(root, "sqlite_errorcode", 0) & _PRIMARY
    number = getattr(root, "errno", None)
    if code in _LOCKED:
        return StoreError(f"the store in {folder} is locked by another process (waited {lock_s_max:g} s)")
    is_full = code == sqlite3.SQLITE_IOERR and _is_full(folder)
    if is_full or code == sqlite3.SQLITE_FULL or number in (errno.ENOSPC, errno.EDQUOT):
        return StoreError(f"no space is left for the store in {folder}")
    if code in _CLOSED or number in (errno.EACCES, errno.EPERM, errno.EROFS):
        return StoreError(f"the store in {folder} cannot be written; another --cache-dir can")
    return StoreError(f"the store in {folder} cannot be used: {root}")


def _is_full(folder: Path) -> bool:
    """Tell whether there is hardly any space: for some of its files SQLite only says that they fail."""
    try:
        return shutil.disk_usage(folder).free < _FREE_BYTES_MIN
    except OSError:
        return False


def _root(error: BaseException) -> BaseException:
    """Return what a chain of SQLite errors began with: a failed rollback hides why it was tried."""
    while isinstance(error.__context__, sqlite3.Error):
        error = error.__context__
    return error
