"""Whatever goes wrong is one clear line on standard error and the right exit code."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import click
import pytest

from sleeplsp.cli.app import run
from sleeplsp.cli.compose import Composer
from sleeplsp.cli.exits import guarded
from sleeplsp.engine.errors import StoreError, UsageError
from tests.cli.conftest import Command, Result, write

posix = pytest.mark.skipif(os.name == "nt", reason="uses files and signals of POSIX")


def said(told: Result) -> str:
    """Return the one line that a command said, without its name; nothing was on its output."""
    (line,) = told.err.splitlines()
    assert told.out == ""
    return line.removeprefix("sleeplsp: error: ")


BAD = {
    ("precompute", "nowhere"): "no such file or folder: nowhere",
    ("precompute", "--root", ".", ".."): ".. lies outside of the workspace",
    ("precompute", "--root", "main.py"): "a workspace is a folder, and main.py is a file",
    (
        "precompute",
        "--jobs",
        "-1",
    ): "command line: jobs: expected a whole number from 0 to 256, not -1",
    ("precompute", "--jobs", "257"): "command line: jobs: expected a whole number from 0 to 256, not",
    ("precompute", "--output", ""): "--output wants the name of a file",
    ("precompute", "--output", "folder"): "folder cannot be written: Is a directory",
    ("precompute", "--output", "nowhere/x"): "nowhere/x cannot be written: No such file or directory",
    ("precompute", "--jobs", "x"): "Invalid value for '--jobs'",
    (
        "precompute",
        "--fail-on",
        "x",
    ): 'command line: fail_on: expected "error", "warning", "note" or',
    ("precompute", "--format", "x"): "Invalid value for '--format'",
    ("precompute", "--changed-since", "--all"): "not a git revision: '--all'",
    ("precompute", "--frob"): "No such option",
    ("frob",): "No such command 'frob'",
    ("query", "frob"): "No such command 'frob'",
    ("query", "hover"): "Missing argument 'FILE:LINE[:COLUMN]'",
    ("query", "hover", "main.py"): "a position is FILE:LINE or FILE:LINE:COLUMN, not main.py",
    ("query", "hover", "main.py:x"): "a position is FILE:LINE or FILE:LINE:COLUMN, not main.py:x",
    ("query", "hover", "main.py:0"): "main.py has 6 lines; there is no line 0",
    ("query", "hover", "main.py:7"): "main.py has 6 lines; there is no line 7",
    (
        "query",
        "hover",
        "main.py:5:99",
    ): "line 5 of main.py has 35 characters; there is no column 99",
    ("query", "hover", "main.py:5:0"): "line 5 of main.py has 35 characters; there is no column 0",
    ("query", "hover", "folder:1"): "folder is a folder; a position is FILE:LINE or",
    ("query", "hover", "nowhere.py:1"): "no such file or folder: nowhere.py",
    ("query", "hover", "notes.txt:1"): "there is no module in notes.txt",
    ("query", "bugs", "--root", ".", "folder"): "there is no module in folder",
    ("query", "symbols", "secret.pem"): "there is no module in secret.pem (left out: denied",
    ("query", "invariants", "--sample", "0"): "Invalid value for '--sample'",
    ("serve", "--tcp", "127.0.0.1"): "--tcp wants HOST:PORT, not '127.0.0.1'",
    ("serve", "--tcp", "127.0.0.1:99999"): "--tcp wants HOST:PORT, not '127.0.0.1:99999'",
    ("serve", "--stdio", "--tcp", "h:1"): "--stdio and --tcp exclude each other",
    ("cache", "stats", "--cache-dir", "main.py"): "the cache folder ",
    ("status", "--cache-dir", "main.py/x"): "the cache folder ",
    ("status", "--cache-dir", "~no-such-user/x"): "the cache folder ~no-such-user/x cannot be used: ",
}


@pytest.mark.parametrize("arguments", BAD, ids=" ".join)
def test_bad_input(
    workspace: Path,
    environment: Mapping[str, str],
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    arguments: tuple[str, ...],
) -> None:
    write(workspace, {"notes.txt": "", "secret.pem": "", "folder/notes.txt": ""})
    monkeypatch.chdir(workspace)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    code = run(arguments)
    out, err = capfd.readouterr()
    lines = [line for line in err.splitlines() if "ing: " not in line]
    assert said(Result(code, out, "\n".join(lines))).startswith(BAD[arguments])
    assert code == 2


def test_a_log_file_that_cannot_be(command: Command) -> None:
    told = command("serve", "--log-file", "nowhere/log")
    assert said(told) == "the log file nowhere/log cannot be used: No such file or directory"
    assert told.code == 2


def test_an_address_that_is_taken(command: Command) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        told = command("serve", "--tcp", address)
    assert said(told).startswith(f"the address {address} cannot be used: ")
    assert told.code == 2


def test_a_nul_in_an_argument(capfd: pytest.CaptureFixture[str]) -> None:
    for arguments in (
        ("precompute", "a\0b"),
        ("precompute", "--root", "a\0b"),
        ("query", "hover", "a\0b:1"),
        ("precompute", "--changed-since", "a\0b", str(Path(__file__).parent)),
    ):
        assert run(arguments) == 2
        assert "\\x00" in said(Result(2, *capfd.readouterr()))


RAISED: dict[str, tuple[Callable[[], object], int, str]] = {
    "usage": (lambda: UsageError("no such thing"), 2, "no such thing"),
    "store": (lambda: StoreError("it is locked"), 2, "it is locked"),
    "arguments": (lambda: click.UsageError("what?"), 2, "what?; `sleeplsp --help` tells more"),
    "a mistake": (
        lambda: KeyError("x\ny"),
        4,
        "internal error: KeyError: 'x\\ny' (SLEEPLSP_DEBUG=1",
    ),
    "memory": (MemoryError, 4, "internal error: MemoryError:"),
}


@pytest.mark.parametrize(("make", "code", "line"), RAISED.values(), ids=RAISED)
def test_one_place_says_what_an_error_means(
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    make: Callable[[], BaseException],
    code: int,
    line: str,
) -> None:
    def command() -> int:
        raise make()

    assert guarded(command) == code
    assert said(Result(code, *capfd.readouterr())).startswith(line)
    monkeypatch.setenv("SLEEPLSP_DEBUG", "1")
    assert guarded(command) == code
    assert "Traceback" in capfd.readouterr().err


@pytest.mark.parametrize("error", [KeyboardInterrupt, click.Abort])
def test_an_interrupt_is_no_error(capfd: pytest.CaptureFixture[str], error: type[BaseException]) -> None:
    def command() -> int:
        raise error

    assert guarded(command) == 130
    assert capfd.readouterr().err == ""


def test_a_mistake_in_a_command_is_one_line_too(
    command: Command, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    command("precompute")

    def broken(_: Composer) -> object:
        raise AttributeError("broken")

    monkeypatch.setattr(Composer, "suspicions", broken)
    assert run(["query", "bugs", "--root", str(Path(__file__).parent)]) == 4
    assert "internal error: AttributeError: broken" in capfd.readouterr().err


def test_what_a_dying_worker_says_is_for_debugging(command: Command, tmp_path: Path) -> None:
    own = ("--cache-dir", str(tmp_path / "own"))
    little = {"SLEEPLSP_WORKER_BYTES_MAX": "1"}  # too little to do anything in
    told = command("precompute", "--format", "json", *own, **little)
    assert [line for line in told.err.splitlines() if not line.startswith("sleeplsp: ")] == []
    assert [each["path"] for each in told.json["failed"]] == ["main.py", "store.py"]
    assert "SLEEPLSP_DEBUG=1 shows what it said" in told.json["failed"][0]["reason"]
    assert told.code == 3
    told = command("precompute", *own, SLEEPLSP_DEBUG="1", **little)
    assert [line for line in told.err.splitlines() if not line.startswith("sleeplsp: ")] != []


def test_debugging_is_no_setting(command: Command) -> None:
    told = command("query", "hover", "nowhere:1", SLEEPLSP_DEBUG="1")
    assert "Traceback" in told.err
    assert "warning" not in told.err


def test_a_corrupted_store_is_set_aside_and_said(command: Command, tmp_path: Path) -> None:
    own = ("--cache-dir", str(tmp_path / "own"))
    command("precompute", *own)
    for file in (tmp_path / "own").rglob("cache.db*"):
        file.write_bytes(b"not a database" * 1000)
    told = command("precompute", "--format", "json", *own)
    assert "it was set aside as " in told.err
    assert told.json["run"]["functions_deduced"] == 4
    assert told.code == 0


def test_without_a_command_the_help_is_told(command: Command) -> None:
    told = command()
    assert told.code == 2
    assert "precompute" in told.err
    assert command("query").code == 2


@posix
@pytest.mark.parametrize("arguments", [("--help",), ("precompute",), ("precompute", "--format=json")])
def test_whoever_reads_no_further_is_told_nothing(
    workspace: Path, environment: Mapping[str, str], arguments: tuple[str, ...]
) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(
        [sys.executable, "-m", "sleeplsp", *arguments],
        cwd=workspace,
        env=environment,
        stdout=writer,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    os.close(writer)
    assert [line for line in done.stderr.splitlines() if "sleeplsp: " not in line] == []
    assert done.returncode == 0


@posix
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="the system has no full device")
def test_output_that_cannot_be_written(workspace: Path, environment: Mapping[str, str]) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "sleeplsp", "query", "symbols"],
            cwd=workspace,
            env=environment,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert "error: standard output cannot be written: No space left on device" in done.stderr
    assert "Traceback" not in done.stderr
    assert done.returncode == 2


@posix
def test_a_pipe_in_the_place_of_a_module_is_not_waited_for(command: Command, workspace: Path) -> None:
    os.mkfifo(workspace / "pipe.py")
    told = command("precompute", "pipe.py")
    assert "nothing was looked at in pipe.py" in told.err
    assert told.code == 3


# Stands in for git: says that it runs, and does not end.
GIT = """\
#!/bin/sh
echo > "$STARTED"
exec cat "$NEVER"
"""


@posix
def test_an_interrupted_command_ends_with_130_and_an_empty_line(
    workspace: Path, environment: Mapping[str, str], tmp_path: Path
) -> None:
    fifos = {name: tmp_path / name for name in ("STARTED", "NEVER")}
    for fifo in fifos.values():
        os.mkfifo(fifo)
    write(tmp_path / "bin", {"git": GIT})
    (tmp_path / "bin" / "git").chmod(0o755)
    path = f"{tmp_path / 'bin'}{os.pathsep}{environment['PATH']}"
    named = {name: str(fifo) for name, fifo in fifos.items()}
    with subprocess.Popen(
        [sys.executable, "-m", "sleeplsp", "precompute"],
        cwd=workspace,
        # Python may be interrupted while it still starts git, and then tells those who ask for warnings.
        env={**environment, "PATH": path, **named, "PYTHONWARNINGS": ""},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as started:
        fifos["STARTED"].read_text()
        started.send_signal(signal.SIGINT)
        assert started.communicate() == ("", "\n")  # the line in which ^C stands ends
        assert started.returncode == 130
