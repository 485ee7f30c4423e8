"""A workspace on which faults are tried, and what a run over it must come to.

Nothing is lost when a run after the fault gives the very report, but for what it says of itself, of a run
that never had the fault, with the same exit code, without a traceback, and when no process is left behind.
It must not know the faults.
"""

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks import processes
from benchmarks.peers import environment_in
from benchmarks.scale import generate

SEED = 20261125
LEFT_S_MAX = 20.0
"""Seconds in which processes whose other side is gone must have ended."""

RUN_S_MAX = 600.0
OPTIONS = ("--format", "json", "--fail-on", "warning")

_CALLER = """\
from area_000.package_00000 import order_0


def shout(values: dict[str, str]) -> str:
    return order_0.find(values, "{word}").upper()
"""
CALLER = "caller.py"
"""A module with a suspicion, of which there are two texts."""


class Ran(NamedTuple):
    """How a run of `precompute` ended."""

    code: int
    report: str
    """Without what it says of the run; '' where there is none."""
    said: str
    seconds: float


class Place:
    """A folder with a workspace, its stores and what runs over it are expected to report."""

    def __init__(self, folder: Path, modules: int = 40) -> None:
        self.folder = folder
        self.root = folder / "workspace"
        self.root.mkdir(parents=True)
        generate.write(self.root, modules, SEED)
        self._stores = 0
        self.expected: dict[str, Ran] = {}
        for word in ("first", "second"):
            self.edit(word)
            self.expected[word] = self.run(self.store())
        self.edit("first")

    def edit(self, word: str) -> None:
        """Put one of the two texts of a module in place."""
        self.word = word
        (self.root / CALLER).write_text(_CALLER.format(word=word), "utf-8")

    def store(self) -> Path:
        """Return the folder of a new store."""
        self._stores += 1
        return self.folder / f"store-{self._stores}"

    def start(
        self, store: Path, environment: Mapping[str, str] | None = None, wrapper: Sequence[str] = ()
    ) -> "subprocess.Popen[bytes]":
        """Start `precompute`; its report goes to standard output."""
        command = [sys.executable, "-P", "-m", "sleeplsp", "precompute", "--root", str(self.root), *OPTIONS]
        return subprocess.Popen(
            [*wrapper, *command, "--cache-dir", str(store)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**os.environ, **environment_in(store), **(environment or {})},
        )

    def run(
        self, store: Path, environment: Mapping[str, str] | None = None, wrapper: Sequence[str] = ()
    ) -> Ran:
        """Run `precompute` to its end."""
        return finished(self.start(store, environment, wrapper))

    def lost(self, store: Path) -> list[str]:
        """Run once more, without a fault; return what is not as it must be."""
        return [*self.differences(self.run(store)), *self.left()]

    def differences(self, ran: Ran) -> list[str]:
        """Return in what a run differs from what it must come to."""
        expected = self.expected[self.word]
        found = []
        if ran.code != expected.code:
            found.append(f"exit code {ran.code}: {ran.said[-300:]}")
        elif ran.report != expected.report:
            found.append("another report")
        if "Traceback" in ran.said:
            found.append(f"a traceback: {ran.said[-1500:]}")
        return found

    def left(self) -> list[str]:
        """Return what still runs of all that was started, once it has had the time to end; it is ended."""
        deadline = time.monotonic() + LEFT_S_MAX
        while strays := processes.naming(str(self.folder)):
            if time.monotonic() > deadline:
                found = [f"left behind: {' '.join(processes.command_of(each))[:200]}" for each in strays]
                processes.end(strays)
                return found
            time.sleep(0.05)
        return []

    def drop(self, store: Path) -> None:
        """Remove a store."""
        shutil.rmtree(store, ignore_errors=True)


def finished(process: "subprocess.Popen[bytes]") -> Ran:
    """Wait for a run, and return how it ended."""
    begun = time.perf_counter()
    try:
        out, said = process.communicate(timeout=RUN_S_MAX)
    except subprocess.TimeoutExpired:
        processes.end([process.pid, *processes.below(process.pid)])
        out, said = process.communicate()
        said += b"\ndid not end"
    return Ran(process.returncode, essence(out), said.decode("utf-8", "replace"), time.perf_counter() - begun)


def essence(report: bytes) -> str:
    """Return a report without what it says of the run itself."""
    try:
        told: dict[str, Any] = json.loads(report)
    except ValueError:
        return ""
    told.pop("run")
    return json.dumps(told, sort_keys=True)
