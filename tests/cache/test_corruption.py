"""A corrupted store is set aside and begun anew, and says so; no wrong row is ever returned."""

import os
import random
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from sleeplsp.cache.disk import DiskStore
from tests.cache.conftest import execute, file_of, filled

ROWS = {f"{number:064x}": os.urandom(3000) for number in range(200)}


def garbage_after_the_first_page(file: Path) -> None:
    raw = file.read_bytes()
    file.write_bytes(raw[:4096] + random.Random(1).randbytes(len(raw) - 4096))


def garbage_throughout(file: Path) -> None:
    file.write_bytes(random.Random(2).randbytes(file.stat().st_size))


def cut_in_half(file: Path) -> None:
    os.truncate(file, file.stat().st_size // 2)


def cut_to_a_fragment(file: Path) -> None:
    os.truncate(file, 50)


def emptied(file: Path) -> None:
    os.truncate(file, 0)


def removed(file: Path) -> None:
    file.unlink()


def a_folder_instead(file: Path) -> None:
    file.unlink()
    file.mkdir()


def a_folder_beside(file: Path) -> None:
    file.with_name(f"{file.name}-wal").mkdir()


def another_folder_beside(file: Path) -> None:
    file.with_name(f"{file.name}-shm").mkdir()


def another_database(file: Path) -> None:
    file.unlink()
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("CREATE TABLE t (x)")


def without_its_rows(file: Path) -> None:
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("DROP TABLE Cache")


def without_its_count(file: Path) -> None:
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("DELETE FROM Settings WHERE key = 'count'")


DAMAGES = [
    garbage_after_the_first_page,
    garbage_throughout,
    cut_in_half,
    cut_to_a_fragment,
    emptied,
    removed,
    a_folder_instead,
    a_folder_beside,
    another_folder_beside,
    another_database,
    without_its_rows,
    without_its_count,
]


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("first", ["get", "put"])
def test_a_damaged_store_is_set_aside_and_begun_anew(
    cache_dir: Path, damage: Callable[[Path], None], first: str
) -> None:
    filled(cache_dir, ROWS)
    file = file_of(cache_dir)
    damage(file)
    with DiskStore(cache_dir) as store:
        if first == "get":
            found = store.get_many(ROWS)
            assert found.items() <= ROWS.items()
            assert len(found) < len(ROWS)
        store.put_many(ROWS)
        assert store.get_many(ROWS) == ROWS
        (notice,) = store.notices
        set_aside = file.parent.with_name(f"{file.parent.name}.broken")
        assert notice.startswith("the store was corrupted (")
        assert notice.endswith(f"): it was set aside as {set_aside} and begun anew")
        assert "\n" not in notice
        assert set_aside.is_dir()
    with DiskStore(cache_dir) as store:
        assert store.get_many(ROWS) == ROWS
        assert store.notices == []


@pytest.mark.parametrize("damage", [garbage_after_the_first_page, cut_in_half, emptied])
def test_damage_while_the_store_is_open(cache_dir: Path, damage: Callable[[Path], None]) -> None:
    filled(cache_dir, ROWS)
    with DiskStore(cache_dir) as store:
        damage(file_of(cache_dir))
        assert store.get_many(ROWS).items() <= ROWS.items()
        store.put_many(ROWS)
        assert store.get_many(ROWS) == ROWS
        assert len(store.notices) == 1


@pytest.mark.parametrize("seed", range(40))
def test_a_few_garbled_pages_never_yield_a_wrong_row(cache_dir: Path, seed: int) -> None:
    filled(cache_dir, ROWS)
    file = file_of(cache_dir)
    chance = random.Random(seed)
    raw = bytearray(file.read_bytes())
    for _ in range(5):
        start = chance.randrange(len(raw) - 600)
        raw[start : start + 600] = chance.randbytes(600)
    file.write_bytes(raw)
    with DiskStore(cache_dir) as store:
        assert store.get_many(ROWS).items() <= ROWS.items()
        store.put_many(ROWS)
        found = store.get_many(ROWS)
        assert found.items() <= ROWS.items()


def test_only_the_last_store_set_aside_is_kept(cache_dir: Path) -> None:
    for _ in range(3):
        filled(cache_dir, {"a": b"1"})
        emptied(file_of(cache_dir))
    with DiskStore(cache_dir) as store:
        assert len(store.notices) == 1
    names = sorted(path.name for path in (cache_dir / "store").iterdir())
    assert names == ["v1-3.broken", "v1-4"]


def test_a_process_that_has_the_store_open_follows_to_the_new_one(cache_dir: Path) -> None:
    with DiskStore(cache_dir) as first:
        first.put_many({"a": b"1"})
        emptied(file_of(cache_dir))
        with DiskStore(cache_dir) as second:
            second.put_many({"b": b"2"})
            first.put_many({"c": b"3"})
            assert first.get_many("abc") == second.get_many("abc") == {"b": b"2", "c": b"3"}


def test_a_removed_cache_folder_is_made_again(cache_dir: Path) -> None:
    with DiskStore(cache_dir) as store:
        store.put_many({"a": b"1"})
        cache_dir.rename(cache_dir.with_name("gone"))
        store.put_many({"b": b"2"})
        assert store.get_many("ab") == {"b": b"2"}
        assert (cache_dir / "store").stat().st_mode & 0o777 == 0o700


def test_an_intact_store_is_never_set_aside(cache_dir: Path) -> None:
    for _ in range(3):
        filled(cache_dir, ROWS)
        with DiskStore(cache_dir) as store:
            store.collect()
            assert store.get_many(ROWS) == ROWS
            assert store.notices == []
    assert [path.name for path in (cache_dir / "store").iterdir()] == ["v1-1"]
    assert execute(cache_dir, "PRAGMA integrity_check") == [("ok",)]
