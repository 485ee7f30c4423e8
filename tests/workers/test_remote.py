"""The deducer process as the Sleeper sees it: what was given up before it was told is told by the next."""

import subprocess
import sys

import anyio
import pytest

from sleeplsp.engine.reasoner import ReasonerDiedError, ReasonerError, Wish
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


# Explains every text by itself, but for the first: that one is answered once the second has come, if it is
# not dropped.
EXPLAINS = """
import sys
from sleeplsp.engine.explaining import Explanation
from sleeplsp.workers import frames
from sleeplsp.workers.messages import OPENING, REQUESTS, DropRequest, Explained, Told, WhyRequest
from sleeplsp.engine.outcome import Progress
frames.read(sys.stdin.buffer, OPENING)
waiting = []
while True:
    request = frames.read(sys.stdin.buffer, REQUESTS)
    if isinstance(request, DropRequest):
        waiting = [each for each in waiting if each.number != request.number]
        continue
    if not isinstance(request, WhyRequest):
        frames.write(sys.stdout.buffer, Told(Progress("deducing", 0, 1)))
        continue
    if request.text == "end":
        break
    waiting.append(request)
    if len(waiting) > 1:
        for each in reversed(waiting):
            failure = "no" if each.text == "fails" else ""
            made = Explanation(certainty=str(len(waiting)), markdown=each.text)
            frames.write(sys.stdout.buffer, Explained(each.number, None if failure else made, failure))
"""


async def test_texts_are_explained_while_a_run_is_on_and_each_is_told_its_own() -> None:
    reasoner = RemoteReasoner(
        lambda: subprocess.Popen(
            [sys.executable, "-c", EXPLAINS], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        ),
        OpenRequest(root=b"", settings="{}"),
    )
    with pytest.raises(ReasonerError, match="nothing is known of this folder yet"):
        await reasoner.explain("a")
    try:
        run = reasoner.think(Wish(overlays={}, shown={}))
        assert await anext(run)
        told: dict[str, str] = {}

        async def ask(text: str) -> None:
            explanation = await reasoner.explain(text)
            assert explanation is not None
            told[text] = explanation.markdown
            assert explanation.certainty == "2", "the third was dropped"

        with anyio.CancelScope() as given_up:
            given_up.cancel()
            await reasoner.explain("nobody waits for it")
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(ask, "a")
            tasks.start_soon(ask, "b")
        assert told == {"a": "a", "b": "b"}
        with pytest.raises(ReasonerError, match="no"):
            await reasoner.explain("fails")
        with pytest.raises(ReasonerDiedError):
            await reasoner.explain("end")
        await run.aclose()
    finally:
        await reasoner.close()
