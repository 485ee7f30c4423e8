"""What git says of a work tree: its files, its head, what changed since a revision.

Runs the user's own git and reads its output. Nothing here changes a repository or fetches from one,
and file monitors, external diffs and text converters that its configuration names are not started;
only a comparison with the work tree may start a clean filter (such as LFS) and refresh the index, as
`git status` does. This module must not know which files are worth reading.
"""

import contextlib
import os
import subprocess
from pathlib import Path
from typing import Any

from sleeplsp.core.spelling import portable
from sleeplsp.engine.errors import UsageError

_GIT_S_MAX = 60.0
# A hook sets these for its own repository; here the folder alone says which repository is meant.
_FOREIGN = (
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_PREFIX",
    "GIT_NAMESPACE",
    "GIT_COMMON_DIR",
)
_FIXED = {
    "LC_ALL": "C",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_NO_LAZY_FETCH": "1",
}
_COMMAND = ("git", "-c", "core.fsmonitor=false", "-c", "core.quotepath=false")
_COMPARE = (
    "diff", "--name-only", "-z", "--relative", "--no-renames", "--diff-filter=d",
    "--ignore-submodules=all",
)  # fmt: skip
_SUBMODULE_MODE = b"160000"


class GitError(Exception):
    """Git is missing, refuses, or fails; the text is one line that says so."""

    def __init__(self, line: str, *, no_work_tree: bool = False) -> None:
        super().__init__(line)
        self.no_work_tree = no_work_tree
        """There is nothing wrong: the folder is simply not in a git work tree."""


def files(root: str) -> list[str]:
    """Return tracked and untracked-not-ignored files below `root`, as the OS spells their paths.

    Paths are relative to `root`. A submodule, and any other repository within, is one entry: the
    path of its folder. Tracked files that are gone from disk are included. Raises GitError.
    """
    listed = _paths(run(root, "ls-files", "--cached", "--others", "--exclude-standard", "-z"))
    return list(dict.fromkeys(listed))  # a file in conflict is listed once for each side


def head(root: str | Path) -> str | None:
    """Return the commit that is checked out at `root`, in hex, or None where there is none."""
    try:
        return commit(str(root), "HEAD")
    except GitError:
        return None


def commit(root: str, revision: str) -> str:
    """Return the commit a revision names, in hex. Raises GitError; UsageError for what cannot be one."""
    # No revision begins with a dash; what does would be read as an option.
    if not revision or revision.startswith("-") or "\0" in revision:
        raise UsageError(f"not a git revision: {revision!r}")
    return run(root, "rev-parse", "--verify", f"{revision}^{{commit}}").decode("ascii").strip()


def is_ignored(root: str | Path, path: str | Path) -> bool:
    """Tell whether git ignores a file or folder below `root`; if it cannot tell, it does not."""
    try:
        run(str(root), "check-ignore", "--quiet", "--", str(path))
    except GitError:
        return False
    return True


def untracked_files(root: str) -> list[str]:
    """Return the files below `root` that git does not track and does not ignore. Raises GitError."""
    return _paths(run(root, "ls-files", "--others", "--exclude-standard", "-z"))


def changed_since(root: str | Path, revision: str) -> set[str]:
    """Return the existing files below `root` that differ from where its history left `revision`.

    That is the merge base of `revision` and HEAD, or `revision` itself where they share no history:
    what others did on that branch meanwhile is no change of yours. The working tree, untracked
    files and submodules are included. Paths are relative to `root` and portable. Raises UsageError
    when the revision or the repository cannot be used.
    """
    root = str(root)
    try:
        start = commit(root, revision)
        with contextlib.suppress(GitError):
            start = run(root, "merge-base", start, "HEAD").decode("ascii").strip()
        return {portable(path) for path in _changed(root, start)}
    except GitError as error:
        raise UsageError(f"changes since {revision!r} cannot be told: {error}") from error


def _changed(root: str, start: str) -> set[str]:
    compared = run(root, *_COMPARE, start, "--")
    untracked = run(root, "ls-files", "--others", "--exclude-standard", "-z")
    changed = {path for path in _paths(compared + untracked) if not path.endswith("/")}
    for folder in _nested(root, untracked):
        changed |= {f"{folder}/{path}" for path in _changed_within(root, folder, start)}
    return changed


def _changed_within(root: str, folder: str, start: str) -> set[str]:
    """Return what changed in a repository within another; all of it where that cannot be told."""
    inner = f"{root}/{folder}"
    try:
        return _changed(inner, run(root, "rev-parse", "--verify", f"{start}:./{folder}").decode().strip())
    except GitError:
        return set(files(inner))


def _nested(root: str, untracked: bytes) -> list[str]:
    """Return the folders of checked-out submodules and of untracked repositories."""
    staged = run(root, "ls-files", "--stage", "-z").split(b"\0")
    modules = [os.fsdecode(line.partition(b"\t")[2]) for line in staged if line.startswith(_SUBMODULE_MODE)]
    others = [path.rstrip("/") for path in _paths(untracked) if path.endswith("/")]
    return [folder for folder in modules + others if os.path.lexists(f"{root}/{folder}/.git")]


def _paths(output: bytes) -> list[str]:
    found = (os.fsdecode(path) for path in output.split(b"\0") if path)
    # A configured work tree may begin above the folder; what lies beside it is not asked for.
    return [path for path in found if not path.startswith("../")]


def run(root: str, *arguments: str, given: bytes = b"") -> bytes:
    """Run git in a folder, `given` on its standard input; return what it prints. Raises GitError."""
    environment = {name: value for name, value in os.environ.items() if name not in _FOREIGN} | _FIXED
    source: dict[str, Any] = {"input": given} if given else {"stdin": subprocess.DEVNULL}
    try:
        done: subprocess.CompletedProcess[bytes] = subprocess.run(
            [*_COMMAND, "-C", root, *arguments],
            env=environment,
            **source,
            capture_output=True,
            timeout=_GIT_S_MAX,
            check=False,
        )
    except FileNotFoundError as error:
        raise GitError("git was not found") from error
    except subprocess.TimeoutExpired as error:
        raise GitError(f"git took more than {_GIT_S_MAX:.0f} s") from error
    except (OSError, ValueError) as error:
        raise GitError(f"git could not be started: {error}") from error
    if done.returncode == 0:
        return done.stdout
    said = done.stderr.decode("utf-8", "replace").strip()
    raise GitError(
        _first_line(said) or f"git ended with {done.returncode}",
        no_work_tree="not a git repository" in said or "must be run in a work tree" in said,
    )


def _first_line(said: str) -> str:
    line = said.partition("\n")[0].removeprefix("fatal: ")
    return "there is no such revision" if line == "Needed a single revision" else line
