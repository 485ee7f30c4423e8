"""The files of one workspace: which there are, and their bytes. Fulfils the port `Files`.

Asks git where it can and reads the ignore files itself where it cannot. Nothing outside the root is
ever read, whatever a path or a link says. This module must not know what is done with the contents.
"""

import os
import stat
from pathlib import Path, PurePath

from sleeplsp.core.spelling import native
from sleeplsp.engine.errors import UsageError
from sleeplsp.engine.ports import Listing, SkipReason
from sleeplsp.engine.settings import Settings
from sleeplsp.repo import git
from sleeplsp.repo.contents import reason_of_contents
from sleeplsp.repo.names import SECRET_FOLDERS, is_secret
from sleeplsp.repo.scan import Scan


class Repository:
    """A folder as a workspace. Raises UsageError when there is no such folder.

    In a git work tree its files are those tracked and those untracked but not ignored; elsewhere,
    and where git is missing or refuses, those that no `.gitignore` from the root down ignores. The
    names of the root and of the folders above it never matter: an installed package is read when it
    is the workspace.
    """

    def __init__(self, root: str | Path, settings: Settings | None = None) -> None:
        self.root = Path(os.path.realpath(root))
        if not self.root.is_dir():
            raise UsageError(f"no such folder: {root}")
        self.settings = settings or Settings()
        self.notices: tuple[str, ...] = ()
        """What the user should know of the last scan, one line each."""

    def scan(self) -> Listing:
        """List the workspace without reading contents; never raises for a single bad file."""
        self.notices = ()
        root = str(self.root)
        listed = self._listed_by_git()
        scan = Scan(root, self.settings, walked=listed is None)
        if listed is None:
            scan.add_walked()
        else:
            scan.add_listed(listed)
        listing = scan.listing()
        beyond = sum(each.reason is SkipReason.OVER_LIMIT for each in listing.skipped)
        if beyond:
            self.notices += (_too_many(beyond, self.settings.files_max),)
        return listing

    def read(self, path: str) -> bytes | SkipReason:
        """Return a file's bytes, or why its contents are not to be used; never raises.

        `path` is spelled as in a Listing. A link is followed to where it leads within the root.
        """
        try:
            real = os.path.realpath(f"{self.root}/{native(path)}")
            if self._is_secret(real):
                return SkipReason.DENIED
            raw = _read_regular(real, self.settings.file_bytes_max + 1)
        except (OSError, ValueError):
            return SkipReason.UNREADABLE
        if len(raw) > self.settings.file_bytes_max:
            return SkipReason.TOO_LARGE
        return reason_of_contents(raw, self.settings.line_bytes_max) or raw

    def _is_secret(self, real: str) -> bool:
        """Tell whether a file's name is a secret's; raises ValueError for one outside the root."""
        *folders, name = PurePath(real).relative_to(self.root).parts or ("",)
        return is_secret(name) or any(each.lower() in SECRET_FOLDERS for each in folders)

    def _listed_by_git(self) -> list[str] | None:
        """Return git's list, or None when it has none to offer."""
        try:
            listed = git.files(str(self.root))
        except git.GitError as error:
            if not error.no_work_tree and self._is_in_work_tree():
                self.notices = (f"ignore files are read without git: {error}",)
            return None
        # In a folder that the repository around it ignores, git sees nothing; the user means to.
        return listed if listed or (self.root / ".git").exists() else None

    def _is_in_work_tree(self) -> bool:
        return any(os.path.lexists(folder / ".git") for folder in (self.root, *self.root.parents))


def _too_many(beyond: int, files_max: int) -> str:
    return (
        f"{beyond:,} of {beyond + files_max:,} files are left out: files_max = {files_max} lets so many "
        "be read, by order of path; the user can raise it, and excludes can leave out others in their place"
    )


def _read_regular(file: str, bytes_max: int) -> bytes:
    """Return at most `bytes_max` bytes; raises OSError, also for what is no regular file."""
    # A pipe would wait for its other end, and a link may have come since its target was looked up.
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOFOLLOW", 0)
    flags |= getattr(os, "O_BINARY", 0)
    with os.fdopen(os.open(file, flags), "rb") as opened:
        if not stat.S_ISREG(os.fstat(opened.fileno()).st_mode):
            raise OSError(f"not a regular file: {file}")
        return opened.read(bytes_max)
