"""Dismissals that a repository keeps: made with a reason, honoured, counted, found stale, taken away."""

from pathlib import Path
from typing import Any

import pytest

from sleeplsp.cli import app, modelled
from tests.cli.conftest import MAIN, STORE, Command, write
from tests.cli.test_formats import validate
from tests.insights import insight_of

FILE = "sleeplsp-baseline.toml"


def suspicion(command: Command) -> Any:
    (found,) = command("query", "bugs", "--json").json["suspicions"]
    return found


@pytest.fixture
def dismissed(command: Command) -> str:
    """Dismiss the only suspicion there is; return its id."""
    named = suspicion(command)["id"]
    told = command("baseline", "add", named, "--reason", "keys are always there")
    assert told.code == 0, told.err
    return str(named)


@pytest.mark.usefixtures("dismissed")
def test_what_is_dismissed_is_hidden_and_counted(command: Command) -> None:
    assert command("query", "bugs").out == ""
    assert "1 hidden (--all)" in command("query", "bugs").err
    told = command("query", "bugs", "--all").out
    assert "(dismissed: keys are always there)" in told
    assert "baseline       1 suspicion dismissed" in told
    found = command("query", "bugs", "--json").json
    validate(found, "query-bugs")
    assert found["suspicions"][0]["dismissed"] == "keys are always there"
    assert not found["suspicions"][0]["shown_as_diagnostic"]
    report = command("precompute", "--fail-on", "warning")
    assert report.code == 0
    assert "1 dismissed" in report.out
    assert command("precompute", "--format", "sarif").json["runs"][0]["results"] == []
    full = command("precompute", "--format", "json").json
    validate(full, "precompute")
    assert full["baseline"] == {"entries": 1, "hidden": 1, "stale": []}


def test_an_entry_goes_with_its_code(command: Command, workspace: Path, dismissed: str) -> None:
    write(workspace, {"main.py": "# Moved.\n\n\n" + MAIN})
    assert command("query", "bugs").out == ""
    (workspace / "main.py").rename(workspace / "other.py")
    found = suspicion(command)
    assert found["id"] != dismissed
    assert found["dismissed"]


def test_an_edit_of_the_code_makes_an_entry_stale(command: Command, workspace: Path, dismissed: str) -> None:
    write(workspace, {"main.py": MAIN.replace("load(key,", "load(key + 1,")})
    assert command("query", "bugs").out != ""
    told = command("query", "bugs", "--all").out
    assert f"stale: {dismissed} main.py shout none-dereference: keys are always there" in told
    assert f"stale: {dismissed}" in command("precompute").out
    assert f"taken away: {dismissed}" in command("baseline", "prune").err
    assert "dismissed]]" not in (workspace / FILE).read_text("utf-8")
    assert "every entry still hides something" in command("baseline", "prune").err


def test_what_is_taken_away_is_shown_again(command: Command, dismissed: str) -> None:
    assert command("baseline", "remove", dismissed).code == 0
    assert command("query", "bugs").out != ""
    assert command("baseline", "remove", dismissed).code == 2


@pytest.mark.usefixtures("dismissed")
def test_a_broken_module_makes_nothing_stale(command: Command, workspace: Path) -> None:
    write(workspace, {"main.py": MAIN + "def (:\n"})
    assert "stale" not in command("query", "bugs", "--all").out


def test_what_cannot_be_dismissed_is_refused(command: Command, workspace: Path) -> None:
    named = suspicion(command)["id"]
    assert command("baseline", "add", named, "--reason", " ").code == 2
    assert command("baseline", "add", "0" * 16, "--reason", "so").code == 2
    (workspace / FILE).write_text("[[dismissed]", "utf-8")
    told = command("baseline", "add", named, "--reason", "so")
    assert told.code == 2
    assert "mend it first" in told.err
    assert (workspace / FILE).read_text("utf-8") == "[[dismissed]"
    assert f"warning: {FILE}: ignored" in command("query", "bugs").err


def test_a_link_is_neither_read_nor_written(command: Command, workspace: Path, tmp_path: Path) -> None:
    named = suspicion(command)["id"]
    target = tmp_path / "target"
    target.write_text("secret = 1\n", "utf-8")
    (workspace / FILE).symlink_to(target)
    told = command("baseline", "add", named, "--reason", "so")
    assert told.code == 2
    assert "no file of its own" in told.err
    assert target.read_text("utf-8") == "secret = 1\n"
    assert command("query", "bugs").out != ""


def test_what_a_model_suspects_can_be_dismissed_too(
    environment: dict[str, str],
    workspace: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(workspace)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    claims = """
    [[suspicions]]
    symbol = "load"
    quote = "table[key]"
    message = "Keys are compared exactly."
    votes = "2/3"
    """
    insights = {"store.py": insight_of("store.py", STORE, claims)}
    monkeypatch.setattr(modelled, "insights", lambda _: insights)
    assert app.run(["query", "bugs", "store.py", "--all"]) == 0
    assert "Keys are compared exactly." in capfd.readouterr().out
    assert app.run(["baseline", "add", "model-table[key]", "--reason", "as dict does"]) == 0
    assert app.run(["query", "bugs", "store.py", "--all"]) == 0
    assert "(dismissed: as dict does)" in capfd.readouterr().out
    # Without the model nobody knows whether it is still suspected: the entry is not called stale.
    monkeypatch.setattr(modelled, "insights", lambda _: {})
    assert app.run(["query", "bugs", "--all"]) == 0
    assert "stale" not in capfd.readouterr().out
