"""What git says of files as they were at a commit: in real repositories, whatever their state."""

import os
from pathlib import Path

import pytest

from sleeplsp.engine.drift.history import Differing
from sleeplsp.engine.errors import UsageError
from sleeplsp.engine.settings import Settings
from sleeplsp.repo.history import GitHistory
from tests.repo.conftest import Git, write

THEN = b"def load(key):\n    return 1\n"
LONG = "x = 1\n" * 20
"""Long enough that git takes it for the same file by another name."""


@pytest.fixture
def committed(repository: Path, git: Git) -> Path:
    """Return a repository with one commit, and nothing changed since."""
    write(repository, "a.py", "pkg/b.py", "notes.txt", text=THEN.decode())
    write(repository, "long.py", text=LONG)
    git("add", "--all")
    git("commit", "--quiet", "--message", "first")
    return repository


def differing(root: Path, revision: str = "HEAD") -> Differing:
    history = GitHistory(root)
    found = history.differing(history.commit(revision))
    assert found is not None
    return found


def test_where_nothing_differs_nothing_is_told(committed: Path) -> None:
    assert differing(committed).is_nothing


def test_what_was_edited_added_and_removed(committed: Path, git: Git) -> None:
    write(committed, "a.py", "new.py", "notes.txt", "staged.py", text="x = 2\n")
    git("add", "staged.py")
    (committed / "pkg/b.py").unlink()
    assert differing(committed) == Differing(
        {"a.py": THEN, "pkg/b.py": THEN}, frozenset({"new.py", "staged.py"})
    )


def test_what_git_says_was_renamed(committed: Path, git: Git) -> None:
    git("mv", "long.py", "pkg/other.py")
    write(committed, "pkg/other.py", text=LONG + "y = 1\n")
    found = differing(committed)
    assert found.renamed == {"pkg/other.py": "long.py"}
    assert found.texts == {"long.py": LONG.encode()}
    assert found.added == {"pkg/other.py"}
    # Moved without telling git, it is another file.
    git("reset", "--quiet", "--hard")
    (committed / "long.py").rename(committed / "moved.py")
    assert differing(committed) == Differing({"long.py": LONG.encode()}, frozenset({"moved.py"}))


def test_a_folder_within_the_repository(committed: Path) -> None:
    write(committed, "a.py", "pkg/b.py", "pkg/c.py", text="x = 2\n")
    assert differing(committed / "pkg") == Differing({"b.py": THEN}, frozenset({"c.py"}))


def test_a_link_and_a_submodule_are_no_texts(committed: Path, git: Git, tmp_path: Path) -> None:
    (committed / "link.py").symlink_to("a.py")
    library = tmp_path / "library"
    write(library, "lib.py")
    git("init", "--quiet", at=library)
    git("add", ".", at=library)
    git("commit", "--quiet", "-m", "library", at=library)
    git("submodule", "--quiet", "add", str(library), "module")
    git("add", "--all")
    git("commit", "--quiet", "-m", "second")
    write(committed, "module/lib.py", text="x = 2\n")
    (committed / "link.py").unlink()
    (committed / "a.py").unlink()
    (committed / "a.py").symlink_to("pkg/b.py")
    assert differing(committed) == Differing({"a.py": THEN})


def test_what_was_too_large_or_binary_is_not_known(repository: Path, git: Git) -> None:
    write(repository, "large.py", text=LONG)
    (repository / "binary.py").write_bytes(b"\0\1\2")
    write(repository, "a.py")
    git("add", "--all")
    git("commit", "--quiet", "-m", "first")
    write(repository, "large.py", "binary.py", "a.py", text="x = 3\n")
    history = GitHistory(repository, Settings(file_bytes_max=50))
    found = history.differing("HEAD")
    assert found == Differing({"a.py": b"x = 1\n"}, unknown=frozenset({"binary.py", "large.py"}))


def test_names_that_are_not_utf8_and_names_with_line_breaks(repository: Path, git: Git) -> None:
    (repository / os.fsdecode(b"\xff.py")).write_text("x = 1\n")
    write(repository, "a\nb.py")
    git("add", "--all")
    git("commit", "--quiet", "-m", "first")
    (repository / os.fsdecode(b"\xff.py")).write_text("x = 2\n")
    write(repository, "a\nb.py", text="x = 2\n")
    assert set(differing(repository).texts) == {"\\udcff.py", "a\nb.py"}


def test_a_conflict_and_a_detached_head(committed: Path, git: Git) -> None:
    git("checkout", "--quiet", "-b", "other")
    write(committed, "a.py", text="x = 2\n")
    git("commit", "--quiet", "-am", "other")
    git("checkout", "--quiet", "--detach", "main")
    write(committed, "a.py", text="x = 3\n")
    git("commit", "--quiet", "-am", "detached")
    with pytest.raises(Exception, match="merge"):
        git("merge", "other")
    assert differing(committed).texts == {"a.py": b"x = 3\n"}
    assert differing(committed, "main").texts == {"a.py": THEN}


def test_a_shallow_copy(committed: Path, git: Git, tmp_path: Path) -> None:
    write(committed, "a.py", text="x = 2\n")
    git("commit", "--quiet", "-am", "second")
    git("clone", "--quiet", "--depth=1", committed.as_uri(), str(tmp_path / "copy"))
    write(tmp_path / "copy", "a.py", text="x = 3\n")
    assert differing(tmp_path / "copy").texts == {"a.py": b"x = 2\n"}
    with pytest.raises(UsageError, match="there is no such revision"):
        differing(tmp_path / "copy", "HEAD~1")


def test_what_an_attribute_names_is_not_run_on_what_was(committed: Path, git: Git, tmp_path: Path) -> None:
    started = tmp_path / "started"
    for key in ("filter.mine.smudge", "diff.mine.textconv", "diff.mine.command", "diff.external"):
        git("config", key, f"touch '{started}'; cat")
    write(committed, ".gitattributes", text="*.py filter=mine diff=mine\n")
    write(committed, "a.py", text="x = 2\n")
    assert differing(committed).texts["a.py"] == THEN
    assert not started.exists()


def test_no_repository_no_commit_no_such_revision(repository: Path, tmp_path: Path) -> None:
    write(repository, "a.py")
    for root in (repository, tmp_path):
        assert GitHistory(root).head() is None
        assert GitHistory(root).differing("HEAD") is None
    with pytest.raises(UsageError, match=r"^drift against 'HEAD' cannot be told: "):
        GitHistory(repository).commit("HEAD")
    with pytest.raises(UsageError, match=r"^not a git revision: '--all'$"):
        GitHistory(repository).commit("--all")


def test_subjects_of_the_last_commits_that_touched_a_file(committed: Path, git: Git) -> None:
    write(committed, "a.py", text="x = 3\n")
    git("commit", "--quiet", "--all", "--message", "second\n\nwith a body")
    history = GitHistory(committed)
    assert history.subjects("a.py", 5) == ("second", "first")
    assert history.subjects("a.py", 1) == ("second",)
    assert history.subjects("pkg/b.py", 5) == ("first",)
    assert history.subjects("*.py", 5) == ()
    assert history.subjects("no\0name", 5) == ()
    assert GitHistory(committed / "nowhere").subjects("a.py", 5) == ()
