"""A Deduction in a thread of this process, as a command's Sleeper has it."""

from collections.abc import Mapping

import anyio
import pytest

from sleeplsp.cache.memory import MemoryStore
from sleeplsp.engine.errors import StoreError
from sleeplsp.engine.outcome import Outcome, Progress
from sleeplsp.engine.reasoner import Event, ReasonerError, Wish
from sleeplsp.workers.local import LocalReasoner
from tests.thinking import EditedFiles, Thinker

pytestmark = pytest.mark.anyio

FILES = {f"m{number}.py": f"def f{number}():\n    return {number}\n" for number in range(5)}
WISH = Wish(overlays={}, shown={})


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


class FullStore(MemoryStore):
    """Takes nothing."""

    def put_many(self, rows: Mapping[str, bytes]) -> None:
        raise StoreError(f"the disk is full: {len(rows)} rows")


async def told(reasoner: LocalReasoner, wish: Wish = WISH) -> list[Event]:
    return [event async for event in reasoner.think(wish)]


async def test_it_tells_how_far_it_is_and_then_what_it_came_to() -> None:
    reasoner = LocalReasoner(Thinker(EditedFiles(FILES)).deduction)
    *progress, outcome = await told(reasoner)
    assert progress
    assert all(isinstance(each, Progress) for each in progress)
    assert isinstance(outcome, Outcome)
    assert outcome.modules == 5
    await reasoner.close()


async def test_what_is_known_is_not_thought_again_and_texts_in_place_of_files_are_taken_back() -> None:
    reasoner = LocalReasoner(Thinker(EditedFiles(FILES)).deduction)
    deduced = []
    for overlays in ({}, {"m0.py": b"def f0():\n    return None\n"}, {}):
        outcome = (await told(reasoner, Wish(overlays=overlays, shown={}, scan=False)))[-1]
        assert isinstance(outcome, Outcome)
        deduced.append(outcome.deduced)
    await reasoner.close()
    assert deduced == [10, 1, 0]  # what the file says is in the store


async def test_an_error_is_told_in_a_line_and_kept_as_it_was_raised() -> None:
    reasoner = LocalReasoner(Thinker(EditedFiles(FILES), store=FullStore()).deduction)
    with pytest.raises(ReasonerError, match="the disk is full: "):
        await told(reasoner)
    assert isinstance(reasoner.error, StoreError)
    await reasoner.close()


async def test_a_run_that_is_given_up_ends_and_the_next_goes_on() -> None:
    thinker = Thinker(EditedFiles(FILES))
    reasoner = LocalReasoner(thinker.deduction)
    events = reasoner.think(WISH)
    await anext(events)
    await events.aclose()
    before = len(thinker.workers[0].deduced)
    with anyio.fail_after(30):
        outcome = (await told(reasoner))[-1]
    assert isinstance(outcome, Outcome)
    assert outcome.deduced + before >= 10
    await reasoner.close()
