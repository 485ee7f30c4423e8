"""Running the tests of a package while its claims are watched. It must not know how claims are deduced."""

import json
import os
import subprocess
from pathlib import Path
from typing import NamedTuple

from benchmarks.never.packages import Package, UnusableError
from benchmarks.never.watching.claims import Claims

TESTS_S_MAX = 3600
"""Seconds for the tests of one package."""

_WATCHING = Path(__file__).parent / "watching"


class Seen(NamedTuple):
    """What was seen of one function."""

    ref: str
    returned: int
    raised: int
    contradicted: dict[str, int]
    """Calls by kind of claim."""
    examples: dict[str, list[str]]


class Run(NamedTuple):
    """What was seen while the tests of one package ran."""

    functions: dict[str, Seen]
    """By reference; those called at least once."""
    passed: int
    failed: int
    skipped: int


def watched(package: Package, files: dict[str, list[Claims]], work: Path) -> Run:
    """Run a package's tests, watching the claims of its files (by absolute path).

    Raises UnusableError if they did not run, none passed, or a claim names a place where no function is.
    """
    folder = work / "runs" / package.folder.name
    folder.mkdir(parents=True, exist_ok=True)
    link = folder / "never_watching"
    link.unlink(missing_ok=True)
    link.symlink_to(_WATCHING, target_is_directory=True)
    told, found, log = folder / "claims.json", folder / "seen.json", folder / "pytest.log"
    listed = {path: [each._asdict() for each in claims] for path, claims in files.items()}
    told.write_text(json.dumps({"root": str(package.folder), "files": listed}), "utf-8")
    found.unlink(missing_ok=True)
    _pytest(package, {"PYTHONPATH": str(folder), "NEVER_CLAIMS": str(told), "NEVER_SEEN": str(found)}, log)
    if not found.is_file():
        raise UnusableError(f"the tests of {package.name} did not run: see {log}")
    seen = json.loads(found.read_text("utf-8"))
    outcomes = seen["outcomes"]
    if not outcomes.get("passed"):
        raise UnusableError(f"no test of {package.name} passed: see {log}")
    if seen["misplaced"]:
        raise UnusableError(f"not where they are said to be: {', '.join(seen['misplaced'][:5])}")
    return Run(
        {each["ref"]: Seen(**each) for each in seen["functions"]},
        *(outcomes.get(each, 0) for each in ("passed", "failed", "skipped")),
    )


def _pytest(package: Package, environment: dict[str, str], log: Path) -> None:
    command = [str(package.python), "-m", "pytest", "-p", "never_watching.plugin", "-q"]
    command += ["-o", "addopts=", "-p", "no:cacheprovider", *package.arguments, *package.tests]
    with log.open("w") as opened:
        try:
            subprocess.run(
                command,
                cwd=package.folder,
                env={**os.environ, **environment},
                stdin=subprocess.DEVNULL,
                stdout=opened,
                stderr=opened,
                timeout=TESTS_S_MAX,
                check=False,  # a failing test is counted, not fatal
            )
        except subprocess.TimeoutExpired as error:
            raise UnusableError(
                f"the tests of {package.name} took over {TESTS_S_MAX} s: see {log}"
            ) from error
