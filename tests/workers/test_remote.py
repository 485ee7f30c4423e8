"""The deducer process as the Sleeper sees it: what was given up before it was told is told by the next."""

import subprocess
import sys

import anyio
import pytest

from sleeplsp.engine.reasoner import Wish
from sleeplsp.workers.messages import OpenRequest
from sleeplsp.workers.remote import RemoteReasoner

pytestmark = pytest.mark.anyio

# Answers every request by all that it was ever told that an editor holds, as a failure: whether a request
# that was given up had left already is not for the test to say.
ECHO = """
import sys
from sleeplsp.workers import frames
from sleeplsp.workers.messages import OPENING, REQUESTS, Refused, ThinkRequest
frames.read(sys.stdin.buffer, OPENING)
held = {}
while True:
    request = frames.read(sys.stdin.buffer, REQUESTS)
    if isinstance(request, ThinkRequest):
        held |= request.held
        frames.write(sys.stdout.buffer, Refused(request.number, repr(held)))
"""


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


async def held_after_a_run_is_given_up(reasoner: RemoteReasoner) -> str:
    wish = Wish(overlays={"a.py": b"pass"}, shown={})
    with anyio.CancelScope() as given_up:
        given_up.cancel()
        async for _ in reasoner.think(wish):
            pass
    try:
        async for _ in reasoner.think(wish):
            pass
    except Exception as error:  # noqa: BLE001  whatever it is, it is told
        return str(error)
    return ""


async def test_what_was_given_up_before_it_was_told_is_told_by_the_next() -> None:
    reasoner = RemoteReasoner(
        lambda: subprocess.Popen([sys.executable, "-c", ECHO], stdin=subprocess.PIPE, stdout=subprocess.PIPE),
        OpenRequest(root=b"", settings="{}"),
    )
    try:
        assert "a.py" in await held_after_a_run_is_given_up(reasoner)
    finally:
        await reasoner.close()
