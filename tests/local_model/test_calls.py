"""Calls of our own client to a real server: replies, tokens, streams, the end of a call, likelihoods.

Nothing is asserted of what a model says, but where something forces it to.
"""

import asyncio
import json

import anyio
import jsonschema
import msgspec
import pytest

from sleeplsp.engine.ledger import Caps, PhaseSum
from sleeplsp.engine.model import Answer, DeniedError, TooLongError, TruncatedError
from sleeplsp.engine.settings.model import ModelSettings
from sleeplsp.journal.memory import MemoryLedger
from sleeplsp.llm.client import EndpointModel
from sleeplsp.llm.endpoint import endpoint_of
from sleeplsp.llm.keys import Key
from tests.local_model.asked import CODE, ENDLESS, SCHEMA, call_of
from tests.local_model.conftest import CONTEXT_TOKENS, Served, model_at
from tests.local_model.slots import busy_slots, until_free

QUESTION = "What does `cheapest` return?"


def test_what_it_can_do_is_found_out(served: Served) -> None:
    async def run() -> None:
        async with model_at(served) as model:
            found = await model.abilities()
        assert found.structure == "json_schema"
        assert (found.usage, found.cached_tokens, found.streaming, found.streaming_usage) == (True,) * 4
        assert (found.prompt_logprobs, found.forced_decode, found.can_weigh) == (False, True, True)
        assert (found.context_tokens, found.models) == (CONTEXT_TOKENS, ("local",))
        assert (found.several, found.reply_logprobs) == (True, True)

    asyncio.run(run())


def test_a_reply_has_the_form_that_was_asked_for(served: Served) -> None:
    async def run() -> None:
        async with model_at(served) as model:
            answer = await model.answer(call_of(QUESTION, SCHEMA, reply_tokens_max=512))
        jsonschema.validate(json.loads(answer.text), SCHEMA.body)
        assert answer.usage.prompt > 100
        assert 0 < answer.usage.completion <= 512
        assert not answer.usage.estimated

    asyncio.run(run())


def test_several_replies_come_with_one_call_and_all_are_counted(served: Served) -> None:
    async def run() -> None:
        async with model_at(served) as model:
            await model.abilities()
            call = call_of(QUESTION, SCHEMA, reply_tokens_max=512)
            one = await model.answer(call)
            two = await model.answer(msgspec.structs.replace(call, replies=2))
        replies = [two.text, *two.others]
        assert len(replies) == 2
        for each in replies:
            jsonschema.validate(json.loads(each), SCHEMA.body)
        assert two.usage.prompt == one.usage.prompt
        # A token is a few letters, and there are no fewer of them than of the reply of one alone.
        letters = one.usage.completion / len(one.text)
        assert two.usage.completion >= 0.5 * letters * sum(map(len, replies))

    asyncio.run(run())


def test_a_stream_is_heard_piece_by_piece(served: Served) -> None:
    async def run() -> None:
        heard: list[str] = []
        async with model_at(served) as model:
            answer = await model.answer(call_of(QUESTION, SCHEMA, reply_tokens_max=512), heard.append)
        assert len(heard) > 1
        assert "".join(heard).strip() == answer.text
        assert answer.ttft_s is not None
        assert 0 < answer.ttft_s <= answer.seconds

    asyncio.run(run())


def test_what_a_prompt_begins_with_is_not_read_again(served: Served) -> None:
    async def run() -> None:
        async with model_at(served) as model:
            first = await model.answer(call_of("Is `total` pure?", SCHEMA, 512))
            second = await model.answer(call_of("Can `add` raise?", SCHEMA, 512))
        assert second.usage.cached > len(CODE) // 8
        assert second.usage.cached < second.usage.prompt
        assert first.usage.prompt > 100

    asyncio.run(run())


def test_the_books_say_what_the_endpoint_says(served: Served) -> None:
    async def run() -> None:
        ledger = MemoryLedger()
        async with model_at(served, ledger) as model:
            await model.abilities()
            before = {each.phase: each for each in ledger.books().today}.get("test")
            async with anyio.create_task_group() as group:
                answers: list[Answer] = []

                async def ask(question: str) -> None:
                    answers.append(await model.answer(call_of(question, SCHEMA, reply_tokens_max=512)))

                for question in ("Who owns it?", "What is `items`?", "When is it empty?"):
                    group.start_soon(ask, question)
        assert before is None
        books = ledger.books()
        ledger.close()
        [found] = [each for each in books.today if each.phase == "test"]
        assert (found.calls, found.failed, books.under_way) == (3, 0, 0)
        assert found.prompt == sum(each.usage.prompt for each in answers)
        assert found.cached == sum(each.usage.cached for each in answers)
        assert found.completion == sum(each.usage.completion for each in answers)

    asyncio.run(run())


def test_a_reply_that_is_cut_off_is_none_and_costs_what_it_cost(served: Served) -> None:
    async def run() -> PhaseSum:
        ledger = MemoryLedger()
        async with model_at(served, ledger) as model:
            with pytest.raises(TruncatedError):
                await model.answer(call_of(QUESTION, SCHEMA, reply_tokens_max=3))
        [found] = [each for each in ledger.books().today if each.phase == "test"]
        ledger.close()
        return found

    found = asyncio.run(run())
    assert (found.calls, found.failed, found.completion) == (1, 1, 3)
    assert found.prompt > 100


def test_a_prompt_that_is_too_long_is_said_to_be(served: Served) -> None:
    async def run() -> None:
        async with model_at(served) as model:
            with pytest.raises(TooLongError):
                await model.answer(call_of(QUESTION, code=CODE * 16))

    asyncio.run(run())


def test_without_the_key_nothing_is_answered(served: Served) -> None:
    async def run() -> None:
        endpoint = endpoint_of(served.server.settings(ModelSettings()), Key("wrong"))
        ledger = MemoryLedger()
        stranger = EndpointModel(endpoint, ledger, Caps(), root="r", run="run")
        with pytest.raises(DeniedError):
            await stranger.answer(call_of(QUESTION))
        await stranger.close()
        ledger.close()

    asyncio.run(run())


@pytest.mark.parametrize("calls", [1, 3])
def test_who_gives_up_frees_the_place(served: Served, calls: int) -> None:
    """One that is heard already, and others that wait or are being read."""

    async def run() -> None:
        ledger = MemoryLedger()
        async with model_at(served, ledger) as model:
            is_heard = anyio.Event()
            async with anyio.create_task_group() as group:
                for number in range(calls):
                    call = call_of(f"{number}. What is in it?", ENDLESS, reply_tokens_max=1000)
                    group.start_soon(model.answer, call, lambda _: is_heard.set())
                await is_heard.wait()
                assert await busy_slots(served.server) > 0
                group.cancel_scope.cancel()
            await until_free(served.server)
            assert ledger.books().under_way == 0
            [found] = [each for each in ledger.books().today if each.phase == "test"]
            assert found.failed == found.calls > 0
            await model.answer(call_of(QUESTION, SCHEMA, reply_tokens_max=512))
        ledger.close()

    asyncio.run(run())


def test_how_likely_a_question_is(served: Served) -> None:
    async def run() -> None:
        async with model_at(served) as model:
            call = call_of("Repeat the name of the class, and nothing else.", reply_tokens_max=16)
            likely = await model.weigh(call, "Basket")
            unlikely = await model.weigh(call, 'zqx "wp" é')
        if not served.can_speak:  # a token for each character, and two for each escape
            assert (likely.tokens, unlikely.tokens) == (len("Basket"), len(r"zqx \"wp\" é"))
        else:
            assert 0 < likely.tokens <= len("Basket")
            assert likely.mean > unlikely.mean

    asyncio.run(run())
