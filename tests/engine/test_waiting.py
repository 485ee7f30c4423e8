"""Pauses, thinking again on request, backing off from a busy machine; what the journal is told of runs."""

import anyio
import pytest

from sleeplsp.engine.agenda import EVERYTHING, FEW_MAX, SAVED_S
from sleeplsp.engine.backoff import AGAIN_S, WAIT_S_MAX
from sleeplsp.engine.entries import RunBegun, RunEnded
from sleeplsp.engine.reasoner import ReasonerError
from sleeplsp.engine.status import Status
from tests.night import IDLE_S, PATH, Night, sleeping

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


async def wake(night: Night, cause: str, path: str = EVERYTHING) -> None:
    night.sleeper.wake(cause, path)
    await night.clock.move(SAVED_S if cause == "saved" else 0.0)


async def test_who_sleeps_says_that_it_is_paused_and_resumed() -> None:
    async with sleeping() as night:
        states = night.listener.statuses
        night.sleeper.pause()
        assert states[-1] == Status(thinking=False, paused=True)
        assert night.sleeper.status.state == "paused"
        await wake(night, "opened")
        assert not night.reasoner.runs
        night.sleeper.resume()
        assert states[-1] == Status(thinking=False)
        await anyio.wait_all_tasks_blocked()
        assert night.sleeper.status.state == "thinking"
        night.reasoner.runs[0].finish()
        await anyio.wait_all_tasks_blocked()
        assert night.sleeper.status.state == "asleep"


async def test_who_is_asked_thinks_again_also_in_a_pause_and_is_paused_after_it() -> None:
    async with sleeping() as night:
        night.sleeper.pause()
        night.sleeper.think(PATH)
        await anyio.wait_all_tasks_blocked()
        [run] = night.reasoner.runs
        assert run.wish.again == {PATH}
        assert (night.sleeper.status.cause, night.sleeper.status.about) == ("asked for", (PATH,))
        run.finish()
        await anyio.wait_all_tasks_blocked()
        assert night.sleeper.status.state == "paused"
        await wake(night, "saved", PATH)
        assert len(night.reasoner.runs) == 1
        night.sleeper.think()
        await anyio.wait_all_tasks_blocked()
        assert night.reasoner.runs[1].wish.again == {EVERYTHING}
        assert night.sleeper.status.about == ()


async def test_a_pause_ends_also_what_was_asked_for_and_that_is_not_forgotten() -> None:
    async with sleeping() as night:
        night.sleeper.think(PATH)
        await anyio.wait_all_tasks_blocked()
        night.sleeper.pause()
        await anyio.wait_all_tasks_blocked()
        assert night.reasoner.runs[0].is_over
        assert night.sleeper.status.state == "paused"
        night.sleeper.resume()
        await anyio.wait_all_tasks_blocked()
        assert night.reasoner.runs[1].wish.again == {PATH}


async def test_a_long_run_waits_while_the_machine_is_busy() -> None:
    async with sleeping() as night:
        night.busy = "the machine is busy"
        await wake(night, "opened")
        await night.clock.move(AGAIN_S)
        await wake(night, "changed on disk", "b.py")
        assert not night.reasoner.runs
        assert night.listener.statuses == [Status(thinking=False, waiting="the machine is busy")]
        assert night.sleeper.status.state == "waiting"
        night.busy = ""
        await night.clock.move(AGAIN_S)
        assert len(night.reasoner.runs) == 1
        assert night.sleeper.status.state == "thinking"


async def test_it_does_not_wait_for_ever() -> None:
    async with sleeping() as night:
        night.busy = "the machine is busy"
        for count in (1, 2):
            await wake(night, "opened")
            waited = 0.0
            while len(night.reasoner.runs) < count:
                assert waited < WAIT_S_MAX + AGAIN_S
                await night.clock.move(AGAIN_S)
                waited += AGAIN_S
            assert waited >= WAIT_S_MAX
            night.reasoner.runs[-1].finish()
            await anyio.wait_all_tasks_blocked()


@pytest.mark.parametrize("need", ["an open file", "few files", "a request"])
async def test_what_somebody_waits_for_does_not_wait(need: str) -> None:
    async with sleeping() as night:
        night.busy = "the machine is busy"
        if need == "an open file":
            night.sleeper.wake("opened")
            night.edit()
            await night.clock.move(IDLE_S)
        elif need == "few files":
            for number in range(FEW_MAX):
                night.sleeper.wake("changed on disk", f"{number}.py")
        else:
            night.sleeper.think()
        await anyio.wait_all_tasks_blocked()
        assert len(night.reasoner.runs) == 1


async def test_what_was_begun_goes_on_however_busy_the_machine_gets() -> None:
    async with sleeping() as night:
        await wake(night, "opened")
        night.busy = "the machine is busy"
        for number in range(FEW_MAX + 1):
            night.sleeper.wake("changed on disk", f"{number}.py")
        await anyio.wait_all_tasks_blocked()
        assert len(night.reasoner.runs) == 2


async def test_the_journal_is_told_of_runs() -> None:
    async with sleeping() as night:
        await wake(night, "opened")
        await night.clock.move(1)
        night.reasoner.runs[0].finish()
        await wake(night, "saved", PATH)
        night.reasoner.runs[1].fail(ReasonerError("no ink"))
        await anyio.wait_all_tasks_blocked()
        begun, ended, again, failed = night.journal.entries
        assert isinstance(begun, RunBegun)
        assert isinstance(ended, RunEnded)
        assert isinstance(again, RunBegun)
        assert isinstance(failed, RunEnded)
        assert (begun.who, begun.cause, begun.at) == ("server", "opened", 0.0)
        assert (ended.run, ended.failure) == (begun.run, "")
        assert ended.at == pytest.approx(1.0 + SAVED_S)
        assert (again.cause, failed.run, failed.failure) == ("saved", again.run, "no ink")


async def test_a_run_that_is_given_up_for_another_is_one_with_it() -> None:
    async with sleeping() as night:
        await wake(night, "opened")
        await wake(night, "saved", PATH)
        night.sleeper.pause()
        await anyio.wait_all_tasks_blocked()
        night.sleeper.resume()
        await anyio.wait_all_tasks_blocked()
        night.reasoner.runs[-1].finish()
        await anyio.wait_all_tasks_blocked()
        assert len(night.reasoner.runs) == 3
        begun, ended = night.journal.entries
        assert isinstance(begun, RunBegun)
        assert isinstance(ended, RunEnded)
        assert ended.run == begun.run
