"""Several replies to one prompt: paid for once, booked as reported, and one at a time elsewhere."""

from pathlib import Path

import pytest
from msgspec.structs import replace

from sleeplsp.engine.ledger import Caps
from sleeplsp.engine.model import Call, CapError, RefusedError, TruncatedError, Usage
from sleeplsp.llm.endpoint import Endpoint
from sleeplsp.llm.faults import Fault
from sleeplsp.llm.protocol import Choice, Chunk, Message
from sleeplsp.llm.replay import ReplayModel
from sleeplsp.llm.reply import Gathering, Reply
from sleeplsp.llm.scripted.model import ScriptedModel
from sleeplsp.llm.usage import Sent
from tests.llm.books import SCHEMA, Desk, call_of, desk
from tests.llm.test_faults import assert_booked_as_reported

pytestmark = pytest.mark.anyio

FITS = '[[step]]\nwhen = "a question"\ntimes = 0\nvalue = {word = "hello"}\n'
TOO_MANY = """
[[step]]
when = "a question"
status = 400
body = '{"error": {"message": "n_cmpl cannot be greater than the number of slots"}}'
"""


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


def wanted(replies: int) -> Call:
    return replace(call_of(schema=SCHEMA), replies=replies, seed=7)


def asked(at: Desk) -> list[object]:
    """Return how many replies each call asked for; trials left out."""
    return [each.body.get("n") for each in at.endpoint.counts.calls]


@pytest.mark.parametrize("usage", ["all", "twice", "each"])
async def test_they_come_with_one_call(usage: str) -> None:
    async with desk(f'[endpoint]\nusage_of = "{usage}"\n{FITS}') as at:
        answer = await at.model.answer(wanted(3))
        assert [answer.text, *answer.others] == ['{"word": "hello"}'] * 3
        assert asked(at) == [3]
        assert "seed" not in at.endpoint.counts.calls[-1].body
        reservation, settlement = at.ledger.settled[-1]
        assert reservation.tokens >= 3 * 400 + settlement.usage.prompt
        assert settlement.usage == answer.usage
        one = await at.model.answer(wanted(1))
        assert not one.others
        assert answer.usage.prompt == one.usage.prompt
        assert answer.usage.completion == 3 * one.usage.completion
        assert_booked_as_reported(at)


async def test_tokens_that_cannot_be_told_apart_are_booked_as_the_most_they_can_be() -> None:
    async with desk(f'[endpoint]\nusage_of = "repeated"\n{FITS}') as at:
        one = await at.model.answer(wanted(1))
        answer = await at.model.answer(wanted(2))
        assert answer.others
        assert answer.usage.completion == 2 * (2 * one.usage.completion)
        assert answer.usage.prompt == one.usage.prompt
        assert (one.usage.estimated, answer.usage.estimated) == (False, True)


@pytest.mark.parametrize("can", ['n = "ignored"', 'n = "refused"', 'usage_of = "one"'])
async def test_an_endpoint_that_gives_one_or_tells_of_one_is_asked_for_one(can: str) -> None:
    async with desk(f"[endpoint]\n{can}\n{FITS}") as at:
        answer = await at.model.answer(wanted(2))
        assert not answer.others
        assert asked(at) == [None]
        assert_booked_as_reported(at)


async def test_where_so_many_are_too_many_one_comes_from_then_on() -> None:
    async with desk(TOO_MANY + FITS) as at:
        for _ in range(2):
            assert (await at.model.answer(wanted(5))).text == '{"word": "hello"}'
        assert asked(at) == [5, None, None]
        assert_booked_as_reported(at)


async def test_a_limit_that_allows_for_one_alone_is_no_reason_to_ask_for_none() -> None:
    async with desk(FITS) as at:
        await at.model.abilities()
        spent = sum(settlement.usage.total for _, settlement in at.ledger.settled)
        at.model.line.caps = Caps(tokens_day=spent + 900)
        assert not (await at.model.answer(wanted(3))).others
        at.model.line.caps = Caps(tokens_day=spent + 100)
        with pytest.raises(CapError):
            await at.model.answer(wanted(3))
        assert_booked_as_reported(at)


def gathered(*choices: Choice, replies: int = 3) -> Reply:
    sent = Sent(prompt_tokens=10, prompt_tokens_min=1, bytes=99, reply_tokens_max=300, is_echoed=False)
    endpoint = Endpoint(base_url="http://localhost/v1", model="m")
    gathering = Gathering(endpoint, sent=sent, structured=True, replies=replies)
    gathering.take(Chunk(choices=list(choices)))
    return gathering.finished()


def choice(index: int, text: str, finish: str = "stop", refusal: str | None = None) -> Choice:
    return Choice(index=index, message=Message(content=text, refusal=refusal), finish_reason=finish)


def test_what_is_cut_off_refused_or_no_json_among_them_is_no_reply() -> None:
    cut, refused = choice(0, '{"a": 1', "length"), choice(1, "", refusal="I must not.")
    assert gathered(cut, refused, choice(2, '{"a": 3}')).texts == ('{"a": 3}',)
    assert gathered(choice(0, '{"a": 1}'), choice(1, "no"), choice(2, '{"a": 3}')).texts == (
        '{"a": 1}',
        '{"a": 3}',
    )
    assert gathered(choice(1, '{"a": 2}')).text == '{"a": 2}'
    with pytest.raises(Fault) as failed:
        gathered(cut, refused)
    assert isinstance(failed.value.error, TruncatedError)
    assert "100 tokens" in str(failed.value.error)
    with pytest.raises(Fault) as failed:
        gathered(refused)
    assert not isinstance(failed.value.error, TruncatedError)


def test_what_was_not_asked_for_is_nobodys() -> None:
    with pytest.raises(Fault) as failed:
        gathered(choice(0, "", refusal="I must not."), choice(1, '{"a": 2}'), replies=1)
    assert isinstance(failed.value.error, RefusedError)


async def test_they_are_recorded_and_replayed(tmp_path: Path) -> None:
    answer = await ScriptedModel(["one"]).answer(wanted(2))
    several = replace(answer, others=("two",), usage=Usage(prompt=3, completion=4))
    first = await ReplayModel(ScriptedModel([several]), tmp_path).answer(wanted(2))
    again = await ReplayModel(None, tmp_path).answer(wanted(2))
    assert (again.text, again.others, again.usage) == (first.text, ("two",), first.usage)
