"""Simulated editing for a long time, with the memory of every process printed over time.

    python -m benchmarks.soak [--minutes N] [--seed N] [--plot FILE] [PACKAGE]

The files of PACKAGE are copied, opened, typed in, saved, switched and hovered over in the real server. Memory
is the proportional set size (PSS) in MiB, by kind of process; workers come and go. That of the server and of
its deducer is flat if the line through its last two thirds grows by less than a tenth of itself in half an
hour; exit code 1 if it is not.
"""

import argparse
import shutil
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from benchmarks import figures, plots, processes
from benchmarks.packages import MissingPackageError, unpacked
from benchmarks.peers import ours
from benchmarks.soak.editing import Editor
from benchmarks.wire import Client

SEED = 20261125
SAMPLES = 120
"""Of one soak."""
SHOWN = 12
GROWTH_MAX = 0.1
JUDGED = ("server", "deducer")
HALF_HOUR_S = 1800.0

Curve = list[tuple[float, float]]
"""Seconds and MiB."""


def main() -> int:
    """Edit, measure, print; return the exit code."""
    parser = argparse.ArgumentParser(description="Memory while somebody edits.")
    parser.add_argument("package", nargs="?", default="Django==5.2")
    parser.add_argument("--minutes", type=float, default=30.0)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--plot", type=Path, help="SVG file")
    parser.add_argument("--work", type=Path, default=Path(".cache/benchmarks"), help="what is fetched")
    options = parser.parse_args()
    try:
        package = unpacked(options.package, options.work)
    except MissingPackageError as error:
        print(f"soak: {error}", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "workspace"
        shutil.copytree(package, root)
        with ours(Path(folder) / "store") as client:
            client.open(root, [])
            client.settle()
            editor = Editor(client, root, options.seed)
            curves = soak(client, editor, 60 * options.minutes)
            client.settle()
            code = client.close()
    _print(curves, editor)
    print(f"the server ended with {code}")
    if options.plot is not None:
        minutes = {name: [(s / 60, mib) for s, mib in curve] for name, curve in curves.items()}
        plots.write_lines(options.plot, f"Editing {package.name}", ("minutes", "MiB"), minutes)
    return int(code != 0 or not all(is_flat(curves.get(kind, ())) for kind in JUDGED))


def soak(client: Client, editor: Editor, seconds: float) -> dict[str, Curve]:
    """Edit for so long; return memory over time, by kind of process."""
    curves: dict[str, Curve] = {}
    begun = sampled = time.monotonic()
    while (now := time.monotonic()) - begun < seconds:
        editor.act()
        if now - sampled >= seconds / SAMPLES:
            sampled = now
            for kind, mib in sample(client.process.pid).items():
                curves.setdefault(kind, []).append((now - begun, mib))
    return curves


def sample(server: int) -> dict[str, float]:
    """Return the memory of a server and of what it has started, by kind of process."""
    found = {"server": processes.pss_mib(server)}
    for pid in processes.below(server):
        kind = next((kind for kind in ("deducer", "worker") if _is(pid, kind)), "other")
        found[kind] = found.get(kind, 0.0) + processes.pss_mib(pid)
    return {**found, "all": sum(found.values())}


def _is(pid: int, kind: str) -> bool:
    return f"sleeplsp.cli.{kind}" in processes.command_of(pid)


def growth(curve: Sequence[tuple[float, float]]) -> float:
    """Return by which share of itself the last two thirds of a curve grow in half an hour."""
    last = curve[len(curve) // 3 :]
    mean = sum(mib for _, mib in last) / max(len(last), 1)
    return figures.slope(last) * HALF_HOUR_S / mean if mean else 0.0


def is_flat(curve: Sequence[tuple[float, float]]) -> bool:
    """Tell whether a curve grows little enough."""
    return growth(curve) < GROWTH_MAX


def _print(curves: Mapping[str, Curve], editor: Editor) -> None:
    times = [seconds for seconds, _ in curves["all"]]
    chosen = times[:: max(1, len(times) // SHOWN)]
    rows: list[Sequence[str]] = []
    for kind, curve in curves.items():
        at = dict(curve)
        cells = [figures.number(at.get(each)) for each in chosen]
        rows.append((kind, *cells, f"{100 * growth(curve):+.1f} %"))
    print(figures.table(("MiB after min", *(f"{each / 60:.1f}" for each in chosen), "in half an hour"), rows))
    print(f"\ndone: {', '.join(f'{count} times {name}' for name, count in sorted(editor.done.items()))}")
    print(f"{len(editor.hovers)} hovers: {figures.spread(editor.hovers)} ms (median / p99)")


if __name__ == "__main__":
    sys.exit(main())
