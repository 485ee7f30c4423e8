"""What the server itself does, asked by the package `openai` alone: the ground our own client stands on."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import jsonschema
import openai

from tests.local_model.asked import SCHEMA, messages
from tests.local_model.conftest import Served

FORM: Any = {
    "type": "json_schema",
    "json_schema": {"name": SCHEMA.name, "schema": SCHEMA.body, "strict": True},
}
QUESTION = "Which method can return None?"


@asynccontextmanager
async def client_of(served: Served) -> AsyncIterator[openai.AsyncOpenAI]:
    server = served.server
    async with openai.AsyncOpenAI(
        base_url=server.base_url, api_key=server.key.reveal(), max_retries=0, timeout=600
    ) as client:
        yield client


def test_a_reply_keeps_to_a_schema_and_is_counted(served: Served) -> None:
    async def run() -> None:
        async with client_of(served) as client:
            reply = await client.chat.completions.create(
                model="local", messages=_sent(), response_format=FORM, max_tokens=512, temperature=0
            )
        [choice] = reply.choices
        jsonschema.validate(json.loads(choice.message.content or ""), SCHEMA.body)
        assert choice.finish_reason == "stop"
        assert reply.usage is not None
        assert reply.usage.total_tokens == reply.usage.prompt_tokens + reply.usage.completion_tokens
        assert reply.usage.prompt_tokens_details is not None

    asyncio.run(run())


def test_a_stream_ends_with_what_it_took(served: Served) -> None:
    async def run() -> None:
        async with client_of(served) as client:
            stream = await client.chat.completions.create(
                model="local",
                messages=_sent(),
                response_format=FORM,
                max_tokens=512,
                temperature=0,
                stream=True,
                stream_options={"include_usage": True},
            )
            chunks = [chunk async for chunk in stream]
        text = "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices)
        jsonschema.validate(json.loads(text), SCHEMA.body)
        assert chunks[-1].usage is not None
        assert chunks[-1].usage.completion_tokens > 1

    asyncio.run(run())


def test_a_forced_reply_tells_how_likely_it_was(served: Served) -> None:
    """Not how likely among what was allowed: that would be certain."""
    wanted = "purple monkey dishwasher"
    schema = {
        "type": "object",
        "properties": {"reply": {"const": wanted}},
        "required": ["reply"],
        "additionalProperties": False,
    }
    form: Any = {"type": "json_schema", "json_schema": {"name": "forced", "schema": schema, "strict": True}}

    async def run() -> None:
        async with client_of(served) as client:
            reply = await client.chat.completions.create(
                model="local",
                messages=_sent(),
                response_format=form,
                max_tokens=256,
                temperature=0,
                logprobs=True,
            )
        [choice] = reply.choices
        assert json.loads(choice.message.content or "") == {"reply": wanted}
        assert choice.logprobs is not None
        tokens = choice.logprobs.content or []
        assert f'"{wanted}"' in "".join(each.token for each in tokens), "with more around it, at times"
        assert min(each.logprob for each in tokens) < -1

    asyncio.run(run())


def test_a_key_is_needed(served: Served) -> None:
    async def run() -> int:
        async with openai.AsyncOpenAI(
            base_url=served.server.base_url, api_key="wrong", max_retries=0
        ) as stranger:
            try:
                await stranger.chat.completions.create(model="local", messages=_sent(), max_tokens=1)
            except openai.APIStatusError as error:
                return error.status_code
        return 200

    assert asyncio.run(run()) == 401


def _sent() -> Any:
    return messages(QUESTION)
