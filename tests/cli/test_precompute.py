"""`precompute`, end to end: what it reports, what it says it looked at, what it ends with."""

import os
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import MAIN, STORE, Command, Result, committed, git, write

FOUND = "main.py:5:12: warning: "


def test_a_suspicion_is_told_as_compilers_do_with_its_evidence_and_the_coverage(
    command: Command,
) -> None:
    told = command("precompute")
    first, *rest = told.out.splitlines()
    assert first.startswith(FOUND)
    assert first.endswith(" [none-dereference]")
    evidence = [line for line in rest if line.startswith("    ") and ".py:" in line]
    assert [line.split()[0] for line in evidence] == [
        "main.py:5",
        "store.py:2",
        "store.py:3",
        "main.py:5",
    ]
    assert "thought about  2 modules, 9 lines; 0 skipped, 0 failed" in rest
    assert "suspicions     1 shown, 0 on hover only" in rest
    assert told.out.count("none-dereference") == 2, "the suspicion and its count"
    (nowhere,) = [line for line in rest if line.startswith("fired nowhere  possibly-unbound, ")]
    assert nowhere.endswith(", wrong-arguments")
    assert told.out.count("fired nowhere") == 1
    assert told.code == 0


def test_progress_begins_at_nothing_and_ends_with_all(command: Command, tmp_path: Path) -> None:
    lines = command("precompute", "--cache-dir", str(tmp_path / "own")).err.splitlines()
    assert lines[0] == "sleeplsp: reading: 0 of 2 modules"
    assert "sleeplsp: reading: 2 of 2 modules" in lines
    assert lines[-1] == "sleeplsp: deducing: 4 of 4 functions"


def test_an_unchanged_workspace_is_not_deduced_again(command: Command, tmp_path: Path) -> None:
    runs = [
        command("precompute", "--format", "json", "--cache-dir", str(tmp_path / "own")).json["run"]
        for _ in range(2)
    ]
    assert [run["functions_deduced"] for run in runs] == [4, 0]
    assert [run["functions_kept"] for run in runs] == [0, 4]


def test_the_whole_workspace_is_thought_about_whatever_is_reported(command: Command) -> None:
    (suspicion,) = command("precompute", "main.py", "--format", "json").json["suspicions"]
    assert suspicion["path"] == "main.py"
    other = command("precompute", "store.py")
    assert FOUND not in other.out
    assert "of 2 modules in the workspace" in other.out


SEVERITIES = [
    ("", "never", "warning", 0),
    ("", "warning", "warning", 1),
    ("", "error", "warning", 0),
    ("error", "error", "error", 1),
    ("note", "warning", "note", 0),
    ("note", "note", "note", 1),
]


@pytest.mark.parametrize(("level", "fail_on", "shown", "code"), SEVERITIES)
def test_the_threshold_and_the_severity_that_is_set_decide_the_code(
    command: Command, level: str, fail_on: str, shown: str, code: int
) -> None:
    checks = f"none-dereference={level}" if level else ""
    told = command("precompute", "--fail-on", fail_on, SLEEPLSP_CHECKS=checks)
    assert f": {shown}: " in told.out
    assert told.code == code


def test_a_repository_may_set_the_threshold(command: Command, workspace: Path) -> None:
    write(workspace, {"pyproject.toml": '[tool.sleeplsp]\nfail_on = "warning"\n'})
    assert command("precompute").code == 1
    assert command("precompute", "--fail-on", "never").code == 0


def test_a_check_that_is_off_suspects_nothing_and_says_so(command: Command) -> None:
    told = command("precompute", SLEEPLSP_CHECKS="none-dereference=off", SLEEPLSP_FAIL_ON="note")
    assert FOUND not in told.out
    line = next(each for each in told.out.splitlines() if "none-dereference" in each)
    assert line.split() == ["none-dereference", "off"]
    assert "fired nowhere  possibly-unbound, " in told.out
    assert told.code == 0


def test_a_comment_silences_a_suspicion_which_is_counted(command: Command, workspace: Path) -> None:
    silent = MAIN.replace(".upper()", ".upper()  # sleeplsp: ignore[none-dereference]")
    write(workspace, {"main.py": silent})
    told = command("precompute", "--format", "json", "--fail-on", "note")
    (suspicion,) = told.json["suspicions"]
    assert suspicion["ignored"]
    assert not suspicion["shown_as_diagnostic"]
    assert told.code == 0
    text = command("precompute").out
    assert FOUND not in text
    assert "1 ignored" in text


def test_only_what_changed_is_reported_and_what_the_change_breaks(command: Command, workspace: Path) -> None:
    write(workspace, {"other.py": MAIN.replace("store", "kept"), "kept.py": STORE})
    committed(workspace)
    same = command("precompute", "--changed-since", "HEAD", "--fail-on", "note")
    assert FOUND not in same.out
    assert "none of the modules that " in same.err
    assert same.code == 0
    write(workspace, {"store.py": f"# changed\n{STORE}"})
    changed = command("precompute", "--changed-since", "HEAD", "--format", "json").json
    assert [each["path"] for each in changed["modules"]] == ["store.py"]
    # The caller has not changed, its callee has.
    assert [each["path"] for each in changed["suspicions"]] == ["main.py"]


def test_a_skipped_file_is_told_and_is_not_incomplete(command: Command, workspace: Path) -> None:
    write(workspace, {"sub/big.py": "x = 1\n" * 100})
    told = command("precompute", "--format", "json", SLEEPLSP_FILE_BYTES_MAX="500")
    reason = "larger than file_bytes_max"
    assert told.json["skipped"] == [{"path": "sub/big.py", "reason": reason}]
    assert told.json["coverage"]["skipped"] == 1
    assert told.code == 0
    alone = command("precompute", "sub/big.py", SLEEPLSP_FILE_BYTES_MAX="500")
    assert reason in alone.err
    assert alone.code == 3


def test_a_failed_module_is_incomplete_even_if_there_are_findings(command: Command, workspace: Path) -> None:
    # No worker can even start in a thousandth of a second.
    told = command("precompute", SLEEPLSP_JOB_S_MAX="0.001", SLEEPLSP_CACHE_DIR=str(workspace / "c"))
    assert "main.py: failed: took longer than 0.001 s" in told.out
    assert told.code == 3


NOTHING = {
    "an empty folder": {},
    "no module": {"README.md": "text"},
    "no reasoner": {"main.go": "package main\n"},
}


@pytest.mark.parametrize("files", NOTHING.values(), ids=NOTHING)
def test_nothing_looked_at_is_never_clean(command: Command, tmp_path: Path, files: dict[str, str]) -> None:
    told = command("precompute", at=write(tmp_path / "bare", files))
    assert "sleeplsp: warning: nothing was looked at" in told.err
    assert told.code == 3


def test_a_file_is_written_whole_or_not_at_all(command: Command, workspace: Path) -> None:
    file = workspace / "report.txt"
    file.write_text("before")
    told = command("precompute", "--output", "report.txt")
    assert told.out == ""
    assert "2 modules thought about, 0 skipped, 0 failed; 1 suspicion" in told.err
    assert file.read_text().startswith(FOUND)
    nowhere = command("precompute", "--output", "no/report.txt")
    assert "no/report.txt cannot be written: No such file or directory" in nowhere.err
    assert nowhere.code == 2
    assert sorted(each.name for each in workspace.iterdir()) == [
        "main.py",
        "report.txt",
        "store.py",
    ]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="the system has no full device")
def test_a_file_that_cannot_be_written_is_told_before_anything_is_thought(command: Command) -> None:
    told = command("precompute", "--output", "nowhere/report.json")
    assert told.err == "sleeplsp: error: nowhere/report.json cannot be written: No such file or directory\n"
    assert told.code == 2


def test_a_dash_is_standard_output(command: Command, workspace: Path) -> None:
    assert "main.py:5:12: warning" in command("precompute", "--output", "-").out
    assert not (workspace / "-").exists()


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("[tool.sleeplsp", 2),
        ("[tool.sleeplsp]\nfail_on = 'eror'", 2),
        ("[tool.sleeplsp.checks]\nnone-dereference = 'fatal'", 2),
        ("[tool.sleeplsp]\ncache_dir = '/elsewhere'\nnot_known = 1", 0),
        ("[tool.sleeplsp.checks]\nnot-known = 'off'", 0),
    ],
)
def test_a_setting_that_makes_no_sense_is_told_and_is_not_clean(
    command: Command, workspace: Path, text: str, code: int
) -> None:
    write(workspace, {"pyproject.toml": text})
    told = command("precompute")
    assert "sleeplsp: warning: pyproject.toml" in told.err
    assert "main.py:5:12: warning" in told.out
    assert told.code == code


def test_the_store_keeps_its_limit_with_what_workers_put_into_it(command: Command, tmp_path: Path) -> None:
    limit, own = 150_000, ("--cache-dir", str(tmp_path / "own"))
    modules = (
        "argparse",
        "asyncio",
        "collections",
        "datetime",
        "email.message",
        "json",
        "logging",
        "os",
        "re",
    )
    calls = "".join(f"    print({each}.__name__, {each}.nothing())\n" for each in modules)
    write(tmp_path / "other", {"a.py": f"import {', '.join(modules)}\n\n\ndef f():\n{calls}"})
    command("precompute", *own, at=tmp_path / "other", SLEEPLSP_STORE_BYTES_MAX=str(limit))
    (file,) = (tmp_path / "own").rglob("cache.db")
    assert file.stat().st_size <= limit


def test_a_full_disk_is_one_line(command: Command) -> None:
    told = command("precompute", "--output", "/dev/full")
    assert_one_error(told, "/dev/full cannot be written: No space left on device")


def test_names_and_code_cannot_command_a_terminal(command: Command, workspace: Path) -> None:
    write(workspace, {"\x1b[31m.py": MAIN})
    told = command("precompute")
    assert "\\x1b[31m.py:5:12: warning" in told.out
    assert "\x1b" not in told.out


@pytest.mark.skipif(os.name == "nt", reason="names are not bytes there")
def test_a_name_that_is_no_utf8_is_reported(command: Command, workspace: Path) -> None:
    name = b"caf\xe9.py"
    (workspace / os.fsdecode(name)).write_text(MAIN)
    (suspicion,) = command("precompute", name, "--format", "json").json["suspicions"]
    assert suspicion["path"] == "caf\\udce9.py"
    sarif: Any = command("precompute", name, "--format", "sarif").json
    location = sarif["runs"][0]["results"][0]["locations"][0]["physicalLocation"]
    assert location["artifactLocation"]["uri"] == "caf%E9.py"


def test_the_revision_must_exist_and_the_folder_be_a_repository(command: Command, workspace: Path) -> None:
    told = command("precompute", "--changed-since", "HEAD")
    assert_one_error(told, "changes since 'HEAD' cannot be told: not a git repository")
    git(workspace, "init", "--quiet")
    told = command("precompute", "--changed-since", "nowhere")
    assert_one_error(told, "changes since 'nowhere' cannot be told: there is no such revision")


def assert_one_error(told: Result, text: str) -> None:
    """Check that a command ended with 2, one line on standard error and nothing on its output."""
    lines = [line for line in told.err.splitlines() if "ing: " not in line]
    assert len(lines) == 1
    assert lines[0].startswith(f"sleeplsp: error: {text}")
    assert told.code == 2
    assert told.out == ""
