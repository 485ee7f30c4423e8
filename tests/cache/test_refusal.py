"""Nothing that somebody planted in the files is unpickled, opened, removed or executed."""

import pickle
from collections.abc import Callable
from pathlib import Path

import pytest
from diskcache import Cache

from sleeplsp.cache.disk import DiskStore
from sleeplsp.cache.rows import BytesDisk, RefusedRowError
from sleeplsp.cache.seal import sealed
from tests.cache.conftest import execute, file_of, filled

PICKLED = 4  # diskcache's mode of a pickled value
IN_A_FILE = 2
INSERT = "INSERT INTO Cache (key, raw, access_time, mode, filename, value) VALUES (?, ?, 1, ?, ?, ?)"


def payload(folder: Path) -> bytes:
    """Return a pickle that makes `folder` when it is loaded."""
    return f"cos\nmkdir\n(V{folder}\ntR.".encode()


@pytest.fixture
def trap(tmp_path: Path) -> Path:
    """Return a folder that is there once the payload has run."""
    control = tmp_path / "control"
    pickle.loads(payload(control))
    assert control.is_dir()
    return tmp_path / "sprung"


def plant_value(cache_dir: Path, trap: Path) -> None:
    # Sealed, as whoever can write to the file can read this program, too.
    execute(cache_dir, INSERT, "key", 1, PICKLED, None, sealed("key", payload(trap)))


def plant_value_in_a_file(cache_dir: Path, trap: Path) -> None:
    (file_of(cache_dir).parent / "planted.val").write_bytes(payload(trap))
    execute(cache_dir, INSERT, "key", 1, PICKLED, "planted.val", None)


def plant_key(cache_dir: Path, trap: Path) -> None:
    execute(cache_dir, INSERT, payload(trap), 0, 1, None, b"value")


PLANTED = pytest.mark.parametrize("plant", [plant_value, plant_value_in_a_file, plant_key])


@PLANTED
def test_a_planted_pickle_never_runs(
    cache_dir: Path, trap: Path, plant: Callable[[Path, Path], None]
) -> None:
    filled(cache_dir, {"good": b"1"})
    plant(cache_dir, trap)
    with DiskStore(cache_dir, bytes_max=100_000) as store:
        wanted = ["key", "good", payload(trap).decode()]
        assert store.get_many(wanted) == {"good": b"1"}
        store.put_many({"more": b"2"})
        assert store.get_many(["good", "more"]) == {"good": b"1", "more": b"2"}
        store.put_many({"large": b"x" * 200_000})  # evicts the planted row among others
        store.collect()
        store.clear()
        assert store.stats().rows == 0
    assert not trap.exists()


@PLANTED
def test_neither_does_it_through_diskcache(
    cache_dir: Path, trap: Path, plant: Callable[[Path, Path], None]
) -> None:
    filled(cache_dir, {})
    plant(cache_dir, trap)
    with Cache(str(file_of(cache_dir).parent), disk=BytesDisk) as cache:
        with pytest.raises(RefusedRowError):
            cache.peekitem()
        if plant is plant_key:
            with pytest.raises(RefusedRowError):
                list(cache)
            with pytest.raises(RefusedRowError):
                list(cache.iterkeys())
        else:
            with pytest.raises(RefusedRowError):
                cache.get("key")
            with pytest.raises(RefusedRowError):
                cache.pop("key")
    assert not trap.exists()


def test_diskcache_as_it_comes_would_have_run_it(cache_dir: Path, trap: Path) -> None:
    filled(cache_dir, {})
    plant_value(cache_dir, trap)
    with Cache(str(file_of(cache_dir).parent)) as cache:
        cache.get("key")
    assert trap.is_dir()


def test_a_row_cannot_replace_a_planted_one_by_half(cache_dir: Path, trap: Path) -> None:
    filled(cache_dir, {})
    plant_value_in_a_file(cache_dir, trap)
    with DiskStore(cache_dir) as store:
        store.put_many({"key": b"ours"})
        assert store.get_many(["key"]) == {"key": b"ours"}
    assert not trap.exists()


@pytest.mark.parametrize("mode", [1, IN_A_FILE, 3, PICKLED])
def test_a_file_that_a_row_names_is_neither_read_nor_removed(
    cache_dir: Path, tmp_path: Path, mode: int
) -> None:
    filled(cache_dir, {"good": b"1"})
    precious = tmp_path / "precious"
    precious.write_bytes(b"private")
    execute(cache_dir, INSERT, "key", 1, mode, "../../../precious", None)
    with DiskStore(cache_dir, bytes_max=1) as store:
        assert store.get_many(["key"]) == {}
        store.put_many({"key": b"ours"})
        store.collect()
        store.clear()
    assert precious.read_bytes() == b"private"


@pytest.mark.parametrize("value", ["text", 7, 7.5, None])
def test_values_that_are_no_bytes_are_absent(cache_dir: Path, value: object) -> None:
    filled(cache_dir, {})
    execute(cache_dir, INSERT, "key", 1, 1, None, value)
    with DiskStore(cache_dir) as store:
        assert store.get_many(["key"]) == {}


def test_bytes_that_changed_on_disk_are_absent(cache_dir: Path) -> None:
    filled(cache_dir, {"a": b"aaaa", "b": b"bbbb", "c": b"cccc", "d": b""})
    execute(cache_dir, "UPDATE Cache SET value = replace(value, 'aaaa', 'axaa') WHERE key = 'a'")
    execute(
        cache_dir,
        "UPDATE Cache SET value = (SELECT value FROM Cache WHERE key = 'c') WHERE key = 'b'",
    )
    execute(cache_dir, "UPDATE Cache SET value = x'' WHERE key = 'd'")
    with DiskStore(cache_dir) as store:
        assert store.get_many("abcd") == {"c": b"cccc"}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("close", 1),
        ("disk_pickle_protocol", 5),
        ("disk_unknown", 1),
        ("eviction_policy", "no such"),
        ("sqlite_temp_store_directory", "'/'"),
        ("sqlite_mmap_size", 2**30),
        ("size", "many"),
    ],
)
def test_planted_settings_are_not_obeyed(cache_dir: Path, name: str, value: object) -> None:
    filled(cache_dir, {"a": b"1"})
    execute(cache_dir, "INSERT OR REPLACE INTO Settings VALUES (?, ?)", name, value)
    with DiskStore(cache_dir) as store:
        store.put_many({"b": b"2"})
        assert store.get_many("ab") == {"b": b"2"}
        assert len(store.notices) == 1
