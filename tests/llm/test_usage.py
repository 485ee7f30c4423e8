"""What an endpoint reports is booked within reason: limits hold, and one absurd report stops nothing."""

import pytest

from sleeplsp.engine.ledger import Caps
from sleeplsp.engine.model import CapError, Usage
from sleeplsp.llm.protocol import CompletionDetails, PromptDetails, UsageReport
from sleeplsp.llm.usage import OVERHEAD_TOKENS, Sent, Written, sent, tokens_min, usage_of
from tests.llm.books import Desk, call_of, desk

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


SENT = Sent(prompt_tokens=250, prompt_tokens_min=100, bytes=1000, reply_tokens_max=400, is_echoed=False)
WRITTEN = Written(tokens=50, tokens_min=20, bytes=200)
MOST = 1000 + OVERHEAD_TOKENS

BOOKED = {
    "as reported": ((200, 60), (200, 60, False)),
    "the least": ((100, 20), (100, 20, False)),
    "the most": ((MOST, 400), (MOST, 400, False)),
    "no prompt": ((0, 60), (250, 60, True)),
    "a negative prompt": ((-5, 60), (250, 60, True)),
    "hardly a prompt": ((99, 60), (250, 60, True)),
    "an absurd prompt": ((MOST + 1, 60), (250, 60, True)),
    "no reply": ((200, 0), (200, 50, True)),
    "a negative reply": ((200, -60), (200, 50, True)),
    "hardly a reply": ((200, 19), (200, 50, True)),
    "an absurd reply": ((200, 999_999_999_999), (200, 400, True)),
    "no word of the reply": ((200, None), (200, 50, True)),
    "no word of the prompt": ((None, 60), (250, 50, True)),
}


@pytest.mark.parametrize(("reported", "booked"), BOOKED.values(), ids=BOOKED)
def test_what_is_booked(reported: tuple[int | None, int | None], booked: tuple[int, int, bool]) -> None:
    found = usage_of(UsageReport(*reported), SENT, WRITTEN)
    assert (found.prompt, found.completion, found.estimated) == booked


def test_without_a_report_it_is_estimated() -> None:
    assert usage_of(None, SENT, WRITTEN) == Usage(250, 0, 50, 0, estimated=True)


@pytest.mark.parametrize(("told", "parts"), [(-7, (0, 0)), (30, (30, 30)), (10**12, (200, 60))])
def test_a_part_is_no_more_than_the_whole(told: int, parts: tuple[int, int]) -> None:
    report = UsageReport(200, 60, PromptDetails(told), CompletionDetails(told))
    found = usage_of(report, SENT, WRITTEN)
    assert (found.cached, found.reasoning) == parts


def test_a_long_reply_to_a_small_limit_and_a_prompt_that_comes_back() -> None:
    long = Written(tokens=400, tokens_min=300, bytes=2400)
    assert usage_of(UsageReport(200, 900), SENT, long) == Usage(200, 0, 900)
    body = {"prompt": "word " * 200, "echo": True}
    echoed = sent(body, 260, 1)
    assert echoed.prompt_tokens_min == (5 * 200 - 1 - 32) // 8
    assert usage_of(UsageReport(201, 1), echoed, long) == Usage(201, 0, 1)


TEXTS = {
    "": 0,
    "a": 1,
    "responsibilities": 1,
    " " * 4000: 0,
    "    " * 30 + "return x": 1,
    "word " * 100: (499 - 32) // 8,
}


@pytest.mark.parametrize(("text", "tokens"), TEXTS.items())
def test_the_least_that_a_text_can_be(text: str, tokens: int) -> None:
    assert tokens_min([text]) == tokens


async def _ask_on_and_on(at: Desk) -> None:
    for _ in range(200):
        await at.model.answer(call_of("a question " * 20))


@pytest.mark.parametrize("tokens", [0, -1000])
async def test_a_limit_holds_whatever_is_reported(tokens: int) -> None:
    script = f"[[step]]\ntimes = 0\ntext = 'fine'\nprompt_tokens = {tokens}\ncompletion_tokens = {tokens}"
    async with desk(script, caps=Caps(tokens_day=3000)) as at:
        with pytest.raises(CapError, match="tokens_day_max"):
            await _ask_on_and_on(at)
        assert all(each.usage.prompt > 0 for _, each in at.ledger.settled[:-1])
        assert at.ledger.sums(estimated=False).total == 0


async def test_an_absurd_report_stops_nothing() -> None:
    absurd = "prompt_tokens = 999999999999\ncompletion_tokens = 999999999999\nreasoning_tokens = 999999999999"
    async with desk(f"[[step]]\ntext = 'fine'\n{absurd}", caps=Caps(tokens_day=3000)) as at:
        for _ in range(3):
            await at.model.answer(call_of())
        assert [each.usage.estimated for _, each in at.ledger.settled] == [True, False, False]
        assert all(each.usage.total <= reservation.tokens for reservation, each in at.ledger.settled)
