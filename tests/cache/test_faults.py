"""What faults amount to, where real disks are not easily made to have them."""

import errno
import os
import sqlite3
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace

import pytest

from sleeplsp.cache import reader
from sleeplsp.cache.disk import DiskStore
from sleeplsp.cache.faults import corruption, store_error

FOLDER = Path("somewhere")


def failed_rollback() -> sqlite3.Error:
    """Return the error of a rollback after SQLite had already rolled back on a full disk."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        connection.execute("CREATE TABLE t (x)")
        connection.execute("PRAGMA max_page_count = 3").fetchall()
        connection.execute("BEGIN IMMEDIATE")
        try:
            try:
                connection.execute("INSERT INTO t VALUES (?)", (b"x" * 20_000,))
            except sqlite3.Error:
                connection.execute("ROLLBACK")
                raise
        except sqlite3.Error as error:
            return error
    raise AssertionError("there was room")


def test_a_failed_rollback_does_not_hide_its_cause() -> None:
    error = failed_rollback()
    assert str(error).startswith("cannot rollback")
    assert str(store_error(error, FOLDER, 5)) == "no space is left for the store in somewhere"
    assert corruption(error) is None


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (OSError(errno.ENOSPC, "x"), "no space is left for the store in somewhere"),
        (OSError(errno.EDQUOT, "x"), "no space is left for the store in somewhere"),
        (
            OSError(errno.EROFS, "x"),
            "the store in somewhere cannot be written; another --cache-dir can",
        ),
        (OSError(errno.EIO, "x"), "the store in somewhere cannot be used: [Errno 5] x"),
        (sqlite3.Error("x"), "the store in somewhere cannot be used: x"),
    ],
)
def test_what_is_said(error: Exception, line: str) -> None:
    assert str(store_error(error, FOLDER, 5)) == line
    assert corruption(error) is None


def test_files_that_fail_where_there_is_no_space(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    error = sqlite3.OperationalError("disk I/O error")
    error.sqlite_errorcode = sqlite3.SQLITE_IOERR_SHMSIZE
    assert str(store_error(error, tmp_path, 5)).endswith("cannot be used: disk I/O error")
    monkeypatch.setattr("shutil.disk_usage", lambda _: SimpleNamespace(free=4096))
    assert str(store_error(error, tmp_path, 5)) == f"no space is left for the store in {tmp_path}"


def test_a_forked_process_neither_uses_nor_closes_what_it_inherits(
    cache_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inherited: list[sqlite3.Connection] = []
    monkeypatch.setattr(reader, "_inherited", inherited)
    with DiskStore(cache_dir) as store:
        store.put_many({"a": b"1"})
        before = store._reader
        really = os.getpid()
        monkeypatch.setattr("os.getpid", lambda: really + 1)
        assert store.get_many(["a"]) == {"a": b"1"}
        assert store._reader is not before
        (connection,) = inherited
        with closing(connection):
            assert connection.execute("SELECT 1").fetchall() == [(1,)]
