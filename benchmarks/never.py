"""Are the "never" claims true? The tests of packages are run, and every call of a claimed function watched.

    python -m benchmarks.never PACKAGE... [--python PYTHON] [--cache FOLDER] [--with REQUIREMENT]

A PACKAGE is a PyPI name (`boltons`, `boltons==25.0.0`), whose sdist must have its tests, or a folder with
sources and tests. What is fetched lies in the cache folder, each package's tests run in an environment of
their own. Claims watched: never returns None, never returns, never raises, pure, leaves an argument as it
is, returns only certain classes, needs an argument. Exit code 1 if a claim is contradicted, 2 if a package
cannot be watched.
"""

import argparse
import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from benchmarks.never_claims import Deduced, deduce
from benchmarks.never_packages import Package, Unusable, prepare, python_for_tests
from benchmarks.watching.claims import KINDS

TESTS_S_MAX = 3600
"""Seconds for the tests of one package."""


class Seen(NamedTuple):
    """What was seen of one function."""

    ref: str
    returned: int
    raised: int
    contradicted: dict[str, int]
    examples: dict[str, list[str]]


def main(arguments: Sequence[str] | None = None) -> int:
    """Watch the packages named; return the exit code."""
    options = _options().parse_args(arguments)
    work = Path(options.cache).expanduser().resolve()
    code = 0
    try:
        python = python_for_tests(options.python)
        for named in options.packages:
            package = prepare(named, work, python, options.requirements)
            deduced = deduce(package.folder, package.tests)
            seen, summary = _watched(package, deduced, work)
            code |= _print(package, deduced, seen, summary)
    except Unusable as error:
        print(f"never: {error}", file=sys.stderr)
        return 2
    return code


def _options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="Watch never claims while tests run.")
    parser.add_argument("packages", nargs="+", metavar="PACKAGE")
    parser.add_argument("--python", default="", help="Python >= 3.12 that runs the tests")
    parser.add_argument("--cache", default=".cache/never", help="folder for what is fetched")
    parser.add_argument(
        "--with", dest="requirements", action="append", default=[], help="what the tests need"
    )
    return parser


def _watched(package: Package, deduced: Deduced, work: Path) -> tuple[list[Seen], str]:
    """Run a package's tests; return what was seen, and pytest's own last line."""
    folder = work / "runs" / package.folder.name
    folder.mkdir(parents=True, exist_ok=True)
    link = folder / "never_watching"
    link.unlink(missing_ok=True)
    link.symlink_to(Path(__file__).parent / "watching", target_is_directory=True)
    told, found = folder / "claims.json", folder / "seen.json"
    files = {path: [each._asdict() for each in listed] for path, listed in deduced.files.items()}
    told.write_text(json.dumps({"root": str(package.folder), "files": files}), "utf-8")
    found.unlink(missing_ok=True)
    environment = {
        **os.environ,
        "PYTHONPATH": str(folder),
        "NEVER_CLAIMS": str(told),
        "NEVER_SEEN": str(found),
    }
    command = [str(package.python), "-m", "pytest", "-p", "never_watching.plugin", "-q"]
    command += ["-o", "addopts=", "-p", "no:cacheprovider", *package.arguments, *package.tests]
    with (folder / "pytest.log").open("w") as log:
        subprocess.run(
            command,
            cwd=package.folder,
            env=environment,
            stdout=log,
            stderr=log,
            timeout=TESTS_S_MAX,
        )
    lines = (folder / "pytest.log").read_text("utf-8").strip().splitlines()
    if not found.is_file():
        raise Unusable(f"the tests of {package.name} did not run: see {folder / 'pytest.log'}")
    return [Seen(**each) for each in json.loads(found.read_text("utf-8"))], lines[-1]


def _print(package: Package, deduced: Deduced, seen: list[Seen], summary: str) -> int:
    by_ref = {each.ref: each for each in seen}
    claimed: Counter[str] = Counter(kind for each in deduced.claims for kind in each.kinds)
    run: Counter[str] = Counter()
    calls: Counter[str] = Counter()
    wrong: Counter[str] = Counter()
    for each in deduced.claims:
        known = by_ref.get(each.ref)
        for kind in each.kinds if known is not None else ():
            assert known is not None
            run[kind] += 1
            calls[kind] += known.returned + known.raised
            wrong[kind] += kind in known.contradicted
    print(f"\n## {package.folder.name}\n\nTests: {summary.strip('= ')}")
    print(
        f"Functions: {deduced.functions}, analysed {deduced.analysed}, "
        f"claimed of {len(deduced.claims)}, of these called by the tests {len(seen)}\n"
    )
    print("| claim | made | never exercised | exercised | calls watched | contradicted |")
    print("|---|---:|---:|---:|---:|---:|")
    for kind in KINDS:
        unseen = claimed[kind] - run[kind]
        print(f"| {kind} | {claimed[kind]} | {unseen} | {run[kind]} | {calls[kind]} | {wrong[kind]} |")
    for each_seen in seen:
        for kind, times in each_seen.contradicted.items():
            print(f"\n{each_seen.ref}: {kind}: contradicted by {times} calls")
            for example in each_seen.examples[kind]:
                print(f"    {example}")
    return int(wrong.total() > 0)


if __name__ == "__main__":
    sys.exit(main())
