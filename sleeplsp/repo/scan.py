"""One scan of a workspace: every file found is listed, listed as left out, or counted.

Works from names and sizes alone and opens no file but ignore files. This module must not know what
the files contain.
"""

import os
import stat
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache, partial
from pathlib import Path

from sleeplsp.core.languages import language_of
from sleeplsp.core.spelling import portable
from sleeplsp.engine.ports import FileStamp, Listing, SkippedFile, SkipReason
from sleeplsp.engine.settings import Settings
from sleeplsp.repo import git
from sleeplsp.repo.folders import Folder, Folders
from sleeplsp.repo.names import is_secret, reason_of_name

_Status = Callable[[], os.stat_result]
# The same names occur in many folders.
_language_of_name = lru_cache(maxsize=2**14)(language_of)


class Scan:
    """What has been found so far. `root` is absolute; paths are the OS's own, relative to it."""

    def __init__(self, root: str, settings: Settings, *, walked: bool) -> None:
        self._root = root
        self._settings = settings
        self._folders = Folders(root, settings, walked=walked)
        self._files: dict[str, FileStamp] = {}
        self._skipped: dict[str, SkipReason] = {}
        self._other = 0

    def add_listed(self, paths: Iterable[str]) -> None:
        """Add what git lists: files, and folders that are repositories of their own."""
        pending = [iter(paths)]
        while pending:
            path = next(pending[-1], None)
            if path is None:
                pending.pop()
            elif inner := self._add_listed(path.removesuffix("/")):
                pending.append(inner)

    def add_walked(self) -> None:
        """Add every file below the root."""
        pending = [self._folders.at("")]
        while pending:
            pending += self._walk(pending.pop())

    def listing(self) -> Listing:
        """Return all that was added, sorted, with files beyond `files_max` left out."""
        files = [self._files[path] for path in sorted(self._files)]
        kept, beyond = files[: self._settings.files_max], files[self._settings.files_max :]
        skipped = self._skipped | {each.path: SkipReason.OVER_LIMIT for each in beyond}
        listed = (SkippedFile(path, skipped[path]) for path in sorted(skipped))
        return Listing(tuple(kept), tuple(listed), self._other)

    def _add_listed(self, path: str) -> Iterator[str] | None:
        """Add one path of git's; return the paths within where it is a repository of its own."""
        folder = self._folders.at(path[: path.rfind("/") + 1])
        if not folder.is_looked_into:
            self._leave_out(folder)
            return None
        try:
            status = os.lstat(self._absolute(path))
        except (FileNotFoundError, NotADirectoryError):
            return None  # tracked, and gone from disk
        except OSError:
            self._skip(path, SkipReason.UNREADABLE)
            return None
        if stat.S_ISDIR(status.st_mode):
            return self._inner(self._folders.at(f"{path}/"))
        self._add(folder, path, lambda: status, is_link=stat.S_ISLNK(status.st_mode))
        return None

    def _inner(self, folder: Folder) -> Iterator[str] | None:
        if not folder.is_looked_into:
            self._leave_out(folder)
            return None
        inner = self._absolute(folder.path)
        if not os.path.lexists(f"{inner}.git"):
            return None  # a submodule that is not checked out
        try:
            return (folder.path + path for path in git.files(inner))
        except git.GitError:
            self._skip(folder.path, SkipReason.UNREADABLE)
            return None

    def _walk(self, folder: Folder) -> Iterator[Folder]:
        """Add the files of one folder and yield the folders in it that are looked into."""
        try:
            with os.scandir(self._absolute(folder.path)) as found:
                entries = list(found)
        except OSError:
            self._skip(folder.path or "./", SkipReason.UNREADABLE)
            return
        for entry in entries:
            path = folder.path + entry.name
            if not _is_folder(entry):
                status = partial(entry.stat, follow_symlinks=False)
                self._add(folder, path, status, is_link=entry.is_symlink())
            elif (inner := self._folders.at(f"{path}/")).is_looked_into:
                yield inner
            else:
                self._leave_out(inner)

    def _add(self, folder: Folder, path: str, status: _Status, *, is_link: bool) -> None:
        name = path[path.rfind("/") + 1 :]
        if folder.ignored.verdict(path, is_folder=False):
            return
        if is_secret(name):
            self._skip(path, SkipReason.DENIED)
        elif _language_of_name(name):
            self._add_claimed(folder, path, name, status)
        elif is_link and Path(self._absolute(path)).is_dir():
            self._skip(f"{path}/", SkipReason.LINKED)
        else:
            self._other += 1

    def _add_claimed(self, folder: Folder, path: str, name: str, status: _Status) -> None:
        """Add a file that a language claims."""
        try:
            found = status()
        except OSError:
            return  # gone since
        if reason := self._reason(folder, path, name, found):
            self._skip(path, reason)
        else:
            key = portable(path)
            self._files[key] = FileStamp(key, found.st_size, found.st_mtime_ns)

    def _reason(self, folder: Folder, path: str, name: str, status: os.stat_result) -> SkipReason | None:
        excluded = self._folders.excludes(folder, path, is_folder=False)
        if excluded:
            return SkipReason.EXCLUDED
        if excluded is None and (reason := reason_of_name(name)):
            return reason
        if stat.S_ISLNK(status.st_mode):
            return SkipReason.LINKED
        if not stat.S_ISREG(status.st_mode):
            return SkipReason.UNREADABLE
        return SkipReason.TOO_LARGE if status.st_size > self._settings.file_bytes_max else None

    def _leave_out(self, folder: Folder) -> None:
        if folder.reason is not None:
            self._skip(folder.path, folder.reason)

    def _skip(self, path: str, reason: SkipReason) -> None:
        self._skipped[portable(path)] = reason

    def _absolute(self, path: str) -> str:
        return f"{self._root}/{path}"


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir(follow_symlinks=False)
    except OSError:
        return False
