"""What holds over several calls: places, priority, cancellation, deadlines, caps, keys."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import anyio
import pytest

from sleeplsp.engine.ledger import Caps
from sleeplsp.engine.model import (
    DeadlineError,
    ModelError,
    OverloadedError,
    Phase,
    UnreachableError,
)
from sleeplsp.engine.settings.model import Price
from sleeplsp.journal.ledger import DiskLedger
from sleeplsp.llm.client import EndpointModel
from sleeplsp.llm.endpoint import Endpoint
from sleeplsp.llm.scripted.counts import Counts
from tests.llm.books import SCHEMA, Desk, HurriedClock, MemoryLedger, call_of, desk
from tests.llm.test_faults import assert_booked_as_reported

pytestmark = pytest.mark.anyio

NEVER_ENDING = """
[[step]]
text = "A reply that begins, and goes on, and on."
cut_at = 32
ends = "never"
times = 0
"""
HELD = """
[[step]]
hold = true
times = 0
"""


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


def silent(counts: Counts) -> bool:
    return counts.held >= 1


def _begun(counts: Counts) -> bool:
    return counts.begun >= 1


@pytest.mark.parametrize(("script", "is_there"), [(NEVER_ENDING, _begun), (HELD, silent)])
async def test_a_cancelled_call_ends_at_the_endpoint_and_is_booked(
    script: str, is_there: Callable[[Counts], bool]
) -> None:
    async with desk(script) as at:
        async with anyio.create_task_group() as group:
            group.start_soon(at.model.answer, call_of())
            await at.endpoint.until(is_there)
            group.cancel_scope.cancel()
        await at.endpoint.until(lambda counts: counts.aborted == 1 and counts.under_way == 0)
        ((_, settlement),) = at.ledger.settled
        assert settlement.outcome == "cancelled"
        assert settlement.usage.estimated
        assert settlement.usage.prompt > 0


async def test_a_task_that_is_cancelled_ends_its_call_too() -> None:
    async with desk(NEVER_ENDING) as at:
        task = asyncio.ensure_future(at.model.answer(call_of()))
        await at.endpoint.until(_begun)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await at.endpoint.until(lambda counts: counts.aborted == 1)
        assert at.ledger.outcomes == ["cancelled"]


async def test_a_call_given_up_midway_is_booked_with_what_was_heard() -> None:
    async with desk(NEVER_ENDING) as at:
        heard: list[str] = []
        enough = anyio.Event()

        def hear(piece: str) -> None:
            heard.append(piece)
            if len("".join(heard)) >= 32:
                enough.set()

        async with anyio.create_task_group() as group:
            group.start_soon(at.model.answer, call_of(), hear)
            await enough.wait()
            group.cancel_scope.cancel()
        ((_, settlement),) = at.ledger.settled
        assert settlement.usage.completion == -(-32 // 3)
        assert settlement.ttft_s is not None


@pytest.mark.parametrize("script", [NEVER_ENDING, HELD])
async def test_nobody_waits_beyond_the_deadline(script: str) -> None:
    async with desk(script.replace("[[step]]", '[[step]]\nwhen = "slow"')) as at:
        await at.model.answer(call_of())  # what is done once is not what is measured
        with pytest.raises(DeadlineError, match=r"not done within 0\.5 s"):
            await at.model.answer(call_of("slow", deadline_s=0.5))
        await at.endpoint.until(lambda counts: counts.aborted == 1)
        assert at.ledger.outcomes == ["stop", "DeadlineError"]


async def test_the_limit_is_told_as_it_is_set_though_some_of_it_was_over_before() -> None:
    async with desk(HELD) as at:
        await at.model.abilities()
        with pytest.raises(DeadlineError, match=r"was not done within 0\.5 s$"):
            await at.model.answer(call_of(schema=SCHEMA, deadline_s=0.5))
        with pytest.raises(DeadlineError, match=r"was not done within 0\.5 s$"):
            await at.model.weigh(call_of(schema=SCHEMA, deadline_s=0.5), "a text")


async def test_the_deadline_holds_while_waiting_for_a_place_and_nothing_is_booked_then() -> None:
    async with desk(HELD, calls_max=1) as at, anyio.create_task_group() as group:
        group.start_soon(at.model.answer, call_of())
        await at.endpoint.until(silent)
        with pytest.raises(DeadlineError):
            await at.model.answer(call_of(deadline_s=0.2))
        assert len(at.ledger.reserved) == 1
        assert not at.ledger.settled
        at.endpoint.release()


async def test_no_more_calls_are_under_way_than_may_be() -> None:
    async with desk(HELD, calls_max=3) as at, anyio.create_task_group() as group:
        for _ in range(8):
            group.start_soon(at.model.answer, call_of())
        await at.endpoint.until(lambda counts: counts.held == 3)
        await anyio.wait_all_tasks_blocked()
        assert len(at.ledger.reserved) == 3
        at.endpoint.release()
    assert at.endpoint.counts.under_way_max == 3
    assert at.ledger.outcomes == ["stop"] * 8
    assert_booked_as_reported(at)


async def test_a_connection_is_used_again() -> None:
    async with desk() as at:
        for _ in range(3):
            await at.model.answer(call_of())
        assert at.endpoint.counts.connections == 1


async def test_who_waits_for_an_answer_comes_first() -> None:
    async with desk(HELD, calls_max=1) as at, anyio.create_task_group() as group:
        group.start_soon(at.model.answer, call_of("first"))
        await at.endpoint.until(silent)
        for name, phase in (("thinking", Phase.SLEEP), ("asked", Phase.TEST), ("critic", Phase.CRITIC)):
            group.start_soon(at.model.answer, call_of(name, phase=phase))
            await anyio.wait_all_tasks_blocked()
        at.endpoint.release()
    asked = [each.user for each in at.endpoint.counts.requests]
    assert asked == ["first", "asked", "thinking", "critic"]


async def test_too_many_requests_make_fewer_at_a_time_and_success_more_again() -> None:
    script = """
    [[step]]
    hold = true
    status = 429
    times = 4
    """
    async with desk(script, calls_max=8) as at:
        places = at.model.line.places
        async with anyio.create_task_group() as group:
            for _ in range(4):
                group.start_soon(at.model.answer, call_of())
            await at.endpoint.until(lambda counts: counts.held == 4)
            at.endpoint.release()
        # What was sent together counts once; each of the four then went well.
        assert places.limit == 4
        for _ in range(40):
            await at.model.answer(call_of())
        assert places.limit == 8
        assert at.ledger.outcomes == ["stop"] * 44


async def test_what_the_endpoint_asks_for_holds_for_all_calls() -> None:
    script = """
    [[step]]
    status = 429
    headers = { Retry-After = "15" }
    when = "one"
    times = 0
    """
    async with desk(script) as at:
        at.clock.sleep = at.clock.refuse  # type: ignore[method-assign] # nobody is to wait here
        with pytest.raises(OverloadedError):
            await at.model.answer(call_of("one", deadline_s=10))
        with pytest.raises(OverloadedError, match="left alone"):
            await at.model.answer(call_of("two", deadline_s=10))
        assert len(at.endpoint.counts.calls) == 1


async def test_nobody_there() -> None:
    ledger = MemoryLedger()
    at = Endpoint(base_url="http://127.0.0.1:1/v1", model="m")
    model = EndpointModel(at, ledger, Caps(), clock=HurriedClock())
    with pytest.raises(UnreachableError, match=r"http://127\.0\.0\.1:1/v1 cannot be reached"):
        await model.answer(call_of())
    await model.close()
    # Four tries, of which none cost anything: one booking, of nothing.
    ((_, settlement),) = ledger.settled
    assert (settlement.outcome, settlement.retries, settlement.usage.total) == ("UnreachableError", 3, 0)
    with pytest.raises(ModelError, match="closed"):
        await model.answer(call_of())


async def test_closing_ends_what_is_under_way() -> None:
    async with desk(HELD) as at:
        ends: list[str] = []

        async def ask() -> None:
            ends.append(await tried(at))

        async with anyio.create_task_group() as group:
            group.start_soon(ask)
            await at.endpoint.until(silent)
            await at.model.close()
        assert "was closed" in ends[0]
        await at.endpoint.until(lambda counts: counts.aborted == 1)


async def test_nothing_is_sent_beyond_a_cap_and_what_is_cheaper_than_reserved_makes_room() -> None:
    async with desk(caps=Caps(tokens_day=430)) as at:
        assert await tried(at) == "ready"
        assert "tokens_day_max" in await tried(at)
        assert len(at.endpoint.counts.calls) == 1
        assert at.ledger.most == 423


async def test_a_reservation_grows_with_what_the_endpoint_counts() -> None:
    script = """
    [[step]]
    prompt_tokens = 46
    """
    async with desk(script, price=Price(prompt=2.0, cached=0.5, completion=10.0)) as at:
        first = await at.model.answer(call_of())
        await at.model.answer(call_of())
        reserved = [each.tokens for each, _ in at.ledger.settled]
        assert reserved == [423, 446]
        assert first.cost == pytest.approx((46 * 2 + first.usage.completion * 10) / 1e6)
        assert at.ledger.settled[1][0].cost == pytest.approx((46 * 2 + 400 * 10) / 1e6)


async def test_the_real_ledger_takes_the_same(tmp_path: Path) -> None:
    async with desk() as at:
        ledger = DiskLedger(tmp_path)
        model = EndpointModel(at.model.endpoint, ledger, Caps(tokens_day=10_000), root="r", run="1")
        async with anyio.create_task_group() as group:
            for _ in range(8):
                group.start_soon(model.answer, call_of())
        await model.close()
        (sums,) = ledger.books("r").today
        ledger.close()
        counted = at.endpoint.counts.reported
        assert (sums.calls, sums.failed) == (8, 0)
        assert (sums.prompt, sums.cached, sums.completion) == (
            counted.prompt,
            counted.cached,
            counted.completion,
        )


async def tried(at: Desk) -> str:
    try:
        return (await at.model.answer(call_of())).text
    except ModelError as error:
        return str(error)
