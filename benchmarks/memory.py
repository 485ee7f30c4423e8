"""What memory servers take: asleep, and at the peak with all their processes, beside peers.

    python -m benchmarks.memory [--peers NAMES] [PACKAGE ...]

Each server opens the same twenty files of a package and thinks until it rests; then it answers hovers. What
is told is the proportional set size (PSS) in MiB, summed over the tree of processes and sampled twenty times
a second: pages that processes share count once. PACKAGE is as in `benchmarks.corpus`. Linux alone.
"""

import argparse
import sys
import tempfile
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from benchmarks import figures, processes
from benchmarks.packages import MissingPackageError, unpacked
from benchmarks.peers import OURS, PEERS, Start, ours, starts
from benchmarks.positions import largest, positions
from benchmarks.wire import Client

PACKAGES = ("Django==5.2", "Lib")
HOVERS = 50


class Used(NamedTuple):
    """What one server took; MiB."""

    asleep: processes.Taken
    peak: processes.Taken
    seconds: float
    """Until it rested."""
    processes: int
    """How many there were when it rested."""


def main() -> int:
    """Measure and print; return the exit code."""
    parser = argparse.ArgumentParser(description="Memory of servers.")
    parser.add_argument("packages", nargs="*", default=PACKAGES)
    parser.add_argument("--peers", default=",".join(PEERS), help="names with commas between; '' for none")
    parser.add_argument("--work", type=Path, default=Path(".cache/benchmarks"), help="what is fetched")
    options = parser.parse_args()
    peers = starts(filter(None, options.peers.split(",")), options.work)
    rows: list[tuple[object, ...]] = []
    for named in options.packages:
        try:
            root = unpacked(named, options.work)
        except MissingPackageError as error:
            print(f"memory: {error}", file=sys.stderr)
            return 2
        rows.extend(_rows(named, root, peers))
    head = (
        "package",
        "server",
        "asleep MiB",
        "with its processes",
        "peak MiB",
        "with its processes",
        "s",
        "processes",
    )
    print(figures.table(head, rows))
    return 0


def _rows(named: str, root: Path, peers: dict[str, Start]) -> Iterator[tuple[object, ...]]:
    with tempfile.TemporaryDirectory() as cache:
        for state in ("empty store", "warm"):
            yield _row(named, f"{OURS}, {state}", use(ours(Path(cache)), root))
    for name, start in peers.items():
        yield _row(named, name, use(start(), root))


def _row(named: str, server: str, used: Used) -> tuple[object, ...]:
    figured = (figures.number(each) for pair in (used.asleep, used.peak) for each in pair)
    return (named, server, *figured, figures.number(used.seconds), used.processes)


def use(client: Client, root: Path) -> Used:
    """Have a server, which is ended, open files and answer hovers; return what it took."""
    files = largest(root)
    pid = client.process.pid
    with client, processes.Sampler(pid) as sampler:
        client.open(root, files)
        seconds = client.settle()
        for each in islice(positions(files), HOVERS):
            client.hover(each)
        client.settle()
        asleep, count = processes.taken(pid), 1 + len(processes.below(pid))
    return Used(asleep, sampler.peak, seconds, count)


if __name__ == "__main__":
    sys.exit(main())
