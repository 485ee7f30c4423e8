"""An endpoint that fails over and over is left alone, and tried again by one call."""

import anyio
import pytest

from sleeplsp.engine.ledger import Caps
from sleeplsp.engine.model import DeniedError
from sleeplsp.llm.breaker import FAILURES_MAX, REST_S_MIN
from sleeplsp.llm.client import EndpointModel
from sleeplsp.llm.endpoint import Endpoint
from sleeplsp.llm.keys import Key
from sleeplsp.llm.scripted.endpoint import ScriptedEndpoint
from sleeplsp.llm.scripted.script import read_script
from tests.llm.books import PLANTED, MemoryLedger, call_of, desk
from tests.llm.test_line import silent, tried

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


async def test_an_endpoint_that_fails_over_and_over_is_left_alone_and_tried_again_later() -> None:
    script = f"""
    [[step]]
    status = 401
    times = {FAILURES_MAX + 1}
    """
    async with desk(script) as at:
        for _ in range(FAILURES_MAX):
            with pytest.raises(DeniedError, match="does not accept the key"):
                await at.model.answer(call_of())
        with pytest.raises(
            DeniedError, match=f"{FAILURES_MAX} calls in a row have failed, so none is made for"
        ):
            await at.model.answer(call_of())
        assert len(at.endpoint.counts.calls) == FAILURES_MAX
        # A trial after the rest fails, so that the next rest is longer; then one goes well.
        for rest_s in (REST_S_MIN, REST_S_MIN * 2):
            await at.clock.sleep(rest_s)
            found = await tried(at)
            assert (found == "ready") is (rest_s > REST_S_MIN)
        assert [await tried(at) for _ in range(2)] == ["ready"] * 2


@pytest.mark.parametrize("comes_to", ["well", "a failure", "nothing"])
async def test_one_call_is_tried_at_a_time_and_the_others_wait_for_it(comes_to: str) -> None:
    script = f"""
    [[step]]
    status = 404
    times = {FAILURES_MAX}
    [[step]]
    hold = true
    status = {404 if comes_to == "a failure" else 200}
    """
    found: list[str] = []

    async def ask() -> None:
        found.append(await tried(at))

    async with desk(script, calls_max=2) as at:
        for _ in range(FAILURES_MAX):
            await tried(at)
        await at.clock.sleep(REST_S_MIN)
        with anyio.fail_after(20):
            async with anyio.create_task_group() as others, anyio.create_task_group() as first:
                first.start_soon(ask)
                await at.endpoint.until(silent)
                for _ in range(4):  # more than there are places
                    others.start_soon(ask)
                await anyio.wait_all_tasks_blocked()
                assert len(at.endpoint.counts.calls) == FAILURES_MAX + 1
                if comes_to == "nothing":
                    first.cancel_scope.cancel()
                else:
                    at.endpoint.release()
    if comes_to == "a failure":
        assert len(at.endpoint.counts.calls) == FAILURES_MAX + 1
        assert sum("so none is made for 60 s" in each for each in found) == 4
    else:
        assert found == ["ready"] * (4 if comes_to == "nothing" else 5)


async def test_an_endpoint_that_is_there_again_is_tried_at_once() -> None:
    script = f"""
    [[step]]
    status = 500
    times = {4 * FAILURES_MAX}
    """
    async with desk(script) as at:
        for _ in range(FAILURES_MAX):
            await tried(at)
        assert "so none is made for" in await tried(at)
        booked = len(at.ledger.settled)
        assert await at.model.is_there()
        assert len(at.ledger.settled) == booked, "to look costs nothing"
        assert [await tried(at) for _ in range(2)] == ["ready"] * 2


async def test_whether_anybody_is_there_is_seen_without_a_call() -> None:
    ledger = MemoryLedger()
    async with ScriptedEndpoint().listening() as gone:
        port = int(gone.url.rpartition(":")[2].partition("/")[0])
        model = EndpointModel(Endpoint(base_url=gone.url, model="m", key=Key(PLANTED)), ledger, Caps())
    assert not await model.is_there()
    async with ScriptedEndpoint().listening(port) as endpoint:
        assert await model.is_there()
        assert [each.path for each in endpoint.counts.requests] == ["/v1/models"]
    # Who does not take the key, or has no such list, is there.
    async with ScriptedEndpoint(read_script('endpoint.key = "another"')).listening(port):
        assert await model.is_there()
    await model.close()
    assert not ledger.settled
