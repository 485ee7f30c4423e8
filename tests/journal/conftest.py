"""Journals in real folders, and what tests do to their files behind their back."""

import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from sleeplsp.engine.entries import Queried
from sleeplsp.journal.disk import DiskJournal
from tests.small_disk import small_disk

__all__ = ["small_disk"]

ROOT = "r"


@pytest.fixture
def state_dir(tmp_path: Path) -> Path:
    """Return where the journal is to be; nothing is there yet."""
    return tmp_path / "state"


def file_of(state_dir: Path) -> Path:
    """Return the file of the journal that is in use."""
    numbers = [int(path.name) for path in (state_dir / "journal").iterdir() if path.name.isdigit()]
    return state_dir / "journal" / str(max(numbers)) / "journal.db"


def execute(state_dir: Path, statement: str, *values: object) -> list[tuple[object, ...]]:
    """Run one statement on the journal's file."""
    with closing(sqlite3.connect(file_of(state_dir))) as connection, connection:
        return connection.execute(statement, values).fetchall()


def query(path: str, at: float | None = None) -> Queried:
    """Return an entry of which every single one counts."""
    return Queried(root=ROOT, path=path, kind="hover", found=True, at=time.time() if at is None else at)


def noted(state_dir: Path) -> dict[str, int]:
    """Return how many queries are noted of each module."""
    rows = execute(state_dir, "SELECT name, sum(count) FROM counts WHERE what = 'hover found' GROUP BY name")
    return {str(name): int(str(count)) for name, count in rows}


@contextmanager
def journal(state_dir: Path) -> Iterator[DiskJournal]:
    """Open a journal; all it was told is kept in the end."""
    opened = DiskJournal(state_dir)
    try:
        yield opened
    finally:
        opened.close()


@contextmanager
def process(code: str, *arguments: object) -> Iterator["subprocess.Popen[str]"]:
    """Start Python on `code`; it has ended when the block is left."""
    command = [sys.executable, "-W", "error", "-c", code, *map(str, arguments)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as started:
        try:
            yield started
        finally:
            if started.poll() is None:
                started.kill()


def line_from(started: "subprocess.Popen[str]") -> str:
    """Return the next line that a process prints."""
    assert started.stdout is not None
    return started.stdout.readline().strip()
