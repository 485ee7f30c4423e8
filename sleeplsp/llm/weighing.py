"""How likely a model finds a text as its reply, from the log-probabilities an endpoint gives.

Two ways: the prompt's own tokens (`echo`), or a decode that a schema forces to be the text. Pure; an
endpoint that accepts either and does not honour it is noticed here. It must not know what is weighed.
"""

import json
from typing import Any

import msgspec

from sleeplsp.engine.model import Call, Weight
from sleeplsp.llm.endpoint import Endpoint
from sleeplsp.llm.protocol import TokenLogprob
from sleeplsp.llm.reply import Reply
from sleeplsp.llm.request import JSON_SCHEMA, Body, body_of
from sleeplsp.prompts.prompt import Schema

_FIELD = "reply"
_FRAME_TOKENS = 32
"""Tokens of a forced reply that stand around the text."""


def forced_tokens_max(text: str) -> int:
    """Return how many tokens a forced reply may have; each is at least a byte."""
    return len(json.dumps(text).encode()) + _FRAME_TOKENS


def forced_body(endpoint: Endpoint, call: Call, text: str) -> Body:
    """Return the body of a request whose reply can be the text alone."""
    value = {"type": "string", "const": text}
    schema: dict[str, Any] = {
        "type": "object",
        "properties": {_FIELD: value},
        "required": [_FIELD],
        "additionalProperties": False,
    }
    prompt = msgspec.structs.replace(call.prompt, schema=Schema("forced", schema))
    forced = msgspec.structs.replace(
        call, prompt=prompt, reply_tokens_max=forced_tokens_max(text), temperature=0.0
    )
    body = {**body_of(endpoint, forced, JSON_SCHEMA), "logprobs": True}
    # Of a stream, servers leave out tokens that end in the midst of a character, or of an escape.
    return {name: value for name, value in body.items() if not name.startswith("stream")}


def forced_weight(text: str, reply: Reply) -> Weight | None:
    """Return the weight a forced reply tells; None where the text was not forced."""
    try:
        found = json.loads(reply.raw)
    except (ValueError, RecursionError):
        return None
    if not isinstance(found, dict) or found.get(_FIELD) != text:
        return None
    # Tokens may be more than the reply that was taken from them: servers drop what stands around it.
    said = b"".join(each.raw for each in reply.tokens)
    for spelled in (json.dumps(text, ensure_ascii=False).encode(), json.dumps(text).encode()):
        start = said.rfind(spelled) + 1
        if start:
            return _weight(_within(reply.tokens, start, start + len(spelled) - 2))
    return None


def echoed_body(call: Call, text: str) -> Body:
    """Return the body of a request for the log-probabilities of a prompt that ends in the text."""
    return {
        "prompt": _prefix(call) + text,
        "echo": True,
        "logprobs": 1,
        "max_tokens": 1,
        "temperature": 0.0,
    }


def echoed_weight(text: str, reply: Reply) -> Weight | None:
    """Return the weight of the text; None unless there are as many tokens as the prompt has, and one."""
    prompt_tokens = reply.report.prompt_tokens if reply.report is not None else None
    tokens = reply.tokens
    if prompt_tokens is None or len(tokens) != prompt_tokens + 1:
        return None
    end = sum(each.size for each in tokens[:-1])
    return _weight(_within(tokens[:-1], end - len(text.encode()), end))


def _prefix(call: Call) -> str:
    return f"{call.prompt.system}\n\n{call.prompt.user}\n\n"


def _within(tokens: tuple[TokenLogprob, ...], start: int, end: int) -> list[TokenLogprob]:
    """Return the tokens that have a byte between two places."""
    found, at = [], 0
    for each in tokens:
        if at < end and at + each.size > start:
            found.append(each)
        at += each.size
    return found if at >= end else []


def _weight(tokens: list[TokenLogprob]) -> Weight | None:
    known = [each.logprob for each in tokens if each.logprob is not None and each.logprob <= 0]
    if not known or len(known) != len(tokens):
        return None
    # An impossible token is told as a very low number, or as minus infinity.
    floor = -100.0
    return Weight(sum(max(each, floor) for each in known) / len(known), len(known))
