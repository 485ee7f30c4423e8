"""The runs of the latency benchmark: asleep, right after a start, and busy.

It must not know what is printed.
"""

import random
import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from contextlib import ExitStack

from benchmarks import processes
from benchmarks.latency.asked import HOVER, SEED, Asked, offers
from benchmarks.peers import Start
from benchmarks.wire import AnswerError, Client, Params

STARTS = 3
"""Times that a server is started for its first hover."""

FIRST_S_MAX = 60.0
PAUSE_S = 0.02
"""Between two rounds of requests while busy, so that they are spread over the cold sleep."""

Times = dict[str, list[float]]
"""Milliseconds by method."""


class Server:
    """What is measured of one server."""

    def __init__(self, start: Start, others_every: int = 1) -> None:
        self.start = start
        self.others_every = others_every
        """At every how manieth place it is asked for more than a hover."""
        self.asleep: Times = defaultdict(list)
        self.busy: Times = defaultdict(list)
        self.after_start: list[float] = []
        """Milliseconds of hovers right after the files were opened."""
        self.first_s: list[float] = []
        """Seconds from spawn to the first hover that says something."""
        self.hovers: list[str | None] = []
        self.errors = 0
        self.peak_mib = 0.0


def asleep(servers: Mapping[str, Server], asked: Asked) -> None:
    """Ask all servers in turn when all of them rest."""
    with ExitStack() as stack:
        clients = {name: stack.enter_context(each.start()) for name, each in servers.items()}
        for client in clients.values():
            client.open(asked.root, asked.files)
            client.settle()
        for name, client in clients.items():
            for place in asked.warm_up:
                _hover(client, place, servers[name])
            client.settle()
        _ask_in_turn(servers, clients, asked, lambda server: server.asleep, 0.0)
        for name, client in clients.items():
            servers[name].hovers = [_hover(client, each, servers[name]) for each in asked.places]


def starts(servers: Mapping[str, Server], asked: Asked) -> None:
    """Measure hovers right after a start, and the first one that says something."""
    for server in servers.values():
        with server.start() as client:
            client.open(asked.root, asked.files)
            for nth, each in enumerate(asked.places):
                _ask(client, {HOVER: each}, server, {HOVER: server.after_start}, nth)
    place = _useful_to_all(servers, asked)
    for _ in range(STARTS):
        for server in servers.values():
            server.first_s.append(_first_useful(server, asked, place))


def _first_useful(server: Server, asked: Asked, place: Params) -> float:
    """Return the seconds from a server's spawn to its first hover at a place that says something."""
    with server.start() as client:
        client.open(asked.root, [asked.file_of(place)])
        while not _hover(client, place, server):
            if time.perf_counter() - client.begun > FIRST_S_MAX:
                return float("inf")
            client.listen(0.01)
        return time.perf_counter() - client.begun


def busy(ours: Server, cold: Start, others: Mapping[str, Server], asked: Asked) -> int:
    """Ask ours while its cold sleep runs, the others beside as many busy processes; return how many."""
    workers = 1
    with cold() as client:
        client.open(asked.root, asked.files)
        client.wait_for_progress("begin")
        for nth, each in enumerate(asked.rounds()):
            _ask(client, each, ours, ours.busy, nth)
            client.listen(PAUSE_S)
            workers = max(workers, len(processes.below(client.process.pid)) - 1)  # one hands out the work
            if "end" in client.thinking:
                break
    with ExitStack() as stack:
        clients = {name: stack.enter_context(each.start()) for name, each in others.items()}
        for client in clients.values():
            client.open(asked.root, asked.files)
            client.settle()
        stack.enter_context(processes.busy(workers))
        _ask_in_turn(others, clients, asked, lambda server: server.busy, PAUSE_S)
    return workers


def _ask_in_turn(
    servers: Mapping[str, Server],
    clients: Mapping[str, Client],
    asked: Asked,
    times: Callable[[Server], Times],
    pause_s: float,
) -> None:
    chance = random.Random(SEED)
    for nth, each in enumerate(asked.rounds()):
        for name in chance.sample(sorted(clients), len(clients)):
            _ask(clients[name], each, servers[name], times(servers[name]), nth)
            if pause_s:
                clients[name].listen(pause_s / len(clients))


def _hover(client: Client, place: Params, server: Server) -> str | None:
    """Return what a hover says; an error of the server says nothing, and is counted."""
    try:
        return client.hover(place)
    except AnswerError:
        server.errors += 1
        return None


def _ask(client: Client, requests: Mapping[str, Params], server: Server, times: Times, nth: int) -> None:
    for method, params in requests.items():
        is_asked = method == HOVER or nth % server.others_every == 0
        if is_asked and offers(client, method):
            try:
                times[method].append(1000 * client.timed(method, params))
            except AnswerError:
                server.errors += 1


def _useful_to_all(servers: Mapping[str, Server], asked: Asked) -> Params:
    """Return the place where most servers say something; among equals the first one."""

    def telling(nth: int) -> int:
        return sum(1 for each in servers.values() if nth < len(each.hovers) and each.hovers[nth])

    return asked.places[max(range(len(asked.places)), key=telling)]
