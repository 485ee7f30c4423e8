"""Processes of a tree are found, measured and ended; real ones, that wait for their input to close."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks import processes

pytestmark = pytest.mark.skipif(not Path("/proc/self/smaps_rollup").exists(), reason="there is no /proc")

# Starts a child that waits for the same pipe, tells its number, and waits.
_PARENT = """
import subprocess, sys
child = subprocess.Popen([sys.executable, "-c", "import sys; sys.stdin.read()"])
print(child.pid, flush=True)
sys.stdin.read()
child.wait()
"""


@pytest.fixture
def tree() -> Iterator[tuple[int, int]]:
    with subprocess.Popen(
        [sys.executable, "-c", _PARENT], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        yield process.pid, int(process.stdout.readline())
        assert process.stdin is not None
        process.stdin.close()


def test_what_is_below_a_process_is_found_and_measured(tree: tuple[int, int]) -> None:
    top, child = tree
    assert processes.below(top) == [child]
    taken = processes.taken(top)
    assert 0 < taken.own < taken.tree
    assert processes.command_of(child)[1] == "-c"
    assert processes.cpu_s(top) > 0


def test_processes_are_ended(tree: tuple[int, int]) -> None:
    top, child = tree
    assert processes.runs(top)
    processes.end([top, child])
    processes.end([top, child])  # once more does no harm


def test_a_process_that_is_gone_takes_nothing() -> None:
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    assert not processes.runs(process.pid)
    assert processes.pss_mib(process.pid) == processes.cpu_s(process.pid) == 0.0
