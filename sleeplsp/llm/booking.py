"""The booking of one call: what its tries may cost is reserved before one is sent, and settled after it.

A try that cost nothing leaves its reservation to the next; one that may have cost something is settled,
and the next one reserves anew. So caps hold to the token, and nothing is reserved several times over.
"""

import logging

import anyio
import anyio.to_thread

from sleeplsp.engine.errors import JournalError
from sleeplsp.engine.ledger import Caps, Ledger, Reservation, Settlement
from sleeplsp.engine.model import Usage

_log = logging.getLogger(__name__)


class Pending:
    """The reservations of one line that are not settled. Lives on one event loop."""

    def __init__(self) -> None:
        self._count = 0
        self._settled = anyio.Event()

    def add(self) -> None:
        """Count one that was made."""
        self._count += 1

    def remove(self) -> None:
        """Count one that is settled, which makes room for others."""
        self._count -= 1
        self._settled.set()
        self._settled = anyio.Event()

    async def room(self) -> bool:
        """Wait until one is settled; tell whether there was any to wait for."""
        if not self._count:
            return False
        await self._settled.wait()
        return True


class Booking:
    """What is booked of one call. It must be closed."""

    def __init__(self, ledger: Ledger, caps: Caps, reservation: Reservation, pending: Pending) -> None:
        self._ledger = ledger
        self._caps = caps
        self._reservation = reservation
        self._pending = pending
        self._number: int | None = None
        self._is_closed = False

    async def begin(self) -> None:
        """Reserve, unless that is done. Raises CapError and JournalError: nothing may be sent then."""
        if self._number is None:
            # A thread: the books are on disk, and other processes write them too.
            await anyio.to_thread.run_sync(self._reserve)
            self._pending.add()

    async def settle(self, settlement: Settlement) -> None:
        """Book what a try came to, also while the call is being cancelled."""
        number, self._number = self._number, None
        if number is None:
            return
        with anyio.CancelScope(shield=True):
            try:
                await anyio.to_thread.run_sync(self._settle, number, settlement)
            finally:
                self._pending.remove()

    async def close(self, outcome: str, seconds: float, retries: int) -> None:
        """Give back what is reserved and was not spent."""
        self._is_closed = True
        await self.settle(
            Settlement(outcome=outcome, usage=Usage(), cost=0.0, seconds=seconds, retries=retries)
        )

    def _reserve(self) -> None:
        number = self._ledger.reserve(self._reservation, self._caps)
        self._number = number
        if self._is_closed:  # a task that is cancelled does not wait for its threads
            self._settle(number, Settlement(outcome="cancelled", usage=Usage(), cost=0.0, seconds=0.0))

    def _settle(self, number: int, settlement: Settlement) -> None:
        try:
            self._ledger.settle(number, settlement)
        except JournalError as error:
            # The most it could cost stays booked until reservations run out: on the safe side.
            _log.warning("what a call of the model came to cannot be booked: %s", error)
