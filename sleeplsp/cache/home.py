"""Where the store lies: `CACHE_DIR/store/vFORMAT-GENERATION/`, open to nobody but its owner.

Each store format has folders of its own, so that old and new versions live side by side. A
corrupted generation is set aside and the next one begun: its path is never used again, so that a
process which still has it open cannot write into its successor. A folder appears under its name
when it is complete. This module must not know what is in a store.
"""

import contextlib
import os
import re
import shutil
import stat
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from sleeplsp.engine.errors import StoreError

STORE_FORMAT = 1
REPORTS = "reports"
"""Beside the store: the folder of reports."""
_GENERATION = re.compile(r"v(\d+)-(\d+)(\.broken|\.new-.*)?")
_BROKEN, _NEW = ".broken", ".new-"
# Nobody takes an hour to make an empty store.
_ABANDONED_S = 3600.0


def default_cache_dir() -> Path:
    """Return the user's cache directory for this program."""
    import platformdirs  # noqa: PLC0415 - 20 ms that are not needed where a setting names one

    return platformdirs.user_cache_path("sleeplsp", appauthor=False)


class Home:
    """The folder of all generations of the store. Raises StoreError when it cannot be used."""

    def __init__(self, cache_dir: str | Path | None = None) -> None:
        self.cache_dir = place_of(cache_dir).absolute()
        self.folder = self.cache_dir / "store"
        self.was_open_to_others = False
        """Whether others could write to it until now, so that its rows may be anyone's."""
        try:
            self._prepare()
        except (FileExistsError, NotADirectoryError) as error:
            raise unusable(self.cache_dir, f"{error.filename} is no folder, or lies in none") from error
        except OSError as error:
            raise unusable(self.cache_dir, error.strerror or str(error)) from error

    def current(self) -> Path | None:
        """Return the newest generation of this format, or None where there is none yet."""
        found = [each.number for each in self._entries() if each.is_ours and not each.suffix]
        return self._path(max(found)) if found else None

    def begin(self, build: Callable[[Path], None]) -> Path:
        """Return a new generation, filled by `build`; or another process's that was quicker."""
        found = [each for each in self._entries() if each.is_ours and _NEW not in each.suffix]
        whole = [each.number for each in found if not each.suffix]
        if whole:  # it came since we looked for one: a second beside it would hide what it holds
            return self._path(max(whole))
        path = self._path(max((each.number for each in found), default=0) + 1)
        under_way = Path(tempfile.mkdtemp(prefix=f"{path.name}{_NEW}", dir=self.folder))
        try:
            build(under_way)
            under_way.rename(path)
        except OSError:
            if not path.exists():
                raise
        finally:
            shutil.rmtree(under_way, ignore_errors=True)
        return path

    def set_aside(self, path: Path) -> Path:
        """Rename a generation so that nobody uses it, and drop what was set aside before it."""
        for earlier in self._entries():
            if earlier.is_ours and earlier.suffix == _BROKEN:
                shutil.rmtree(earlier.path, ignore_errors=True)
        broken = path.with_name(path.name + _BROKEN)
        with contextlib.suppress(FileNotFoundError):  # another process did the same
            path.rename(broken)
        return broken

    def drop_outdated(self) -> int:
        """Remove older formats, broken and abandoned folders; return how many."""
        current = self.current()
        dropped = 0
        for each in list(self._entries()):
            if each.path != current and each.is_outdated():
                shutil.rmtree(each.path, ignore_errors=True)
                dropped += not each.path.exists()
        return dropped

    def _entries(self) -> Iterator["_Entry"]:
        for path in sorted(self.folder.iterdir()):
            if found := _GENERATION.fullmatch(path.name):
                yield _Entry(path, int(found[1]), int(found[2]), found[3] or "")

    def _path(self, number: int) -> Path:
        return self.folder / f"v{STORE_FORMAT}-{number}"

    def _prepare(self) -> None:
        self.cache_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.folder.mkdir(mode=0o700, exist_ok=True)
        self.was_open_to_others = tighten(self.folder)
        # A folder that serves other ends as well, such as /tmp, is left as it is.
        named = Path(os.path.realpath(self.cache_dir))  # its user may have put a link there
        if {each.name for each in named.iterdir()} <= {self.folder.name, REPORTS} and _is_own(named):
            tighten(named)


class _Entry:
    """One folder in the home, by the parts of its name."""

    def __init__(self, path: Path, format_: int, number: int, suffix: str) -> None:
        self.path, self.format, self.number, self.suffix = path, format_, number, suffix

    @property
    def is_ours(self) -> bool:
        return self.format == STORE_FORMAT

    def is_outdated(self) -> bool:
        if _NEW in self.suffix:
            with contextlib.suppress(OSError):
                return time.time() - self.path.stat().st_mtime > _ABANDONED_S
        return self.format < STORE_FORMAT or self.is_ours


def place_of(cache_dir: str | Path | None) -> Path:
    """Return where a user wants the store. Raises StoreError where that is nowhere."""
    place = Path(os.path.expanduser(cache_dir)) if cache_dir else default_cache_dir()  # noqa: PTH111 - Path raises
    called = cache_dir or place
    if str(place).startswith("~"):
        raise unusable(called, "it is not known where the home directory is; --cache-dir names a folder")
    if "\0" in str(place):
        raise unusable(called, "no name holds a NUL")
    if os.path.expandvars(place) != str(place):
        raise unusable(called, "a part of it reads as if it were a variable")
    return place


def unusable(folder: str | Path, why: str) -> StoreError:
    """Return the error that says so of a folder."""
    return StoreError(f"the cache folder {folder} cannot be used: {why}")


def tighten(folder: Path) -> bool:
    """Close a folder to others; return whether they could write to it. May raise OSError."""
    status = folder.lstat()
    if not stat.S_ISDIR(status.st_mode):
        raise StoreError(f"{folder} is no folder (a link is not followed here)")
    if not _is_own(folder):
        raise StoreError(f"{folder} belongs to another user; --cache-dir names another folder")
    was_writable = bool(status.st_mode & 0o022)
    if status.st_mode & 0o077:
        try:
            folder.chmod(0o700)
        except OSError:
            if was_writable:
                raise
    return was_writable


def _is_own(folder: Path) -> bool:
    return not hasattr(os, "geteuid") or folder.lstat().st_uid == os.geteuid()
