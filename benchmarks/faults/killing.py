"""kill -9 at a random moment: of the command, of one of its workers, of the server, of its deducer.

It must not know what a workspace must come to.
"""

import random
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from benchmarks import processes
from benchmarks.faults.place import CALLER, Place, finished
from benchmarks.peers import ours
from benchmarks.wire import Client

TOLD_S_MAX = 180.0
"""Seconds until the server must tell what it suspects."""

_CALL = {"line": 4, "character": 20}
"""Where a function is called that may return None, without a question."""

Kill = Callable[[Place, Path, random.Random], list[str]]


def command(place: Place, store: Path, chance: random.Random) -> list[str]:
    """Kill the command itself."""
    process = place.start(store)
    time.sleep(chance.uniform(0.0, _duration(place)))
    processes.end([process.pid])
    process.communicate()
    return []


def worker(place: Place, store: Path, chance: random.Random) -> list[str]:
    """Kill a worker: the command must come to the same all the same."""
    process = place.start(store)
    deadline = time.monotonic() + chance.uniform(0.0, _duration(place))
    while time.monotonic() < deadline and process.poll() is None:
        time.sleep(0.005)
    workers = [
        each for each in processes.below(process.pid) if "sleeplsp.cli.worker" in processes.command_of(each)
    ]
    processes.end(chance.sample(workers, min(1, len(workers))))
    return place.differences(finished(process))


def server(place: Place, store: Path, chance: random.Random) -> list[str]:
    """Kill the server: nobody is left who works for it."""
    with ours(store) as client:
        client.open(place.root, [place.root / CALLER])
        client.listen(chance.uniform(0.0, _duration(place)))
        started = processes.below(client.process.pid)
        processes.end([client.process.pid])
        client.process.wait()
        deadline = time.monotonic() + 20.0
        while (left := [each for each in started if processes.runs(each)]) and time.monotonic() < deadline:
            time.sleep(0.05)
    return [f"the server's process {each} runs on" for each in left]


def deducer(place: Place, store: Path, chance: random.Random) -> list[str]:
    """Kill the server's deducer or one of its workers: the server lives, and comes to know the same."""
    with ours(store) as client:
        client.open(place.root, [place.root / CALLER])
        client.listen(chance.uniform(0.0, _duration(place)))
        below = processes.below(client.process.pid)
        processes.end(chance.sample(below, min(1, len(below))))
        told = client.listen_until(lambda: is_suspected(client, place), TOLD_S_MAX)
        found = [] if told else ["the server does not tell of a suspicion any more"]
        if not _hover(client, place):
            found.append("the server has nothing to say any more")
        if (code := client.close()) != 0:
            found.append(f"the server ended with {code}")
    return found


KILLS: Mapping[str, Kill] = {each.__name__: each for each in (command, worker, server, deducer)}


def run(place: Place, kind: str, runs: int, seed: int) -> list[str]:
    """Kill again and again, half of the time with the store of all such runs; return what was lost."""
    chance, found = random.Random(f"{kind} {seed}"), []
    survivor = place.store()
    for nth in range(runs):
        store = chance.choice((survivor, place.store()))
        place.edit(chance.choice(("first", "second")))
        lost = [*KILLS[kind](place, store, chance), *place.lost(store)]
        found += [f"{kind}, run {nth}: {each}" for each in lost]
        if store != survivor:
            place.drop(store)
    return found


def is_suspected(client: Client, place: Place) -> bool:
    """Tell whether the server shows the suspicion of the workspace."""
    told = client.diagnostics.get((place.root / CALLER).as_uri(), ())
    return any(each.get("code") == "none-dereference" for each in told)


def _duration(place: Place) -> float:
    return max(each.seconds for each in place.expected.values())


def _hover(client: Client, place: Place) -> str | None:
    uri = (place.root / CALLER).as_uri()
    return client.hover({"textDocument": {"uri": uri}, "position": _CALL})
