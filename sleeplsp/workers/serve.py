"""A worker's life: requests in, replies out, until the other side is gone."""

import queue
from typing import IO

from sleeplsp.core.facts import ModuleFacts
from sleeplsp.workers import frames, orders
from sleeplsp.workers.pipes import hear
from sleeplsp.workers.workbench import Workbench


def serve(workbench: Workbench, requests: IO[bytes], replies: IO[bytes]) -> None:
    """Answer every request in turn; return when there are no more, or nobody reads the replies."""
    service = _Service(workbench)
    hear(requests, orders.REQUESTS, service.put)
    while (request := service.next()) is not None:
        try:
            frames.write(replies, service.answer(request))
        except frames.ClosedError:
            return


class _Service:
    """Requests that wait, and the one that is being answered."""

    def __init__(self, workbench: Workbench) -> None:
        self.pending: queue.SimpleQueue[orders.Request | None] = queue.SimpleQueue()
        self._workbench = workbench
        self._recalled = 0
        """The last order that was recalled; those before it are as well."""

    def put(self, request: orders.Request | None) -> None:
        """Let a request wait, or recall another at once; from the thread that hears."""
        if isinstance(request, orders.RecallRequest):
            self._recalled = request.number
        else:
            self.pending.put(request)

    def next(self) -> orders.Request | None:
        """Wait for a request, and return it; None if there are no more."""
        while self.pending.empty() and self._workbench.prepare():
            pass
        return self.pending.get()

    def answer(self, request: orders.Request) -> object:
        """Return the answer to a request."""
        match request:
            case orders.ReadRequest(sources=sources):
                return tuple(
                    orders.Facts(each) if isinstance(each, ModuleFacts) else orders.Unread(each)
                    for each in self._workbench.read(sources)
                )
            case orders.DeduceRequest(units=units, number=number):
                return tuple(self._workbench.deduce(units, lambda: number > self._recalled))
            case orders.ForgetRequest(paths=paths):
                self._workbench.forget(paths)
        return None
