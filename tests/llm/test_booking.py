"""Booking: what is reserved comes back, whoever gives up when; a limit is one of what cannot come back."""

import asyncio
import threading

import anyio
import pytest

from sleeplsp.engine.ledger import Caps, Reservation
from sleeplsp.engine.model import CapError
from tests.llm.books import Desk, MemoryLedger, call_of, desk

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


async def test_a_limit_is_reached_once_nothing_that_is_reserved_can_come_back() -> None:
    # Room for two reservations of 423 at a time, and for what all ten calls take.
    async with desk(caps=Caps(tokens_day=900), calls_max=8) as at:
        async with anyio.create_task_group() as group:
            for _ in range(10):
                group.start_soon(at.model.answer, call_of())
        assert at.ledger.outcomes == ["stop"] * 10
        assert at.ledger.most == 2 * 423
        with pytest.raises(CapError, match="tokens_day_max"):
            await _ask_on_and_on(at)
        assert 900 - 423 < at.ledger.sums(estimated=False).total <= 900


async def _ask_on_and_on(at: Desk) -> None:
    for _ in range(200):
        await at.model.answer(call_of())


class SlowLedger(MemoryLedger):
    """Reserves only once it is let."""

    def __init__(self) -> None:
        super().__init__()
        self.begun, self.gate, self.settled_late = (threading.Event() for _ in range(3))

    def reserve(self, reservation: Reservation, caps: Caps) -> int:
        self.begun.set()
        assert self.gate.wait(20)
        return super().reserve(reservation, caps)

    def settle(self, *settled: object) -> None:
        super().settle(*settled)  # type: ignore[arg-type] # as the base's
        self.settled_late.set()


async def test_what_is_reserved_for_a_task_that_is_gone_comes_back() -> None:
    ledger = SlowLedger()
    async with desk(ledger=ledger) as at:
        task = asyncio.ensure_future(at.model.answer(call_of()))
        await anyio.to_thread.run_sync(ledger.begun.wait)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        ledger.gate.set()
        await anyio.to_thread.run_sync(ledger.settled_late.wait, 20)
        assert ledger.outcomes == ["cancelled"]
        assert not ledger.reserved
        assert not at.endpoint.counts.requests
