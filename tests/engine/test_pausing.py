"""The Sleeper: a pause, and another reasoner in the place of the first."""

import anyio
import pytest

from sleeplsp.engine.agenda import SAVED_S
from sleeplsp.engine.status import Status
from tests.night import IDLE_S, PATH, sleeping
from tests.scripted import ScriptedReasoner

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


async def test_a_pause_gives_up_the_run_and_what_it_was_for_waits_until_the_next_save() -> None:
    async with sleeping() as night:
        night.sleeper.wake("opened", PATH)
        await anyio.wait_all_tasks_blocked()
        night.sleeper.pause(until_saved=True)
        await anyio.wait_all_tasks_blocked()
        assert night.reasoner.runs[0].is_over
        assert night.sleeper.status == Status(thinking=False, paused=True)
        night.edit()
        night.sleeper.wake("changed on disk", "b.py")
        await night.clock.move(IDLE_S)
        assert len(night.reasoner.runs) == 1
        assert night.unsettled() == (), "texts settle all the same"
        night.sleeper.saved(PATH)
        await night.clock.move(SAVED_S)
        assert len(night.reasoner.runs) == 2
        assert night.sleeper.status.cause == "saved, changed on disk"
        night.reasoner.runs[1].finish()
        await anyio.wait_all_tasks_blocked()
        assert not night.sleeper.status.paused


async def test_what_a_run_was_for_waits_while_it_is_paused() -> None:
    async with sleeping() as night:
        night.sleeper.wake("opened", PATH)
        await anyio.wait_all_tasks_blocked()
        night.sleeper.pause()
        await anyio.wait_all_tasks_blocked()
        night.sleeper.saved("b.py")
        await night.clock.move(SAVED_S)
        assert len(night.reasoner.runs) == 1, "a save does not end this pause"
        night.sleeper.resume()
        await anyio.wait_all_tasks_blocked()
        assert night.sleeper.status.cause == "opened, saved"


async def test_a_shorter_pause_holds_for_the_one_that_has_begun() -> None:
    async with sleeping() as night:
        night.sleeper.replace(night.reasoner, idle_s=3600)
        await anyio.wait_all_tasks_blocked()
        night.reasoner.runs[-1].finish()
        night.edit()
        await night.clock.move(IDLE_S)
        assert len(night.reasoner.runs) == 1
        night.sleeper.replace(night.reasoner, idle_s=IDLE_S)
        await anyio.wait_all_tasks_blocked()
        await night.clock.move(IDLE_S)
        assert len(night.reasoner.runs) == 2


async def test_another_reasoner_begins_the_run_again() -> None:
    async with sleeping() as night:
        night.sleeper.wake("opened", PATH)
        await anyio.wait_all_tasks_blocked()
        other = ScriptedReasoner()
        night.sleeper.replace(other, idle_s=10)
        await anyio.wait_all_tasks_blocked()
        assert night.reasoner.closed
        assert night.sleeper.status.failure == ""
        assert len(other.runs) == 1
        assert night.sleeper.status.cause == "opened, settings changed"
        other.runs[0].finish()
        night.edit()
        await night.clock.move(IDLE_S)
        assert len(other.runs) == 1
        await night.clock.move(10)
        assert len(other.runs) == 2
    assert other.closed
