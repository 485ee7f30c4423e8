"""Stores in real folders, and what tests do to their files behind their back."""

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from sleeplsp.cache.disk import DiskStore


@pytest.fixture
def cache_dir(tmp_path: Path) -> Path:
    """Return where the store is to be; nothing is there yet."""
    return tmp_path / "cache"


def file_of(cache_dir: Path) -> Path:
    """Return the database file of the store that is in use."""
    found = [path for path in (cache_dir / "store").glob("v*-*") if "." not in path.name]
    return max(found) / "cache.db"


def execute(cache_dir: Path, statement: str, *values: object) -> list[tuple[object, ...]]:
    """Run one statement on the store's file."""
    with closing(sqlite3.connect(file_of(cache_dir))) as connection, connection:
        return connection.execute(statement, values).fetchall()


def filled(cache_dir: Path, rows: dict[str, bytes]) -> None:
    """Make a store that holds `rows`, and close it."""
    with DiskStore(cache_dir) as store:
        store.put_many(rows)


@contextmanager
def process(code: str, *arguments: object) -> Iterator["subprocess.Popen[str]"]:
    """Start Python on `code`; it has ended when the block is left."""
    command = [sys.executable, "-W", "error", "-c", code, *map(str, arguments)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as started:
        try:
            yield started
        except BaseException:
            started.kill()
            raise


def line_from(started: "subprocess.Popen[str]") -> str:
    """Return the next line that a process prints."""
    assert started.stdout is not None
    return started.stdout.readline().strip()
