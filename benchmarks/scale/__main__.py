"""How cost grows with a repository: generated ones, of up to 50,000 modules.

    python -m benchmarks.scale [--plot FILE] [--seed N] [MODULES ...]

Each repository is thought about with an empty store and once more; then the server is started on it, with an
empty store and warm. Memory is the proportional set size (PSS) in MiB, of the server's process and of the
tree with all its processes. Exit code 1 if the seconds for each thousand modules grow by more than half from
the smallest to the largest. The repositories stay below `.cache/benchmarks/scale`.
"""

import argparse
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from benchmarks import figures, plots, processes
from benchmarks.peers import ours
from benchmarks.positions import positions
from benchmarks.scale import generate
from benchmarks.wire import Client

MODULES = (1_000, 5_000, 10_000, 25_000, 50_000)
SEED = 20261125
OPENED = 20
HOVERS = 200
FIRST_S_MAX = 120.0
BUSY_S_MAX = 30.0
GROWTH_MAX = 1.5


class Run(NamedTuple):
    """One run of `precompute`."""

    seconds: float
    cpu_s: float
    """Processor seconds of all its processes."""
    peak: processes.Taken


class Served(NamedTuple):
    """One server."""

    first_s: float | None
    """From spawn to a hover that says something; None when there was none in time."""
    hovers: list[float]
    """Milliseconds: at rest if it was warm, else right from the start."""
    own_mib: float
    tree_mib: float
    """The most there was at any time."""


class Scale(NamedTuple):
    """What one repository costs."""

    modules: int
    lines: int
    cold: Run
    warm: Run
    store_mib: float
    served_cold: Served
    served_warm: Served


def main() -> int:
    """Generate, measure, print; return the exit code."""
    parser = argparse.ArgumentParser(description="Cost of generated repositories.")
    parser.add_argument("modules", nargs="*", type=int, default=MODULES)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--plot", type=Path, help="SVG file")
    parser.add_argument("--work", type=Path, default=Path(".cache/benchmarks"), help="where they are written")
    options = parser.parse_args()
    found = []
    for modules in options.modules:
        root = (options.work / "scale" / f"modules-{modules}").resolve()
        lines = generate.write(root, modules, options.seed)
        found.append(measure(root, modules, lines))
        print(f"{modules:,} modules measured", file=sys.stderr)
    _print(found)
    if options.plot is not None:
        _plot(options.plot, found)
    return int(growth([(each.modules, each.cold.seconds) for each in found]) > GROWTH_MAX)


def measure(root: Path, modules: int, lines: int) -> Scale:
    """Run everything on one repository, with stores of its own."""
    files = sorted(root.rglob("*_[0-9]*.py"))
    opened = random.Random(SEED).sample(files, min(OPENED, len(files)))
    with tempfile.TemporaryDirectory() as folder:
        store = Path(folder) / "store"
        cold, warm = _precompute(root, store), _precompute(root, store)
        store_mib = sum(each.stat().st_size for each in store.rglob("*") if each.is_file()) / 2**20
        served_warm = serve(ours(store), root, opened, is_warm=True)
        served_cold = serve(ours(Path(folder) / "empty"), root, opened, is_warm=False)
    return Scale(modules, lines, cold, warm, store_mib, served_cold, served_warm)


def _precompute(root: Path, store: Path) -> Run:
    command = [sys.executable, "-m", "sleeplsp", "precompute", "--root", str(root), "--cache-dir", str(store)]
    begun, before = time.perf_counter(), _children_s()
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as process:
        with processes.Sampler(process.pid, 0.2) as sampler:
            _, said = process.communicate()
        seconds = time.perf_counter() - begun
    if process.returncode != 0:
        raise SystemExit(f"scale: {root}: exit code {process.returncode}\n{said.decode()}")
    return Run(seconds, _children_s() - before, sampler.peak)


def _children_s() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def serve(client: Client, root: Path, opened: Sequence[Path], *, is_warm: bool) -> Served:
    """Open files in a server, which is ended, and hover; return what it cost."""
    with client, processes.Sampler(client.process.pid, 0.2) as sampler:
        client.open(root, opened)
        first_s = _first_useful(client, list(opened))
        if is_warm:
            client.settle()
        asked = random.Random(SEED).choices(list(positions(list(opened))), k=HOVERS)
        hovers, begun = [], time.monotonic()
        for each in asked:
            hovers.append(1000 * client.timed("textDocument/hover", each))
            if not is_warm:
                client.listen(0.05)
                if time.monotonic() - begun > BUSY_S_MAX:
                    break
        own = processes.taken(client.process.pid).own
    return Served(first_s, hovers, own, sampler.peak.tree)


def _first_useful(client: Client, opened: list[Path]) -> float | None:
    """Return the seconds from spawn until one of the first definitions says something."""
    asked = list(positions(opened[:1]))
    while time.perf_counter() - client.begun < FIRST_S_MAX:
        if any(client.hover(each) for each in asked):
            return time.perf_counter() - client.begun
        client.listen(0.02)
    return None


def growth(points: Sequence[tuple[int, float]]) -> float:
    """Return how much more a module costs in the largest repository than in the smallest."""
    costs = [cost / size for size, cost in sorted(points)]
    return costs[-1] / costs[0] if costs else 1.0


def _print(found: Sequence[Scale]) -> None:
    head = (
        "modules",
        "lines",
        "cold s",
        "CPU s",
        "CPU ms each",
        "warm s",
        "warm CPU s",
        "peak MiB",
        "with workers",
        "store MiB",
    )
    rows: list[Sequence[str]] = []
    for each in found:
        cold = each.cold
        each_ms = 1000 * cold.cpu_s / each.modules
        seconds = (cold.seconds, cold.cpu_s, each_ms, each.warm.seconds, each.warm.cpu_s)
        memory = (cold.peak.own, cold.peak.tree, each.store_mib)
        cells = map(figures.number, (*seconds, *memory))
        rows.append((f"{each.modules:,}", f"{each.lines:,}", *cells))
    print(figures.table(head, rows), end="\n\n")
    others = ("modules", "store", "first hover s", "hover ms", "server MiB", "with its processes, at most")
    served_rows: list[Sequence[str]] = []
    for each in found:
        for name, served in (("empty", each.served_cold), ("warm", each.served_warm)):
            first, took = figures.number(served.first_s), figures.spread(served.hovers)
            most = (figures.number(served.own_mib), figures.number(served.tree_mib))
            served_rows.append((f"{each.modules:,}", name, first, took, *most))
    print(figures.table(others, served_rows))
    factor = growth([(each.modules, each.cold.seconds) for each in found])
    print(f"\na module of the largest costs {factor:.2f} times one of the smallest; goal: {GROWTH_MAX}")


def _plot(file: Path, found: Sequence[Scale]) -> None:
    lines = {
        "precompute, empty store": [(each.modules, each.cold.seconds) for each in found],
        "precompute, warm": [(each.modules, each.warm.seconds) for each in found],
        "first hover, empty store": [
            (each.modules, each.served_cold.first_s or FIRST_S_MAX) for each in found
        ],
        "first hover, warm": [(each.modules, each.served_warm.first_s or FIRST_S_MAX) for each in found],
    }
    plots.write_lines(file, "Generated repositories", ("modules", "s"), lines, logarithmic="xy")


if __name__ == "__main__":
    sys.exit(main())
