"""What git says changed, and that a revision is never taken for anything else."""

import os
from pathlib import Path

import pytest

from sleeplsp.engine.errors import UsageError
from sleeplsp.repo.git import changed_since, head
from tests.repo.conftest import Git, write


@pytest.fixture
def commits(repository: Path, git: Git) -> Path:
    """Return a repository with two commits; the first is tagged `first`."""
    write(repository, "same.py", "edited.py", "removed.py", "sub/same.py", "renamed.py", "staged.py")
    git("add", ".")
    git("commit", "--quiet", "-m", "first")
    git("tag", "first")
    write(repository, "edited.py", text="x = 2\n")
    write(repository, "added.py")
    git("mv", "renamed.py", "sub/new name.py")
    git("rm", "--quiet", "removed.py")
    git("add", ".")
    git("commit", "--quiet", "-m", "second")
    return repository


def test_committed_staged_unstaged_and_untracked_changes(commits: Path, git: Git) -> None:
    write(commits, "staged.py", text="x = 3\n")
    git("add", "staged.py")
    write(commits, "sub/same.py", text="x = 4\n")
    write(commits, "untracked.py", "ignored.py", "new/u.py")
    (commits / ".gitignore").write_text("ignored.py\n")
    worked_on = {"staged.py", "sub/same.py", "untracked.py", "new/u.py", ".gitignore"}
    assert changed_since(commits, "HEAD") == worked_on
    assert changed_since(commits, "first") == worked_on | {
        "edited.py",
        "added.py",
        "sub/new name.py",
    }
    assert changed_since(str(commits), "HEAD~1") == changed_since(commits, "first")


def test_a_file_that_was_touched_has_not_changed(commits: Path) -> None:
    os.utime(commits / "same.py", (1, 1))
    assert changed_since(commits, "HEAD") == set()


def test_paths_are_relative_to_a_root_below_the_top(commits: Path) -> None:
    write(commits, "sub/u.py", "above.py")
    assert changed_since(commits / "sub", "first") == {"new name.py", "u.py"}


def test_what_another_branch_did_meanwhile_is_no_change(commits: Path, git: Git) -> None:
    git("checkout", "--quiet", "-b", "other", "first")
    write(commits, "theirs.py", "same.py", text="theirs\n")
    git("add", ".")
    git("commit", "--quiet", "-m", "theirs")
    git("checkout", "--quiet", "main")
    assert changed_since(commits, "other") == {"edited.py", "added.py", "sub/new name.py"}


def test_a_revision_without_common_history_is_compared_itself(commits: Path, git: Git) -> None:
    git("checkout", "--quiet", "--orphan", "lonely")
    write(commits, "edited.py", text="lonely\n")
    git("commit", "--quiet", "-am", "lonely")
    git("checkout", "--quiet", "main")
    assert changed_since(commits, "lonely") == {"edited.py"}


def test_changes_in_submodules(commits: Path, git: Git, tmp_path: Path) -> None:
    library = tmp_path / "library"
    write(library, "lib.py", "old.py")
    git("init", "--quiet", at=library)
    git("add", ".", at=library)
    git("commit", "--quiet", "-m", "library", at=library)
    git("submodule", "--quiet", "add", str(library), "module")
    git("commit", "--quiet", "-m", "with module")
    assert changed_since(commits, "HEAD") == set()
    # Since before there was a module, all of it is new.
    since_first = {"edited.py", "added.py", "sub/new name.py", ".gitmodules"}
    assert changed_since(commits, "first") == since_first | {"module/lib.py", "module/old.py"}
    write(commits, "module/lib.py", text="x = 2\n")
    git("commit", "--quiet", "-am", "within", at=commits / "module")
    write(commits, "module/new.py")
    assert changed_since(commits, "HEAD") == {"module/lib.py", "module/new.py"}


def test_names_that_are_not_utf8_are_spelled_portably(commits: Path) -> None:
    (commits / os.fsdecode(b"\xff.py")).write_text("")
    assert changed_since(commits, "HEAD") == {"\\udcff.py"}


def test_an_external_diff_or_text_converter_of_the_repository_is_not_started(
    commits: Path, git: Git, tmp_path: Path
) -> None:
    started = tmp_path / "started"
    script = tmp_path / "script"
    script.write_text(f"#!/bin/sh\ntouch '{started}'\n")
    script.chmod(0o755)
    for key in ("diff.external", "diff.mine.command", "diff.mine.textconv", "core.fsmonitor"):
        git("config", key, str(script))
    write(commits, ".gitattributes", text="*.py diff=mine\n")
    write(commits, "same.py", text="x = 7\n")
    assert changed_since(commits, "HEAD") == {"same.py", ".gitattributes"}
    assert not started.exists()


@pytest.mark.parametrize(
    "revision",
    [
        "no-such-branch",
        "",
        "-1",
        "--output=stolen",
        "HEAD..main",
        "HEAD:same.py",
        "a\0b",
        "\udc80",
        "HEAD\n",
    ],
)
def test_a_bad_revision_is_one_clear_line(commits: Path, revision: str) -> None:
    with pytest.raises(UsageError) as raised:
        changed_since(commits, revision)
    message = str(raised.value)
    assert repr(revision) in message
    assert "\n" not in message
    assert not (commits / "stolen").exists()


@pytest.mark.parametrize("revision", ["", "-1", "--output=stolen", "--upload-pack=sh", "a\0b"])
def test_what_cannot_be_a_revision_is_not_even_given_to_git(
    commits: Path, revision: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refusing(*_: object, **__: object) -> None:
        pytest.fail("git was started")

    monkeypatch.setattr("subprocess.run", refusing)
    with pytest.raises(UsageError, match=r"^not a git revision: "):
        changed_since(commits, revision)


def test_the_reason_is_said(commits: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"^changes since 'nope' cannot be told: there is no such revision$"):
        changed_since(commits, "nope")
    (tmp_path / "plain").mkdir()
    with pytest.raises(UsageError, match="cannot be told: not a git repository"):
        changed_since(tmp_path / "plain", "HEAD")


def test_without_git(commits: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UsageError, match="cannot be told: git was not found"):
        changed_since(commits, "HEAD")
    assert head(commits) is None


def test_head(repository: Path, git: Git, tmp_path: Path) -> None:
    assert head(repository) is None
    write(repository, "a.py")
    git("add", ".")
    git("commit", "--quiet", "-m", "a")
    assert head(repository) == git("rev-parse", "HEAD")
    assert head(tmp_path) is None
