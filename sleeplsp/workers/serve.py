"""A worker's life: requests in, replies out, until the other side is gone."""

from typing import IO

from sleeplsp.core.facts import ModuleFacts
from sleeplsp.workers import frames, orders
from sleeplsp.workers.pipes import requests_of
from sleeplsp.workers.workbench import Workbench


def serve(workbench: Workbench, requests: IO[bytes], replies: IO[bytes]) -> None:
    """Answer every request in turn; return when there are no more, or nobody reads the replies."""
    for request in requests_of(requests, orders.REQUESTS):
        try:
            frames.write(replies, _answer(workbench, request))
        except frames.ClosedError:
            return


def _answer(workbench: Workbench, request: orders.Request) -> object:
    if isinstance(request, orders.ReadRequest):
        answers = workbench.read(request.sources)
        return tuple(
            orders.Facts(each) if isinstance(each, ModuleFacts) else orders.Unread(each) for each in answers
        )
    if isinstance(request, orders.ForgetRequest):
        workbench.forget(request.paths)
        return None
    return tuple(workbench.deduce(request.units))
