"""The file of a repository's baseline: read, and written when a user says so.

Never through a link: a repository must not choose which file is written or read. It must not know what a
suspicion is.
"""

import os
import tempfile
from pathlib import Path

from sleeplsp.core.baseline import BYTES_MAX, FILE, NO_BASELINE, Baseline, Dismissal, added, read, without
from sleeplsp.engine.errors import UsageError

_MODE = 0o644


class BaselineFile:
    """The baseline of the workspace at `root`; none without one."""

    def __init__(self, root: Path | None) -> None:
        self._file = root / FILE if root is not None else None

    def read(self) -> tuple[Baseline, tuple[str, ...]]:
        """Return the baseline, and what is wrong with its file, a line each."""
        try:
            return read(self._text())
        except UsageError as error:
            return NO_BASELINE, (f"{FILE}: ignored: {error}",)

    def add(self, entry: Dismissal) -> None:
        """Write one more entry. Raises UsageError."""
        self._write(added(self._text(), entry))

    def remove(self, ids: set[str]) -> None:
        """Take entries away. Raises UsageError."""
        before = self._text()
        after = without(before, ids)
        if after != before:
            self._write(after)

    def _text(self) -> str:
        """Return the text of the file, '' if there is none. Raises UsageError."""
        if self._file is None:
            return ""
        try:
            if self._file.is_symlink() or (self._file.exists() and not self._file.is_file()):
                raise UsageError("it is no file of its own")
            if not self._file.exists():
                return ""
            if self._file.stat().st_size > BYTES_MAX:
                raise UsageError(f"it is larger than {BYTES_MAX:,} bytes")
            return self._file.read_bytes().decode("utf-8")
        except UnicodeDecodeError as error:
            raise UsageError("it is not UTF-8") from error
        except OSError as error:
            raise UsageError(error.strerror or str(error)) from error

    def _write(self, text: str) -> None:
        if self._file is None:
            raise UsageError("there is no folder to keep a baseline in")
        found, warnings = read(text)
        if warnings and not found.entries:
            raise UsageError(f"{FILE} does not parse: mend it first")
        try:
            mode = self._file.stat().st_mode & 0o777 if self._file.exists() else _MODE
            handle, name = tempfile.mkstemp(dir=self._file.parent, prefix=f".{FILE}")
            try:
                with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
                    file.write(text)
                Path(name).chmod(mode)
                Path(name).replace(self._file)
            except BaseException:
                Path(name).unlink(missing_ok=True)
                raise
        except OSError as error:
            raise UsageError(f"{FILE} cannot be written: {error.strerror or error}") from error
