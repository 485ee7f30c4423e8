"""A model that was stopped is tried again: after a while, or once its endpoint is there."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import anyio
import msgspec
import pytest

from sleeplsp.engine.again import AGAIN_S, LOOK_S_MAX, LOOK_S_MIN
from sleeplsp.engine.outcome import Reflected
from tests.night import Night, sleeping
from tests.scripted import stopped

pytestmark = pytest.mark.anyio

GONE = msgspec.structs.replace(stopped(), is_away=True)
CAPPED = msgspec.structs.replace(stopped(), is_capped=True)
WELL = msgspec.structs.replace(stopped(), stopped="", left=0)


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


async def ends(night: Night, with_: Reflected) -> None:
    """Have the run that is on end with what a model's part of it came to."""
    night.reasoner.runs[-1].tell(with_)
    night.reasoner.runs[-1].finish()
    await anyio.wait_all_tasks_blocked()


@asynccontextmanager
async def slept(with_: Reflected, *, is_there: bool = False) -> AsyncIterator[Night]:
    """Give a night whose first run has ended."""
    async with sleeping() as night:
        night.reasoner.is_there = is_there
        night.sleeper.wake("opened")
        await anyio.wait_all_tasks_blocked()
        await ends(night, with_)
        yield night


async def test_after_a_limit_it_is_tried_again_after_a_while() -> None:
    async with slept(CAPPED) as night:
        await night.clock.move(AGAIN_S - 1)
        night.sleeper.answered()
        await anyio.wait_all_tasks_blocked()
        assert len(night.reasoner.runs) == 1
        await night.clock.move(1)
        assert len(night.reasoner.runs) == 2
        assert night.sleeper.status.cause == "the model is tried again"
        assert night.reasoner.looks == 0


async def test_an_endpoint_that_is_gone_is_looked_at_ever_more_rarely() -> None:
    async with slept(GONE) as night:
        for looks, wait_s in enumerate((30, 60, 120, 240, 300, 300), 1):
            await night.clock.move(wait_s - 1)
            assert night.reasoner.looks == looks - 1
            await night.clock.move(1)
            assert night.reasoner.looks == looks
        assert len(night.reasoner.runs) == 1


async def test_once_it_is_there_the_model_is_tried_again() -> None:
    async with slept(GONE, is_there=True) as night:
        await night.clock.move(LOOK_S_MIN)
        assert (night.reasoner.looks, len(night.reasoner.runs)) == (1, 2)
        assert night.sleeper.status.cause == "the model is tried again"
        # It is there, and fails all the same: that is no reason to ask it more often.
        await ends(night, GONE)
        await night.clock.move(LOOK_S_MIN)
        assert night.reasoner.looks == 1
        await night.clock.move(LOOK_S_MIN)
        assert (night.reasoner.looks, len(night.reasoner.runs)) == (2, 3)
        await ends(night, WELL)
        await night.clock.move(AGAIN_S)
        assert night.reasoner.looks == 2, "there is nothing to wait for"
        night.sleeper.wake("saved")
        await night.clock.move(1)
        await ends(night, GONE)
        await night.clock.move(LOOK_S_MIN)
        assert night.reasoner.looks == 3, "it begins anew"


async def test_an_answer_of_it_has_it_looked_at_now() -> None:
    async with slept(GONE, is_there=True) as night:
        night.sleeper.answered()
        await anyio.wait_all_tasks_blocked()
        assert (night.reasoner.looks, len(night.reasoner.runs)) == (1, 2)
        await ends(night, WELL)
        night.sleeper.answered()
        await anyio.wait_all_tasks_blocked()
        assert (night.reasoner.looks, len(night.reasoner.runs)) == (1, 2)


async def test_runs_in_between_neither_hasten_nor_put_it_off() -> None:
    async with slept(GONE) as night:
        for _ in range(3):
            await night.clock.move(LOOK_S_MIN / 4)
            night.sleeper.wake("saved")
            await night.clock.move(1)
            await ends(night, GONE)
        assert night.reasoner.looks == 0
        await night.clock.move(LOOK_S_MIN / 4)
        assert night.reasoner.looks == 1
        night.sleeper.wake("saved")
        await night.clock.move(1)
        await ends(night, CAPPED)
        await night.clock.move(LOOK_S_MAX - 1)
        assert night.reasoner.looks == 1, "now it is a limit that is waited for"


async def test_in_a_pause_nobody_looks() -> None:
    async with slept(GONE, is_there=True) as night:
        night.sleeper.pause()
        await night.clock.move(LOOK_S_MIN)
        await night.clock.move(2 * LOOK_S_MIN)
        assert night.reasoner.looks == 0
        night.sleeper.resume()
        await night.clock.move(4 * LOOK_S_MIN)
        assert (night.reasoner.looks, len(night.reasoner.runs)) == (1, 2)


async def test_who_cannot_tell_does_not_end_the_sleep() -> None:
    async with slept(GONE) as night:
        night.reasoner.is_there = RuntimeError("no eyes")
        await night.clock.move(LOOK_S_MIN)
        assert len(night.reasoner.runs) == 2


async def test_a_command_does_not_wait_for_it() -> None:
    night = Night()
    night.sleeper.wake("a command")
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(lambda: night.sleeper.run(until_asleep=True))
        await anyio.wait_all_tasks_blocked()
        await ends(night, GONE)
    assert night.sleeper.is_asleep
    assert night.reasoner.looks == 0
