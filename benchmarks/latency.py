"""What a hover costs over stdio, beside a pygls server that answers a constant: asleep and while thinking.

    python -m benchmarks.latency [REPOSITORY]

Both servers have the same files open and are asked in turn, in one run. First once all is thought about,
then while a cold sleep runs in the server, with an empty store. Exit code 1 if a median is twice the
constant server's, or more.
"""

import argparse
import random
import re
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.wire import Client, Params

FILES = 20
HOVERS = 200
RATIO_MAX = 2.0
SEED = 7
PAUSE_S = 0.03
"""Between two hovers during the cold sleep, so that they are spread over it."""

_DEFINITION = re.compile(r"^ *(?:async )?def (\w+)", re.MULTILINE)


def main() -> int:
    """Measure and print; return the exit code."""
    parser = argparse.ArgumentParser(description="Latency of hover over stdio.")
    own = Path(__file__).parent.parent
    parser.add_argument("repository", nargs="?", type=Path, default=own)
    root = parser.parse_args().repository.resolve()
    files = largest(root)
    print(f"{root.name}: {HOVERS} hovers in {len(files)} open files; milliseconds")
    print(f"{'':14}{'server':10}{'median':>8}{'p99':>8}{'max':>8}{'ratio':>8}")
    with tempfile.TemporaryDirectory() as cache:
        asleep = measure_asleep(root, files, Path(cache))
    with tempfile.TemporaryDirectory() as cache:
        thinking = measure_thinking(root, files, Path(cache))
    return 1 if max(asleep, thinking) >= RATIO_MAX else 0


def measure_asleep(root: Path, files: list[Path], cache: Path) -> float:
    """Hover when everything was thought about; return the ratio of the medians."""
    with ours(cache) as server:
        begun = time.monotonic()
        server.open(root, files)
        server.wait_for_progress("end")
        print(f"{'':14}cold sleep took {time.monotonic() - begun:.1f} s")
        # One more answer: what came of the run for the files that were opened meanwhile.
        answered = [each for each in positions(files) if server.hover(each)]
        deadline = time.monotonic() + 60
        while not answered and time.monotonic() < deadline:
            time.sleep(0.2)
            answered = [each for each in positions(files) if server.hover(each)]
        lengths = [len(server.hover(each) or "") for each in answered]
        length = round(statistics.mean(lengths))
        chosen = random.Random(SEED).choices(answered, k=HOVERS)
        with constant(length) as other:
            other.open(root, files)
            ratio = compare("asleep", server, other, chosen, 0.0)
        memory = server.memory_mib()
        print(f"{'':14}{len(answered)} definitions have a hover, of {length} characters on average")
        if memory is not None:
            print(f"{'':14}the server's process takes {memory:.0f} MiB")
    return ratio


def measure_thinking(root: Path, files: list[Path], cache: Path) -> float:
    """Hover while the cold sleep runs; return the ratio of the medians."""
    chosen = random.Random(SEED).choices(list(positions(files)), k=HOVERS)
    with ours(cache) as server, constant(0) as other:
        other.open(root, files)
        server.open(root, files)
        server.wait_for_progress("begin")
        ratio = compare("thinking", server, other, chosen, PAUSE_S)
        if "end" in server.thinking:
            print(f"{'':14}the cold sleep was over before the hovers: take a larger repository")
        print(f"{'':14}{server.notifications} notifications came in between")
    return ratio


def compare(phase: str, server: Client, other: Client, chosen: list[Params], pause_s: float) -> float:
    """Ask both in turn, print a line for each, and return the ratio of the medians."""
    clients = {"sleeplsp": server, "constant": other}
    taken: dict[str, list[float]] = {name: [] for name in clients}
    chance = random.Random(SEED)
    for each in chosen:
        for name in chance.sample(sorted(clients), 2):
            taken[name].append(1000 * clients[name].timed("textDocument/hover", each))
            time.sleep(pause_s / 2)
    medians = {name: statistics.median(times) for name, times in taken.items()}
    ratio = medians["sleeplsp"] / medians["constant"]
    for name, times in taken.items():
        p99 = sorted(times)[int(0.99 * len(times))]
        told = f"{ratio:8.2f}" if name == "sleeplsp" else ""
        print(f"{phase:14}{name:10}{medians[name]:8.2f}{p99:8.2f}{max(times):8.2f}{told}")
    return ratio


def ours(cache: Path) -> Client:
    """Start the server with a store of its own."""
    environment = {"SLEEPLSP_CACHE_DIR": str(cache)}
    return Client([sys.executable, "-m", "sleeplsp.cli.serve"], environment)


def constant(length: int) -> Client:
    """Start the server that answers a constant."""
    return Client([sys.executable, "-m", "benchmarks.constant", str(length)], {})


def largest(root: Path) -> list[Path]:
    """Return the files with the most definitions."""
    found = [each for each in sorted(root.rglob("*.py")) if not _is_hidden(each.relative_to(root))]
    counted = {each: len(_DEFINITION.findall(each.read_text("utf-8", "replace"))) for each in found}
    return sorted(counted, key=lambda each: -counted[each])[:FILES]


def positions(files: list[Path]) -> Iterator[Params]:
    """Yield where functions are defined, as parameters of a hover."""
    for each in files:
        text = each.read_text("utf-8", "replace")
        for match in _DEFINITION.finditer(text):
            start = match.start(1)
            character = start - (text.rfind("\n", 0, start) + 1)
            position = {"line": text.count("\n", 0, start), "character": character}
            yield {"textDocument": {"uri": each.as_uri()}, "position": position}


def _is_hidden(path: Path) -> bool:
    return any(part.startswith(".") or part in ("node_modules", "venv") for part in path.parts)


if __name__ == "__main__":
    sys.exit(main())
