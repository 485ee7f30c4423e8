"""What requests cost over stdio, beside peers and beside a server that answers constants.

    python -m benchmarks.latency [--peers NAMES] [--requests N] [--plot FILE] [PACKAGE]

All servers have the same twenty files open and are asked the same, in turn, in one run. *Asleep* is when
nobody computes any more, after a warm-up at other places; *busy* is while our cold sleep runs with an empty
store, and for the others beside as many niced busy processes as we have workers; *start* is right after the
files were opened. Exit code 1 if a median is more than 1.5 times the constant server's, or a 99th percentile
more than twice.
"""

import argparse
import re
import statistics
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from benchmarks import figures, memory, plots
from benchmarks.latency import runs
from benchmarks.latency.asked import ACTION, HOVER, LENS, NAMES, SYMBOLS, choose
from benchmarks.latency.runs import Server, Times
from benchmarks.packages import MissingPackageError, unpacked
from benchmarks.peers import CONSTANT, OURS, PEERS, Start, constant, ours, starts
from benchmarks.wire import Client

MEDIAN_RATIO_MAX, P99_RATIO_MAX = 1.5, 2.0
PAUSES_SHOWN = 8
OTHERS_EVERY = 4
"""Peers are asked for more than a hover at every fourth place: some take seconds for a code action."""
COLD = f"{OURS}, empty store"

_PAUSED = re.compile(r"the loop paused (.*)")
_OTHERS = "others had the processor"
_MORE = re.compile(r"; (\d+) more since")


def main() -> int:
    """Measure and print; return the exit code."""
    parser = argparse.ArgumentParser(description="Latency of requests over stdio.")
    parser.add_argument("package", nargs="?", default="Django==5.2")
    parser.add_argument("--peers", default=",".join(PEERS), help="names with commas between; '' for none")
    parser.add_argument("--requests", type=int, default=200, help="of each kind (200)")
    parser.add_argument("--plot", type=Path, help="SVG file")
    parser.add_argument("--work", type=Path, default=Path(".cache/benchmarks"), help="what is fetched")
    options = parser.parse_args()
    try:
        root = unpacked(options.package, options.work)
    except MissingPackageError as error:
        print(f"latency: {error}", file=sys.stderr)
        return 2
    peers = starts(filter(None, options.peers.split(",")), options.work)
    with tempfile.TemporaryDirectory() as folder:
        return _measure(root, peers, Path(folder), options)


def _measure(root: Path, peers: Mapping[str, Start], folder: Path, options: argparse.Namespace) -> int:
    errors, answers, empty = folder / "errors", folder / "answers.json", iter(range(1000))

    def warm() -> Client:
        return ours(folder / "warm", errors, debug=True)

    def cold() -> Client:
        return ours(folder / f"cold-{next(empty)}", errors, debug=True)

    asked = choose(warm(), root, options.requests, answers)
    others = {
        CONSTANT: Server(lambda: constant(answers)),
        **{name: Server(each, OTHERS_EVERY) for name, each in peers.items()},
    }
    servers = {OURS: Server(warm), **others}
    runs.asleep(servers, asked)
    servers |= {COLD: Server(cold)}
    runs.starts(servers, asked)
    workers = runs.busy(servers[OURS], cold, others, asked)
    for server in servers.values():
        server.peak_mib = memory.use(server.start(), root).peak.tree
    asked_for = f"{options.requests} requests of each kind in {len(asked.files)} open files"
    print(f"{root.name}: {asked_for}; {workers} workers while busy")
    print("These hovers do different work. Milliseconds: median / 99th percentile / most.\n")
    _print(servers)
    print_pauses(errors.read_text("utf-8", "replace"))
    if options.plot is not None:
        _plot(options.plot, root.name, servers)
    return judge(servers[OURS], servers[CONSTANT])


def _print(servers: Mapping[str, Server]) -> None:
    rows: list[tuple[str, ...]] = []
    for name, each in servers.items():
        told = [text for text in each.hovers if text]
        share = f"{len(told)} of {len(each.hovers)}" if each.hovers else "-"
        rows.append(
            (
                name,
                _three(each.asleep[HOVER]),
                _p99(each.after_start),
                _three(each.busy[HOVER]),
                share,
                figures.number(statistics.mean(map(len, told))) if told else "-",
                figures.number(each.peak_mib),
                figures.number(statistics.median(each.first_s)),
            )
        )
    head = ("hover", "asleep", "start p99", "busy", "say something", "characters", "peak MiB", "first s")
    print(figures.table(head, rows), end="\n\n")
    others = [(method, phase) for method in (ACTION, SYMBOLS, LENS) for phase in ("asleep", "busy")]
    rows = [
        (name, *(_three(getattr(each, phase)[method]) for method, phase in others))
        for name, each in servers.items()
    ]
    print(figures.table(("server", *(f"{NAMES[method]}, {phase}" for method, phase in others)), rows))
    failed = {name: each.errors for name, each in servers.items() if each.errors}
    print(f"\nrequests answered with an error: {failed or 'none'}")


def print_pauses(log: str) -> int:
    """Print how often our loop paused for more than 20 ms, and why; return how often."""
    lines = _PAUSED.findall(log)
    count = len(lines) + sum(int(found[1]) for line in lines if (found := _MORE.search(line)))
    own = [line for line in lines if _OTHERS not in line]
    print(f"pauses of our loop over 20 ms in all runs: {count}; of {len(lines)} told, {len(own)} are our own")
    for line in own[:PAUSES_SHOWN]:
        print(f"  {line}")
    return count


def judge(server: Server, floor: Server) -> int:
    """Print how ours stands to the least there can be; return the exit code."""
    missed = 0
    for phase in ("asleep", "busy"):
        mine: Times = getattr(server, phase)
        least: Times = getattr(floor, phase)
        for method, name in NAMES.items():
            if not mine[method] or not least[method]:
                continue
            ratios = [
                figures.percentile(mine[method], share) / figures.percentile(least[method], share)
                for share in (0.5, 0.99)
            ]
            is_missed = ratios[0] > MEDIAN_RATIO_MAX or ratios[1] > P99_RATIO_MAX
            missed += is_missed
            said = "missed" if is_missed else "held"
            print(
                f"{phase}, {name}: {ratios[0]:.2f} of the floor's median, {ratios[1]:.2f} of its p99: {said}"
            )
    return 1 if missed else 0


def _three(values: Sequence[float]) -> str:
    return f"{figures.spread(values)} / {figures.number(max(values))}" if values else "-"


def _p99(values: Sequence[float]) -> str:
    return figures.number(figures.percentile(values, 0.99)) if values else "-"


def _plot(file: Path, name: str, servers: Mapping[str, Server]) -> None:
    groups = {
        phase: {
            server: (figures.percentile(times, 0.5), figures.percentile(times, 0.99))
            for server, each in servers.items()
            if (times := getattr(each, phase)[HOVER])
        }
        for phase in ("asleep", "busy")
    }
    plots.write_spreads(file, f"Hover over stdio, {name}: median to p99", "ms", groups)


if __name__ == "__main__":
    sys.exit(main())
