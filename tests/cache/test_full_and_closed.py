"""A full disk, a folder that cannot be written: one line says so; what is there can be read."""

import os
from pathlib import Path

import pytest

from sleeplsp.cache.disk import DiskStore
from sleeplsp.engine.errors import StoreError
from tests.cache.conftest import filled
from tests.small_disk import fill_up, read_only, small_disk

__all__ = ["small_disk"]

ROWS = {f"{number}": bytes([number]) * 1000 for number in range(100)}


def test_on_a_full_disk_nothing_is_stored_and_all_is_kept(small_disk: Path) -> None:
    with DiskStore(small_disk / "cache") as store:
        store.put_many(ROWS)
        filler = fill_up(small_disk)
        for _ in range(2):
            with pytest.raises(StoreError, match=r"^no space is left for the store in .*/cache$"):
                store.put_many({"large": b"x" * 300_000})
        assert store.get_many([*ROWS, "large"]) == ROWS
        filler.unlink()
        store.put_many({"small": b"1"})
        assert store.get_many([*ROWS, "small"]) == {**ROWS, "small": b"1"}
        assert store.notices == []


def test_a_store_on_a_full_disk_can_be_opened_and_read(small_disk: Path) -> None:
    filled(small_disk / "cache", ROWS)
    filler = fill_up(small_disk)
    with DiskStore(small_disk / "cache") as store:
        assert store.get_many(ROWS) == ROWS
        with pytest.raises(StoreError, match=r"^no space is left|cannot be written"):
            store.put_many({"large": b"x" * 300_000})
        assert store.get_many(ROWS) == ROWS
        filler.unlink()
        store.put_many({"small": b"1"})
        assert store.get_many(["small"]) == {"small": b"1"}
        assert store.notices == []


def test_no_store_can_be_begun_on_a_full_disk(small_disk: Path) -> None:
    (small_disk / "cache").mkdir(mode=0o700)
    filler = fill_up(small_disk)
    with pytest.raises(StoreError) as raised:
        DiskStore(small_disk / "cache")
    assert "\n" not in str(raised.value)
    filler.unlink()
    with DiskStore(small_disk / "cache") as store:
        store.put_many({"a": b"1"})
        assert store.get_many(["a"]) == {"a": b"1"}


def test_a_store_on_a_read_only_file_system_can_be_read(small_disk: Path) -> None:
    cache = small_disk / "cache"
    filled(cache, ROWS)
    with read_only(small_disk), DiskStore(cache) as store:
        assert store.get_many(ROWS) == ROWS
        assert store.stats().rows == 100
        for operation in (lambda: store.put_many({"a": b"1"}), store.clear, store.collect):
            with pytest.raises(StoreError, match=r"cannot be written; another --cache-dir can$"):
                operation()
        assert store.get_many(ROWS) == ROWS
    with DiskStore(cache) as store:
        store.put_many({"a": b"1"})
        assert store.get_many(["a"]) == {"a": b"1"}


def test_a_store_that_can_be_written_again_is_written(small_disk: Path) -> None:
    cache = small_disk / "cache"
    filled(cache, ROWS)
    with read_only(small_disk):
        store = DiskStore(cache)
        store.get_many(ROWS)
    with store:
        store.put_many({"a": b"1"})
        assert store.get_many([*ROWS, "a"]) == {**ROWS, "a": b"1"}


def test_no_store_can_be_begun_on_a_read_only_file_system(small_disk: Path) -> None:
    with (
        read_only(small_disk),
        pytest.raises(StoreError, match=r"^the cache folder .* cannot be used: Read-only"),
    ):
        DiskStore(small_disk / "cache")


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() == 0, reason="NOT RUN: root may write to any folder"
)
def test_a_store_in_a_folder_without_write_permission_can_be_read(cache_dir: Path) -> None:
    filled(cache_dir, ROWS)
    folders = [cache_dir / "store", cache_dir / "store/v1-1"]
    for folder in folders:
        folder.chmod(0o500)
    try:
        with DiskStore(cache_dir) as store:
            assert store.get_many(ROWS) == ROWS
    finally:
        for folder in folders:
            folder.chmod(0o700)
