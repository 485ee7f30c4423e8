"""What a sleep over real repositories costs and finds: time, memory, claims by kind, suspicions by check.

    python -m benchmarks.corpus [--work FOLDER] [PACKAGE ...]

A PACKAGE is a PyPI requirement, a folder, or `Lib` for the standard library. Each is thought about cold,
with an empty store, and once more warm. Exit code 1 where a file was lost, a
module failed, or the second run deduced a function again.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.packages import MissingPackageError, unpacked

PACKAGES = ("Django==5.2", "requests", "flask", "rich", "Lib")


class Measured(NamedTuple):
    """One cold and one warm run over a package."""

    name: str
    cold: dict[str, Any]
    """The report of the cold run, as `precompute --format json` prints it."""
    cold_s: float
    cpu_s: float
    """Processor seconds of all processes of the cold run."""
    warm: dict[str, Any]
    warm_s: float
    python_files: frozenset[str]
    """Paths of the Python files that are there, relative to the root."""


def main() -> int:
    """Measure and print Markdown tables; return the exit code."""
    parser = argparse.ArgumentParser(description="Cold and warm sleeps over real repositories.")
    parser.add_argument("packages", nargs="*", default=PACKAGES)
    parser.add_argument("--work", type=Path, default=Path(".cache/benchmarks"), help="what is fetched")
    options = parser.parse_args()
    measured = []
    for each in options.packages:
        try:
            measured.append(measure(each, unpacked(each, options.work)))
        except MissingPackageError as error:
            print(f"corpus: {error}", file=sys.stderr)
            return 2
    print_costs(measured)
    print_claims(measured)
    print_suspicions(measured)
    return max([complain(each) for each in measured], default=0)


def measure(name: str, root: Path) -> Measured:
    """Think about a package with a store of its own, twice."""
    with tempfile.TemporaryDirectory() as cache:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        cold, cold_s = _precompute(root, cache)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        warm, warm_s = _precompute(root, cache)
    cpu_s = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    files = frozenset(each.relative_to(root).as_posix() for each in root.rglob("*.py") if each.is_file())
    return Measured(name, cold, cold_s, cpu_s, warm, warm_s, files)


def _precompute(root: Path, cache: str) -> tuple[dict[str, Any], float]:
    report = Path(cache) / "report.json"
    command = [sys.executable, "-m", "sleeplsp", "precompute", "--root", str(root), "--format", "json"]
    begun = time.perf_counter()
    done = subprocess.run(
        [*command, "--output", str(report)],
        env={**os.environ, "SLEEPLSP_CACHE_DIR": cache, "SLEEPLSP_STATE_DIR": f"{cache}/state"},
        stderr=subprocess.PIPE,
        check=False,
    )
    seconds = time.perf_counter() - begun
    if done.returncode not in (0, 3):
        raise SystemExit(f"corpus: {root}: exit code {done.returncode}\n{done.stderr.decode()}")
    found: dict[str, Any] = json.loads(report.read_text("utf-8"))
    return found, seconds


def print_costs(measured: list[Measured]) -> None:
    """Print what the runs took."""
    print(
        "| package | files | lines | functions | skipped | failed | cold s | CPU s | warm s | MiB | worker |"
    )
    print("|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|")
    for each in measured:
        covered, run = each.cold["coverage"], each.cold["run"]
        memory = (f"{(run[name] or 0) / 2**20:.0f}" for name in ("bytes_max", "worker_bytes_max"))
        row = (
            each.name,
            f"{run['modules']:,}",
            f"{covered['lines']:,}",
            f"{covered['functions']:,}",
            covered["skipped"],
            covered["failed"],
            f"{each.cold_s:.1f}",
            f"{each.cpu_s:.1f}",
            f"{each.warm_s:.1f}",
            *memory,
        )
        print("|", " | ".join(map(str, row)), "|")


def print_claims(measured: list[Measured]) -> None:
    """Print how many claims of each kind were made."""
    kinds = sorted({kind for each in measured for kind in each.cold["coverage"]["claims"]})
    print("\n| package |", " | ".join(kinds), "| fixes offered | withheld |")
    print("|---|" + "---:|" * (len(kinds) + 2))
    for each in measured:
        covered = each.cold["coverage"]
        row = [covered["claims"].get(kind, 0) for kind in kinds]
        row += [covered["fixes_offered"], covered["fixes_withheld"]]
        print(f"| {each.name} |", " | ".join(f"{count:,}" for count in row), "|")


def print_suspicions(measured: list[Measured]) -> None:
    """Print what each check found: shown as diagnostics, and on hover only after a plus sign."""
    print("\n| check |", " | ".join(each.name for each in measured), "| |")
    print("|---|" + "---:|" * len(measured) + "---|")
    for index, check in enumerate(measured[0].cold["checks"]):
        found = [each.cold["checks"][index] for each in measured]
        cells = [f"{each['shown']} + {each['hover_only']}" for each in found]
        nowhere = not any(each["shown"] or each["hover_only"] for each in found)
        print(f"| `{check['name']}` |", " | ".join(cells), f"| {'fired nowhere' if nowhere else ''} |")
    for each in measured:
        shown = sum(check["shown"] for check in each.cold["checks"])
        lines = each.cold["coverage"]["lines"]
        rate = f"one in {lines // shown:,} lines" if shown else "none"
        print(f"\n{each.name}: {shown} shown, {rate}.", end="")
    print()


def complain(measured: Measured) -> int:
    """Say what went wrong with a package; return 1 if something did."""
    report, said = measured.cold, []
    skipped = Counter(each["reason"] for each in report["skipped"])
    failed = len(report["failed"])
    if missing := sorted(lost(measured)):
        said.append(f"{len(missing)} Python files lost, the first of them {missing[0]}")
    if failed:
        said.append(f"{failed} modules failed")
    if measured.warm["run"]["functions_deduced"]:
        said.append(f"the warm run deduced {measured.warm['run']['functions_deduced']} functions")
    print(f"{measured.name}: skipped {dict(skipped) or 'nothing'}", *said, sep="; ")
    return int(bool(said))


def lost(measured: Measured) -> frozenset[str]:
    """Return the Python files that are neither modules nor left out, alone or with a whole folder."""
    modules = {each["path"] for each in measured.cold["modules"]}
    skipped = {each["path"] for each in measured.cold["skipped"]}
    folders = tuple(path for path in skipped if path.endswith("/"))
    return frozenset(
        path for path in measured.python_files - modules - skipped if not path.startswith(folders)
    )


if __name__ == "__main__":
    sys.exit(main())
