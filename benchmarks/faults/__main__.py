"""Faults that are injected, and what is lost by them: nothing, it is hoped.

    python -m benchmarks.faults [--kills N] [--seed N] [SCENARIO ...]

Scenarios are kills, full-disk, full-quota, read-only, corrupted, versions, clocks, files, explosions and
crowd; all of them by default. Nothing is lost when a run after the fault gives the very report of a run that
never had it, with the same exit code, no traceback, and no process left behind. Exit code 1 if something is.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from benchmarks import figures
from benchmarks.faults import bombs, clocks, crowds, explosions, files, killing, storing
from benchmarks.faults.place import Place
from benchmarks.faults.storing import NotRunError

KILLS = 200
SEED = 20261125
RESTLESS_RUNS = 20
Scenario = Callable[[Place, argparse.Namespace], list[str]]


def main() -> int:
    """Try scenarios and print what was lost; return the exit code."""
    parser = argparse.ArgumentParser(description="Faults.")
    parser.add_argument("scenarios", nargs="*", choices=[*SCENARIOS, []], default=[])
    parser.add_argument("--kills", type=int, default=KILLS, help="of all kinds together (200)")
    parser.add_argument("--corruptions", type=int, default=storing.CORRUPTIONS)
    parser.add_argument("--seed", type=int, default=SEED)
    options = parser.parse_args()
    lost = 0
    for name in options.scenarios or SCENARIOS:
        begun = time.monotonic()
        with tempfile.TemporaryDirectory() as folder:
            try:
                found = SCENARIOS[name](Place(Path(folder)), options)
            except NotRunError as error:
                print(f"NOT RUN: {name}: {error}", flush=True)
                continue
        said = f"{len(found)} things lost" if found else "nothing lost"
        print(f"{name}: {said}; {time.monotonic() - begun:.0f} s", flush=True)
        for each in found:
            print(f"  {each}", flush=True)
        lost += len(found)
    return int(lost > 0)


def _kills(place: Place, options: argparse.Namespace) -> list[str]:
    runs = max(1, options.kills // len(killing.KILLS))
    found = []
    for kind in killing.KILLS:
        lost = killing.run(place, kind, runs, options.seed)
        print(f"kill -9 of the {kind}: {runs} runs, {len(lost)} things lost", flush=True)
        found += lost
    return found


def _explosions(place: Place, _options: argparse.Namespace) -> list[str]:
    found, rows = [], []
    for nth, name in enumerate(bombs.BOMBS):
        done = explosions.explode(name, place.folder / f"bomb-{nth}")
        print(f"{name}: {done.outcome or 'lost'}", file=sys.stderr, flush=True)
        rows.append(
            (
                name,
                f"{done.seconds:.1f}",
                figures.number(done.peak_mib),
                figures.spread(done.hovers),
                done.outcome,
            )
        )
        found += [f"{name}: {each}" for each in done.lost]
    head = ("module", "s", "peak MiB", "hovers beside it, ms", "what became of it")
    print(figures.table(head, rows))
    print(f"bounds: {explosions.COMMAND_S_MAX:g} s for the command, {explosions.HOVER_S_MAX:g} s for a hover")
    return found


def _crowd(place: Place, _options: argparse.Namespace) -> list[str]:
    done = crowds.crowd(place)
    print(f"two servers and {crowds.COMMANDS} commands on one store: {done}")
    return done.lost


def _restless(place: Place, options: argparse.Namespace) -> list[str]:
    return files.restless(place, RESTLESS_RUNS, options.seed)


def _corrupted(place: Place, options: argparse.Namespace) -> list[str]:
    return storing.corrupted(place, options.corruptions, options.seed)


def _alone(scenario: Callable[[Place], list[str]]) -> Scenario:
    return lambda place, _options: scenario(place)


SCENARIOS: Mapping[str, Scenario] = {
    "kills": _kills,
    "full-disk": _alone(storing.full_disk),
    "full-quota": _alone(storing.full_quota),
    "read-only": _alone(storing.read_only),
    "corrupted": _corrupted,
    "versions": _alone(storing.versions),
    "clocks": _alone(clocks.jumps),
    "files": _restless,
    "explosions": _explosions,
    "crowd": _crowd,
}


if __name__ == "__main__":
    sys.exit(main())
