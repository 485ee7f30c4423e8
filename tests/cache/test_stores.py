"""What both stores promise: rows come back as put, and the least recently used go first."""

import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sleeplsp.cache.disk import DiskStore
from sleeplsp.cache.memory import MemoryStore
from sleeplsp.engine.errors import StoreError
from sleeplsp.engine.ports import Store
from tests.cache.conftest import execute, file_of, filled

keys = st.text(max_size=4)
batches = st.lists(st.dictionaries(keys, st.binary(max_size=50), max_size=4), max_size=5)


@pytest.fixture(params=[MemoryStore, DiskStore])
def store(request: pytest.FixtureRequest, cache_dir: Path) -> Iterator[Store]:
    made: Store = DiskStore(cache_dir) if request.param is DiskStore else MemoryStore()
    with closing(made):
        yield made


def in_memory(_: str) -> Store:
    return MemoryStore()


@pytest.mark.parametrize("make", [in_memory, DiskStore])
@settings(max_examples=30, deadline=None)
@given(batches=batches, wanted=st.lists(keys, max_size=5))
def test_a_store_is_a_mapping(
    make: Callable[[str], Store], batches: list[dict[str, bytes]], wanted: list[str]
) -> None:
    expected: dict[str, bytes] = {}
    with tempfile.TemporaryDirectory() as folder, closing(make(folder)) as store:
        for batch in batches:
            store.put_many(batch)
            expected |= batch
            assert store.get_many(expected) == expected
        assert store.get_many(wanted) == {key: expected[key] for key in wanted if key in expected}


@pytest.mark.parametrize("value", [b"", b"\0", b"x" * 3_000_000], ids=["empty", "nul", "large"])
def test_any_bytes_are_kept(store: Store, value: bytes) -> None:
    store.put_many({"k": value})
    assert store.get_many(["k"]) == {"k": value}


def test_more_keys_than_a_query_takes(store: Store) -> None:
    rows = {f"{number:064x}": str(number).encode() for number in range(40_000)}
    store.put_many(rows)
    assert store.get_many(iter(rows)) == rows


def test_threads_take_turns(store: Store) -> None:
    def work(number: int) -> dict[str, bytes]:
        store.put_many({f"{number}": b"x", "shared": b"y"})
        return store.get_many([f"{number}", "shared"])

    with ThreadPoolExecutor(8) as pool:
        assert all(len(found) == 2 for found in pool.map(work, range(40)))
    assert len(store.get_many(map(str, range(40)))) == 40


def test_memory_drops_what_was_used_longest_ago() -> None:
    store = MemoryStore(bytes_max=100)
    store.put_many({"a": b"x" * 40, "b": b"x" * 40})
    store.put_many({"b": b"y" * 50})  # replaced: 90 bytes in all
    store.get_many(["a"])
    store.put_many({"c": b"x" * 11})
    assert set(store.get_many("abc")) == {"a", "c"}
    store.put_many({"d": b"x" * 101})
    assert store.get_many("abcd") == {}


def test_disk_keeps_its_size_limit(cache_dir: Path) -> None:
    with DiskStore(cache_dir, bytes_max=500_000) as store:
        for number in range(100):
            store.put_many({f"{number:03}": bytes([number]) * 20_000})
        stats = store.stats()
        assert stats.bytes_used <= stats.bytes_max == 500_000
        assert stats.evicted > 0
        assert stats.rows + stats.evicted == 100
        kept = store.get_many(f"{number:03}" for number in range(100))
        assert sorted(kept) == [f"{number:03}" for number in range(100 - stats.rows, 100)]
        assert stats.rows >= 15


def test_disk_drops_what_was_used_longest_ago(cache_dir: Path) -> None:
    rows = {f"{number}": bytes([number]) * 5000 for number in range(100)}
    filled(cache_dir, rows)
    # As if the rows had been used one after the other, long ago.
    execute(cache_dir, "UPDATE Cache SET access_time = CAST(key AS INTEGER) + 1")
    bytes_max = file_of(cache_dir).stat().st_size + 50_000
    with DiskStore(cache_dir, bytes_max=bytes_max) as store:
        used_again = store.get_many(["3", "5"])
        store.put_many({"new": b"x" * 200_000})
        kept = set(store.get_many([*rows, "new"]))
        assert kept > {*used_again, "new", "99"}
        oldest = next(number for number in range(6, 100) if str(number) in kept)
        assert kept == {*used_again, "new", *(str(number) for number in range(oldest, 100))}
        assert 40 < len(kept) < 80


def test_what_was_used_is_remembered_when_a_reader_closes(cache_dir: Path) -> None:
    filled(cache_dir, {"a": b"", "b": b""})
    execute(cache_dir, "UPDATE Cache SET access_time = 1")
    with DiskStore(cache_dir) as store:
        store.get_many(["a"])
    assert execute(cache_dir, "SELECT key FROM Cache WHERE access_time > 1") == [("a",)]


def test_disk_keeps_rows_from_one_process_to_the_next(cache_dir: Path) -> None:
    filled(cache_dir, {"a": b"1"})
    with DiskStore(cache_dir) as store:
        assert store.get_many("ab") == {"a": b"1"}
        stats = store.stats()
        assert (stats.rows, stats.hits, stats.misses, stats.evicted) == (1, 1, 1, 0)
        assert stats.format == 1
        assert store.notices == []


@pytest.mark.parametrize("wrong", [{"b": "text"}, {"b": 1}, {"b": None}, {"b": bytearray()}, {2: b""}])
def test_other_than_str_and_bytes_is_refused_and_the_batch_with_it(
    cache_dir: Path, wrong: dict[str, bytes]
) -> None:
    with DiskStore(cache_dir) as store:
        with pytest.raises((TypeError, AttributeError)):
            store.put_many({"a": b"1", **wrong})
        assert store.stats().rows == 0
        store.put_many({"a": b"2"})
        assert store.get_many(["a"]) == {"a": b"2"}


def test_clear_removes_all_rows(cache_dir: Path) -> None:
    with DiskStore(cache_dir) as store:
        store.put_many({f"{number}": b"x" * 1000 for number in range(500)})
        large = store.stats().bytes_used
        assert store.clear() == 500
        assert store.stats().rows == 0
        assert store.stats().bytes_used < large / 2
        assert store.get_many("12") == {}


def test_a_closed_store_says_so_and_may_be_closed_again(cache_dir: Path) -> None:
    store = DiskStore(cache_dir)
    store.close()
    store.close()
    with pytest.raises(StoreError, match=r"^the store is closed$"):
        store.get_many(["a"])
