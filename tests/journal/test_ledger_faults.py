"""The ledger where its file is damaged, another version's, locked or read-only: nothing is spent unbooked."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from sleeplsp.engine.account import FunnelLine
from sleeplsp.engine.errors import JournalError
from sleeplsp.engine.ledger import Caps
from sleeplsp.engine.model import CapError
from sleeplsp.journal.disk import DiskJournal
from sleeplsp.journal.file import JournalFile
from sleeplsp.journal.schema import MIGRATIONS, begun_at
from tests.fixture_files import FIXTURES, read_cases
from tests.journal.conftest import execute, file_of
from tests.journal.ledger_cases import DAY_S, Clock, ledger_in, reservation, settlement
from tests.journal.test_disk import DAMAGES, garbage, without_a_table
from tests.small_disk import read_only

NO_CAPS = Caps()


def without_calls(file: Path) -> None:
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("DROP TABLE calls")


def filled(state_dir: Path, calls: int = 100) -> None:
    with ledger_in(state_dir) as ledger:
        for _ in range(calls):
            ledger.settle(ledger.reserve(reservation(10), NO_CAPS), settlement("stop", "1+0"))


def begun_anew(state_dir: Path) -> float:
    """Begin the journal anew, as whoever next has something to note does; return when that was."""
    file = JournalFile(state_dir, 10)
    at = file.write(begun_at)
    file.close()
    return at


@pytest.mark.parametrize(
    "damage", [*(each for each in DAMAGES if each is not without_a_table), without_calls]
)
def test_with_a_corrupted_journal_nothing_is_spent_on_that_day(
    state_dir: Path, damage: Callable[[Path], None]
) -> None:
    """Nobody knows what was spent before; the user may say that it does not matter."""
    filled(state_dir)
    damage(file_of(state_dir))
    aside = state_dir / "journal" / "1.broken"
    with ledger_in(state_dir, clock := Clock()) as ledger:
        with pytest.raises(
            JournalError, match=rf"^the journal was corrupted \(.*: it was set aside as {aside}"
        ):
            ledger.reserve(reservation(10), NO_CAPS)
        clock.at = begun_anew(state_dir)
        with pytest.raises(JournalError) as raised:
            ledger.reserve(reservation(10), NO_CAPS)
        assert str(raised.value) == (
            "the journal was corrupted and begun anew today (UTC), so that nobody knows what was spent: "
            f"no model is asked until tomorrow, or until {aside} is removed"
        )
        clock.at += DAY_S
        ledger.reserve(reservation(10), NO_CAPS)
        clock.at -= DAY_S
        aside.rename(state_dir / "elsewhere")
        ledger.reserve(reservation(10), NO_CAPS)
    assert ledger.notices == []


def test_what_was_paid_for_is_booked_though_its_file_was_set_aside(state_dir: Path) -> None:
    with ledger_in(state_dir) as ledger:
        numbers = [ledger.reserve(reservation(100), NO_CAPS) for _ in range(2)]
        garbage(file_of(state_dir))
        with ledger_in(state_dir) as other, pytest.raises(JournalError):
            other.reserve(reservation(100), NO_CAPS)
        ledger.settle(numbers[0], settlement("stop", "30+4"))
        books = ledger.books()
        assert [each.prompt for each in books.today] == [30]
        assert (books.tokens_today, books.under_way) == (34, 0), "the other's maximum is forgotten"
        without_calls(file_of(state_dir))
        ledger.settle(numbers[1], settlement("stop", "50+0"))
        assert ledger.books().tokens_today == 50
    [notice] = ledger.notices
    assert notice.startswith("the journal was corrupted (no such table: calls): it was set aside as ")


def test_what_cannot_be_settled_now_is_settled_with_the_next_call(state_dir: Path) -> None:
    with ledger_in(state_dir, lock_s_max=0.01) as ledger:
        numbers = [ledger.reserve(reservation(100), NO_CAPS) for _ in range(3)]
        with closing(sqlite3.connect(file_of(state_dir), isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            for number in numbers[:2]:
                with pytest.raises(JournalError, match=r"is locked by another process$"):
                    ledger.settle(number, settlement("stop", "30+4"))
            with pytest.raises(JournalError, match=r"is locked by another process$"):
                ledger.reserve(reservation(100), NO_CAPS)
            other.execute("ROLLBACK")
        assert ledger.books().under_way == 3
        last = ledger.reserve(reservation(100), NO_CAPS)
        assert [(each.calls, each.prompt) for each in ledger.books().today] == [(2, 60)]
        with closing(sqlite3.connect(file_of(state_dir), isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(JournalError):
                ledger.settle(last, settlement("stop", "1+0"))
            other.execute("ROLLBACK")
    assert [(each.calls, each.prompt) for each in ledger.books().today] == [(3, 61)], "at the end, too"


def test_with_a_newer_journal_nothing_is_spent(state_dir: Path) -> None:
    filled(state_dir)
    execute(state_dir, "INSERT INTO migrations VALUES (99, 0, 'later')")
    with ledger_in(state_dir) as ledger:
        for _ in range(2):
            with pytest.raises(
                JournalError, match=r"is a newer version's: it is left alone, and nothing is noted$"
            ):
                ledger.reserve(reservation(10), NO_CAPS)
        with pytest.raises(JournalError, match="is a newer version's"):
            ledger.books()
    assert execute(state_dir, "SELECT count(*) FROM calls") == [(100,)]


def test_with_a_read_only_journal_nothing_is_spent(small_disk: Path) -> None:
    filled(small_disk / "state", 10)
    with read_only(small_disk), ledger_in(small_disk / "state") as ledger:
        with pytest.raises(JournalError, match=r"cannot be written; another --state-dir can$"):
            ledger.reserve(reservation(10), NO_CAPS)
        assert ledger.books().tokens_today == 10


def test_a_file_of_the_version_before_is_brought_up_to_date(state_dir: Path) -> None:
    [case] = read_cases(FIXTURES / "journal" / "version-2.md")
    [script] = case.texts("sql")
    file = state_dir / "journal" / "1" / "journal.db"
    file.parent.mkdir(parents=True)
    with closing(sqlite3.connect(file)) as connection:
        connection.executescript(script)
        connection.execute("PRAGMA journal_mode = WAL")
    before = DiskJournal(state_dir).account("r")
    with ledger_in(state_dir) as ledger:
        assert ledger.books().ever == (), "also before anybody has written"
        number = ledger.reserve(reservation(100), Caps(tokens_day=100))
        with pytest.raises(CapError):
            ledger.reserve(reservation(1), Caps(tokens_day=100))
        ledger.settle(number, settlement("stop", "30+4"))
        assert ledger.books("r").tokens_today == 34
    after = DiskJournal(state_dir).account("r")
    assert after == before
    assert after.funnel == (FunnelLine(check="none-dereference", made=1, shown=1, applied=1),)
    assert after.success is not None
    assert after.success.deduced == 7
    assert execute(state_dir, "SELECT version FROM migrations") == [(n + 1,) for n in range(len(MIGRATIONS))]
    assert execute(state_dir, "PRAGMA integrity_check") == [("ok",)]
