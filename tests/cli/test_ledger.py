"""`sleeplsp status --ledger`: what calls of models took, and what they may still take."""

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from sleeplsp.engine.entries import root_digest
from sleeplsp.engine.ledger import Caps
from sleeplsp.journal.ledger import DiskLedger
from tests.cli.conftest import Command, Result
from tests.cli.test_formats import validate
from tests.journal.ledger_cases import DAY_S, reservation, settlement

ENDPOINT = {"SLEEPLSP_ENDPOINT": "http://localhost:1/v1"}
LIMITS = {"SLEEPLSP_TOKENS_DAY_MAX": "5000", "SLEEPLSP_COST_DAY_MAX": "2.5"}


@pytest.fixture
def own(command: Command, tmp_path: Path) -> Callable[..., Result]:
    """Return a function that asks for the status, with a journal of its own."""
    places = ("--cache-dir", str(tmp_path / "cache"), "--state-dir", str(tmp_path / "state"))
    return lambda *arguments, **variables: command("status", *arguments, *places, **variables)


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[DiskLedger]:
    """Return the same journal's ledger; the clock stands, so that no day ends in between."""
    now = time.time()
    opened = DiskLedger(tmp_path / "state", clock=lambda: now)
    yield opened
    opened.close()


def spend(ledger: DiskLedger, root: str, outcome: str, tokens: str, **said: str) -> None:
    number = ledger.reserve(reservation(2000, root=root, **said), Caps())
    ledger.settle(number, settlement(outcome, tokens, **said))


def test_nothing_was_spent(own: Callable[..., Result]) -> None:
    assert "ledger     no call of a model from this workspace" in own("--ledger").out.splitlines()
    found = own("--ledger", "--json").json
    validate(found, "status")
    assert found["ledger"] == {"today": [], "ever": []}
    assert found["budget"]["tokens_today"] == 0
    plain = own("--json").json
    assert (plain["ledger"], plain["budget"]) == (None, None), "as long as there is no model"
    assert own("--json", **ENDPOINT).json["budget"] is not None


def test_what_was_spent(own: Callable[..., Result], ledger: DiskLedger, workspace: Path) -> None:
    root = root_digest(os.path.realpath(workspace))
    spend(
        ledger, root, "stop", "900+100", cached="600", reasoning="40", seconds="2.5", retries="1", cost="0.5"
    )
    spend(ledger, root, "TruncatedError", "100+200", seconds="1.5", cost="0.25")
    spend(ledger, root, "stop", "10+5", phase="critic")
    spend(ledger, "another", "stop", "500+0")
    ledger.reserve(reservation(700, root=root, cost="0.25"), Caps())
    found = own("--ledger", "--json", **ENDPOINT, **LIMITS).json
    validate(found, "status")
    critic, sleep = found["ledger"]["today"]
    assert found["ledger"]["ever"] == [critic, sleep]
    assert (critic["phase"], critic["calls"], critic["cache_hit_rate"]) == ("critic", 1, 0)
    assert sleep == {
        "phase": "sleep",
        "model": "m",
        "calls": 2,
        "failed": 1,
        "prompt_tokens": 1000,
        "cached_tokens": 600,
        "cache_hit_rate": 0.6,
        "completion_tokens": 300,
        "reasoning_tokens": 40,
        "estimated": 0,
        "retries": 1,
        "seconds": 4.0,
        "cost": 0.75,
    }
    budget = found["budget"]
    assert [budget[each] for each in ("tokens_today", "tokens_reserved", "calls_under_way")] == [2515, 700, 1]
    limits = {
        each["setting"]: (each["per"], each["limit"], each["used"], each["left"]) for each in budget["limits"]
    }
    assert limits["tokens_day_max"] == ("day", 5000, 2515, 2485)
    assert limits["cost_day_max"] == ("day", 2.5, 1, 1.5)
    assert limits["tokens_module_max"] == ("module", 200_000, None, None)
    assert limits["cost_run_max"] == ("run", None, None, None)


def test_the_same_as_text(own: Callable[..., Result], ledger: DiskLedger, workspace: Path) -> None:
    root = root_digest(os.path.realpath(workspace))
    spend(ledger, root, "stop", "900+100", cached="600", seconds="2.5", cost="0.5")
    spend(ledger, root, "UnreachableError", "0+0", estimated="yes")
    ledger.reserve(reservation(1700, root=root), Caps())
    budget = (
        "budget     2,700 of 5,000 tokens today (UTC), 0.5 of 2.5 of money; "
        "1,700 tokens are reserved by 1 call under way"
    )
    assert budget in own(**ENDPOINT, **LIMITS).out.splitlines()
    lines = own("--ledger", **ENDPOINT, **LIMITS).out.splitlines()
    assert budget in lines
    assert "    tokens_day_max     5,000, 2,300 left" in lines
    start = lines.index("ledger     calls of models from this workspace (days are UTC)")
    assert [" ".join(line.split()) for line in lines[start + 1 : start + 5]] == [
        "today calls failed estimated prompt cached hits reply reasoning retries seconds cost",
        "sleep m 2 1 1 900 600 67% 100 0 0 2.5 0.5",
        "ever calls failed estimated prompt cached hits reply reasoning retries seconds cost",
        "sleep m 2 1 1 900 600 67% 100 0 0 2.5 0.5",
    ]


def test_of_other_days_only_the_sums_are_told(
    own: Callable[..., Result], tmp_path: Path, workspace: Path
) -> None:
    before = time.time() - 2 * DAY_S
    earlier = DiskLedger(tmp_path / "state", clock=lambda: before)
    spend(earlier, root_digest(os.path.realpath(workspace)), "stop", "900+100")
    earlier.close()
    found = own("--ledger", "--json").json
    assert (found["ledger"]["today"], len(found["ledger"]["ever"])) == ([], 1)
    assert found["budget"]["tokens_today"] == 0


def test_where_it_cannot_be_read_the_status_says_so(
    own: Callable[..., Result], tmp_path: Path, ledger: DiskLedger
) -> None:
    spend(ledger, "r", "stop", "900+100")
    ledger.close()
    (tmp_path / "state/journal/1/journal.db").write_bytes(b"garbage" * 1000)
    found = own("--ledger", "--json").json
    validate(found, "status")
    assert (found["ledger"], found["budget"]) == (None, None)
    assert "is corrupted" in found["journal"]["problem"]
