"""What code may not do: everything that reaches beyond this process, but for reading files.

Python tells of most of that itself, as *audit events*; what it does not tell of is taken away. Refused is by kind:
of the modules named here everything, but for what only looks or concerns this process alone. It keeps
count, so that a call in which something was refused is not judged by what it returned. This is against accidents:
code that means to get past it can. It must not know what is tried.
"""

import contextlib
import importlib
import os
import sys
from collections.abc import Callable
from typing import Any, NoReturn

_WRITING = os.O_WRONLY | os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_EXCL | os.O_TRUNC

_ACTING = {
    "_posixsubprocess": "starting a process",
    "_thread": "starting a thread",
    "ctypes": "calling foreign code",
    "ensurepip": "installing packages",
    "fcntl": "locking or controlling a file",
    "ftplib": "using the network",
    "http": "using the network",
    "imaplib": "using the network",
    "msvcrt": "controlling a file",
    "nntplib": "using the network",
    "os": "changing files or processes",
    "poplib": "using the network",
    "pty": "starting a process",
    "resource": "lifting limits",
    "shutil": "changing files",
    "signal": "sending a signal",
    "smtplib": "using the network",
    "socket": "using the network",
    "sqlite3": "opening a database",
    "subprocess": "starting a process",
    "syslog": "writing the system's log",
    "telnetlib": "using the network",
    "tempfile": "writing a file",
    "urllib": "using the network",
    "webbrowser": "starting a process",
    "winreg": "changing the registry",
}
"""What the events of a module are, by its name: those told apart below are let through."""

_LOOKING = {
    "ctypes.addressof", "ctypes.cdata", "ctypes.cdata/buffer", "ctypes.create_string_buffer",
    "ctypes.create_unicode_buffer", "ctypes.get_errno", "ctypes.set_errno", "ctypes.set_exception",
    "os.add_dll_directory", "os.chdir", "os.fwalk", "os.getxattr", "os.listdir", "os.listdrives",
    "os.listmounts", "os.listvolumes", "os.listxattr", "os.putenv", "os.scandir", "os.unsetenv", "os.walk",
    "socket.gethostname", "socket.getservbyname", "socket.getservbyport",
}  # fmt: skip

_PROCESSES = {"os.exec", "os.fork", "os.forkpty", "os.posix_spawn", "os.spawn", "os.startfile", "os.system"}

_UNTOLD = {
    "_posixsubprocess": ("fork_exec",),
    "os": ("mkfifo", "mknod", "login_tty", "setns", "sync", "unshare"),
    "signal": ("pidfd_send_signal",),
    "time": ("clock_settime", "clock_settime_ns"),
}
"""Functions that act and that Python tells nothing of."""


class Refusals:
    """What was refused, and how often."""

    def __init__(self) -> None:
        self.count = 0
        self.last = ""

    def begin(self) -> None:
        """Refuse from now on, for good."""
        with contextlib.suppress(ImportError):
            importlib.import_module("ctypes")  # which calls foreign code itself when it is imported
        for module, names in _UNTOLD.items():
            for name in names:
                self._take_away(module, name)
        sys.addaudithook(self._hook)

    def _hook(self, event: str, told: "tuple[Any, ...]") -> None:
        if what := refusal(event, told):
            self._refuse(what)

    def _refuse(self, what: str) -> NoReturn:
        self.count += 1
        self.last = what
        raise PermissionError(f"{what} is refused while sleeplsp tries this")

    def _take_away(self, module: str, name: str) -> None:
        with contextlib.suppress(ImportError):
            holders = [importlib.import_module(module)]
            if module == "os":
                holders.append(importlib.import_module(os.name))
            for holder in holders:
                if hasattr(holder, name):
                    setattr(holder, name, self._refusing(_ACTING.get(module, "changing the system")))

    def _refusing(self, what: str) -> "Callable[..., NoReturn]":
        def refuse(*_: object, **__: object) -> NoReturn:
            self._refuse(what)

        return refuse


def refusal(event: str, told: "tuple[Any, ...]") -> str:
    """Return what an event is, if it may not be; empty: it may."""
    if event == "open":
        return "writing a file" if _writes(*told) else ""
    kind = _ACTING.get(event.partition(".")[0], "")
    if not kind or event in _LOOKING:
        return ""
    if event in _PROCESSES:
        return "starting a process"
    if event == "socket.__new__":  # a pair of them within the process is what an event loop needs
        return "" if _family(told) == _unix_family() else kind
    if event.startswith("sqlite3.connect"):
        return "" if event.endswith("/handle") or told[0] in {":memory:", b":memory:"} else kind
    return kind


def _writes(path: object, mode: object = None, flags: object = 0) -> bool:
    if isinstance(path, int) or path in {os.devnull, os.devnull.encode()}:
        return False
    by_mode = isinstance(mode, str) and not {"w", "a", "x", "+"}.isdisjoint(mode)
    return by_mode or (isinstance(flags, int) and bool(flags & _WRITING))


def _family(told: "tuple[Any, ...]") -> int:
    return int(told[1]) if len(told) > 1 else -1


def _unix_family() -> int:
    import socket  # noqa: PLC0415 - by then it is there

    return int(getattr(socket, "AF_UNIX", -2))
