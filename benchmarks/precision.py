"""How many of the suspicions that are shown are right: a seeded sample, judged once by a reader.

    python -m benchmarks.precision sample PACKAGE... --seed N [--count 40] > FILE
    python -m benchmarks.precision score FILE

`sample` writes a TOML file: each suspicion with what its user sees, and an empty verdict. The reader looks
at code and claim alone and fills in `real`, `plausible` or `wrong` with a reason. `score` counts; its exit
code is 1 where more than one in four is wrong or more than one is shown in 300 lines, 2 where one is not
judged.
"""

import argparse
import json
import random
import subprocess
import sys
import tempfile
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.packages import unpacked

VERDICTS = ("real", "plausible", "wrong")
WRONG_MAX = 0.25
LINES_MIN = 300
"""Lines per suspicion shown."""


def main() -> int:
    """Sample or score; return the exit code."""
    parser = argparse.ArgumentParser(description="Precision of what is shown.")
    commands = parser.add_subparsers(dest="command", required=True)
    sampling = commands.add_parser("sample")
    sampling.add_argument("packages", nargs="+")
    sampling.add_argument("--seed", type=int, required=True)
    sampling.add_argument("--count", type=int, default=40)
    sampling.add_argument("--work", type=Path, default=Path(".cache/benchmarks"))
    commands.add_parser("score").add_argument("file", type=Path)
    options = parser.parse_args()
    if options.command == "score":
        return score(tomllib.loads(options.file.read_text("utf-8")))
    found = {each: _shown(unpacked(each, options.work)) for each in options.packages}
    for line in sample(found, options.seed, options.count):
        print(line)
    return 0


def _shown(root: Path) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as cache:
        command = [sys.executable, "-m", "sleeplsp", "precompute", "--format", "json"]
        done = subprocess.run(
            [*command, "--root", str(root), "--cache-dir", cache], stdout=subprocess.PIPE, check=False
        )
    report: dict[str, Any] = json.loads(done.stdout)
    return report


def sample(found: dict[str, dict[str, Any]], seed: int, count: int) -> Iterator[str]:
    """Yield the lines of a file to be judged."""
    shown = [
        (package, each)
        for package, report in sorted(found.items())
        for each in report["suspicions"]
        if each["shown_as_diagnostic"]
    ]
    chosen = random.Random(seed).sample(shown, min(count, len(shown)))
    yield f"seed = {seed}"
    yield f"sampled = {len(chosen)}"
    for package, report in sorted(found.items()):
        number = sum(1 for name, _ in shown if name == package)
        yield f"\n[[package]]\nname = {json.dumps(package)}"
        yield f"lines = {report['coverage']['lines']}\nshown = {number}"
    for package, each in sorted(chosen, key=lambda pair: (pair[0], pair[1]["path"], pair[1]["line"])):
        yield "\n[[suspicion]]"
        yield f"package = {json.dumps(package)}"
        yield f"place = {json.dumps('{path}:{line}:{column}'.format(**each))}"
        yield f"check = {json.dumps(each['category'])}"
        yield f"message = {json.dumps(each['message'], ensure_ascii=False)}"
        yield "evidence = ["
        for step in each["evidence"]:
            span = step["span"]
            at = f"{span['path']}:{span['line']}" if span else step["symbol"]
            said = f"{at} {step['quote']}: {step['sentence']}"
            yield f"  {json.dumps(said, ensure_ascii=False)},"
        yield ']\nverdict = ""\nreason = ""'


def score(judged: dict[str, Any]) -> int:
    """Print what the verdicts come to; return the exit code."""
    by_check: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for each in judged.get("suspicion", ()):
        if each["verdict"] not in VERDICTS:
            print(f"precision: {each['place']} is not judged: {each['verdict']!r}", file=sys.stderr)
            return 2
        by_check[each["check"]][each["verdict"]] += 1
    print("| check |", " | ".join(VERDICTS), "|")
    print("|---|" + "---:|" * len(VERDICTS))
    for check, counted in sorted(by_check.items()):
        print(f"| `{check}` |", " | ".join(str(counted[each]) for each in VERDICTS), "|")
    total = sum(by_check.values(), Counter[str]())
    print("| all |", " | ".join(str(total[each]) for each in VERDICTS), "|")
    wrong = total["wrong"] / max(total.total(), 1)
    lines = sum(each["lines"] for each in judged["package"])
    shown = sum(each["shown"] for each in judged["package"])
    print(f"\nwrong: {wrong:.0%}; one shown in {lines // max(shown, 1):,} lines")
    return int(wrong > WRONG_MAX or lines < LINES_MIN * shown)


if __name__ == "__main__":
    sys.exit(main())
