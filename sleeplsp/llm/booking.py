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


class Booking:
    """What is booked of one call. It must be closed."""

    def __init__(self, ledger: Ledger, caps: Caps, reservation: Reservation) -> None:
        self._ledger = ledger
        self._caps = caps
        self._reservation = reservation
        self._number: int | None = None

    async def begin(self) -> None:
        """Reserve, unless that is done. Raises CapError and JournalError: nothing may be sent then."""
        if self._number is None:
            # A thread: the books are on disk, and other processes write them too.
            self._number = await anyio.to_thread.run_sync(self._ledger.reserve, self._reservation, self._caps)

    async def settle(self, settlement: Settlement) -> None:
        """Book what a try came to, also while the call is being cancelled."""
        number, self._number = self._number, None
        if number is None:
            return
        with anyio.CancelScope(shield=True):
            try:
                await anyio.to_thread.run_sync(self._ledger.settle, number, settlement)
            except JournalError as error:
                # The most it could cost stays booked until reservations run out: on the safe side.
                _log.warning("what a call of the model came to cannot be booked: %s", error)

    async def close(self, outcome: str, seconds: float, retries: int) -> None:
        """Give back what is reserved and was not spent."""
        await self.settle(
            Settlement(outcome=outcome, usage=Usage(), cost=0.0, seconds=seconds, retries=retries)
        )
