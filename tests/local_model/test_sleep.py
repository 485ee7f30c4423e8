"""A whole sleep with a model on this machine, which is one setting: what it asks, and asks again; its end."""

import contextlib
import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import write
from tests.local_model.asked import CODE
from tests.local_model.conftest import Served
from tests.local_model.test_server import ends, needs_processes

SHOP = """\
from basket import Basket


def shout(basket: Basket) -> str:
    '''Return the name of what is cheapest, in capitals.'''
    return basket.cheapest().upper()


def receipt(baskets):
    '''Yield a line for each basket that has something in it.'''
    for basket in baskets:
        if basket.items:
            yield f"{basket.owner}: {basket.total()}"
"""
COMPLETE = 0
START_S_MAX = 60
SETTINGS = {
    "SLEEPLSP_GENERATIONS_MAX": "1",
    "SLEEPLSP_REPLY_TOKENS_MAX": "600",
    "SLEEPLSP_CALL_S_MAX": "600",
    "SLEEPLSP_JOBS": "1",
    "PYTHONWARNINGS": "error",
}


class Night:
    """A workspace, and commands on it that have a model of their own."""

    def __init__(self, folder: Path, model: str) -> None:
        self.root = write(folder / "workspace", {"basket.py": CODE, "shop.py": SHOP})
        self.state = folder / "state"
        kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
        self.environment = (
            kept
            | SETTINGS
            | {
                "HOME": str(folder),
                "PYTHONPATH": str(Path(__file__).resolve().parents[2]),
                "SLEEPLSP_CACHE_DIR": str(folder / "cache"),
                "SLEEPLSP_STATE_DIR": str(self.state),
                "SLEEPLSP_LOCAL_MODEL": model,
            }
        )

    def start(self, *arguments: str) -> "subprocess.Popen[str]":
        """Start a command."""
        return subprocess.Popen(
            [sys.executable, "-m", "sleeplsp", *arguments],
            cwd=self.root,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, *arguments: str) -> tuple[int, Any]:
        """Run a command; return its exit code and the JSON it printed."""
        with self.start(*arguments) as process:
            out, err = process.communicate()
            assert out, err
            return process.returncode, json.loads(out)

    def calls(self) -> list[tuple[str, str, str | None]]:
        """Return phase, module and outcome of all calls of a model, in their order."""
        with closing(sqlite3.connect(self.state / "journal/1/journal.db")) as connection:
            return connection.execute("SELECT phase, path, outcome FROM calls ORDER BY at").fetchall()


@pytest.fixture
def night(tmp_path: Path, served: Served) -> Night:
    return Night(tmp_path, served.server.plan.path)


def sleeps(calls: list[tuple[str, str, str | None]]) -> set[str]:
    """Return the modules that were slept on."""
    return {path for phase, path, _ in calls if phase == "sleep"}


def test_what_is_known_is_not_asked_again(night: Night) -> None:
    code, first = night.run("precompute", "--format", "json")
    assert first["model"]["stopped"] == ""
    calls = night.calls()
    assert sleeps(calls) == {"basket.py", "shop.py"}
    assert all(outcome is not None for _, _, outcome in calls), "all is settled"
    _, status = night.run("status", "--ledger", "--json")
    asked = [each for each in status["ledger"]["ever"] if each["phase"] != "probe"]
    for name in ("prompt_tokens", "completion_tokens"):
        assert sum(each[name] for each in asked) >= first["model"][name] > 0
    if code != COMPLETE:  # a small model's reply may come to nothing, and will be asked for again
        return
    code, again = night.run("precompute", "--format", "json")
    assert (code, again["model"]["calls"], again["model"]["known"]) == (COMPLETE, 0, 2)
    assert night.calls() == calls
    (night.root / "shop.py").write_text(SHOP.replace("{basket.total()}", "{basket.total():.2f}"))
    night.run("precompute", "--format", "json")
    assert sleeps(night.calls()[len(calls) :]) == {"shop.py"}


def test_at_a_limit_it_stops_and_says_so(night: Night) -> None:
    night.environment["SLEEPLSP_TOKENS_RUN_MAX"] = "2000"
    code, found = night.run("precompute", "--format", "json")
    assert code == 3
    assert found["model"]["stopped"].startswith("tokens_run_max is ")
    assert sleeps(night.calls()) == set()


def served_by(process: "subprocess.Popen[str]") -> int:
    """Wait until a command has started its server; return that one's process."""
    until = time.monotonic() + START_S_MAX
    while time.monotonic() < until and process.poll() is None:
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):  # one that has just ended
            threads = Path(f"/proc/{process.pid}/task").glob("*/children")
            for child in " ".join(each.read_text() for each in threads).split():
                if b"sleeplsp.llm.serving" in Path(f"/proc/{child}/cmdline").read_bytes():
                    return int(child)
    raise AssertionError("it has no server")


@needs_processes
def test_a_command_that_is_killed_takes_its_server_along(night: Night) -> None:
    process = night.start("precompute")
    server = served_by(process)
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()
    assert ends(server)
