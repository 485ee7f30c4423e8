"""What is learned of an endpoint that does not take a schema: bounds go first, then names, then all of it."""

import json

import pytest

from sleeplsp.engine.model import Call, Phase
from sleeplsp.llm.endpoint import Endpoint
from sleeplsp.llm.request import JSON_OBJECT, JSON_SCHEMA, PLAIN, Body, Dialect, body_of
from sleeplsp.prompts.prompt import Prompt, Schema
from sleeplsp.prompts.reply.schema import REPLY, reply_schema

COMPLAINT = "response_format Invalid schema for response_format 'insight': 'maxLength' is not permitted."


def body(schema: Schema, structure: str = JSON_SCHEMA) -> Body:
    prompt = Prompt(version="t/1", system="s", parts=("u",), schema=schema)
    call = Call(phase=Phase.SLEEP, path="", key="k", prompt=prompt, reply_tokens_max=10)
    return body_of(Endpoint(base_url="http://localhost/v1", model="m"), call, structure)


def test_bounds_are_left_out_before_the_schema_is() -> None:
    first = Dialect().spoken(body(REPLY))
    assert "maxLength" in json.dumps(first)
    once = Dialect().learned(first, COMPLAINT)
    assert once == Dialect(bounds=False)
    second = once.spoken(body(REPLY))
    told = json.dumps(second)
    assert "maxLength" not in told
    assert "maxItems" not in told
    assert second["response_format"]["json_schema"]["strict"] is True
    asked = second["response_format"]["json_schema"]["schema"]
    assert asked["required"] == list(REPLY.body["properties"])
    assert '"enum"' in told
    twice = once.learned(second, COMPLAINT)
    assert twice == Dialect(bounds=False, structure=JSON_OBJECT)
    assert twice.spoken(body(REPLY, JSON_OBJECT))["response_format"] == {"type": JSON_OBJECT}


def test_a_schema_without_bounds_is_left_out_at_once() -> None:
    bare = Schema("bare", {"type": "object", "properties": {}, "required": [], "additionalProperties": False})
    assert Dialect().learned(body(bare), COMPLAINT) == Dialect(structure=JSON_OBJECT)


def test_names_are_left_out_before_the_schema_is() -> None:
    named = reply_schema(["f", "g"])
    once = Dialect().learned(Dialect().spoken(body(named)), COMPLAINT)
    assert once == Dialect(bounds=False)
    second = once.spoken(body(named))
    assert '"enum": ["f", "g"]' in json.dumps(second)
    twice = once.learned(second, COMPLAINT)
    assert twice == Dialect(bounds=False, names=False)
    third = twice.spoken(body(named))
    assert third["response_format"] == once.spoken(body(REPLY))["response_format"]
    assert twice.learned(third, COMPLAINT) == Dialect(bounds=False, names=False, structure=JSON_OBJECT)


@pytest.mark.parametrize(
    "complaint",
    ['Unknown name "$ref" at generation_config', "'$defs' is not supported", "too many enum values"],
)
def test_names_go_first_where_they_are_what_is_complained_of(complaint: str) -> None:
    sent = Dialect().spoken(body(reply_schema(["f", "g"])))
    assert Dialect().learned(sent, complaint) == Dialect(names=False)
    plain = Dialect().spoken(body(REPLY))
    assert Dialect().learned(plain, complaint) == Dialect(bounds=False)


def test_what_is_asked_for_in_words_enumerates_no_names() -> None:
    assert body(reply_schema(["f", "g"]), JSON_OBJECT) == body(REPLY, JSON_OBJECT)
    assert body(reply_schema(["f", "g"]), PLAIN) == body(REPLY, PLAIN)
