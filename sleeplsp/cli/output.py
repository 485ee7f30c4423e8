"""Delivering what a command answers: to standard output, or to a file that is whole or not there.

It must not know what is delivered.
"""

import contextlib
import errno
import os
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

import msgspec

from sleeplsp.cli import streams
from sleeplsp.cli.tell import printable
from sleeplsp.engine.errors import UsageError

STANDARD_OUTPUT = "-"
"""What stands for it in the place of a file's name."""


def lines(answer: Iterable[str]) -> bytes:
    """Return lines as text that no terminal mistakes for commands."""
    return "".join(f"{printable(each)}\n" for each in answer).encode("utf-8", "backslashreplace")


def json(answer: object) -> bytes:
    """Return a value as JSON, indented so that people can read it too."""
    return msgspec.json.format(msgspec.json.encode(answer), indent=2) + b"\n"


def check(file: str | None) -> None:
    """Raise UsageError where it is clear that a file cannot be written: before an answer is worked out."""
    if file is None or file == STANDARD_OUTPUT:
        return
    if not file:
        raise UsageError("--output wants the name of a file")
    try:
        found = Path(os.path.realpath(file))
        if found.is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        is_replaced = found.is_file() or not found.exists()
        needed = found.parent.resolve(strict=True) if is_replaced else found
        if not os.access(needed, os.W_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    except (OSError, ValueError) as error:
        raise _not_written(file, error) from error


def deliver(answer: bytes, file: str | None = None) -> None:
    """Write to a file if one is named, else to standard output. Raises UsageError."""
    try:
        if file is None or file == STANDARD_OUTPUT:
            file = None
            _print(answer)
        else:
            _replace(Path(os.path.realpath(file)), answer)
    except (OSError, ValueError) as error:
        raise _not_written(file, error) from error


def _not_written(file: str | None, error: Exception) -> UsageError:
    called = "standard output" if file is None else file
    return UsageError(f"{called} cannot be written: {getattr(error, 'strerror', None) or error}")


def _print(answer: bytes) -> None:
    try:
        sys.stdout.flush()
        sys.stdout.buffer.write(answer)
        sys.stdout.buffer.flush()
    except OSError as error:
        streams.silence(sys.stdout)
        if error.errno != errno.EPIPE:  # whoever has read enough is content
            raise


def _replace(file: Path, answer: bytes) -> None:
    """Put a whole file in place of what is there; a device or pipe is written to as it is."""
    if file.exists() and not file.is_file():
        file.write_bytes(answer)
        return
    handle, name = tempfile.mkstemp(prefix=f".{file.name[:100]}.", dir=file.parent)
    new = Path(name)
    try:
        with os.fdopen(handle, "wb") as opened:
            opened.write(answer)
        new.chmod(file.stat().st_mode if file.exists() else 0o666 & ~_umask())
        new.replace(file)
    except BaseException:
        with contextlib.suppress(OSError):
            new.unlink()
        raise


def _umask() -> int:
    umask = os.umask(0o077)
    os.umask(umask)
    return umask
