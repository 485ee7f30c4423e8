"""The Sleeper, with a clock moved by hand and a reasoner that does as told: nothing here waits for time."""

import anyio
import pytest

from sleeplsp.engine.outcome import Progress
from sleeplsp.engine.reasoner import Notice, ReasonerDiedError, ReasonerError
from sleeplsp.engine.status import Status
from tests.night import IDLE_S, PATH, Night, sleeping

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


async def test_it_sleeps_until_it_is_woken() -> None:
    async with sleeping() as night:
        await night.clock.move(100)
        assert not night.reasoner.runs
        night.sleeper.wake("opened")
        await anyio.wait_all_tasks_blocked()
        assert len(night.reasoner.runs) == 1
        assert night.sleeper.status == Status(thinking=True, cause="opened")


async def test_it_can_be_told_to_end_when_nothing_waits_any_more() -> None:
    night = Night()
    night.sleeper.wake("a command")
    night.sleeper.wake("asked for", PATH, again=True)
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(lambda: night.sleeper.run(until_asleep=True))
        await anyio.wait_all_tasks_blocked()
        (run,) = night.reasoner.runs
        night.sleeper.wake("saved", PATH)  # in its midst: there is one more
        await night.clock.move(IDLE_S)
        night.reasoner.runs[-1].finish()
    assert run.is_over
    assert len(night.reasoner.runs) == 2
    assert night.sleeper.is_asleep
    assert night.reasoner.closed


async def test_a_run_that_fails_ends_it_too() -> None:
    night = Night()
    night.sleeper.wake("a command")
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(lambda: night.sleeper.run(until_asleep=True))
        await anyio.wait_all_tasks_blocked()
        night.reasoner.runs[0].fail(ReasonerError("no store"))
    assert night.sleeper.status.failure == "no store"


async def test_ten_rapid_edits_make_one_run_once_typing_has_paused() -> None:
    async with sleeping() as night:
        for _ in range(10):
            night.edit()
            await night.clock.move(IDLE_S / 2)
        assert not night.reasoner.runs
        await night.clock.move(IDLE_S / 2)
        (run,) = night.reasoner.runs
        assert run.overlays == {PATH: b"def f(): pass\n" + b"x" * 10}


async def test_a_text_is_settled_when_typing_pauses_also_while_a_run_is_on() -> None:
    async with sleeping() as night:
        night.sleeper.wake("opened")
        await anyio.wait_all_tasks_blocked()
        night.edit(b"def g(): pass\n")
        assert night.unsettled() == (PATH,)
        await night.clock.move(IDLE_S)
        assert night.unsettled() == ()
        assert [each.name for each in night.workspace.snapshot.modules[PATH].symbols] == ["f", "g"]
        assert night.listener.learned_ == [PATH]


async def test_what_comes_during_a_run_is_asked_for_at_once_and_the_run_goes_on_from_there() -> None:
    async with sleeping() as night:
        night.sleeper.wake("opened")
        await anyio.wait_all_tasks_blocked()
        for cause in ("asked", "opened", "asked"):
            night.sleeper.wake(cause, PATH)
        await anyio.wait_all_tasks_blocked()
        first, second = night.reasoner.runs
        assert first.is_over
        assert second.wish.scan, "what the first was to look for may not have been found"
        assert night.sleeper.status.cause == "opened, asked"
        assert [each.thinking for each in night.listener.statuses] == [True, True], "it never seemed to end"
        second.finish()
        await anyio.wait_all_tasks_blocked()
        assert len(night.reasoner.runs) == 2


async def test_ten_saves_at_once_make_one_run() -> None:
    async with sleeping() as night:
        for _ in range(10):
            night.sleeper.saved(PATH)
            await anyio.wait_all_tasks_blocked()
        assert not night.reasoner.runs
        await night.clock.move(IDLE_S)
        assert len(night.reasoner.runs) == 1


@pytest.mark.parametrize(
    ("cause", "path", "scans"),
    [("edited", PATH, False), ("saved", PATH, True), ("changed on disk", PATH, True), ("asked", "", True)],
)
async def test_files_are_listed_again_only_where_others_may_have_changed(
    cause: str, path: str, *, scans: bool
) -> None:
    async with sleeping() as night:
        night.sleeper.wake(cause, path)
        await night.clock.move(IDLE_S)
        assert night.reasoner.runs[0].wish.scan is scans


async def test_a_text_that_parses_worse_is_not_thought_about_until_it_is_saved() -> None:
    async with sleeping() as night:
        night.sleeper.wake("opened", PATH)
        await anyio.wait_all_tasks_blocked()
        night.reasoner.runs[0].finish()
        night.edit(b"def g(:\n")
        await night.clock.move(IDLE_S)
        assert night.reasoner.runs[1].overlays == {PATH: b"def f(): pass\n"}
        night.reasoner.runs[1].finish()
        await anyio.wait_all_tasks_blocked()
        night.sleeper.saved(PATH)
        await night.clock.move(IDLE_S)
        assert night.reasoner.runs[2].overlays == {PATH: b"def f(): pass\ndef g(:\n"}


@pytest.mark.parametrize("error", [ReasonerError("no more memory"), ValueError("a bug")])
async def test_a_run_that_fails_is_told_and_does_not_end_the_sleep(error: Exception) -> None:
    async with sleeping() as night:
        night.sleeper.wake("opened")
        await anyio.wait_all_tasks_blocked()
        night.reasoner.runs[0].fail(error)
        await anyio.wait_all_tasks_blocked()
        assert not night.sleeper.status.thinking
        assert str(error) in night.sleeper.status.failure
        night.sleeper.wake("asked")
        await anyio.wait_all_tasks_blocked()
        night.reasoner.runs[1].finish()
        await anyio.wait_all_tasks_blocked()
        assert night.sleeper.status.failure == ""
        assert night.sleeper.status.outcome is not None


async def test_a_run_that_ends_without_an_outcome_has_failed() -> None:
    async with sleeping() as night:
        night.sleeper.wake("opened")
        await anyio.wait_all_tasks_blocked()
        night.reasoner.runs[0].stop()
        await anyio.wait_all_tasks_blocked()
        assert night.sleeper.status.failure == "the run ended without an outcome"


async def test_a_listener_that_fails_does_not_end_the_sleep() -> None:
    async with sleeping() as night:
        night.listener.raises = True
        night.edit()
        await night.clock.move(IDLE_S)
        night.reasoner.runs[0].finish()
        await anyio.wait_all_tasks_blocked()
        night.sleeper.wake("asked")
        await anyio.wait_all_tasks_blocked()
        assert len(night.reasoner.runs) == 2


async def test_what_a_run_tells_is_learned_and_passed_on() -> None:
    async with sleeping() as night:
        night.sleeper.wake("opened")
        await anyio.wait_all_tasks_blocked()
        run = night.reasoner.runs[0]
        assert run.shown == {PATH: ""}
        run.tell(Progress("deducing", 1, 2))
        run.tell(Notice("the store was set aside"))
        run.tell(night.claims())
        run.finish()
        await anyio.wait_all_tasks_blocked()
        assert [each.progress for each in night.listener.statuses] == [
            None,
            Progress("deducing", 1, 2),
            None,
        ]
        assert night.listener.lines == ["the store was set aside"]
        assert night.listener.learned_ == [PATH]
        assert night.workspace.snapshot.modules[PATH].claims == night.claims()
        # Claims that are held are named to the next run, which need not tell them again.
        night.sleeper.wake("asked")
        await anyio.wait_all_tasks_blocked()
        assert night.reasoner.runs[1].shown == {PATH: "d"}


async def test_claims_that_come_late_are_harmless() -> None:
    async with sleeping() as night:
        night.sleeper.wake("opened")
        await anyio.wait_all_tasks_blocked()
        late = night.claims()
        night.workspace.close(PATH)
        night.reasoner.runs[0].tell(late)
        night.reasoner.runs[0].finish()
        await anyio.wait_all_tasks_blocked()
        assert night.listener.learned_ == []
        assert night.sleeper.status.failure == ""


async def test_what_changed_on_disk_is_doubted_until_a_run_that_began_later_is_over() -> None:
    async with sleeping() as night:
        night.workspace.touch(["b.py"])
        night.sleeper.wake("changed on disk", "b.py")
        await anyio.wait_all_tasks_blocked()
        night.workspace.touch(["b.py", "c.py"])  # once more, after the run has begun
        night.workspace.touch(["d.py"])
        night.reasoner.runs[0].finish()
        await anyio.wait_all_tasks_blocked()
        assert night.workspace.snapshot.changed == {"b.py", "c.py", "d.py"}
        night.sleeper.wake("changed on disk", "c.py")
        await anyio.wait_all_tasks_blocked()
        night.reasoner.runs[1].fail(ReasonerError("no"))
        await anyio.wait_all_tasks_blocked()
        assert night.workspace.snapshot.changed == {"b.py", "c.py", "d.py"}
        night.sleeper.wake("asked")
        await anyio.wait_all_tasks_blocked()
        night.reasoner.runs[2].finish()
        await anyio.wait_all_tasks_blocked()
        assert night.workspace.snapshot.changed == frozenset()


async def test_the_end_gives_up_the_run_and_closes_the_reasoner() -> None:
    async with sleeping() as night:
        night.sleeper.wake("opened")
        await anyio.wait_all_tasks_blocked()
    assert night.reasoner.runs[0].is_over
    assert night.reasoner.closed


async def test_a_reasoner_that_dies_is_asked_once_more_and_then_at_the_next_change() -> None:
    async with sleeping() as night:
        night.sleeper.wake("opened")
        await anyio.wait_all_tasks_blocked()
        for count, then in ((1, "now"), (2, "at the next change")):
            assert len(night.reasoner.runs) == count
            night.reasoner.runs[-1].fail(ReasonerDiedError("dead"))
            await anyio.wait_all_tasks_blocked()
            failed = [each.failure for each in night.listener.statuses if each.failure]
            assert failed[-1] == f"dead; it is started again {then}"
        assert len(night.reasoner.runs) == 2, "nothing has changed"
        night.sleeper.wake("asked")
        await anyio.wait_all_tasks_blocked()
        night.reasoner.runs[-1].finish()
        await anyio.wait_all_tasks_blocked()
        night.sleeper.wake("asked")
        await anyio.wait_all_tasks_blocked()
        night.reasoner.runs[-1].fail(ReasonerDiedError("dead"))
        await anyio.wait_all_tasks_blocked()
        assert len(night.reasoner.runs) == 5, "a new beginning"
