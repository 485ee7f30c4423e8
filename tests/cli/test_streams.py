"""Standard streams: closed ones, full ones, and terminals."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(os.name == "nt", reason="uses the shell and terminals of POSIX")

LOST = "sleeplsp: error: standard output cannot be written: "


def run(at: Path, environment: Mapping[str, str], line: str) -> "subprocess.CompletedProcess[str]":
    """Run a line of the shell in which `$SLEEPLSP` stands for the command."""
    return subprocess.run(
        ["sh", "-c", line],  # the shell is what is tested with
        cwd=at,
        env={**environment, "SLEEPLSP": f"{sys.executable} -m sleeplsp"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("arguments", ["precompute", "status", "query bugs", "--help", "--version"])
def test_an_answer_that_nobody_can_get_is_an_error(
    workspace: Path, environment: Mapping[str, str], arguments: str
) -> None:
    done = run(workspace, environment, f"$SLEEPLSP {arguments} >&-")
    assert done.stderr.splitlines()[-1] == f"{LOST}Bad file descriptor"
    assert done.returncode == 2


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="the system has no full device")
@pytest.mark.parametrize("arguments", ["--help", "--version", "query hover --help"])
def test_a_help_page_that_finds_no_space_is_an_error(
    workspace: Path, environment: Mapping[str, str], arguments: str
) -> None:
    done = run(workspace, environment, f"$SLEEPLSP {arguments} >/dev/full")
    assert done.stderr == f"{LOST}No space left on device\n"
    assert done.returncode == 2


def test_where_nobody_listens_the_answer_is_given_all_the_same(
    workspace: Path, environment: Mapping[str, str]
) -> None:
    done = run(workspace, environment, "$SLEEPLSP precompute <&- 2>&-")
    assert "main.py:5:12: warning" in done.stdout
    assert done.returncode == 0
    assert run(workspace, environment, "$SLEEPLSP precompute nowhere <&- >&- 2>&-").returncode == 2


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ("precompute", 0),
        ("precompute --fail-on note", 1),
        ("precompute --output report.txt", 0),
        ("query bugs", 0),
        ("--help", 0),
        ("", 2),
        ("query", 2),
        ("precompute nowhere", 2),
        ("nonsense", 2),
    ],
)
def test_readers_that_leave_do_not_change_the_exit_code(
    workspace: Path, environment: Mapping[str, str], arguments: str, code: int
) -> None:
    ours, theirs = os.pipe()
    os.close(ours)
    done = subprocess.run(
        [sys.executable, "-m", "sleeplsp", *arguments.split()],
        cwd=workspace,
        # Buffered, as it is for people: what a buffer still holds fails when the process ends.
        env={name: value for name, value in environment.items() if name != "PYTHONUNBUFFERED"},
        stdin=subprocess.DEVNULL,
        stdout=theirs,
        stderr=theirs,
        check=False,
    )
    os.close(theirs)
    assert done.returncode == code


def test_a_file_needs_no_standard_output(workspace: Path, environment: Mapping[str, str]) -> None:
    done = run(workspace, environment, "$SLEEPLSP precompute --output report.txt >&-")
    assert done.returncode == 0
    assert "main.py:5:12: warning" in (workspace / "report.txt").read_text("utf-8")


# A command that is interrupted while its modules are still being imported.
INTERRUPTED = """
import builtins
really = builtins.__import__
def imported(name, *rest):
    if name == "sleeplsp.cli.app":
        raise KeyboardInterrupt
    return really(name, *rest)
builtins.__import__ = imported
from sleeplsp.cli import main
main()
"""


def test_an_interrupt_before_there_is_a_command_is_no_error(environment: Mapping[str, str]) -> None:
    done = subprocess.run(
        [sys.executable, "-c", INTERRUPTED],
        env=dict(environment),
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (130, "")


def on_a_terminal(at: Path, environment: Mapping[str, str], cache_dir: Path) -> str:
    """Return what a cold run shows on a terminal."""
    import pty  # noqa: PLC0415 - not on every system

    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "sleeplsp", "precompute", "--cache-dir", str(cache_dir)],
        cwd=at,
        env=dict(environment),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=theirs,
    ):
        os.close(theirs)
        shown = b""
        try:
            while more := os.read(ours, 4096):
                shown += more
        except OSError:  # the other side is gone
            pass
    os.close(ours)
    return shown.decode()


def test_a_terminal_shows_a_bar(workspace: Path, environment: Mapping[str, str], tmp_path: Path) -> None:
    shown = on_a_terminal(workspace, {**environment, "TERM": "xterm"}, tmp_path / "own")
    assert "\x1b[" in shown
    assert "reading: " not in shown


@pytest.mark.parametrize("kind", ["dumb", ""])
def test_a_terminal_that_cannot_draw_shows_lines(
    workspace: Path, environment: Mapping[str, str], tmp_path: Path, kind: str
) -> None:
    shown = on_a_terminal(workspace, {**environment, "TERM": kind}, tmp_path / "own")
    assert "\x1b" not in shown
    assert shown.startswith("sleeplsp: reading: 0 of 2 modules\r\n")
