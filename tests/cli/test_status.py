"""`sleeplsp status`: what the journal tells of runs, failures and suspicions, and how it does without one."""

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from sleeplsp.engine.entries import Act, Shown, Suspect, root_digest
from sleeplsp.engine.noting import Notes
from sleeplsp.journal.disk import DiskJournal
from tests.cli.conftest import Command, Result, write
from tests.cli.test_formats import validate


@pytest.fixture
def own(command: Command, tmp_path: Path) -> Callable[..., Result]:
    """Return a function that runs a command with a store and a journal of its own."""
    places = ("--cache-dir", str(tmp_path / "cache"), "--state-dir", str(tmp_path / "state"))
    return lambda *arguments, **variables: command(*arguments, *places, **variables)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "state/journal/1/journal.db"


def test_runs_are_told(own: Callable[..., Result]) -> None:
    before = own("status", "--json").json
    validate(before, "status")
    assert [before[each] for each in ("run", "last_success", "last_failure", "budget")] == [None] * 4
    assert (before["funnel"], before["failed"]) == ([], [])
    own("precompute")
    first = own("status", "--json").json
    validate(first, "status")
    run = first["run"]
    assert (run["who"], run["cause"]) == ("precompute", "a command")
    assert (run["modules"], run["functions_deduced"], run["functions_kept"]) == (2, 4, 0)
    assert run["begun"] <= run["ended"] <= first["last_run"]
    assert first["last_success"] == run
    own("query", "symbols")
    assert own("status", "--json").json["run"] == run, "it had nothing to think about"
    own("precompute")
    assert own("status", "--json").json["run"]["functions_kept"] == 4
    assert " by precompute (a command): 0 functions deduced, 4 kept, in " in own("status").out


def test_a_query_that_thinks_is_a_run(own: Callable[..., Result]) -> None:
    own("query", "symbols")
    assert own("status", "--json").json["run"]["who"] == "query"


def test_modules_that_failed_are_told_until_they_do_not(own: Callable[..., Result]) -> None:
    told = own("precompute", SLEEPLSP_JOB_S_MAX="0.001")
    assert told.code == 3
    failed = own("status", "--json").json
    assert [each["path"] for each in failed["failed"]] == ["main.py", "store.py"]
    assert failed["run"]["modules_failed"] == 2
    assert "    main.py: " in own("status").out
    own("precompute")
    assert own("status", "--json").json["failed"] == []


def test_the_funnel(own: Callable[..., Result], workspace: Path, tmp_path: Path) -> None:
    own("precompute")
    made = {"check": "none-dereference", "made": 1, "shown": 0}
    made |= dict.fromkeys(("acted", "applied", "ignored", "mended"), 0)
    assert own("status", "--json").json["funnel"] == [made]
    [suspicion] = own("query", "bugs", "--json").json["suspicions"]
    journal = DiskJournal(tmp_path / "state")  # as the server would
    suspect = Suspect(suspicion["id"], "none-dereference", "about")
    root = root_digest(os.path.realpath(workspace))
    journal.tell(Shown(root=root, path="main.py", at=1e9, suspects=(suspect,)))
    Notes(journal, os.path.realpath(workspace), "server").queried("main.py", "hover", found=True)
    journal.close()
    write(workspace, {"main.py": "x = 1\n"})
    own("precompute")
    told = own("status", "--json").json
    validate(told, "status")
    assert told["funnel"] == [made | {"shown": 1, "acted": 1, Act.MENDED.value: 1}]
    assert (told["queries_answered"], told["queries_unanswered"]) == (1, 0)
    text = own("status").out.splitlines()
    [row] = [line.split() for line in text if line.startswith("    none-dereference")]
    assert row == ["none-dereference", "1", "1", "1", "0", "0", "1"]
    assert "queries    1 hover, something known at 1" in text


def test_no_text_of_the_workspace_and_no_place_is_in_the_journal(
    own: Callable[..., Result], workspace: Path, file: Path
) -> None:
    write(
        workspace, {"secret.py": "def topsecret(key):\n    'hush'\n    return None\ntopsecret(1).whisper\n"}
    )
    own("precompute")
    write(workspace, {"secret.py": "def topsecret(key): return key + 'hush'\n"})
    own("precompute", SLEEPLSP_JOB_S_MAX="0.001")
    with closing(sqlite3.connect(file)) as connection:
        dump = "\n".join(connection.iterdump())
    assert "secret.py" in dump
    for each in ("topsecret", "hush", "whisper", str(workspace), workspace.name):
        assert each not in dump


def test_a_journal_that_is_corrupted_is_set_aside_and_said(own: Callable[..., Result], file: Path) -> None:
    own("precompute")
    file.write_bytes(b"garbage" * 1000)
    status = own("status", "--json")
    assert status.code == 0
    assert "is corrupted" in status.json["journal"]["problem"]
    assert "it will be set aside and begun anew" in own("status").out
    told = own("precompute")
    assert told.code == 0
    assert told.err.count("the journal was corrupted (file is not a database): it was set aside as ") == 1
    assert own("status", "--json").json["journal"]["problem"] == ""


def test_a_newer_journal_is_left_alone_and_said(own: Callable[..., Result], file: Path) -> None:
    own("precompute")
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("INSERT INTO migrations VALUES (99, 0, 'later')")
    told = own("precompute")
    assert told.code == 0
    assert told.err.count("is a newer version's: it is left alone, and nothing is noted") == 1
    assert "is a newer version's" in own("status").out


def test_where_nothing_can_be_noted_the_work_is_done(command: Command, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    told = command("precompute", "--state-dir", str(tmp_path / "file" / "state"))
    assert told.code == 0
    assert told.err.count("what happens is not noted: the journal in ") == 1
    assert command("status", "--state-dir", str(tmp_path / "file" / "state")).code == 0


def test_the_journal_lies_where_the_user_says(command: Command, workspace: Path, tmp_path: Path) -> None:
    command("precompute", SLEEPLSP_STATE_DIR=str(tmp_path / "named"))
    assert (tmp_path / "named/journal/1/journal.db").is_file()
    write(workspace, {"pyproject.toml": '[tool.sleeplsp]\nstate_dir = "theirs"\n'})
    told = command("precompute")
    assert "pyproject.toml: state_dir: ignored, only the user may set it" in told.err
    assert not (workspace / "theirs").exists()
