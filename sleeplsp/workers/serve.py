"""A worker's life: requests in, replies out, until the other side is gone."""

from typing import IO

from sleeplsp.core.facts import ModuleFacts
from sleeplsp.workers import frames
from sleeplsp.workers.workbench import Workbench


def serve(workbench: Workbench, requests: IO[bytes], replies: IO[bytes]) -> None:
    """Answer every request in turn; return when there are no more."""
    while True:
        try:
            request = frames.read(requests, frames.REQUESTS)
            frames.write(replies, _answer(workbench, request))
        except frames.ClosedError:
            return


def _answer(workbench: Workbench, request: frames.Request) -> object:
    if isinstance(request, frames.ReadRequest):
        answers = workbench.read(request.sources)
        return tuple(frames.Facts(each) if isinstance(each, ModuleFacts) else frames.Unread(each) for each in answers)
    return tuple(workbench.deduce(request.units))
