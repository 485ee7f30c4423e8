"""Pauses of the loop are told with what ran; the clock is moved by hand."""

from collections.abc import Callable

import pytest

from sleeplsp.lsp.pauses import LOOK_EVERY_S, TOLD_EVERY_S, Pauses

pytestmark = pytest.mark.anyio


class Hands:
    """A clock, and how much of its time was computed."""

    def __init__(self) -> None:
        self.now = self.computed = 0.0

    def pass_by(self, seconds: float, computed: float | None = None) -> None:
        self.now += seconds
        self.computed += seconds if computed is None else computed


@pytest.fixture
def hands() -> Hands:
    return Hands()


def pauses(hands: Hands, told: list[str]) -> Pauses:
    return Pauses(told.append, lambda: hands.now, lambda: hands.computed)


def busy(hands: Hands, seconds: float, computed: float | None = None) -> Callable[[Pauses], None]:
    def run(watched: Pauses) -> None:
        with watched.running("textDocument/didOpen"):
            hands.pass_by(LOOK_EVERY_S + seconds, computed)
        watched.look()

    return run


async def test_a_pause_is_told_with_what_ran(hands: Hands) -> None:
    told: list[str] = []
    busy(hands, 0.03)(pauses(hands, told))
    assert told == ["the loop paused 30 ms: textDocument/didOpen ran 35 ms"]


async def test_what_is_short_is_not_told(hands: Hands) -> None:
    told: list[str] = []
    busy(hands, 0.019)(pauses(hands, told))
    assert told == []


async def test_a_loop_that_was_kept_from_running_is_told_so(hands: Hands) -> None:
    told: list[str] = []
    watched = pauses(hands, told)
    with watched.running("shutdown"):
        pass
    hands.pass_by(LOOK_EVERY_S + 0.05, computed=0.001)
    watched.look()
    why = "nothing that is named ran, the last was shutdown"
    others = "its thread computed for 1 ms, others had the processor"
    assert told == [f"the loop paused 50 ms: {why}; {others}"]


async def test_many_pauses_make_few_lines_and_none_is_lost(hands: Hands) -> None:
    told: list[str] = []
    watched = pauses(hands, told)
    for seconds in (0.03, 0.04, 0.06):
        busy(hands, seconds)(watched)
    hands.pass_by(TOLD_EVERY_S)
    watched.look()
    assert len(told) == 2
    assert told[1].endswith("; 2 more since the last line, the longest 60 ms")


async def test_nobody_is_watched_for_nobody(hands: Hands) -> None:
    watched = Pauses(None, lambda: hands.now)
    with watched.running("initialize"):
        hands.pass_by(1.0)
    assert hands.now == 1.0
