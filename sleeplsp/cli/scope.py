"""Which workspace a command is about, and which part of it.

The workspace of a path is, going up from it:

1. the nearest folder whose `pyproject.toml` has a `[tool.sleeplsp]` table: it says that it is one,
2. else the top of the git repository around it, unless git ignores the path,
3. else the nearest folder with a `pyproject.toml`,
4. else the folder that holds the outermost package (`__init__.py`) around it, or itself.

So one file has one workspace from wherever it is asked about, and what was thought of it is found
again. This module must not know what is done with a workspace.
"""

import os
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import msgspec

from sleeplsp.core.spelling import portable
from sleeplsp.engine.errors import UsageError
from sleeplsp.repo.git import changed_since, is_ignored
from sleeplsp.repo.settings_files import has_settings


class Scope(msgspec.Struct, frozen=True):
    """A workspace, and the files and folders of it that are asked about."""

    root: Path
    """Absolute, links resolved."""
    paths: tuple[str, ...] = ()
    """Relative to the root, with forward slashes; none means all."""
    revision: str | None = None
    """Only what has changed since is asked about."""
    changed: frozenset[str] = frozenset()
    """Paths that have, when there is a revision."""

    def holds(self, path: str) -> bool:
        """Tell whether a file of the workspace is asked about."""
        return self._names(path) and self._is_changed(path)

    def concerns(self, path: str, evidence: Iterable[str]) -> bool:
        """Tell whether what is said of a file is asked about, whose evidence lies in further ones.

        A change may break a caller that has not changed: that counts as well.
        """
        return self._names(path) and any(map(self._is_changed, (path, *evidence)))

    def meets(self, entry: str) -> bool:
        """Tell whether a file, or a whole folder (it ends in a slash), has part in the scope."""
        if not entry.endswith("/"):
            return self.holds(entry)
        inside = any(each.startswith(entry) for each in (*self.paths, *self.changed))
        return inside or (self.revision is None and self._names(entry.rstrip("/")))

    def _names(self, path: str) -> bool:
        return not self.paths or any(_is_within(path, each) for each in self.paths)

    def _is_changed(self, path: str) -> bool:
        return self.revision is None or path in self.changed


def scope_of(paths: Sequence[str] = (), root: str | None = None, revision: str | None = None) -> Scope:
    """Return the scope that a command line names. Raises UsageError for what is not there."""
    real = [existing(each) for each in paths]
    top = _folder(root) if root is not None else workspace_of(real[0] if real else _here())
    inner = [_relative(path, top, said) for path, said in zip(real, paths, strict=True)]
    changed = changed_since(top, revision) if revision is not None else ()
    return Scope(top, () if "" in inner else tuple(dict.fromkeys(inner)), revision, frozenset(changed))


def existing(path: str) -> Path:
    """Return where a path leads. Raises UsageError when that is nowhere."""
    if not path or not os.path.exists(path):  # noqa: PTH110 - Path raises for some texts
        raise UsageError(f"no such file or folder: {path}")
    return Path(os.path.realpath(path))


def workspace_of(path: Path) -> Path:
    """Return the workspace a file or folder belongs to, as this module's docstring says."""
    folder = path if path.is_dir() else path.parent
    around = [folder, *folder.parents]
    if (stated := _nearest(around, has_settings)) is not None:
        return stated
    top = _nearest(around, lambda each: os.path.lexists(each / ".git"))
    if top is not None:
        return folder if folder != top and is_ignored(top, path) else top
    stated = _nearest(around, lambda each: (each / "pyproject.toml").is_file())
    return stated or _nearest(around, lambda each: not (each / "__init__.py").exists()) or folder


def _nearest(folders: Iterable[Path], condition: Callable[[Path], bool]) -> Path | None:
    return next((each for each in folders if condition(each)), None)


def _folder(path: str) -> Path:
    found = existing(path)
    if not found.is_dir():
        raise UsageError(f"a workspace is a folder, and {path} is a file")
    return found


def _here() -> Path:
    try:
        return Path.cwd()
    except OSError as error:
        raise UsageError("the current folder is gone; --root names another one") from error


def _relative(path: Path, root: Path, said: str) -> str:
    if not path.is_relative_to(root):
        raise UsageError(f"{said} lies outside of the workspace {root}; --root names another one")
    inner = path.relative_to(root).as_posix()
    return "" if inner == "." else portable(inner)


def _is_within(path: str, folder: str) -> bool:
    return path == folder or path.startswith(f"{folder}/")
