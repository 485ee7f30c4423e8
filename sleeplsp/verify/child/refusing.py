"""What code may not do: what reaches beyond this process, but for reading files.

Python tells of most of that itself, as *audit events*; what it does not tell of is taken away. Refused is by
kind: of the modules named here everything, but for what only looks or concerns this process alone. It keeps
count, so that a call in which something was refused is not judged by what it returned. This is against
accidents: code that means to get past it can. It must not know what is tried.
"""

import contextlib
import importlib
import os
import socket
import sys
from collections.abc import Callable
from typing import Any, NoReturn

_WRITING = os.O_WRONLY | os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_EXCL | os.O_TRUNC

_FILE = "writing a file"
_FILES = "changing files"
_NETWORK = "using the network"
_PROCESS = "starting a process"
_THREAD = "starting a thread"
_OTHERS = "reaching another process"

_KINDS = {
    "_thread": _THREAD,
    "ctypes": "calling foreign code",
    "ensurepip": _PROCESS,
    "fcntl": "locking a file",
    "ftplib": _NETWORK,
    "http": _NETWORK,
    "imaplib": _NETWORK,
    "nntplib": _NETWORK,
    "os": _FILES,
    "poplib": _NETWORK,
    "pty": _PROCESS,
    "resource": "lifting limits",
    "shutil": _FILES,
    "signal": _OTHERS,
    "smtplib": _NETWORK,
    "socket": _NETWORK,
    "sqlite3": "opening a database",
    "subprocess": _PROCESS,
    "syslog": _OTHERS,
    "telnetlib": _NETWORK,
    "tempfile": _FILE,
    "urllib": _NETWORK,
    "webbrowser": _PROCESS,
}
"""What the events of a module are, by its name."""

_APART = {
    "os.exec": _PROCESS,
    "os.fork": _PROCESS,
    "os.forkpty": _PROCESS,
    "os.kill": _OTHERS,
    "os.killpg": _OTHERS,
    "os.posix_spawn": _PROCESS,
    "os.spawn": _PROCESS,
    "os.system": _PROCESS,
    "cpython.remote_debugger_script": _OTHERS,
    "sys.remote_exec": _OTHERS,
    **dict.fromkeys(
        (
            *("ctypes.addressof", "ctypes.create_string_buffer", "ctypes.create_unicode_buffer"),
            *("ctypes.get_errno", "ctypes.set_errno", "ctypes.set_exception"),
            *("os.chdir", "os.fwalk", "os.getxattr", "os.listdir", "os.listxattr", "os.putenv", "os.scandir"),
            *("os.unsetenv", "os.walk", "socket.gethostname", "socket.getservbyname", "socket.getservbyport"),
            "sqlite3.connect/handle",
        ),
        "",
    ),
}
"""Events that are not what others of their module are; empty: they only look, or concern this process."""

_UNTOLD = {
    "_dbm": {"open": _FILE},
    "_gdbm": {"open": _FILE},
    "_posixshmem": {"shm_open": _OTHERS, "shm_unlink": _OTHERS},
    "_posixsubprocess": {"fork_exec": _PROCESS},
    "_thread": {"start_new": _THREAD, "start_new_thread": _THREAD, "start_joinable_thread": _THREAD},
    "os": {"mkfifo": _FILES, "mknod": _FILES, "setpriority": _OTHERS, "sched_setaffinity": _OTHERS},
    "signal": {"pidfd_send_signal": _OTHERS},
    "threading": {"_start_new_thread": _THREAD, "_start_joinable_thread": _THREAD},
    "time": {"clock_settime": "setting the clock", "clock_settime_ns": "setting the clock"},
}
"""Functions that act and that Python tells nothing of, or only newer ones do."""


class Refusals:
    """What was refused, and how often."""

    def __init__(self) -> None:
        self.count = 0
        self.last = ""

    def begin(self) -> None:
        """Refuse from now on, for good."""
        with contextlib.suppress(ImportError):
            importlib.import_module("ctypes")  # which calls foreign code when it is imported
        for module, functions in _UNTOLD.items():
            for name, what in functions.items():
                self._take_away(module, name, what)
        sys.addaudithook(self._hook)

    def _hook(self, event: str, told: tuple[Any, ...]) -> None:
        if what := refusal(event, told):
            self._refuse(what)

    def _refuse(self, what: str) -> NoReturn:
        self.count += 1
        self.last = what
        raise PermissionError(f"{what} is refused while sleeplsp tries this")

    def _take_away(self, module: str, name: str, what: str) -> None:
        # What `os` offers comes from a module that is named after the system, and can be had there.
        for each in (module, os.name) if module == "os" else (module,):
            with contextlib.suppress(ImportError):
                holder = importlib.import_module(each)
                if hasattr(holder, name):
                    setattr(holder, name, self._refusing(what))

    def _refusing(self, what: str) -> Callable[..., NoReturn]:
        def refuse(*_: object, **__: object) -> NoReturn:
            self._refuse(what)

        return refuse


def refusal(event: str, told: tuple[Any, ...]) -> str:
    """Return what an event is, if it may not be; empty: it may."""
    if event == "open":
        return _FILE if _writes(*told) else ""
    kind = _APART.get(event)
    if kind is None:
        kind = _KINDS.get(event.partition(".")[0], "")
    if event == "socket.__new__" and told[1] == socket.AF_UNIX:
        return ""  # a pair of them within the process is what an event loop needs
    if event == "sqlite3.connect" and told[0] in (":memory:", b":memory:"):
        return ""
    return kind


def _writes(path: object, mode: object = None, flags: object = 0) -> bool:
    if isinstance(path, int) or path in (os.devnull, os.devnull.encode()):
        return False
    by_mode = isinstance(mode, str) and not {"w", "a", "x", "+"}.isdisjoint(mode)
    return by_mode or (isinstance(flags, int) and bool(flags & _WRITING))
