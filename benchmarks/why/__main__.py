"""In how many of real tracebacks the cause is in the first three lines of `sleeplsp why`.

    python -m benchmarks.why [--lines]

Each Markdown file beside this one is a traceback made by running a real package with bad input, with the
place of its cause as read in the package's code. Those of this folder were chosen before anything explained
them, those in `fresh*` afterwards, each lot before it was tried. The workspace is the package, unpacked: the
script that used it lies outside. Paths in the tracebacks are replaced by others; some are told as a log or a
mail tells them.

Counted is a place in the first three lines that lies in one of the ranges told as the cause, unless the
answer says that nothing known explains it.
"""

import argparse
import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from benchmarks.packages import unpacked

HERE = Path(__file__).parent
WORK = Path(".cache") / "why"
FIRST = 3
"""Lines of an answer that are looked at."""

_PACKAGE = re.compile(r"^Package: `([^`]+)`$", re.MULTILINE)
_CAUSE = re.compile(r"^Cause: (.+)$", re.MULTILINE)
_RANGE = re.compile(r"`([^`:]+):(\d+)(?:-(\d+))?`")
_PASTED = re.compile(r"^```text\n(.*)\n```$", re.MULTILINE | re.DOTALL)
_PLACE = re.compile(r"([^\s:]+):(\d+): ")


class Case(NamedTuple):
    """One traceback."""

    suite: str
    name: str
    package: str
    cause: tuple[tuple[str, int, int], ...]
    """Files with their first and last line."""
    pasted: str


def main() -> int:
    """Ask about each traceback; print a table, and the answers if wanted."""
    parser = argparse.ArgumentParser(description="Causes in the first lines.")
    parser.add_argument("--lines", action="store_true", help="print the first lines of each answer")
    is_wordy = parser.parse_args().lines
    print("| tracebacks | of | cause in the first three lines | said to be unexplained |")
    print("|---|---:|---:|---:|")
    for folder in (HERE, *sorted(each for each in HERE.glob("fresh*") if each.is_dir())):
        cases = list(cases_in(folder))
        answers = [answer(each) for each in cases]
        named = [is_named(*each) for each in zip(cases, answers, strict=True)]
        unexplained = sum(each["certainty"] in ("unknown", "elsewhere") for each in answers)
        suite = folder.name if folder != HERE else "chosen before"
        print(f"| {suite} | {len(cases)} | {sum(named)} | {unexplained} |")
        for case, found, is_there in zip(cases, answers, named, strict=True) if is_wordy else ():
            print(f"\n{'+' if is_there else '-'} {case.name}", *first_lines(found), sep="\n    ")
    return 0


def cases_in(folder: Path) -> Iterator[Case]:
    """Yield the tracebacks of a folder."""
    for file in sorted(folder.glob("*.md")):
        text = file.read_text("utf-8")
        package, cause, pasted = (each.search(text) for each in (_PACKAGE, _CAUSE, _PASTED))
        if package is None or cause is None or pasted is None:
            raise ValueError(f"{file} tells no package, cause or traceback")
        ranges = tuple(
            (path, int(first), int(last or first)) for path, first, last in _RANGE.findall(cause[1])
        )
        yield Case(folder.name, file.stem, package[1], ranges, pasted[1])


def answer(case: Case) -> dict[str, object]:
    """Return what `sleeplsp why` says of a traceback."""
    root = unpacked(case.package, WORK)
    with tempfile.NamedTemporaryFile("w", suffix=".txt", encoding="utf-8") as log:
        log.write(case.pasted)
        log.flush()
        places = ("--cache-dir", str(WORK / "store"), "--state-dir", str(WORK / "state"))
        done = subprocess.run(
            [sys.executable, "-m", "sleeplsp", "why", log.name, "--json", "--root", str(root), *places],
            capture_output=True,
            text=True,
            check=False,
        )
    found: dict[str, object] = json.loads(done.stdout)
    return found


def is_named(case: Case, found: dict[str, object]) -> bool:
    """Tell whether the first lines of an answer name a place of the cause."""
    if found["certainty"] in ("unknown", "elsewhere"):
        return False
    places = map(_PLACE.match, first_lines(found))
    return any(
        _is_same(place[1], path) and first <= int(place[2]) <= last
        for place in places
        if place is not None
        for path, first, last in case.cause
    )


def first_lines(found: dict[str, object]) -> list[str]:
    """Return the lines of an answer that are looked at."""
    text = found["text"]
    return [str(each) for each in text[:FIRST]] if isinstance(text, list) else []


def _is_same(told: str, path: str) -> bool:
    return told == path or told.endswith(f"/{path}")


if __name__ == "__main__":
    sys.exit(main())
