"""Drift over the life of a workspace: in a real repository that is edited, committed to and switched."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from sleeplsp.cache.memory import MemoryStore
from sleeplsp.core.text import Text
from sleeplsp.engine.deduction import Deduction
from sleeplsp.engine.drift.beside import Beside
from sleeplsp.engine.drift.keeper import DriftKeeper
from sleeplsp.engine.ports import Files
from sleeplsp.repo.files import Repository
from sleeplsp.repo.history import GitHistory
from tests.repo.conftest import Git
from tests.thinking import WatchedWorker

BEFORE = """\
def load(key):
    return f"value of {key}"
"""
AFTER = """\
def load(key):
    if not key:
        return None
    return f"value of {key}"
"""
MAIN = """\
from store import load


def shout(key):
    return load(key).upper()
"""
DRIFTED = ["`load()` may return `None` now when `key` is false or empty; its only caller relies on a value"]


class Life:
    """A workspace that is thought about again and again, as an editor has it done."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.store = MemoryStore()
        self.files = Repository(root)
        self.made = 0
        self.worker = WatchedWorker()
        self.deduction = Deduction(str(root), self.files, self.store, lambda: [self.worker], "test")
        self.changed = self.deduction.watch()
        self.keeper = DriftKeeper(GitHistory(root), self.files, self._beside)

    def _beside(self, files: Files) -> Deduction:
        self.made += 1
        return Deduction(str(self.root), files, Beside(self.store), lambda: [WatchedWorker()], "test")

    def write(self, **texts: str) -> None:
        for name, text in texts.items():
            (self.root / f"{name}.py").write_text(text)

    def think(self, **overlays: str) -> list[str]:
        texts = {f"{name}.py": Text.from_str(text) for name, text in overlays.items()}
        self.deduction.run(overlays=texts)
        self.keeper.note(self.changed)
        if (making := self.keeper.update(self.deduction, texts)) is not None:
            self.keeper.take(making.run())
        return [suspicion.message for _, suspicion in self.keeper.drifted(self.deduction)]


@pytest.fixture
def life(repository: Path) -> Iterator[Life]:
    life = Life(repository)
    life.write(store=BEFORE, main=MAIN)
    yield life
    life.deduction.close()


@pytest.fixture
def committed(life: Life, git: Git) -> Life:
    git("add", "--all")
    git("commit", "--quiet", "-m", "first")
    return life


def test_told_until_the_promise_is_back(committed: Life) -> None:
    assert committed.think() == []
    committed.write(store=AFTER)
    assert committed.think() == DRIFTED
    committed.write(store=BEFORE)
    assert committed.think() == []
    assert committed.made == 0, "nothing differed when the base was made: no other run was needed"


def test_told_until_the_callers_have_changed(committed: Life) -> None:
    committed.think()
    committed.write(store=AFTER)
    assert committed.think() == DRIFTED
    committed.write(main=MAIN.replace("load(key).upper()", "load(key)"))
    assert committed.think() == [DRIFTED[0].replace("its only caller relies on a value", "it has 1 caller")]


def test_told_until_it_is_committed(committed: Life, git: Git) -> None:
    committed.write(store=AFTER)
    assert committed.think() == DRIFTED
    git("commit", "--quiet", "-am", "second")
    assert committed.think() == []
    # Amended, HEAD is another commit, of which the same is true.
    git("commit", "--quiet", "--amend", "-m", "otherwise")
    assert committed.think() == []
    git("reset", "--quiet", "--soft", "HEAD~1")
    assert committed.think() == DRIFTED


def test_a_base_of_files_as_they_were_is_made_once_and_leaves_what_is_stored(committed: Life) -> None:
    committed.write(store=AFTER)
    committed.think()
    assert committed.think() == DRIFTED
    assert committed.made == 1
    before = len(committed.worker.deduced)
    committed.write(extra="x = 1\n")
    committed.think()
    assert {each.partition("::")[0] for each in committed.worker.deduced[before:]} == {"extra.py"}
    later = Life(committed.root)
    deduction = Deduction(
        str(committed.root), committed.files, committed.store, lambda: [later.worker], "test"
    )
    assert deduction.run().deduced == 0, "rows of the workspace as it is now are still there"


def test_another_branch_is_another_base(committed: Life, git: Git) -> None:
    git("checkout", "--quiet", "-b", "other")
    committed.write(store=AFTER)
    git("commit", "--quiet", "-am", "other")
    assert committed.think() == []
    git("checkout", "--quiet", "main")
    assert committed.think() == []
    committed.write(store=AFTER)
    assert committed.think() == DRIFTED
    git("checkout", "--quiet", "--force", "--detach", "other")
    assert committed.think() == []


def test_a_file_by_another_name(committed: Life, git: Git) -> None:
    git("mv", "store.py", "depot.py")
    committed.write(depot=AFTER, main=MAIN.replace("store", "depot"))
    assert committed.think() == DRIFTED


def test_what_is_not_saved_counts(committed: Life) -> None:
    assert committed.think(store=AFTER) == DRIFTED
    assert committed.think(store=BEFORE) == []
    assert committed.think() == []


def test_without_commits_the_first_run_counts(life: Life, git: Git) -> None:
    assert life.think() == []
    life.write(store=AFTER)
    assert life.think() == DRIFTED
    git("add", "--all")
    git("commit", "--quiet", "-m", "first")
    assert life.think() == []


def test_without_git_the_first_run_counts(committed: Life) -> None:
    shutil.rmtree(committed.root / ".git")
    assert committed.think() == []
    committed.write(store=AFTER)
    assert committed.think() == DRIFTED


def test_a_shallow_copy(committed: Life, git: Git, tmp_path: Path) -> None:
    committed.write(extra="x = 1\n")
    git("add", "--all")
    git("commit", "--quiet", "-m", "second")
    git("clone", "--quiet", "--depth=1", committed.root.as_uri(), str(tmp_path / "copy"))
    copy = Life(tmp_path / "copy")
    copy.write(store=AFTER)
    assert copy.think() == DRIFTED
