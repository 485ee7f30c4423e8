"""Which Python runs the workspace's code."""

import json
import sys
import venv
from pathlib import Path

import pytest

from sleeplsp.engine.verification.ports import UnverifiableError
from sleeplsp.verify import interpreters
from sleeplsp.verify.interpreters import interpreter
from sleeplsp.verify.sandbox import kept_tables
from tests.verify.test_child import needs_linux
from tests.verify.test_process import has_ended, processes
from tests.verify.test_verify import needs_bubblewrap


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment without hypothesis."""
    folder = tmp_path_factory.mktemp("bare")
    venv.create(folder, symlinks=True)
    return folder / "bin" / "python"


def script(path: Path, *lines: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(("#!/bin/sh", *lines)))
    path.chmod(0o755)
    return path


def test_the_one_that_runs_sleeplsp_where_there_is_no_other(tmp_path: Path) -> None:
    assert interpreter(tmp_path, None).path == sys.executable


@pytest.mark.parametrize("folder", [".venv", "venv"])
def test_that_of_the_workspace_comes_first(tmp_path: Path, folder: str) -> None:
    own = script(tmp_path / folder / "bin" / "python", f'exec {sys.executable} "$@"')
    assert interpreter(tmp_path, None).path == str(own)


def test_that_of_the_workspace_is_passed_by_without_hypothesis(tmp_path: Path, bare: Path) -> None:
    script(tmp_path / ".venv" / "bin" / "python", f'exec {bare} "$@"')
    assert interpreter(tmp_path, None).path == sys.executable


def test_a_named_one_is_the_only_one(tmp_path: Path, bare: Path) -> None:
    with pytest.raises(UnverifiableError) as caught:
        interpreter(tmp_path, str(bare))
    assert str(caught.value) == (
        f"verify_python: {bare} has no hypothesis; install it with `{bare} -m pip install hypothesis`"
    )


def test_a_named_one_may_be_told_from_the_root(tmp_path: Path) -> None:
    script(tmp_path / "env" / "python", f'exec {sys.executable} "$@"')
    assert interpreter(tmp_path, "env/python").path == str(tmp_path / "env" / "python")


def answer(python: tuple[int, int], hypothesis: str) -> str:
    told = {"python": "CPython", "python_version": python, "hypothesis": hypothesis, "folders": []}
    return f"echo '{json.dumps(told)}'"


@pytest.mark.parametrize(
    ("lines", "why"),
    [
        (("echo nonsense",), "is no Python"),
        (("exit 7",), "fails: 7"),
        (("echo 'sh: odd' >&2", "exit 1"), "fails: sh: odd"),
        ((answer((3, 8), "6.100.0"),), "is Python 3.8, 3.10 is needed"),
        ((answer((3, 12), "6.99.13"),), "has hypothesis 6.99.13, 6.100 is needed"),
    ],
)
def test_what_is_of_no_use_is_told_in_one_line(tmp_path: Path, lines: tuple[str, ...], why: str) -> None:
    named = script(tmp_path / "python", *lines)
    with pytest.raises(UnverifiableError) as caught:
        interpreter(tmp_path, str(named))
    assert f"{named} {why};" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_one_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(UnverifiableError, match="cannot be started"):
        interpreter(tmp_path, "no-such-python")


def test_none_can(tmp_path: Path, bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", str(bare))
    with pytest.raises(UnverifiableError, match=r"pip install \"sleeplsp\[verify\]\""):
        interpreter(tmp_path, None)


def test_the_folder_one_works_in_is_not_looked_at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "hypothesis.py").write_text("raise SystemExit(9)\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    assert interpreter(tmp_path, None).path == sys.executable


@needs_bubblewrap
def test_a_file_of_the_workspace_is_shut_in(tmp_path: Path) -> None:
    own = script(
        tmp_path / ".venv" / "bin" / "python", f"echo a > {tmp_path}/new", f'exec {sys.executable} "$@"'
    )
    assert interpreter(tmp_path, None).path == str(own)
    assert not (tmp_path / "new").exists()
    assert interpreter(tmp_path, None, may_wrap=False).path == str(own)
    assert (tmp_path / "new").exists()


@needs_bubblewrap
def test_one_that_fails_is_not_tried_outside(tmp_path: Path) -> None:
    script(tmp_path / ".venv" / "bin" / "python", f"echo a > {tmp_path}/new", "exit 1")
    assert interpreter(tmp_path, None).path == sys.executable
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize("may_wrap", [False, pytest.param(True, marks=needs_bubblewrap)])
def test_tables_of_characters_are_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, may_wrap: bool
) -> None:
    tables = tmp_path / "tables"
    tables.mkdir()
    for module in ("interpreters", "sandbox"):
        monkeypatch.setattr(f"sleeplsp.verify.{module}.kept_tables", lambda: tables)
    interpreter(tmp_path, None, may_wrap=may_wrap)
    assert list(tables.iterdir())


@needs_linux
@pytest.mark.parametrize("may_wrap", [False, pytest.param(True, marks=needs_bubblewrap)])
def test_nothing_is_left_of_one_that_does_not_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, may_wrap: bool
) -> None:
    named = script(tmp_path / "python", "sleep 1000 &", "wait")
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    kept_tables()
    monkeypatch.setattr("tempfile.tempdir", str(temporary))
    monkeypatch.setattr(interpreters, "PROBE_SECONDS_MAX", 1.0)
    with pytest.raises(UnverifiableError, match="does not answer within 1 s"):
        interpreter(tmp_path, str(named), may_wrap=may_wrap)
    assert all(has_ended(each) for each in processes(temporary))
    assert list(temporary.iterdir()) == []
