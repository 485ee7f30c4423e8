"""The atlas: what names and calls of all modules cost the server, and what is asked of them.

    python -m benchmarks.atlas [--modules COUNTS] [PACKAGE ...]

Each PACKAGE (as in `benchmarks.corpus`; Django alone by default), and a generated repository of each of
COUNTS modules, is read and charted, and the charts are taken up as the server does. *MiB* are those that they
and their map take there; *step* is the longest step of charting, *batch* the longest that the loop is
held up by news, *pause* by a search, whose whole time stands under *search* (median / slowest); *callers* is
what asking for the callers of the symbol with most calls takes. Milliseconds of processor time.
"""

import argparse
import gc
import sys
import time
import tracemalloc
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import msgspec

from benchmarks import figures
from benchmarks.packages import MissingPackageError, unpacked
from benchmarks.scale import generate
from sleeplsp.answers.calls import incoming
from sleeplsp.answers.search import Found, best, matches
from sleeplsp.core.atlas import EMPTY_ATLAS, Atlas, Batch, calls_in, definitions
from sleeplsp.core.facts import MODULE
from sleeplsp.core.languages import language_of
from sleeplsp.core.reading import read
from sleeplsp.core.snapshot import Snapshot
from sleeplsp.core.text import Text, read_text
from sleeplsp.engine.charter import Charter
from sleeplsp.engine.knowledge import Knowledge
from sleeplsp.lsp.search import SLICE_S

SEED = 1
QUERIES = ("", "e", "get", "stor", "order.find", "nowhere")
MODULES = (1_000, 10_000)

HEAD = (
    "repository",
    "modules",
    "symbols",
    "calls",
    "MiB",
    "bytes a module",
    "charting ms a module",
    "step ms",
    "batch ms",
    "search ms",
    "pause ms",
    "callers ms",
)

Texts = Mapping[str, Text]


def main() -> int:
    """Measure and print; return the exit code."""
    parser = argparse.ArgumentParser(description="Cost of the atlas.")
    parser.add_argument("packages", nargs="*", default=("Django==5.2",))
    parser.add_argument("--modules", default=",".join(map(str, MODULES)), help="counts with commas between")
    parser.add_argument("--work", type=Path, default=Path(".cache/benchmarks"), help="what is fetched")
    options = parser.parse_args()
    rows = []
    for named in options.packages:
        try:
            rows.append(_row(named, dict(_texts(unpacked(named, options.work)))))
        except MissingPackageError as error:
            print(f"atlas: {error}", file=sys.stderr)
            return 2
    counts = map(int, filter(None, options.modules.split(",")))
    rows.extend(_row("generated", dict(_generated(each))) for each in counts)
    print(figures.table(HEAD, rows))
    return 0


def _texts(root: Path) -> Iterator[tuple[str, Text]]:
    for path in sorted(root.rglob("*.py")):
        yield path.relative_to(root).as_posix(), read_text(path.read_bytes())


def _generated(count: int) -> Iterator[tuple[str, Text]]:
    for number in range(count):
        yield generate.path_of(number), Text.from_str(generate.module(number, SEED))


def _row(name: str, texts: Texts) -> tuple[str, ...]:
    told, drawing, step = _drawn(texts)
    atlas, mib, batch = _taken_up(told)
    snapshot = Snapshot({}, atlas=atlas)
    symbols = sum(1 for chart in atlas.charts.values() for _ in definitions(chart))
    calls = _calls(atlas)
    searches, pause = _searches(snapshot)
    begun = time.process_time()
    incoming(snapshot, calls.most_common(1)[0][0])
    callers = time.process_time() - begun
    return (
        name,
        f"{len(atlas.charts):,}",
        f"{symbols:,}",
        f"{calls.total():,}",
        figures.number(mib),
        f"{mib * 2**20 / len(atlas.charts):,.0f}",
        figures.number(drawing * 1e3 / len(texts)),
        *(figures.number(each * 1e3) for each in (step, batch)),
        figures.spread([each * 1e3 for each in searches]),
        *(figures.number(each * 1e3) for each in (pause, callers)),
    )


def _drawn(texts: Texts) -> tuple[list[bytes], float, float]:
    """Return what a charter tells, as it is sent, the time that all took, and its longest step; seconds."""
    languages = ((path, language_of(path)) for path in texts)
    facts = {path: read(path, each, texts[path]).facts for path, each in languages if each is not None}
    knowledge = Knowledge()
    knowledge.begin(facts, {}, trusted=False)
    charter = Charter(knowledge, lambda path: Text(texts[path].source))
    gc.collect()
    gc.freeze()
    told: list[bytes] = []
    taken: list[float] = []
    while not charter.is_done:
        begun = time.process_time()
        batch = charter.step()
        taken.append(time.process_time() - begun)
        if batch is not None:
            told.append(msgspec.msgpack.encode(batch))
    return told, sum(taken), max(taken)


def _taken_up(told: Iterable[bytes]) -> tuple[Atlas, float, float]:
    """Return the atlas, its MiB, and the longest that a batch takes to be taken up; seconds."""
    decoder = msgspec.msgpack.Decoder(Batch)
    atlas, longest = EMPTY_ATLAS, 0.0
    for each in told:
        begun = time.process_time()
        atlas = atlas.updated(decoder.decode(each))
        longest = max(longest, time.process_time() - begun)
    gc.collect()
    tracemalloc.start()
    again = EMPTY_ATLAS
    for each in told:
        again = again.updated(decoder.decode(each))
    mib = tracemalloc.get_traced_memory()[0] / 2**20
    tracemalloc.stop()
    return atlas, mib, longest


def _calls(atlas: Atlas) -> Counter[str]:
    """Count the calls by what they may lead to."""
    return Counter(
        call.ref
        for chart in atlas.charts.values()
        for symbol in (MODULE, *(each.symbol for each in definitions(chart)))
        for call in calls_in(chart, symbol)
    )


def _searches(snapshot: Snapshot) -> tuple[list[float], float]:
    """Return what searches take, and the longest slice of one; seconds."""
    whole, longest = [], 0.0
    for query in QUERIES:
        begun = at = time.process_time()
        found: list[list[Found]] = []
        for each in matches(snapshot, query):
            found.append(each)
            if time.process_time() - at > SLICE_S:
                found = [best(found)]
                longest = max(longest, time.process_time() - at)
                at = time.process_time()
        best(found)
        longest = max(longest, time.process_time() - at)
        whole.append(time.process_time() - begun)
    return whole, longest


if __name__ == "__main__":
    sys.exit(main())
