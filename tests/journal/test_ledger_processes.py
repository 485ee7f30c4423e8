"""The ledger of many processes at once: limits hold to the token, also for those that are killed."""

import os
import random
import signal
from collections import Counter
from contextlib import ExitStack
from pathlib import Path

import pytest

from sleeplsp.engine.ledger import LOST_S, Caps
from sleeplsp.engine.model import CapError
from tests.journal.conftest import execute, line_from, process
from tests.journal.ledger_cases import NOON, Clock, ledger_in, reservation, settlement

SPENDER = """
import random, sys
from sleeplsp.engine.ledger import Caps
from sleeplsp.engine.model import CapError
from sleeplsp.journal.ledger import DiskLedger
from tests.journal.ledger_cases import NOON, reservation, settlement
folder, name, seed = sys.argv[1], sys.argv[2], int(sys.argv[3])
chance = random.Random(seed)
ledger = DiskLedger(folder, clock=lambda: NOON, lock_s_max=60)
caps = Caps(tokens_day=30_000, tokens_run=5_000, tokens_module=8_000, cost_day=0.5)
print("ready", flush=True)
sys.stdin.readline()
refused, under_way = 0, []
while refused < 12:
    try:
        wanted = chance.randrange(1, 400)
        said = {"root": chance.choice("rs"), "run": name, "path": chance.choice("abcd")}
        number = ledger.reserve(reservation(wanted, cost=str(wanted / 1e5), **said), caps)
        under_way.append((number, wanted))
        print("reserved", number, wanted, flush=True)
    except CapError as error:
        refused += 1
        print("refused", str(error).split()[0], flush=True)
    if len(under_way) > chance.randrange(4):
        number, wanted = under_way.pop(chance.randrange(len(under_way)))
        used = chance.randrange(wanted + 1)
        print("settling", number, used, flush=True)
        ledger.settle(number, settlement("stop", f"{used - used // 3}+{used // 3}", cost=str(used / 1e5)))
        print("settled", number, used, flush=True)
while under_way and sys.argv[4] == "all":
    number, _ = under_way.pop()
    ledger.settle(number, settlement("stop", "0+0"))
ledger.close()
"""
WATCH = """
CREATE TRIGGER watch_{event} AFTER {event} ON calls BEGIN
    INSERT INTO over SELECT 'day', sum(reserved + prompt + completion) FROM calls
        GROUP BY day HAVING sum(reserved + prompt + completion) > 30000;
    INSERT INTO over SELECT 'run', sum(reserved + prompt + completion) FROM calls
        GROUP BY run HAVING sum(reserved + prompt + completion) > 5000;
    INSERT INTO over SELECT 'module', sum(reserved + prompt + completion) FROM calls
        GROUP BY day, root, path HAVING sum(reserved + prompt + completion) > 8000;
    INSERT INTO over SELECT 'money', sum(reserved_cost + cost) FROM calls
        GROUP BY day HAVING sum(reserved_cost + cost) > 500000000;
END
"""
"""Has SQLite itself write down whenever a limit is broken, be it for a moment."""


def watch(state_dir: Path) -> None:
    with ledger_in(state_dir) as ledger:
        ledger.settle(ledger.reserve(reservation(1), Caps()), settlement("stop", "0+0"))
    execute(state_dir, "DELETE FROM calls")
    execute(state_dir, "CREATE TABLE over (what, amount)")
    for event in ("INSERT", "UPDATE"):
        execute(state_dir, WATCH.format(event=event))


def test_eight_processes_together_take_no_token_more(state_dir: Path) -> None:
    watch(state_dir)
    with ExitStack() as stack:
        spenders = [
            stack.enter_context(process(SPENDER, state_dir, name, seed, "all"))
            for seed, name in enumerate("abcdefgh")
        ]
        for each in spenders:
            assert line_from(each) == "ready"
        for each in spenders:
            assert each.stdin is not None
            each.stdin.write("\n")
            each.stdin.flush()
        lines = [line.split() for each in spenders for line in each.communicate()[0].splitlines()]
        assert [each.returncode for each in spenders] == [0] * 8
    assert execute(state_dir, "SELECT * FROM over") == []
    settled = {
        int(number): int(used) for word, number, used in (each for each in lines if each[0] == "settled")
    }
    reserved = [each for each in lines if each[0] == "reserved"]
    with ledger_in(state_dir) as ledger:
        books = ledger.books()
        assert books.under_way == 0
        assert books.tokens_today == sum(settled.values()) > 15_000
        assert sum(each.calls for each in books.today) == len(reserved) > 8 * 10
    booked = execute(state_dir, "SELECT id, prompt + completion FROM calls WHERE prompt + completion > 0")
    assert {*booked} == {each for each in settled.items() if each[1]}
    refused = Counter(each[1] for each in lines if each[0] == "refused")
    assert len(refused) > 1, "more than one limit was met"


def lines_until_killed(state_dir: Path, seed: int, count: int) -> list[list[str]]:
    """Return what a spender said before it was killed, after so many lines or a few more."""
    with process(SPENDER, state_dir, f"run{seed}", seed, "none") as spender:
        assert line_from(spender) == "ready"
        assert spender.stdin is not None
        assert spender.stdout is not None
        spender.stdin.write("\n")
        spender.stdin.flush()
        lines = [line_from(spender) for _ in range(count)]
        os.kill(spender.pid, signal.SIGKILL)
        whole = spender.stdout.read().split("\n")[:-1]
        return [line.split() for line in (*lines, *whole)]


def test_what_a_killed_process_reserved_counts_for_an_hour(state_dir: Path) -> None:
    """Killed at moments that nobody chose; what it was told to be booked is booked."""
    watch(state_dir)
    chance = random.Random(5)
    said = [
        line for seed in range(8) for line in lines_until_killed(state_dir, seed, chance.randrange(2, 30))
    ]
    told = {
        word: {int(each[1]): int(each[2]) for each in said if each[0] == word}
        for word in ("reserved", "settling", "settled")
    }
    rows = execute(state_dir, "SELECT id, outcome, reserved, prompt + completion FROM calls")
    booked = {int(str(number)): (outcome, reserved, used) for number, outcome, reserved, used in rows}
    assert told["reserved"].keys() <= booked.keys()
    assert len(booked) <= len(told["reserved"]) + 8, "of each the last may be on disk and not yet told"
    for number, wanted in told["reserved"].items():
        whole = ("stop", 0, told["settling"].get(number))
        assert booked[number] == whole or (
            number not in told["settled"] and booked[number] == (None, wanted, 0)
        )
    left = sum(int(str(reserved)) for outcome, reserved, _ in booked.values() if outcome is None)
    assert left > 0
    assert execute(state_dir, "SELECT * FROM over") == []
    assert execute(state_dir, "PRAGMA integrity_check") == [("ok",)]
    check_lost(state_dir, left, sum(outcome is None for outcome, _, _ in booked.values()))


def check_lost(state_dir: Path, left: int, calls: int) -> None:
    """Check that reservations of the dead are held for an hour, and not a second more."""
    with ledger_in(state_dir, clock := Clock(NOON + LOST_S)) as ledger:
        books = ledger.books()
        assert (books.reserved, books.under_way) == (left, calls)
        with pytest.raises(CapError):
            ledger.reserve(reservation(1, run="new"), Caps(tokens_day=books.tokens_today))
        clock.at += 1
        assert ledger.books().tokens_today == books.tokens_today - left
        ledger.reserve(reservation(left, run="new"), Caps(tokens_day=books.tokens_today))
        after = ledger.books()
        assert sum(each.failed for each in after.today) == calls
        assert (after.reserved, after.under_way) == (left, 1)
