"""The ledger: limits and sums, on disk and in memory; damage, other versions, threads."""

import threading
from pathlib import Path

import msgspec
import pytest

from sleeplsp.engine.caps import caps_of
from sleeplsp.engine.ledger import Books, Caps, Ledger
from sleeplsp.engine.model import CapError
from sleeplsp.engine.settings.model import ModelSettings
from sleeplsp.journal.compacting import compact
from sleeplsp.journal.file import JournalFile
from sleeplsp.journal.memory import MemoryLedger
from tests.fixture_files import FIXTURES, Case, read_cases
from tests.journal.conftest import execute
from tests.journal.ledger_cases import (
    NOON,
    ROOT,
    Clock,
    caps,
    ledger_in,
    play,
    reservation,
    settlement,
    told,
)

CASES = {case.name: case for case in read_cases(FIXTURES / "journal" / "ledger.md")}
NO_CAPS = Caps()


def limits_of(case: Case) -> Caps:
    return caps(" ".join(case.texts("caps")))


def calls_of(case: Case) -> str:
    [calls] = case.texts("calls")
    return calls


def check(case: Case, refused: list[str], books: list[str]) -> None:
    assert refused == "".join(case.texts("refused")).splitlines()
    for each in case.texts("books"):
        assert books == each.splitlines()


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_on_disk(case: Case, state_dir: Path) -> None:
    clock = Clock()
    file = JournalFile(state_dir, 10)

    def compacted(at: float) -> None:
        assert file.write(lambda connection: compact(connection, at))

    with ledger_in(state_dir, clock) as ledger:
        refused, names = play(calls_of(case), limits_of(case), ledger, clock, compacted)
        books = told(ledger.books(ROOT))
    file.close()
    if "kept" in "".join(case.texts("books")):
        books += [
            f"kept {names[int(str(number))]}" for (number,) in execute(state_dir, "SELECT id FROM calls")
        ]
    check(case, refused, books)


@pytest.mark.parametrize(
    "case",
    [case for case in CASES.values() if "compact" not in case.texts("calls")[0]],
    ids=lambda case: case.name,
)
def test_in_memory(case: Case) -> None:
    clock = Clock()
    ledger = MemoryLedger(clock)
    refused, _ = play(calls_of(case), limits_of(case), ledger, clock, lambda _: None)
    check(case, refused, told(ledger.books(ROOT)))
    ledger.close()


def test_the_limits_are_those_of_the_settings() -> None:
    names = [
        name
        for name in ModelSettings.__struct_fields__
        if name.endswith(("_day_max", "_run_max", "_module_max"))
    ]
    settings = msgspec.convert({name: number + 1 for number, name in enumerate(names)}, ModelSettings)
    assert len(names) == len(Caps.__struct_fields__)
    assert caps_of(settings) == Caps(
        **{name.removesuffix("_max"): number + 1 for number, name in enumerate(names)}
    )


def test_a_call_is_one_row(state_dir: Path) -> None:
    with ledger_in(state_dir) as ledger:
        number = ledger.reserve(reservation(100, phase="critic", key="k", run="one", cost="0.5"), NO_CAPS)
        [booked] = execute(
            state_dir,
            "SELECT id, run, phase, path, key, model, day, at, reserved, reserved_cost, outcome FROM calls",
        )
        assert booked == (
            number,
            "one",
            "critic",
            "a.py",
            "k",
            "m",
            "2026-09-21",
            NOON,
            100,
            500_000_000,
            None,
        )
        ledger.settle(
            number,
            settlement("stop", "30+40", cached="20", reasoning="10", cost="0.25", seconds="1.5", retries="2"),
        )
    [settled] = execute(
        state_dir,
        "SELECT reserved, reserved_cost, outcome, failed, prompt, cached, completion, reasoning, estimated, "
        "cost, milliseconds, ttft_milliseconds, retries FROM calls",
    )
    assert settled == (0, 0, "stop", 0, 30, 20, 40, 10, 0, 250_000_000, 1500, None, 2)


def test_many_threads_share_one_ledger(state_dir: Path) -> None:
    granted: list[int] = []

    def spend(ledger: Ledger) -> None:
        while True:
            try:
                number = ledger.reserve(reservation(50), Caps(tokens_day=2000))
            except CapError:
                return
            granted.append(number)
            ledger.settle(number, settlement("stop", "30+0"))

    with ledger_in(state_dir) as ledger:
        threads = [threading.Thread(target=spend, args=[ledger]) for _ in range(8)]
        for each in threads:
            each.start()
        for each in threads:
            each.join()
        books = ledger.books()
    assert (books.tokens_today, books.under_way) == (30 * len(granted), 0)
    assert 1950 < books.tokens_today <= 2000


def test_before_the_first_call_there_is_nothing(state_dir: Path) -> None:
    with ledger_in(state_dir) as ledger:
        assert ledger.books() == Books()
        ledger.settle(1, settlement("stop", "1+1"))
    assert not state_dir.exists()
