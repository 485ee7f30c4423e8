"""Small workspaces, and the real command run on them in a process of its own."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pytest

STORE = """\
def load(key, table):
    if key not in table:
        return None
    return table[key]
"""
MAIN = """\
from store import load


def shout(key, table):
    return load(key, table).upper()
"""
SAMPLE = {"store.py": STORE, "main.py": MAIN}
"""Of these, `main.py` is suspected of one thing: what `load` gives may be None."""


class Result(NamedTuple):
    """What a command said and ended with."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Command = Callable[..., Result]


@pytest.fixture(scope="session")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Return an environment without this user's settings, with one store for all tests."""
    home = tmp_path_factory.mktemp("home")
    kept = ("PATH", "LANG", "SYSTEMROOT", "VIRTUAL_ENV")
    return {name: os.environ[name] for name in kept if name in os.environ} | {
        "HOME": str(home),
        "PYTHONPATH": str(Path(__file__).resolve().parents[2]),
        "XDG_CONFIG_HOME": str(home / "config"),
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        "SLEEPLSP_CACHE_DIR": str(home / "cache"),
        "SLEEPLSP_STATE_DIR": str(home / "state"),
        "SLEEPLSP_JOBS": "1",
        "PYTHONWARNINGS": "error",
        "PYTHONDONTWRITEBYTECODE": "1",
    }


@pytest.fixture
def command(environment: Mapping[str, str], workspace: Path) -> Command:
    """Return a function that runs `sleeplsp`, in the workspace unless `at` names another folder."""

    def run(*arguments: str | bytes, at: Path = workspace, **variables: str) -> Result:
        done = subprocess.run(
            [sys.executable, "-m", "sleeplsp", *arguments],
            cwd=at,
            env={**environment, **variables},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
        )
        return Result(done.returncode, done.stdout.decode(), done.stderr.decode())

    return run


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """Return a folder with the sample, in no git repository."""
    return write(tmp_path / "workspace", SAMPLE)


def write(root: Path, files: Mapping[str, str]) -> Path:
    """Write files below a folder; return the folder."""
    root.mkdir(exist_ok=True)
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
    return root


def git(root: Path, *arguments: str) -> None:
    """Run git in a folder, apart from the configuration of who runs the tests."""
    who = ["-c", "user.name=Test", "-c", "user.email=test@example.org"]
    apart = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    subprocess.run(["git", *who, *arguments], cwd=root, env=apart, check=True, capture_output=True)


def committed(root: Path) -> None:
    """Make a folder a git repository with all its files in one commit."""
    git(root, "init", "--quiet")
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--message", "all")
