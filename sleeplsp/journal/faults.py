"""Faults of SQLite and the file system: which mean that the journal is corrupted, and what to say.

This module must not know what a journal holds, nor what is done about a fault.
"""

import errno
import shutil
import sqlite3
from pathlib import Path

from sleeplsp.engine.errors import JournalError

_CORRUPT = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
# What is said of tables that are not ours; there is no code for it.
_FOREIGN = ("no such table", "no such column", "malformed", "Could not decode")
_LOCKED = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_PROTOCOL})
_CLOSED = frozenset({sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM})
_FREE_BYTES_MIN = 64 * 1024
_PRIMARY = 0xFF  # the low byte of an extended error code


class CorruptionError(Exception):
    """What lies on disk is no journal of ours, or no longer; the text says how that shows."""


def corruption(error: BaseException) -> str | None:
    """Return how `error` shows that the journal is corrupted, or None when it does not."""
    if isinstance(error, CorruptionError):
        return str(error)
    code = getattr(error, "sqlite_errorcode", 0)
    is_foreign = isinstance(error, sqlite3.Error) and str(error).startswith(_FOREIGN)
    is_short = code == sqlite3.SQLITE_IOERR_SHORT_READ
    return str(error) if is_foreign or is_short or code & _PRIMARY in _CORRUPT else None


def is_unwritable(error: BaseException) -> bool:
    """Tell whether `error` says that files cannot be written; they may be readable all the same."""
    return getattr(error, "sqlite_errorcode", 0) & _PRIMARY in _CLOSED | {sqlite3.SQLITE_IOERR}


def journal_error(error: BaseException, folder: Path) -> JournalError:
    """Return the one line for the user that `error` amounts to."""
    code = getattr(error, "sqlite_errorcode", 0) & _PRIMARY
    number = getattr(error, "errno", None)
    if code in _LOCKED:
        return JournalError(f"the journal in {folder} is locked by another process")
    is_full = code == sqlite3.SQLITE_IOERR and _is_full(folder)
    if is_full or code == sqlite3.SQLITE_FULL or number in (errno.ENOSPC, errno.EDQUOT):
        return JournalError(f"no space is left for the journal in {folder}")
    if code in _CLOSED or number in (errno.EACCES, errno.EPERM, errno.EROFS):
        return JournalError(f"the journal in {folder} cannot be written; another --state-dir can")
    if isinstance(error, FileExistsError | NotADirectoryError):
        return JournalError(f"the journal in {folder} cannot be used: {error.filename} is no folder")
    said = (error.strerror if isinstance(error, OSError) else None) or str(error)
    return JournalError(f"the journal in {folder} cannot be used: {said}")


def _is_full(folder: Path) -> bool:
    """Tell whether there is hardly any space: for some of its files SQLite only says that they fail."""
    try:
        return shutil.disk_usage(folder).free < _FREE_BYTES_MIN
    except OSError:
        return False
