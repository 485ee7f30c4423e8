"""Processes as /proc tells of them: what is below one, what memory and processor time a tree takes.

Memory is the proportional set size (PSS): a page that several processes share counts once in their sum.
Linux alone; it must not know what the processes do.
"""

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self

_PROC = Path("/proc")
_TICKS_PER_S = os.sysconf("SC_CLK_TCK")
_BUSY = "import os\nos.nice({nice})\nwhile os.getppid() == {parent}:\n    sum(range(100000))"


class Taken(NamedTuple):
    """Memory of a tree of processes at one moment, or the most of several moments; MiB."""

    own: float
    """Of the process on top."""
    tree: float
    """Of it and all below it."""


def below(top: int) -> list[int]:
    """Return the processes that a process and its children have started and that still run."""
    children: dict[int, list[int]] = defaultdict(list)
    for pid, parent in _parents():
        children[parent].append(pid)
    found, left = [], [top]
    while left:
        new = children.get(left.pop(), [])
        found.extend(new)
        left.extend(new)
    return found


def command_of(pid: int) -> list[str]:
    """Return the command line of a process; nothing when it has ended."""
    try:
        return (_PROC / str(pid) / "cmdline").read_bytes().decode("utf-8", "replace").split("\0")[:-1]
    except OSError:
        return []


def naming(word: str) -> list[int]:
    """Return the processes whose command line holds a word: strays of a run, say."""
    return [
        pid for pid, _ in _parents() if pid != os.getpid() and any(word in each for each in command_of(pid))
    ]


def pss_mib(pid: int) -> float:
    """Return a process's proportional set size; 0 when it has ended."""
    try:
        told = (_PROC / str(pid) / "smaps_rollup").read_bytes()
    except OSError:
        return 0.0
    lines = (line.split() for line in told.splitlines())
    return next((int(line[1]) / 1024 for line in lines if line[0] == b"Pss:"), 0.0)


def taken(top: int) -> Taken:
    """Return what a tree takes now."""
    own = pss_mib(top)
    return Taken(own, own + sum(map(pss_mib, below(top))))


def cpu_s(top: int) -> float:
    """Return the processor seconds that a tree has used: of what runs now, and what was waited for."""
    return sum(map(_cpu_s, [top, *below(top)]))


def end(pids: Iterable[int]) -> None:
    """Kill processes."""
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def runs(pid: int) -> bool:
    """Tell whether a process runs; one that has ended and was not waited for does not."""
    try:
        return (_PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def wait_until_quiet(
    top: int,
    wait: Callable[[float], object] = time.sleep,
    *,
    quiet_s: float = 1.5,
    share: float = 0.03,
    seconds_max: float = 600.0,
) -> float:
    """Wait until a tree uses next to no processor for a while; return the seconds waited."""
    begun, before = time.monotonic(), cpu_s(top)
    while time.monotonic() - begun < seconds_max:
        wait(quiet_s)
        now = cpu_s(top)
        if abs(now - before) <= share * quiet_s:
            break
        before = now
    return time.monotonic() - begun


class Sampler:
    """Samples the memory of a tree from a thread, until it is left; `peak` is the most there was."""

    def __init__(self, top: int, every_s: float = 0.05) -> None:
        self.peak = Taken(0.0, 0.0)
        self._top = top
        self._every_s = every_s
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._sample, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._thread.join()

    def _sample(self) -> None:
        while not self._over.is_set():
            now = taken(self._top)
            self.peak = Taken(max(self.peak.own, now.own), max(self.peak.tree, now.tree))
            self._over.wait(self._every_s)


@contextlib.contextmanager
def busy(count: int, nice: int = 10) -> Iterator[None]:
    """Keep so many niced processes computing."""
    command = [sys.executable, "-c", _BUSY.format(nice=nice, parent=os.getpid())]
    started = [subprocess.Popen(command) for _ in range(count)]
    try:
        yield
    finally:
        for each in started:
            each.kill()
            each.wait()


def _parents() -> Iterator[tuple[int, int]]:
    for entry in _PROC.iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
                if fields[0] != "Z":
                    yield int(entry.name), int(fields[1])


def _cpu_s(pid: int) -> float:
    try:
        fields = (_PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return sum(map(int, fields[11:15])) / _TICKS_PER_S
