"""What bubblewrap alone keeps a process from, and what it lets it see."""

import socket
import subprocess
import sys
from pathlib import Path

import pytest

from sleeplsp.verify.sandbox import can_wrap, harmless_variables, kept_tables, wrapping
from tests.verify.test_verify import needs_bubblewrap

PREFIXES = (Path(sys.prefix), Path(sys.base_prefix))


def wrapped(root: Path, home: Path, program: str) -> str:
    done = subprocess.run(
        [*wrapping(str(home), (root, *PREFIXES)), sys.executable, "-c", program],
        env=harmless_variables(str(home)),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    return done.stdout.strip() or done.stderr.strip().rpartition("\n")[2]


@needs_bubblewrap
@pytest.mark.parametrize(
    "place", ["{root}/kept", "{root}/new", "/usr/new", "/etc/hostname", f"{Path.home()}/new"]
)
def test_nothing_can_be_written(tmp_path: Path, place: str) -> None:
    root, home = _folders(tmp_path)
    told = wrapped(root, home, f"open({place.format(root=root)!r}, 'a')")
    assert told.startswith(("OSError: [Errno 30]", "PermissionError"))
    assert [each.name for each in root.iterdir()] == ["kept"]


@needs_bubblewrap
def test_the_workspace_can_be_read_and_nothing_else_that_is_temporary(tmp_path: Path) -> None:
    root, home = _folders(tmp_path)
    (tmp_path / "other").touch()
    program = f"import os; print(open({str(root / 'kept')!r}).read(), sorted(os.listdir({str(tmp_path)!r})))"
    assert wrapped(root, home, program) == "kept ['home', 'root']"


@needs_bubblewrap
def test_its_own_folder_is_gone_with_it(tmp_path: Path) -> None:
    root, home = _folders(tmp_path)
    assert (
        wrapped(root, home, "import os; open('a', 'w'); print(os.listdir('.'), os.getcwd())")
        == f"['a'] {home}"
    )
    assert list(home.iterdir()) == []


@needs_bubblewrap
def test_there_is_no_network(tmp_path: Path) -> None:
    root, home = _folders(tmp_path)
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = server.getsockname()
        told = wrapped(root, home, f"import socket; socket.create_connection({address!r}, timeout=5)")
    assert told.startswith(("ConnectionRefusedError", "OSError: [Errno 101]"))


@needs_bubblewrap
def test_there_is_no_other_process(tmp_path: Path) -> None:
    root, home = _folders(tmp_path)
    program = "import os; print(len([each for each in os.listdir('/proc') if each.isdigit()]))"
    assert int(wrapped(root, home, program)) <= 2


@needs_bubblewrap
def test_there_are_no_privileges(tmp_path: Path) -> None:
    root, home = _folders(tmp_path)
    program = "print(*(each.split()[1] for each in open('/proc/self/status') if each.startswith('Cap')))"
    assert set(wrapped(root, home, program)) == {"0", " "}


def test_what_is_not_there_is_not_used(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert not can_wrap(sys.executable, (tmp_path,))


def test_what_may_not_be_used_is_not(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "bwrap").write_text("#!/bin/sh\nexit 1\n")
    (tmp_path / "bwrap").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert not can_wrap(sys.executable, (tmp_path, tmp_path))


def test_tables_are_kept_where_nobody_else_may_write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    kept = kept_tables.__wrapped__()
    assert kept == kept_tables.__wrapped__()
    kept.chmod(0o777)
    other = kept_tables.__wrapped__()
    assert other != kept
    assert other.stat().st_mode & 0o077 == 0
    kept.rmdir()
    kept.symlink_to(other)
    assert kept_tables.__wrapped__() not in {kept, other}


def _folders(tmp_path: Path) -> tuple[Path, Path]:
    root, home = tmp_path / "root", tmp_path / "home"
    root.mkdir()
    home.mkdir()
    (root / "kept").write_text("kept")
    return root, home
