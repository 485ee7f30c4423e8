"""Watching files on disk: what is told, and what is not. Nothing waits for time, only for what comes."""

import os
import subprocess
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import anyio
import pytest

from sleeplsp.engine.agenda import EVERYTHING
from sleeplsp.engine.ports import Changed, WatchError
from sleeplsp.repo import watching as repo_watching
from sleeplsp.repo.heads import git_folder, heads_of
from sleeplsp.repo.watching import FileWatch, Plan, plan_of

pytestmark = pytest.mark.anyio

WAIT_S = 30


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


def git(folder: Path, *arguments: str) -> None:
    name = ("-c", "user.name=x", "-c", "user.email=x@example.org")
    subprocess.run(["git", "-C", folder, *name, *arguments], check=True, capture_output=True)


def commit(folder: Path) -> None:
    git(folder, "commit", "-q", "--allow-empty", "-m", "x")


class Told:
    """What a watch has told so far."""

    def __init__(self) -> None:
        self.all: list[Changed] = []
        self._news = anyio.Event()

    def take(self, changed: Changed) -> None:
        self.all.append(changed)
        self._news.set()

    @property
    def paths(self) -> set[str]:
        return {path for each in self.all for path in each.paths}

    async def until(self, *paths: str, switched: bool = False) -> None:
        with anyio.fail_after(WAIT_S):
            while not (self.paths >= {*paths} and any(each.switched for each in self.all) >= switched):
                self._news = anyio.Event()
                await self._news.wait()


@asynccontextmanager
async def watching(folder: Path) -> AsyncIterator[Told]:
    """Watch a folder, and know that it is watched: files come until one is told."""
    told = Told()
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(FileWatch(folder).run, told.take)
        await watched(told, folder)
        yield told
        tasks.cancel_scope.cancel()


async def watched(told: Told, folder: Path) -> None:
    """Wait until a file is told of that comes into a folder."""
    with anyio.fail_after(WAIT_S):
        number = 0
        while not any(path.rpartition("/")[2].startswith("begin") for path in told.paths):
            (folder / f"begin{number}.py").touch()
            number += 1
            await anyio.sleep(0.05)


async def test_files_that_matter_are_told_and_others_are_not(tmp_path: Path) -> None:
    for name in ("pkg/deep/er/still", "node_modules/x", "pkg/.venv"):
        (tmp_path / name).mkdir(parents=True)
    async with watching(tmp_path) as told:
        for name in (
            "node_modules/x/a.py",
            "pkg/.venv/b.py",
            "pkg/c.txt",
            "pkg/pyproject.toml",
            "pkg/__pycache__.py",
            "pkg/deep/er/still/d.py",
            "pkg/.gitignore",
            "pyproject.toml",
        ):
            (tmp_path / name).write_text("x")
        await told.until("pkg/deep/er/still/d.py", "pkg/.gitignore", "pyproject.toml")
        (tmp_path / "pkg/deep/er/still/d.py").unlink()
        (tmp_path / "last.py").touch()
        await told.until("last.py")
        known = {each for each in told.paths if not each.startswith("begin")}
        assert known == {
            "pkg/__pycache__.py",
            "pkg/deep/er/still/d.py",
            "pkg/.gitignore",
            "pyproject.toml",
            "last.py",
        }
        assert not any(each.switched for each in told.all)


async def test_folders_that_come_later_are_watched_or_left_out(tmp_path: Path) -> None:
    (tmp_path / "node_modules").mkdir()  # so that the top is watched apart
    async with watching(tmp_path) as told:
        (tmp_path / "new").mkdir()
        await told.until("new")
        told.all.clear()
        await watched(told, tmp_path / "new")


async def test_a_folder_that_is_moved_away_is_told(tmp_path: Path) -> None:
    folder, away = tmp_path / "top", tmp_path / "away"
    (folder / "pkg").mkdir(parents=True)
    (folder / "pkg" / "a.py").touch()
    async with watching(folder) as told:
        (folder / "pkg").rename(away)
        await told.until("pkg")


async def test_a_branch_that_is_switched_to_is_told_and_no_other_doing_of_git(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q", "-b", "main")
    for number in range(50):
        (tmp_path / f"a{number}.py").write_text("x = 1\n")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-q", "-m", "x")
    git(tmp_path, "checkout", "-q", "-b", "other")
    (tmp_path / "a0.py").write_text("x = 2\n")
    git(tmp_path, "commit", "-q", "-a", "-m", "y")
    async with watching(tmp_path) as told:
        told.all.clear()
        git(tmp_path, "status")
        (tmp_path / "b.py").touch()
        git(tmp_path, "add", "b.py")
        (tmp_path / "c.py").touch()
        await told.until("c.py")
        assert not any(each.switched for each in told.all)
        git(tmp_path, "checkout", "-q", "main")
        await told.until("a0.py", switched=True)
        assert not any(path.startswith(".git") for path in told.paths)


def beside(top: Path) -> Path:
    commit(top)
    git(top, "worktree", "add", "-q", "../beside")
    return top.parent / "beside"


def packed(top: Path) -> Path:
    git(top, "checkout", "-q", "-b", "some/branch")
    commit(top)
    git(top, "pack-refs", "--all")
    return top


def inside(top: Path) -> Path:
    commit(top)
    (top / "inner").mkdir()
    return top / "inner"


def itself(top: Path) -> Path:
    return top


BEGUN: dict[str, Callable[[Path], Path]] = {
    "without a commit": itself,
    "a work tree beside it": beside,
    "a packed branch": packed,
    "a folder in it": inside,
}


@pytest.mark.parametrize("begun", BEGUN)
@pytest.mark.parametrize("logged", ["true", "false"])
async def test_commits_are_told_wherever_git_writes_them_down(
    tmp_path: Path, begun: str, logged: str
) -> None:
    top = tmp_path / "top"
    top.mkdir()
    git(top, "init", "-q")
    git(top, "config", "core.logAllRefUpdates", logged)
    root = BEGUN[begun](top)
    async with watching(root) as told:
        git(root, "status")
        git(root, "add", ".")
        (root / "c.py").touch()
        await told.until("c.py")
        assert not any(each.switched for each in told.all)
        commit(root)
        await told.until(switched=True)
        told.all.clear()
        await watched(told, root)  # maybe by another plan
        told.all.clear()
        commit(root)
        await told.until(switched=True)


def test_what_is_looked_at_for_a_move_of_head(tmp_path: Path) -> None:
    assert heads_of(tmp_path) == frozenset()
    git(tmp_path, "init", "-q", "-b", "a/b/c")

    def looked_at() -> set[str]:
        return {str(each.relative_to(tmp_path / ".git")) for each in heads_of(tmp_path)}

    assert looked_at() == {"HEAD", "logs", "refs/heads/a", "packed-refs"}
    commit(tmp_path)
    assert looked_at() == {"HEAD", "logs/HEAD", "refs/heads/a/b/c", "packed-refs"}
    git(tmp_path, "checkout", "-q", "--detach")
    assert looked_at() == {"HEAD", "logs/HEAD", "packed-refs"}
    (tmp_path / ".git" / "HEAD").write_text("ref: refs/../../../elsewhere\n")
    assert looked_at() == {"HEAD", "logs/HEAD", "packed-refs"}


async def test_a_name_that_is_not_utf_8_ends_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What comes together with it is not told, so everything may have changed."""
    monkeypatch.setattr(repo_watching, "GONE_S", 0.0)
    monkeypatch.setattr(repo_watching, "HELD_S", 0.0)
    monkeypatch.setattr(repo_watching, "TRIES_MAX", 2)
    (tmp_path / os.fsdecode(b"d\xfe")).mkdir()
    (tmp_path / "node_modules").mkdir()  # so that the top is watched apart
    async with watching(tmp_path) as told:
        for number in range(repo_watching.TRIES_MAX):
            (tmp_path / os.fsdecode(b"%d\xff.py" % number)).touch()
            await told.until(EVERYTHING)
            told.all.clear()
            await watched(told, tmp_path)


async def test_watching_that_fails_over_and_over_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """watchfiles looks into all folders, and is told so by itself."""
    monkeypatch.setattr(repo_watching, "GONE_S", 0.0)
    (tmp_path / os.fsdecode(b"d\xfe")).mkdir()
    told = Told()
    with anyio.fail_after(WAIT_S), pytest.raises(WatchError, match="decode"):
        await FileWatch(tmp_path).run(told.take)
    assert told.all == [Changed(frozenset((EVERYTHING,)))] * (repo_watching.TRIES_MAX - 1)


async def test_a_root_whose_name_is_not_utf_8_cannot_be_watched(tmp_path: Path) -> None:
    root = tmp_path / os.fsdecode(b"r\xff")
    root.mkdir()
    with pytest.raises(WatchError, match="UTF-8"):
        await FileWatch(root).run(lambda _: None)


async def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(WatchError):
        await FileWatch(tmp_path / "nowhere").run(lambda _: None)


def test_whole_folders_are_watched_where_nothing_is_left_out(tmp_path: Path) -> None:
    assert plan_of(tmp_path) == Plan((), (tmp_path,))
    for name in ("a/b/c/d/e", "f/node_modules/x", "g/env/lib", "h", ".git/objects"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "g/env/pyvenv.cfg").touch()
    (tmp_path / "link").symlink_to(tmp_path / "a")
    alone, whole, _ = plan_of(tmp_path)
    assert alone == (tmp_path, tmp_path / "f", tmp_path / "g", tmp_path / ".git")
    assert whole == (tmp_path / "a", tmp_path / "h")


def test_where_git_keeps_what_is_checked_out(tmp_path: Path) -> None:
    top = tmp_path / "top"
    (top / "inner").mkdir(parents=True)
    git(top, "init", "-q")
    git(top, "commit", "-q", "--allow-empty", "-m", "x")
    assert git_folder(top / "inner") == top / ".git"
    git(top, "worktree", "add", "-q", "../beside")
    assert git_folder(tmp_path / "beside") == top / ".git" / "worktrees" / "beside"
    (tmp_path / "odd").mkdir()
    (tmp_path / "odd" / ".git").write_text("gitdir: nowhere\n")
    assert git_folder(tmp_path / "odd") is None
