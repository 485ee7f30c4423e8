"""The journal on disk: nobody waits for it; damage, newer versions, full disks and other processes."""

import os
import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from sleeplsp.engine.account import Account
from sleeplsp.engine.errors import JournalError
from sleeplsp.journal.disk import DiskJournal
from tests.journal.conftest import ROOT, execute, file_of, journal, noted, query
from tests.small_disk import fill_up, read_only


def filled(state_dir: Path) -> None:
    with journal(state_dir) as opened:
        for number in range(500):
            opened.tell(query(f"{number}.py"))


def test_it_is_open_to_its_owner_alone(state_dir: Path) -> None:
    filled(state_dir)
    folders = [state_dir, state_dir / "journal", file_of(state_dir).parent]
    assert [oct(each.stat().st_mode)[-3:] for each in folders] == ["700"] * 3


def test_a_folder_that_serves_other_ends_is_left_as_it_is(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    filled(tmp_path)
    assert oct(tmp_path.stat().st_mode)[-3:] == "755"
    assert oct((tmp_path / "journal").stat().st_mode)[-3:] == "700"


def test_nothing_is_made_before_something_is_told(state_dir: Path) -> None:
    opened = DiskJournal(state_dir)
    assert opened.account(ROOT) == Account()
    assert opened.flush()
    opened.close()
    assert not state_dir.exists()


def test_what_was_told_is_kept_at_the_end(state_dir: Path) -> None:
    filled(state_dir)
    assert len(noted(state_dir)) == 500
    assert DiskJournal(state_dir).account(ROOT).found == 500


def test_who_tells_does_not_wait_and_what_is_beyond_the_limit_is_counted(state_dir: Path) -> None:
    filled(state_dir)
    opened = DiskJournal(state_dir, queue_max=10, together_s=60)
    with closing(sqlite3.connect(file_of(state_dir), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")  # nothing can be written until all is told
        for _ in range(100):
            opened.tell(query("a.py"))
        other.execute("ROLLBACK")
    opened.close()
    opened.tell(query("a.py"))  # too late, and harmless
    found = opened.account(ROOT)
    assert found.found - 500 + found.dropped == 100
    assert 80 <= found.dropped <= 90, "the first may have left the queue by then"
    assert opened.notices == []


def test_what_another_process_keeps_from_being_written_is_written_later(state_dir: Path) -> None:
    filled(state_dir)
    opened = DiskJournal(state_dir, lock_s_max=0.01)
    with closing(sqlite3.connect(file_of(state_dir), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        opened.tell(query("a.py"))
        assert not opened.flush()
        assert not opened.flush()
        other.execute("ROLLBACK")
    opened.tell(query("a.py"))
    assert opened.flush()
    opened.close()
    assert noted(state_dir)["a.py"] == 2
    [notice] = opened.notices
    assert notice == (
        f"what happens is not noted: the journal in {state_dir / 'journal'} is locked by another process"
    )


def cut_in_half(file: Path) -> None:
    os.truncate(file, file.stat().st_size // 2)


def emptied(file: Path) -> None:
    os.truncate(file, 0)


def garbage(file: Path) -> None:
    file.write_bytes(b"garbage" * 1000)


def garbage_behind_the_first_page(file: Path) -> None:
    raw = file.read_bytes()
    file.write_bytes(raw[:4096] + b"\xa5" * (len(raw) - 4096))


def another_database(file: Path) -> None:
    file.unlink()
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("CREATE TABLE t (x)")


def without_a_table(file: Path) -> None:
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("DROP TABLE counts")


def removed(file: Path) -> None:
    file.unlink()


DAMAGES = [
    cut_in_half,
    emptied,
    garbage,
    garbage_behind_the_first_page,
    another_database,
    without_a_table,
    removed,
]


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_corrupted_journal_is_set_aside_and_kept(state_dir: Path, damage: Callable[[Path], None]) -> None:
    filled(state_dir)
    file = file_of(state_dir)
    damage(file)
    left = file.read_bytes() if file.exists() else None
    with journal(state_dir) as opened:
        opened.tell(query("a.py"))
    [notice] = opened.notices
    aside = state_dir / "journal" / "1.broken"
    assert notice.startswith("the journal was corrupted (")
    assert notice.endswith(f"): it was set aside as {aside} and begun anew")
    assert noted(state_dir) == {"a.py": 1}
    if left is not None:
        assert (aside / "journal.db").read_bytes() == left, "for whoever can mend it"
    with journal(state_dir) as later:
        later.tell(query("a.py"))
    assert later.notices == []
    assert noted(state_dir) == {"a.py": 2}


def test_all_that_were_set_aside_are_kept(state_dir: Path) -> None:
    for _ in range(3):
        filled(state_dir)
        garbage(file_of(state_dir))
    filled(state_dir)
    names = sorted(path.name for path in (state_dir / "journal").iterdir())
    assert names == ["1.broken", "2.broken", "3.broken", "4"]


def test_a_corrupted_journal_can_be_asked(state_dir: Path) -> None:
    filled(state_dir)
    garbage(file_of(state_dir))
    with pytest.raises(JournalError, match=r"is corrupted .*; it will be set aside and begun anew$"):
        DiskJournal(state_dir).account(ROOT)
    assert file_of(state_dir).exists(), "asking changes nothing"


def test_who_has_it_open_follows_to_the_new_one(state_dir: Path) -> None:
    first = DiskJournal(state_dir)
    first.tell(query("a.py"))
    assert first.flush()
    os.truncate(file_of(state_dir), 100)
    with journal(state_dir) as second:
        second.tell(query("b.py"))
    first.tell(query("c.py"))
    first.close()
    assert len(first.notices) + len(second.notices) == 1
    assert noted(state_dir) == {"b.py": 1, "c.py": 1}


def test_a_newer_journal_is_not_touched(state_dir: Path) -> None:
    filled(state_dir)
    execute(state_dir, "INSERT INTO migrations VALUES (99, 0, 'later')")
    before = file_of(state_dir).read_bytes()
    told = (
        f"the journal in {state_dir / 'journal'} is a newer version's: it is left alone, and nothing is noted"
    )
    with journal(state_dir) as opened:
        for _ in range(3):
            opened.tell(query("a.py"))
            assert not opened.flush()
    assert opened.notices == [told]
    with pytest.raises(JournalError) as raised:
        opened.account(ROOT)
    assert str(raised.value) == told
    assert file_of(state_dir).read_bytes() == before
    assert [path.name for path in (state_dir / "journal").iterdir()] == ["1"]


def test_a_file_with_no_tables_yet_is_brought_up_to_date(state_dir: Path) -> None:
    filled(state_dir)
    for (table,) in execute(state_dir, "SELECT name FROM sqlite_master WHERE type = 'table'"):
        execute(state_dir, f"DROP TABLE {table}")
    assert DiskJournal(state_dir).account(ROOT) == Account()
    filled(state_dir)
    assert len(noted(state_dir)) == 500


def test_a_mistake_in_an_entry_does_not_come_back_with_every_batch(state_dir: Path) -> None:
    with journal(state_dir) as opened:
        opened.tell(query("a.py", at=1e30))
        assert not opened.flush()
        opened.tell(query("a.py"))
        assert opened.flush()
    assert noted(state_dir) == {"a.py": 1}
    [notice] = opened.notices
    assert notice.startswith("what happens is not noted: internal error: ")
    assert opened.account(ROOT).dropped == 1


def tell_much(opened: DiskJournal) -> None:
    for _ in range(500):
        opened.tell(query("a.py"))


def test_many_threads_may_tell(state_dir: Path) -> None:
    with journal(state_dir) as opened:
        threads = [threading.Thread(target=tell_much, args=[opened]) for _ in range(8)]
        for each in threads:
            each.start()
        for each in threads:
            each.join()
    assert noted(state_dir) == {"a.py": 4000}


def test_on_a_full_disk_it_is_said_once_and_kept_once_there_is_space(small_disk: Path) -> None:
    state = small_disk / "state"
    filled(state)
    opened = DiskJournal(state)
    filler = fill_up(small_disk)
    for number in range(300):
        opened.tell(query(f"{'long' * 20}{number}.py"))
    assert not opened.flush()
    assert not opened.flush()
    [notice] = opened.notices
    assert notice == f"what happens is not noted: no space is left for the journal in {state / 'journal'}"
    filler.unlink()
    opened.close()
    assert len(noted(state)) == 800
    assert len(opened.notices) == 1


def test_no_journal_can_be_begun_on_a_full_disk(small_disk: Path) -> None:
    filler = fill_up(small_disk)
    opened = DiskJournal(small_disk / "state")
    opened.tell(query("a.py"))
    assert not opened.flush()
    filler.unlink()
    opened.close()
    assert len(opened.notices) == 1
    assert noted(small_disk / "state") == {"a.py": 1}


def test_a_journal_on_a_read_only_file_system_can_be_asked(small_disk: Path) -> None:
    state = small_disk / "state"
    filled(state)
    with read_only(small_disk):
        opened = DiskJournal(state)
        assert opened.account(ROOT).found == 500
        opened.tell(query("a.py"))
        assert not opened.flush()
        [notice] = opened.notices
        assert "cannot be written; another --state-dir can" in notice
        assert opened.account(ROOT).found == 500
    opened.close()
    assert noted(state)["a.py"] == 1


def test_no_journal_can_be_begun_on_a_read_only_file_system(small_disk: Path) -> None:
    with read_only(small_disk):
        opened = DiskJournal(small_disk / "state")
        assert opened.account(ROOT) == Account()
        opened.tell(query("a.py"))
        opened.close()
    [notice] = opened.notices
    assert "cannot be written" in notice


@pytest.mark.parametrize("place", ["~nobody-of-that-name/x", "a\0b", "file/below"])
def test_a_place_that_is_none_is_said(tmp_path: Path, place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "file").write_text("")
    opened = DiskJournal(place)
    opened.tell(query("a.py"))
    opened.close()
    [notice] = opened.notices
    assert notice.startswith("what happens is not noted: ")


def test_a_link_in_its_place_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    state = tmp_path / "state"
    state.mkdir()
    (state / "journal").symlink_to(tmp_path / "other")
    opened = DiskJournal(state)
    opened.tell(query("a.py"))
    opened.close()
    assert len(opened.notices) == 1
    assert not [*(tmp_path / "other").iterdir()]
