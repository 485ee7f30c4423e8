"""Folders: which of them are looked into, and what the ignore files say within each.

A folder is judged once, by its name, its depth and the rules of the folder above. This module must
not know how the folders were found.
"""

import os
from pathlib import Path

from sleeplsp.engine.ports import SkipReason
from sleeplsp.engine.settings import Settings
from sleeplsp.repo.ignore import Rules, patterns_of, read_patterns
from sleeplsp.repo.names import ENVIRONMENT_MARKS, SECRET_FOLDERS, TOOL_FOLDERS, VENDORED_FOLDERS


class Folder:
    """One folder, or the folder above it that decided: below a folder left out all is left out."""

    __slots__ = ("depth", "excluded", "ignored", "is_looked_into", "path", "reason")

    def __init__(self, path: str, depth: int, excluded: Rules, ignored: Rules) -> None:
        self.path = path
        """Relative to the root, with `/` between and at the end; empty for the root."""
        self.depth = depth
        self.excluded = excluded
        """What the settings and `.sleeplspignore` files say."""
        self.ignored = ignored
        """What `.gitignore` files say; nothing when git itself has been asked."""
        self.is_looked_into = True
        self.reason: SkipReason | None = None
        """Why it is left out; None also for one that is ignored, which is not worth a mention."""

    def leave_out(self, reason: SkipReason | None) -> "Folder":
        """Mark the folder, with all below it, as left out."""
        self.is_looked_into, self.reason = False, reason
        return self


class Folders:
    """The folders of one workspace, as one scan sees them.

    `walked` says that they are found by walking, which follows no link, and not in git's list.
    """

    def __init__(self, root: str, settings: Settings, *, walked: bool) -> None:
        self._root = root
        self._depth_max = settings.depth_max
        # Git honours `.gitignore` itself; it also lists files below what has become a link since.
        self._walked = walked
        # First in rank: what its user excludes, no `.sleeplspignore` of the repository takes back.
        self._settings_rules = Rules().within("", patterns_of(settings.excludes))
        self._known = {"": self._with_own_rules(Folder("", 0, Rules(), Rules()))}

    def at(self, path: str) -> Folder:
        """Return the folder at `path` (`a/b/`), or the one above it that is left out."""
        missing = []
        while path not in self._known:
            missing.append(path)
            path = path[: path.rfind("/", 0, -1) + 1]
        folder = self._known[path]
        for path in reversed(missing):
            folder = self._known[path] = self._judged(folder, path) if folder.is_looked_into else folder
        return folder

    def excludes(self, folder: Folder, path: str, *, is_folder: bool) -> bool | None:
        """Tell whether an entry is excluded (True), taken in again (False) or not named (None)."""
        verdict = self._settings_rules.verdict(path, is_folder=is_folder)
        return folder.excluded.verdict(path, is_folder=is_folder) if verdict is None else verdict

    def _judged(self, above: Folder, path: str) -> Folder:
        folder = Folder(path, above.depth + 1, above.excluded, above.ignored)
        entry = path[:-1]
        name = entry.rpartition("/")[2].lower()
        if name in TOOL_FOLDERS or above.ignored.verdict(entry, is_folder=True):
            return folder.leave_out(None)
        if reason := self._reason(above, entry, name):
            return folder.leave_out(reason)
        return self._with_own_rules(folder)

    def _reason(self, above: Folder, entry: str, name: str) -> SkipReason | None:
        if name in SECRET_FOLDERS:
            return SkipReason.DENIED
        excluded = self.excludes(above, entry, is_folder=True)
        if excluded:
            return SkipReason.EXCLUDED
        if excluded is None and self._is_vendored(entry, name):
            return SkipReason.VENDORED
        if above.depth >= self._depth_max:
            return SkipReason.TOO_DEEP
        is_link = not self._walked and Path(self._absolute(entry)).is_symlink()
        return SkipReason.LINKED if is_link else None

    def _is_vendored(self, entry: str, name: str) -> bool:
        if name in VENDORED_FOLDERS:
            return True
        return any(os.access(self._absolute(f"{entry}/{mark}"), os.F_OK) for mark in ENVIRONMENT_MARKS)

    def _with_own_rules(self, folder: Folder) -> Folder:
        path = folder.path
        own = read_patterns(self._absolute(f"{path}.sleeplspignore"))
        folder.excluded = folder.excluded.within(path, own)
        if self._walked:
            own = read_patterns(self._absolute(f"{path}.gitignore"))
            folder.ignored = folder.ignored.within(path, own)
        return folder

    def _absolute(self, path: str) -> str:
        return f"{self._root}/{path}"
