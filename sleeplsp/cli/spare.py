"""Starting deducer processes, the first of them ahead: it gets ready while the server does.

Nearly nothing is imported here, so that it is started before all else. It must not know what it will be
told.
"""

import contextlib
import subprocess
import sys

_ahead: "list[subprocess.Popen[bytes]]" = []


def start_ahead() -> None:
    """Start a process that `start` gives away; one that nobody takes ends with this process.

    Where none can be started, `start` tries again, and says so.
    """
    with contextlib.suppress(OSError):
        _ahead.append(_started())


def start() -> "subprocess.Popen[bytes]":
    """Return a deducer process that has been told nothing yet. Raises OSError."""
    return _ahead.pop() if _ahead else _started()


def _started() -> "subprocess.Popen[bytes]":
    # Its own pipes: it must never hold the editor's streams. Its complaints go where the server's go. Its
    # own session: an interrupt in a terminal is for the server, which ends it.
    # -P: where the workspace is the current folder, its modules must not pass for ours.
    return subprocess.Popen(
        [sys.executable, "-P", "-m", "sleeplsp.cli.deducer"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        start_new_session=sys.platform != "win32",
    )
