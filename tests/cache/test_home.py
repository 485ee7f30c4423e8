"""Where the store lies, and that nobody else has a say in it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from sleeplsp.cache.disk import Collected, DiskStore
from sleeplsp.cache.home import Home, default_cache_dir
from sleeplsp.engine.errors import StoreError
from tests.cache.conftest import file_of, filled


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


def test_every_folder_that_is_made_is_closed_to_others(cache_dir: Path) -> None:
    before = os.umask(0)
    try:
        filled(cache_dir, {"a": b"1"})
    finally:
        os.umask(before)
    assert mode(cache_dir) == 0o700
    assert mode(cache_dir / "store") == 0o700
    assert mode(file_of(cache_dir).parent) == 0o700


@pytest.mark.parametrize("before", [0o755, 0o750, 0o701])
def test_a_store_that_others_could_read_is_closed_and_kept(cache_dir: Path, before: int) -> None:
    filled(cache_dir, {"a": b"1"})
    (cache_dir / "store").chmod(before)
    cache_dir.chmod(before)
    with DiskStore(cache_dir) as store:
        assert (mode(cache_dir), mode(cache_dir / "store")) == (0o700, 0o700)
        assert store.get_many(["a"]) == {"a": b"1"}
        assert store.notices == []


@pytest.mark.parametrize("before", [0o777, 0o720, 0o702])
def test_a_store_that_others_could_write_is_closed_and_not_believed(cache_dir: Path, before: int) -> None:
    filled(cache_dir, {"a": b"1"})
    (cache_dir / "store").chmod(before)
    with DiskStore(cache_dir) as store:
        assert mode(cache_dir / "store") == 0o700
        assert store.get_many(["a"]) == {}
        (notice,) = store.notices
        assert notice.startswith("the store could be written by other users: it was set aside")


def test_an_empty_folder_that_was_there_is_closed(cache_dir: Path) -> None:
    cache_dir.mkdir(mode=0o755)
    with DiskStore(cache_dir):
        assert (mode(cache_dir), mode(cache_dir / "store")) == (0o700, 0o700)


def test_a_folder_that_serves_other_ends_is_left_as_it_is(cache_dir: Path) -> None:
    cache_dir.mkdir()
    (cache_dir / "other").mkdir()
    cache_dir.chmod(0o755)
    with DiskStore(cache_dir):
        assert (mode(cache_dir), mode(cache_dir / "store")) == (0o755, 0o700)


def test_a_store_of_another_user_is_refused(cache_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    filled(cache_dir, {"a": b"1"})
    owner = os.geteuid()
    (cache_dir / "store").chmod(0o777)
    monkeypatch.setattr(os, "geteuid", lambda: owner + 1)
    with pytest.raises(StoreError, match="store belongs to another user; --cache-dir names another"):
        DiskStore(cache_dir)
    assert mode(cache_dir / "store") == 0o777


def test_a_link_in_place_of_the_store_is_refused(cache_dir: Path, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir(mode=0o755)
    cache_dir.mkdir()
    (cache_dir / "store").symlink_to(tmp_path / "mine")
    with pytest.raises(StoreError, match="store is no folder"):
        DiskStore(cache_dir)
    assert mode(tmp_path / "mine") == 0o755
    assert list((tmp_path / "mine").iterdir()) == []


@pytest.mark.parametrize("place", ["file", "file/cache", "$HOME/cache", "a\0b", "dangling"])
def test_a_place_where_no_store_can_be_is_one_clear_line(tmp_path: Path, place: str) -> None:
    (tmp_path / "file").write_text("")
    (tmp_path / "dangling").symlink_to("nowhere")
    with pytest.raises(StoreError, match=r"^the (cache folder|store in) .* cannot be used: ") as raised:
        DiskStore(tmp_path / place)
    assert "\n" not in str(raised.value)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["dangling", "file"]


def test_a_link_that_its_user_has_put_in_place_of_the_folder_is_followed(
    cache_dir: Path, tmp_path: Path
) -> None:
    (tmp_path / "large_disk").mkdir(mode=0o755)
    cache_dir.symlink_to(tmp_path / "large_disk")
    filled(cache_dir, {"a": b"1"})
    assert mode(tmp_path / "large_disk") == 0o700
    with DiskStore(cache_dir) as store:
        assert store.get_many(["a"]) == {"a": b"1"}


def test_where_no_home_directory_is_known_nothing_is_made_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sleeplsp.cache.home.default_cache_dir", lambda: Path("~/.cache/sleeplsp"))
    for named in (None, "~no-such-user/cache"):
        with pytest.raises(StoreError, match="it is not known where the home directory is; --cache-dir"):
            DiskStore(named)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["with space", "100%", "a?b=c#d", "é", os.fsdecode(b"\xff"), "a'b\"c"])
def test_any_other_name_will_do(tmp_path: Path, name: str) -> None:
    for _ in range(2):
        with DiskStore(tmp_path / name) as store:
            store.put_many({"a": b"1"})
            assert store.get_many(["a"]) == {"a": b"1"}
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_a_folder_may_be_given_from_home_or_from_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    assert Home("~/a").cache_dir == tmp_path / "a"
    assert Home("b").cache_dir == tmp_path / "b"


def test_by_default_it_lies_in_the_users_cache_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    assert tmp_path in default_cache_dir().parents
    with DiskStore() as store:
        assert Path(store.stats().folder).parent.parent == default_cache_dir()


def test_formats_live_side_by_side_and_a_collection_drops_the_older(cache_dir: Path) -> None:
    filled(cache_dir, {"a": b"1"})
    home = cache_dir / "store"
    for name in (
        "v0-3",
        "v2-1",
        "v2-1.broken",
        "v1-0.broken",
        "v1-7.new-old",
        "v1-7.new-young",
        "other",
    ):
        (home / name).mkdir()
        (home / name / "file").write_text("x")
    os.utime(home / "v1-7.new-old", (1, 1))
    with DiskStore(cache_dir) as store:
        assert store.get_many(["a"]) == {"a": b"1"}
        collected = store.collect()
        assert (collected.evicted, collected.folders) == (0, 3)
        assert store.get_many(["a"]) == {"a": b"1"}
    assert sorted(path.name for path in home.iterdir()) == [
        "other",
        "v1-1",
        "v1-7.new-young",
        "v2-1",
        "v2-1.broken",
    ]


def test_a_collection_evicts_and_gives_back_space(cache_dir: Path) -> None:
    filled(cache_dir, {f"{number}": b"x" * 10_000 for number in range(100)})
    with DiskStore(cache_dir, bytes_max=200_000) as store:
        before = store.stats()
        collected = store.collect()
        after = store.stats()
        assert after.bytes_used <= 200_000 < before.bytes_used
        assert collected == Collected(100 - after.rows, 0, before.bytes_used - after.bytes_used)
        assert file_of(cache_dir).stat().st_size == after.bytes_used


READING = """
from sleeplsp.cache.disk import DiskStore
with DiskStore(sys.argv[1]) as store:
    assert store.get_many(["a"]) == {"a": b"1"}
"""


@pytest.mark.parametrize(
    ("code", "unwanted"),
    [
        ("import sleeplsp.cache", {"sqlite3", "diskcache", "platformdirs", "msgspec"}),
        (READING, {"diskcache", "pickle", "platformdirs"}),
    ],
    ids=["package", "reading"],
)
def test_only_what_is_needed_is_imported(cache_dir: Path, code: str, unwanted: set[str]) -> None:
    filled(cache_dir, {"a": b"1"})
    command = [sys.executable, "-c", f"import sys\n{code}\nprint(*sys.modules)", str(cache_dir)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    assert unwanted.isdisjoint(done.stdout.split())
