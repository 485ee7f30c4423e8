"""What a probe finds out of endpoints that can do more or less; structured replies, weights."""

import tomllib

import anyio
import msgspec
import pytest

from sleeplsp.cache.memory import MemoryStore
from sleeplsp.engine.model import DeadlineError, DeniedError, MalformedError, ModelError, Phase
from sleeplsp.llm.probe import VERSION
from sleeplsp.llm.scripted.model import ALL_ABILITIES
from tests.fixture_files import FIXTURES, Case, read_cases
from tests.llm.books import SCHEMA, call_of, desk
from tests.llm.test_faults import assert_booked_as_reported

pytestmark = pytest.mark.anyio

CASES = read_cases(FIXTURES / "llm" / "abilities.md")


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.mark.parametrize("case", CASES, ids=lambda each: each.name)
async def test_a_probe_finds_what_is_honoured(case: Case) -> None:
    (script,), (expect,) = case.texts("toml-script"), case.texts("toml-expect")
    expected = msgspec.to_builtins(ALL_ABILITIES) | tomllib.loads(expect)
    async with desk(script) as at:
        found = msgspec.to_builtins(await at.model.abilities())
        found["context_tokens"] = found["context_tokens"] or "unknown"
        assert found | {"models": list(found["models"])} == expected | {"models": list(expected["models"])}
        assert {reservation.phase for reservation, _ in at.ledger.settled} == {Phase.PROBE}
        assert all(each.is_trial or each.method == "GET" for each in at.endpoint.counts.requests)
        assert_booked_as_reported(at)
        assert not any(settlement.is_failed for _, settlement in at.ledger.settled)


async def test_what_was_found_out_is_remembered_for_the_endpoint_and_the_model() -> None:
    store = MemoryStore()
    async with desk(store=store) as at:
        assert not await at.model.remembered()
        first = await at.model.abilities()
        asked = len(at.endpoint.counts.requests)
        other = type(at.model)(at.model.endpoint, at.ledger, at.model.line.caps, store=store)
        assert await other.remembered()
        assert await other.abilities() == first
        assert len(at.endpoint.counts.requests) == asked
        await other.abilities(again=True)
        assert len(at.endpoint.counts.requests) == 2 * asked
        await other.close()


async def test_an_endpoint_that_fails_is_not_taken_for_one_that_can_do_nothing() -> None:
    store = MemoryStore()
    async with desk('[endpoint]\nkey = "another"', store=store) as at:
        with pytest.raises(DeniedError):
            await at.model.abilities()
        assert not await at.model.remembered()


@pytest.mark.parametrize("structure", ["json_schema", "json_object", "plain"])
@pytest.mark.parametrize(
    "reply",
    [
        '{"word": "teal"}',
        'Here it is:\n\n```json\n{"word": "teal"}\n```\nAnything else?',
        '<think>{"word": "no"}</think>{"word": "teal"}',
        'The word {is} this: {"word": "teal"} {"word": "no"}',
    ],
)
async def test_a_structured_reply_is_the_json_in_it(structure: str, reply: str) -> None:
    features = {"json_schema": "", "json_object": 'json_schema = "refused"'}
    plain = 'json_schema = "ignored"\njson_object = "refused"'
    said = msgspec.json.encode(reply).decode()
    script = f"[endpoint]\n{features.get(structure, plain)}\n[[step]]\ntext = {said}"
    async with desk(script) as at:
        assert (await at.model.abilities()).structure == structure
        assert (await at.model.answer(call_of(schema=SCHEMA))).text == '{"word": "teal"}'
        sent = at.endpoint.counts.calls[-1]
        assert sent.system == "You answer."
        assert (sent.body.get("response_format") or {"type": "plain"})["type"] == structure
        assert ("JSON schema" in sent.user) is (structure != "json_schema")
        assert "tools" not in sent.body


async def test_a_structured_reply_without_json_is_none_and_is_booked_as_failed() -> None:
    async with desk('[[step]]\ntext = "I would rather talk."') as at:
        with pytest.raises(MalformedError, match="no JSON object"):
            await at.model.answer(call_of(schema=SCHEMA))
        assert at.ledger.outcomes[-1] == "MalformedError"


async def test_a_schema_that_is_refused_later_is_said_in_words() -> None:
    script = """
    [[step]]
    times = 2
    status = 400
    body = '{"error": {"message": "Invalid schema for response_format", "param": "response_format"}}'
    [[step]]
    text = '{"word": "teal"}'
    """
    async with desk(script) as at:
        assert (await at.model.answer(call_of(schema=SCHEMA))).text == '{"word": "teal"}'
        first, second, third = at.endpoint.counts.calls
        assert first.body["response_format"]["type"] == "json_schema"
        assert "maxLength" in str(first.body)
        assert second.body["response_format"]["type"] == "json_schema"
        assert "maxLength" not in str(second.body)
        assert third.body["response_format"]["type"] == "json_object"
        assert "JSON schema" in third.user


@pytest.mark.parametrize("echo", ["refused", "honoured"])
async def test_a_text_is_weighed(echo: str) -> None:
    script = f"""
    [endpoint]
    echo = "{echo}"
    weights = {{ "Does load() return None" = -0.5 }}
    """
    async with desk(script) as at:
        likely = await at.model.weigh(call_of("code"), "Does load() return None, or “nothing”?")
        unlikely = await at.model.weigh(call_of("code"), "Which \\ colour?")
        assert (likely.mean, unlikely.mean) == (-0.5, -2.0)
        assert likely.tokens > unlikely.tokens > 2
        paths = {each.path for each in at.endpoint.counts.calls}
        assert paths == {"/v1/completions" if echo == "honoured" else "/v1/chat/completions"}
        assert_booked_as_reported(at)


async def test_what_cannot_be_weighed_says_so() -> None:
    async with desk('[endpoint]\nlogprobs = "refused"') as at:
        with pytest.raises(ModelError, match="tells no log-probabilities"):
            await at.model.weigh(call_of(), "x")
    async with desk('[[step]]\ntext = "something else"') as at:
        with pytest.raises(MalformedError, match="has not weighed"):
            await at.model.weigh(call_of(), "x")


async def test_a_probe_that_was_cut_short_goes_on_where_it_was() -> None:
    async with desk("[endpoint]\ntrials_answered = 3") as at:
        async with anyio.create_task_group() as group:
            group.start_soon(at.model.abilities)
            await at.endpoint.until(lambda counts: counts.held == 1)
            group.cancel_scope.cancel()
        at.endpoint.release()
        assert await at.model.abilities() == ALL_ABILITIES
        keys = [reservation.key for reservation, _ in at.ledger.settled]
        assert [keys.count(f"{VERSION}/{name}") for name in ("stream", "whole", "json_schema")] == [1, 1, 1]


async def test_the_deadline_of_a_call_is_on_the_probe_too() -> None:
    async with desk("[endpoint]\ntrials_answered = 0") as at:
        with pytest.raises(DeadlineError, match=r"not found out within 0\.3 s"):
            await at.model.answer(call_of(schema=SCHEMA, deadline_s=0.3))
