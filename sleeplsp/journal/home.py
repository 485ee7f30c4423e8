"""Where the journal lies: `STATE_DIR/journal/GENERATION/journal.db`, open to nobody but its owner.

A corrupted generation is set aside under another name, kept, and the next one begun: its path is never
used again, so that a process which still has it open cannot write into its successor. A generation
appears under its name when it is complete. This module must not know what is in a journal.
"""

import contextlib
import os
import re
import shutil
import stat
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from sleeplsp.engine.errors import JournalError

FILE = "journal.db"

_GENERATION = re.compile(r"(\d+)(\.broken)?")
_NEW = "new-"
# Nobody takes an hour to make an empty journal.
_ABANDONED_S = 3600.0


def default_state_dir() -> Path:
    """Return the user's state directory for this program."""
    import platformdirs  # noqa: PLC0415 - 20 ms that are not needed where a setting names one

    return platformdirs.user_state_path("sleeplsp", appauthor=False)


class Home:
    """The folder of all generations. Raises JournalError where there can be none, else OSError."""

    def __init__(self, state_dir: str | Path | None = None) -> None:
        self.state_dir = _place(state_dir).absolute()
        self.folder = self.state_dir / "journal"

    def current(self) -> Path | None:
        """Return the file of the newest generation, or None where there is none yet."""
        try:
            _check(self.folder)
            numbers = [number for number, is_broken in self._generations() if not is_broken]
        except (FileNotFoundError, NotADirectoryError):
            return None
        return self._file(max(numbers)) if numbers else None

    def begin(self, build: Callable[[Path], None]) -> Path:
        """Return the file of a new generation, made by `build`; or another process's that was quicker."""
        self._prepare()
        found = self._generations()
        whole = [number for number, is_broken in found if not is_broken]
        if whole:  # it came since we looked for one: a second beside it would hide what it holds
            return self._file(max(whole))
        file = self._file(max((number for number, _ in found), default=0) + 1)
        under_way = Path(tempfile.mkdtemp(prefix=_NEW, dir=self.folder))
        try:
            build(under_way / FILE)
            under_way.rename(file.parent)
        except OSError:
            if not file.exists():
                raise
        finally:
            shutil.rmtree(under_way, ignore_errors=True)
        return file

    def set_aside(self, file: Path) -> Path:
        """Rename a generation so that nobody uses it; return its folder. Nothing is deleted."""
        broken = _broken(file)
        with contextlib.suppress(FileNotFoundError):  # another process did the same
            file.parent.rename(broken)
        return broken

    def predecessor(self, file: Path) -> Path | None:
        """Return the generation before that of `file`, if it was set aside and is still there."""
        broken = _broken(self._file(int(file.parent.name) - 1))
        return broken if broken.exists() else None

    def _generations(self) -> list[tuple[int, bool]]:
        found = (_GENERATION.fullmatch(path.name) for path in self.folder.iterdir())
        return [(int(match[1]), bool(match[2])) for match in found if match]

    def _file(self, number: int) -> Path:
        return self.folder / str(number) / FILE

    def _prepare(self) -> None:
        self.state_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.folder.mkdir(mode=0o700, exist_ok=True)
        _check(self.folder)
        if stat.S_IMODE(self.folder.lstat().st_mode) & 0o077:
            self.folder.chmod(0o700)
        for path in self.folder.glob(f"{_NEW}*"):
            with contextlib.suppress(OSError):
                if time.time() - path.stat().st_mtime > _ABANDONED_S:
                    shutil.rmtree(path)


def _broken(file: Path) -> Path:
    return file.parent.with_name(f"{file.parent.name}.broken")


def _place(state_dir: str | Path | None) -> Path:
    """Return where a user wants the journal. Raises JournalError where that is nowhere."""
    place = Path(os.path.expanduser(state_dir)) if state_dir else default_state_dir()  # noqa: PTH111 - Path raises
    if str(place).startswith("~"):
        raise JournalError(
            f"the state folder {place} cannot be used: it is not known where the home directory is; "
            "--state-dir names a folder"
        )
    if "\0" in str(place):
        raise JournalError(f"the state folder {place} cannot be used: no name holds a NUL")
    return place


def _check(folder: Path) -> None:
    """Raise JournalError where a folder is none of the user's own."""
    status = folder.lstat()
    if not stat.S_ISDIR(status.st_mode):
        raise JournalError(f"{folder} is no folder (a link is not followed here)")
    if hasattr(os, "geteuid") and status.st_uid != os.geteuid():
        raise JournalError(f"{folder} belongs to another user; --state-dir names another folder")
