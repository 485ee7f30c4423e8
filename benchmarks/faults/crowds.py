"""Two servers and three runs of the command at once on one store: they agree, and hold nobody up.

It must not know what a workspace must come to.
"""

import time
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

from benchmarks import figures
from benchmarks.faults.killing import is_suspected
from benchmarks.faults.place import CALLER, Place, finished
from benchmarks.peers import ours
from benchmarks.positions import positions
from benchmarks.wire import Client

COMMANDS = 3
HOVER = "textDocument/hover"
HOVER_S_MAX = 1.0
"""A hover that takes longer has waited for somebody."""


class Crowd(NamedTuple):
    """What a crowd came to."""

    lost: list[str]
    hovers: list[float]
    """Milliseconds of hovers in both servers while all were at work."""

    def __str__(self) -> str:
        """Return the latencies as they are told."""
        return f"{len(self.hovers)} hovers meanwhile: {figures.spread(self.hovers)} ms"


def crowd(place: Place) -> Crowd:
    """Have them all think about one workspace, twice: with an empty store, and after an edit."""
    store, found, hovers = place.store(), list[str](), list[float]()
    file = place.root / CALLER
    with ours(store) as one, ours(store) as other, ThreadPoolExecutor(COMMANDS) as threads:
        clients = (one, other)
        for client in clients:
            client.open(place.root, [file])
        for version, word in enumerate(("second", "first"), 2):
            place.edit(word)
            running = [threads.submit(finished, place.start(store)) for _ in range(COMMANDS)]
            for client in clients:
                client.replace(file, file.read_text("utf-8"), version)
                client.notify("textDocument/didSave", {"textDocument": {"uri": file.as_uri()}})
            while not all(each.done() for each in running):
                hovers += [
                    1000 * client.timed(HOVER, each) for client in clients for each in positions([file])
                ]
                time.sleep(0.01)
            found += [each for done in running for each in place.differences(done.result())]
        found += _agree(one, other, place)
        found += [f"a server ended with {code}" for client in clients if (code := client.close())]
    if hovers and max(hovers) > 1000 * HOVER_S_MAX:
        found.append(f"a hover waited {max(hovers):.0f} ms")
    return Crowd([*found, *place.lost(store)], hovers)


def _agree(one: Client, other: Client, place: Place) -> list[str]:
    """Return where the servers' answers differ, once both rest."""
    found, uri = [], (place.root / CALLER).as_uri()
    for client in (one, other):
        client.settle()
        if not is_suspected(client, place):
            found.append("a server does not tell of a suspicion")
    if one.diagnostics.get(uri) != other.diagnostics.get(uri):
        found.append("the servers' diagnostics differ")
    found += [
        f"hovers differ at {each}"
        for each in positions([place.root / CALLER])
        if one.hover(each) != other.hover(each)
    ]
    return found
