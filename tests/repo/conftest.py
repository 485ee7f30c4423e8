"""Real folders and real git repositories, apart from the configuration of who runs the tests."""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

Git = Callable[..., str]


@pytest.fixture(autouse=True)
def _own_git_configuration(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    for who in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{who}_NAME", "Test")
        monkeypatch.setenv(f"GIT_{who}_EMAIL", "test@example.org")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Return an empty folder that is in no git work tree."""
    folder = tmp_path / "root"
    folder.mkdir()
    return folder


@pytest.fixture
def git(root: Path) -> Git:
    """Return a function that runs git in `root`, or in the folder `at`."""

    def run(*arguments: str, at: Path | None = None) -> str:
        command = ["git", "-C", str(at or root), "-c", "protocol.file.allow=always", *arguments]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()

    return run


@pytest.fixture
def repository(root: Path, git: Git) -> Path:
    """Return an empty folder that is a git repository."""
    git("init", "--quiet", "--initial-branch=main")
    return root


def write(root: Path, *paths: str, text: str = "x = 1\n") -> None:
    """Write `text` to each path below `root`, with the folders it needs."""
    for path in paths:
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
