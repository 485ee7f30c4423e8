"""How many functions wait is counted along, and is right whatever was done before."""

import random

import pytest

from sleeplsp.engine.frontier import Frontier, Unit


class Calls:
    """Functions of which each calls some of lower numbers; three of them call each other in a circle."""

    def __init__(self, count: int, chance: random.Random) -> None:
        self.count = count
        self.circle: Unit = ("m1.py::f1", "m3.py::f3", "m5.py::f5")
        self.calls: dict[str, tuple[str, ...]] = {}
        self.callers: dict[str, set[str]] = {}
        refs = [f"m{number % 7}.py::f{number}" for number in range(count)]
        for number, ref in enumerate(refs):
            self.calls[ref] = tuple(chance.sample(refs[:number], min(number, chance.randrange(3))))
        self._call_back()

    def forget(self, ref: str) -> None:
        del self.calls[ref]
        self._call_back()

    def unit(self, ref: str) -> Unit:
        return self.circle if ref in self.circle else (ref,)

    def height(self, ref: str) -> int:
        return int(ref.rpartition("f")[2])

    def _call_back(self) -> None:
        self.callers = {}
        for ref, callees in self.calls.items():
            for callee in callees:
                self.callers.setdefault(callee, set()).add(ref)


@pytest.mark.parametrize("seed", range(20))
def test_what_waits_is_counted(seed: int) -> None:
    chance = random.Random(seed)
    graph = Calls(40, chance)
    frontier = Frontier(graph)
    given: list[Unit] = []
    for _ in range(200):
        match chance.randrange(4):
            case 0:
                frontier.add(chance.sample(sorted(graph.calls), 3))
            case 1:
                given += frontier.take(chance.randrange(2), 5)
            case 2 if given:
                frontier.decided(given.pop(chance.randrange(len(given))), again=chance.random() < 0.2)
            case 3:
                loose = [ref for ref in graph.calls if ref not in graph.circle]
                if len(loose) > 10 and chance.random() < 0.2:
                    graph.forget(chance.choice(loose))
                frontier.rearrange({})
        keys = {graph.unit(ref)[0] for ref in graph.calls}
        open_ = [key for key in keys if frontier.concerns([key])]
        assert len(frontier) == sum(len(graph.unit(key)) for key in open_)
        assert bool(frontier) == bool(open_)


@pytest.mark.parametrize("when", ["it waits", "it is decided", "it is decided and its first is gone"])
def test_all_of_a_circle_that_is_torn_apart_wait(when: str) -> None:
    graph = Calls(10, random.Random(0))
    frontier, circle = Frontier(graph), graph.circle
    frontier.add([circle[0]])
    given = []
    if when != "it waits":
        while circle not in given:
            given += frontier.take(0, 5)
    graph.circle = ()
    if "gone" in when:
        graph.forget(circle[0])
    frontier.rearrange({})
    for unit in given:
        frontier.decided(unit)
    assert all(frontier.concerns([ref]) for ref in circle if ref in graph.calls)
    while frontier:
        for unit in frontier.take(0, 5):
            frontier.decided(unit)
    assert len(frontier) == 0
