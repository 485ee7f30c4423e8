"""Ten thousand random edits through `didChange`, on real files: what README says of robustness.

    python -m benchmarks.edits [--count N] [--seed N] [FOLDER ...]

The material is the running interpreter's library, this repository's own files, and the folders named.
After every edit the server's text must be the editor's; wherever it parses without an error, the tree
that grew with the edits must be that of a fresh parse. Exit code 1 if one is not.
"""

import argparse
import random
import sys
import time
from pathlib import Path

from sleeplsp.core.languages import language_of
from tests.random_edits import run, standard_library

FILES = 60
FILE_BYTES_MAX = 24_000
"""Larger files say nothing more, and are compared for longer."""


def main() -> int:
    """Edit, judge, print; return the exit code."""
    parser = argparse.ArgumentParser(description="Random edits through didChange.")
    parser.add_argument("folders", nargs="*", type=Path, help="more material")
    parser.add_argument("--count", type=int, default=10_000, help="edits (10000)")
    parser.add_argument("--seed", type=int, default=0, help="0 means another one each time")
    options = parser.parse_args()
    seed = options.seed or random.SystemRandom().randrange(1, 1 << 32)
    chance = random.Random(seed)
    own = Path(__file__).parent.parent
    files = standard_library(FILES // 2, chance, FILE_BYTES_MAX)
    for folder in (own / "sleeplsp", *options.folders):
        files |= _sample(folder, FILES // 2, chance)
    begun = time.monotonic()
    tally = run(files, options.count, seed)
    seconds = time.monotonic() - begun
    print(f"seed {seed}: {tally.edits} edits of {len(files)} files in {seconds:.0f} s")
    print(
        f"texts that parsed without an error: {tally.whole}; trees or texts that differ: {len(tally.wrong)}"
    )
    for each in tally.wrong[:20]:
        print(f"  {each}")
    return 1 if tally.wrong else 0


def _sample(folder: Path, count: int, chance: random.Random) -> dict[str, str]:
    paths = sorted(
        each
        for each in folder.rglob("*")
        if language_of(each.name) and each.is_file() and each.stat().st_size < FILE_BYTES_MAX
    )
    chosen = chance.sample(paths, min(count, len(paths)))
    return {str(each.relative_to(folder)): each.read_text("utf-8", "replace") for each in chosen}


if __name__ == "__main__":
    sys.exit(main())
