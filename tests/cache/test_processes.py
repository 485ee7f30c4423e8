"""Several processes on one store, some of which end in the midst of their work."""

import os
import signal
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from sleeplsp.cache.disk import DiskStore
from sleeplsp.cache.home import Home
from sleeplsp.engine.errors import StoreError
from tests.cache.conftest import execute, file_of, filled, line_from, process

if TYPE_CHECKING:
    from collections.abc import Callable

WRITER = """
import sys
from sleeplsp.cache.disk import DiskStore
folder, name, batches = sys.argv[1], sys.argv[2], int(sys.argv[3])
print("ready", flush=True)
sys.stdin.readline()
with DiskStore(folder, lock_s_max=30) as store:
    for batch in range(batches):
        names = [f"{name}-{batch}-{row}" for row in range(20)]
        store.put_many({name: name.encode() * 50 for name in names})
        print(batch, flush=True)
    assert not store.notices, store.notices
"""
LOCKER = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute(sys.argv[2])
print("locked", flush=True)
sys.stdin.readline()
connection.execute("ROLLBACK")
connection.close()
"""
FORKER = """
import os, sys
from sleeplsp.cache.disk import DiskStore
store = DiskStore(sys.argv[1])
store.put_many({"before": b"1"})
assert store.get_many(["before"])
children = []
for number in range(3):
    child = os.fork()
    if child == 0:
        assert store.get_many(["before"]) == {"before": b"1"}
        for row in range(20):
            store.put_many({f"{number}-{row}": b"x"})
        store.close()
        os._exit(0)
    children.append(child)
for row in range(20):
    store.put_many({f"parent-{row}": b"x"})
assert [os.waitpid(child, 0)[1] for child in children] == [0, 0, 0]
names = [f"{who}-{row}" for who in (0, 1, 2, "parent") for row in range(20)]
assert len(store.get_many(names)) == 80
store.close()
"""


def rows_of(name: str, batch: int) -> dict[str, bytes]:
    return {f"{name}-{batch}-{row}": f"{name}-{batch}-{row}".encode() * 50 for row in range(20)}


def test_processes_that_begin_at_once_share_one_store(cache_dir: Path) -> None:
    with ExitStack() as stack:
        writers = [stack.enter_context(process(WRITER, cache_dir, name, 25)) for name in "abcd"]
        assert [line_from(writer) for writer in writers] == ["ready"] * 4
        for writer in writers:
            assert writer.stdin is not None
            writer.stdin.write("\n")
            writer.stdin.flush()
        for writer in writers:
            out, _ = writer.communicate()
            assert (writer.returncode, out.split()) == (0, [str(batch) for batch in range(25)])
    expected = {key: value for name in "abcd" for b in range(25) for key, value in rows_of(name, b).items()}
    with DiskStore(cache_dir) as store:
        assert store.get_many(expected) == expected
        assert store.stats().rows == 2000
    assert [path.name for path in (cache_dir / "store").iterdir()] == ["v1-1"]
    assert execute(cache_dir, "PRAGMA integrity_check") == [("ok",)]


@pytest.mark.parametrize("after", [0, 3, 11])
def test_a_writer_that_is_killed_loses_nothing_it_had_written(cache_dir: Path, after: int) -> None:
    with process(WRITER, cache_dir, "a", 1_000_000) as writer:
        assert writer.stdin is not None
        assert line_from(writer) == "ready"
        writer.stdin.write("\n")
        writer.stdin.flush()
        while (last := int(line_from(writer))) < after:
            pass
        os.kill(writer.pid, signal.SIGKILL)
    assert writer.returncode == -signal.SIGKILL
    with DiskStore(cache_dir) as store:
        for batch in range(last + 1):
            assert store.get_many(rows_of("a", batch)) == rows_of("a", batch)
        # Of what came later, a batch is there as a whole or not at all.
        later = [len(store.get_many(rows_of("a", batch))) for batch in range(last + 1, last + 50)]
        assert set(later) <= {0, 20}
        store.put_many({"new": b"1"})
        assert store.get_many(["new"]) == {"new": b"1"}
        assert store.notices == []
    assert execute(cache_dir, "PRAGMA integrity_check") == [("ok",)]


def test_forked_processes_write_on(cache_dir: Path) -> None:
    with process(FORKER, cache_dir) as forker:
        forker.communicate()
    assert forker.returncode == 0
    assert execute(cache_dir, "PRAGMA integrity_check") == [("ok",)]


def test_while_another_process_writes_all_can_be_read(cache_dir: Path) -> None:
    filled(cache_dir, {"a": b"1"})
    with process(LOCKER, file_of(cache_dir), "BEGIN IMMEDIATE") as locker:
        assert line_from(locker) == "locked"
        with DiskStore(cache_dir, lock_s_max=0.05) as store:
            assert store.get_many(["a"]) == {"a": b"1"}
            assert store.stats().rows == 1


def test_a_lock_is_waited_for_and_then_said(cache_dir: Path) -> None:
    filled(cache_dir, {"a": b"1"})
    with DiskStore(cache_dir, lock_s_max=0.05) as store:
        store.put_many({"b": b"2"})
        with process(LOCKER, file_of(cache_dir), "BEGIN IMMEDIATE") as locker:
            assert line_from(locker) == "locked"
            with DiskStore(cache_dir, lock_s_max=0.05) as newcomer:
                refused: list[tuple[DiskStore, Callable[[], object]]] = [
                    (store, lambda: store.put_many({"c": b"3"})),
                    (newcomer, lambda: newcomer.put_many({"c": b"3"})),
                    (store, store.clear),
                    (newcomer, newcomer.collect),
                ]
                for one, operation in refused:
                    with pytest.raises(StoreError) as raised:
                        operation()
                    assert str(raised.value) == (
                        f"the store in {cache_dir} is locked by another process (waited 0.05 s)"
                    )
                    assert one.get_many("abc") == {"a": b"1", "b": b"2"}
        store.put_many({"c": b"3"})
        assert store.get_many("abc") == {"a": b"1", "b": b"2", "c": b"3"}
        assert store.notices == []


def test_a_file_that_another_process_keeps_to_itself_is_locked(cache_dir: Path) -> None:
    filled(cache_dir, {"a": b"1"})
    hog = "PRAGMA locking_mode = EXCLUSIVE"
    code = LOCKER.replace(
        "connection.execute(sys.argv[2])",
        f"connection.execute({hog!r}); connection.execute(sys.argv[2])",
    )
    with process(code, file_of(cache_dir), "BEGIN EXCLUSIVE") as locker:
        assert line_from(locker) == "locked"
        with pytest.raises(StoreError, match="is locked by another process"):
            DiskStore(cache_dir, lock_s_max=0.05)
    with DiskStore(cache_dir) as store:
        assert store.get_many(["a"]) == {"a": b"1"}


def test_a_store_that_came_meanwhile_is_taken(cache_dir: Path) -> None:
    """As two that find no store at once do, of which one is slower to begin its own."""
    first = Home(cache_dir).begin(lambda folder: (folder / "rows").touch())
    assert Home(cache_dir).begin(lambda _folder: pytest.fail("a second one")) == first
