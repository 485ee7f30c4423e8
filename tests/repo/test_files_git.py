"""The files of a git work tree, in the states that work trees get into."""

import os
import subprocess
from pathlib import Path

import pytest

from sleeplsp.engine.ports import SkipReason
from sleeplsp.repo.files import Repository
from tests.repo.conftest import Git, write


def paths(root: Path) -> list[str]:
    return [file.path for file in Repository(root).scan().files]


def test_tracked_and_untracked_files_but_none_that_is_ignored_or_gone(repository: Path, git: Git) -> None:
    write(repository, "tracked.py", "forced.py", "gone.py", "folder/gone.py", "both.py")
    (repository / ".gitignore").write_text("forced.py\nignored.py\n")
    git("add", "--force", ".")
    write(repository, "untracked.py", "ignored.py")
    (repository / "gone.py").unlink()
    (repository / "folder/gone.py").unlink()
    (repository / "folder").rmdir()
    (repository / "folder").write_text("a file now\n")
    scanned = Repository(repository).scan()
    assert [file.path for file in scanned.files] == [
        "both.py",
        "forced.py",
        "tracked.py",
        "untracked.py",
    ]
    assert (scanned.skipped, scanned.other) == ((), 2)  # .gitignore and folder


def test_a_file_in_conflict_is_listed_and_counted_once(repository: Path, git: Git) -> None:
    write(repository, "a.py", "notes.txt", text="base\n")
    git("add", ".")
    git("commit", "--quiet", "-m", "base")
    git("checkout", "--quiet", "-b", "other")
    write(repository, "a.py", "notes.txt", text="theirs\n")
    git("commit", "--quiet", "-am", "theirs")
    git("checkout", "--quiet", "main")
    write(repository, "a.py", "notes.txt", text="ours\n")
    git("commit", "--quiet", "-am", "ours")
    with pytest.raises(subprocess.CalledProcessError):
        git("merge", "--quiet", "other")
    scanned = Repository(repository).scan()
    assert [file.path for file in scanned.files] == ["a.py"]
    assert scanned.other == 1


def test_a_root_below_the_top_of_the_work_tree(repository: Path, git: Git) -> None:
    write(repository, "top.py", "sub/a.py", "sub/deep/b.py", "sub/ignored.py")
    (repository / ".gitignore").write_text("ignored.py\n")
    git("add", "sub/a.py")
    assert paths(repository / "sub") == ["a.py", "deep/b.py"]


def test_a_root_that_the_work_tree_around_it_ignores_is_walked(repository: Path) -> None:
    write(repository, "a.py", ".venv/lib/site-packages/pkg/b.py", ".venv/lib/site-packages/c.py")
    (repository / ".gitignore").write_text(".venv/\n")
    installed = repository / ".venv/lib/site-packages"
    (installed / ".gitignore").write_text("c.py\n")
    assert paths(installed) == ["pkg/b.py"]
    assert paths(repository) == ["a.py"]


def test_submodules_and_untracked_repositories_are_looked_into(
    repository: Path, git: Git, tmp_path: Path
) -> None:
    library = tmp_path / "library"
    write(library, "lib.py", "ignored.py")
    (library / ".gitignore").write_text("ignored.py\n")
    for folder in (library, repository / "nested", repository / "third_party/clone"):
        folder.mkdir(parents=True, exist_ok=True)
        git("init", "--quiet", at=folder)
    write(repository, "a.py", "nested/n.py", "third_party/clone/x.py")
    git("add", ".", at=library)
    git("commit", "--quiet", "-m", "library", at=library)
    git("submodule", "--quiet", "add", str(library), "module")
    write(repository, "module/new.py", "module/ignored.py")
    git("add", ".gitmodules", "a.py")
    git("commit", "--quiet", "-m", "all")
    scanned = Repository(repository).scan()
    assert [file.path for file in scanned.files] == [
        "a.py",
        "module/lib.py",
        "module/new.py",
        "nested/n.py",
    ]
    assert [(each.path, each.reason) for each in scanned.skipped] == [("third_party/", SkipReason.VENDORED)]
    git("submodule", "--quiet", "deinit", "--force", "module")
    assert paths(repository) == ["a.py", "nested/n.py"]


def test_variables_of_a_hook_are_not_obeyed(
    repository: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    write(repository, "a.py", "b.py")
    write(repository, ".git/info/exclude", text="b.py\n")  # which only git knows of
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "other/.git"))
    monkeypatch.setenv("GIT_WORK_TREE", str(tmp_path))
    monkeypatch.setenv("GIT_INDEX_FILE", str(tmp_path / "index"))
    scanned = Repository(repository)
    assert [file.path for file in scanned.scan().files] == ["a.py"]
    assert scanned.notices == ()


def test_without_git_the_ignore_files_are_read_and_a_notice_says_so(
    repository: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    write(repository, "a.py", "b.py")
    (repository / ".gitignore").write_text("b.py\n")
    monkeypatch.setenv("PATH", str(tmp_path))
    scanned = Repository(repository)
    assert [file.path for file in scanned.scan().files] == ["a.py"]
    assert scanned.notices == ("ignore files are read without git: git was not found",)


def test_without_git_and_without_a_repository_there_is_no_notice(
    root: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    write(root, "a.py")
    monkeypatch.setenv("PATH", str(tmp_path))
    scanned = Repository(root)
    assert [file.path for file in scanned.scan().files] == ["a.py"]
    assert scanned.notices == ()


def test_a_repository_that_git_does_not_trust_is_walked(
    repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(repository, "a.py", "b.py")
    (repository / ".gitignore").write_text("b.py\n")
    # Git's own switch to behave as if somebody else owned the folder.
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    scanned = Repository(repository)
    assert [file.path for file in scanned.scan().files] == ["a.py"]
    assert len(scanned.notices) == 1
    assert scanned.notices[0].startswith(
        "ignore files are read without git: detected dubious ownership in repository"
    )
    assert "\n" not in scanned.notices[0]


def test_a_broken_index_is_no_reason_to_read_nothing(repository: Path, git: Git) -> None:
    write(repository, "a.py")
    git("add", ".")
    (repository / ".git/index").write_bytes(b"garbage")
    scanned = Repository(repository)
    assert [file.path for file in scanned.scan().files] == ["a.py"]
    assert len(scanned.notices) == 1


def test_a_file_monitor_that_the_repository_names_is_not_started(
    repository: Path, git: Git, tmp_path: Path
) -> None:
    write(repository, "a.py")
    started = tmp_path / "started"
    monitor = tmp_path / "monitor"
    monitor.write_text(f"#!/bin/sh\ntouch '{started}'\n")
    monitor.chmod(0o755)
    git("config", "core.fsmonitor", str(monitor))
    git("add", ".")
    assert started.exists()  # git itself starts it
    started.unlink()
    assert paths(repository) == ["a.py"]
    assert not started.exists()


def test_no_lock_and_no_change_is_left_in_the_repository(repository: Path, git: Git) -> None:
    write(repository, "a.py")
    git("add", ".")
    os.utime(repository / "a.py", (1, 1))  # what a refreshing command would write to the index
    before = (repository / ".git/index").read_bytes()
    assert paths(repository) == ["a.py"]
    assert (repository / ".git/index").read_bytes() == before
