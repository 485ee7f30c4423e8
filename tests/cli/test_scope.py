"""Which workspace a path belongs to, and which paths a scope holds."""

from pathlib import Path

import pytest

from sleeplsp.cli.scope import Scope, scope_of, workspace_of
from sleeplsp.engine.errors import UsageError
from tests.cli.conftest import git, write

OURS = "[tool.sleeplsp]\n"
OTHERS = "[tool.other]\n# not sleeplsp\n"

# Files, whether the top is a git repository, a path, and the workspace it belongs to.
CASES = {
    "a folder alone": ({"a/b.py": ""}, False, "a", "a"),
    "a file alone": ({"a/b.py": ""}, False, "a/b.py", "a"),
    "a package": ({"a/p/__init__.py": "", "a/p/q/__init__.py": ""}, False, "a/p/q", "a"),
    "a project": ({"a/pyproject.toml": OTHERS, "a/b/c.py": ""}, False, "a/b", "a"),
    "a repository": ({"a/pyproject.toml": OTHERS, "a/b.py": ""}, True, "a/b.py", "."),
    "one that says so": ({"a/pyproject.toml": OURS, "a/b/c.py": ""}, True, "a/b", "a"),
    "the nearest that says so": (
        {"pyproject.toml": OURS, "a/pyproject.toml": OURS, "a/b.py": ""},
        True,
        "a/b.py",
        "a",
    ),
    "what git ignores": ({".gitignore": "lib/\n", "lib/p/b.py": ""}, True, "lib/p", "lib/p"),
    "a file that git ignores": ({".gitignore": "lib/\n", "lib/b.py": ""}, True, "lib/b.py", "lib"),
}


@pytest.mark.parametrize(("files", "in_git", "path", "expected"), CASES.values(), ids=CASES)
def test_workspaces(tmp_path: Path, files: dict[str, str], path: str, expected: str, *, in_git: bool) -> None:
    write(tmp_path, files)
    if in_git:
        git(tmp_path, "init", "--quiet")
    assert workspace_of(tmp_path / path) == tmp_path / expected


def test_a_root_that_is_named_is_the_workspace(tmp_path: Path) -> None:
    write(tmp_path, {"pyproject.toml": OURS, "a/b.py": ""})
    assert scope_of([str(tmp_path / "a/b.py")], str(tmp_path / "a")) == Scope(tmp_path / "a", ("b.py",))
    assert scope_of([str(tmp_path / "a")], str(tmp_path / "a")).paths == ()


def test_without_a_path_it_is_the_workspace_of_the_current_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, {"pyproject.toml": OURS, "a/b.py": ""})
    monkeypatch.chdir(tmp_path / "a")
    assert scope_of() == Scope(tmp_path)


def test_a_link_means_where_it_leads(tmp_path: Path) -> None:
    write(tmp_path, {"pyproject.toml": OURS, "a/b.py": ""})
    (tmp_path / "link").symlink_to("a")
    assert scope_of([str(tmp_path / "link")]).paths == ("a",)


@pytest.mark.parametrize("path", ["", "nowhere", "a\0b", "link"])
def test_what_is_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: str) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "link").symlink_to("nowhere")
    with pytest.raises(UsageError, match="no such file or folder"):
        scope_of([path])
    with pytest.raises(UsageError, match="no such file or folder"):
        scope_of(root=path)


def test_a_file_is_no_workspace_and_a_path_lies_in_it(tmp_path: Path) -> None:
    write(tmp_path, {"a.py": "", "b/c.py": ""})
    with pytest.raises(UsageError, match="a workspace is a folder"):
        scope_of(root=str(tmp_path / "a.py"))
    with pytest.raises(UsageError, match="lies outside of the workspace"):
        scope_of([str(tmp_path / "a.py")], str(tmp_path / "b"))


# Paths and changed paths of a scope; a file or folder; whether it is held, and whether it meets.
HELD = [
    ((), None, "a/b.py", True, True),
    (("a",), None, "a/b.py", True, True),
    (("a",), None, "ab.py", False, False),
    (("a/b.py",), None, "a/b.py", True, True),
    (("a/b.py",), None, "a/", False, True),
    (("c",), None, "a/", False, False),
    (("a",), None, "a/lib/", False, True),
    (("a",), ("a/b.py",), "a/b.py", True, True),
    (("a",), ("a/b.py",), "a/c.py", False, False),
    ((), ("a/b.py",), "a/", False, True),
    ((), ("a/b.py",), "c/", False, False),
]


@pytest.mark.parametrize(("paths", "changed", "entry", "holds", "meets"), HELD)
def test_scopes(
    paths: tuple[str, ...],
    changed: tuple[str, ...] | None,
    entry: str,
    holds: bool,  # noqa: FBT001 - a row of the table
    meets: bool,  # noqa: FBT001 - as above
) -> None:
    revision = None if changed is None else "HEAD"
    scope = Scope(Path("/root"), paths, revision, frozenset(changed or ()))
    if not entry.endswith("/"):
        assert scope.holds(entry) is holds
    assert scope.meets(entry) is meets


def test_evidence_in_a_changed_file_concerns_a_scope() -> None:
    scope = Scope(Path("/root"), ("a",), "HEAD", frozenset({"b/changed.py"}))
    assert scope.concerns("a/x.py", ["a/x.py", "b/changed.py"])
    assert not scope.concerns("a/x.py", ["a/x.py"])
    assert not scope.concerns("b/changed.py", [])
