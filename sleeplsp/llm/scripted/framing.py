"""Responses of the scripted endpoint as bytes: HTTP, events, and the JSON in them. Pure."""

import json
from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Any

import msgspec

from sleeplsp.llm.scripted.behaviour import Prepared
from sleeplsp.llm.scripted.script import Features

PIECE_CHARACTERS_MIN = 16
EVENTS_MAX = 1_000
"""A reply that is streamed comes in pieces: short ones, but for a huge reply."""


def head(status: int, headers: Mapping[str, str], size: int | None) -> bytes:
    """Return the head of a response; without a size the body comes in chunks."""
    phrase = HTTPStatus(status).phrase if status in HTTPStatus._value2member_map_ else "Unknown"
    length = {"Content-Length": str(size)} if size is not None else {"Transfer-Encoding": "chunked"}
    lines = (f"{name}: {value}" for name, value in {**headers, **length}.items())
    return "\r\n".join((f"HTTP/1.1 {status} {phrase}", *lines, "", "")).encode("latin-1", "replace")


def chunk(payload: bytes) -> bytes:
    """Return a piece of a body that comes in chunks; an empty one ends it."""
    return b"%x\r\n%s\r\n" % (len(payload), payload)


def event(value: object) -> bytes:
    """Return an event of a stream."""
    return f"data: {json.dumps(value, ensure_ascii=False)}\n\n".encode()


DONE = b"data: [DONE]\n\n"
GARBAGE = b'data: {"choices": [{"delta": \n\n'


def error(message: str, kind: str, parameter: str | None = None) -> bytes:
    """Return the body of an error."""
    inner = {"message": message, "type": kind, "param": parameter, "code": kind}
    return json.dumps({"error": inner}).encode()


def model_list(features: Features) -> bytes:
    """Return the list of models."""
    entries = [
        {"id": each, "object": "model", "context_length": features.context_tokens} for each in features.models
    ]
    return json.dumps({"object": "list", "data": entries}).encode()


def whole(reply: Prepared, model: str) -> bytes:
    """Return a response in one piece."""
    choices = []
    for index, text in enumerate(reply.texts):
        said: dict[str, Any] = {"role": "assistant", "content": text, "refusal": reply.refusal or None}
        if reply.thought:
            said["reasoning_content"] = reply.thought
        inner: dict[str, Any] = {"message": said} if reply.chat else {"text": text}
        choices.append({"index": index, "finish_reason": reply.finish, "logprobs": _logprobs(reply), **inner})
    return json.dumps({"model": model, "choices": choices, **_usage(reply)}, ensure_ascii=False).encode()


def events(reply: Prepared, model: str, *, is_told: bool) -> Iterator[tuple[bytes, int]]:
    """Yield the events of a response, each with how many characters of the first text it holds.

    `is_told`: usage is, as far as it is not told in the end alone.
    """
    logprobs = _logprobs(reply)
    if reply.thought:
        yield _event(model, 0, {"reasoning_content": reply.thought}), 0
    if reply.refusal:
        yield _event(model, 0, {"refusal": reply.refusal}), 0
    for index, text in enumerate(reply.texts):
        size = max(PIECE_CHARACTERS_MIN, len(text) // EVENTS_MAX)
        for at in range(0, len(text), size):
            piece = text[at : at + size]
            yield _event(model, index, {"content": piece}), len(piece) if index == 0 else 0
        is_told_here = is_told and reply.told == "twice" and index == len(reply.texts) - 1
        usage = _usage(reply) if is_told_here else {}
        yield _event(model, index, {}, reply.finish, logprobs if index == 0 else None, usage), 0
        if is_told and reply.told == "each":
            yield event({"model": model, "choices": [], **_usage(_part(reply, index))}), 0


def usage_events(reply: Prepared, model: str) -> Iterator[bytes]:
    """Yield the last events, which tell the usage, unless each reply's was told as it ended."""
    for _ in range({"each": 0, "repeated": len(reply.texts)}.get(reply.told, 1)):
        yield event({"model": model, "choices": [], **_usage(reply)})


def _part(reply: Prepared, index: int) -> Prepared:
    """Return one of several replies as far as its usage goes."""
    each, rest = divmod(reply.completion, len(reply.texts))
    is_first = index == 0
    return msgspec.structs.replace(
        reply, completion=each + rest * is_first, reasoning=reply.reasoning * is_first
    )


def _event(
    model: str,
    index: int,
    delta: Mapping[str, str],
    finish: str | None = None,
    logprobs: object = None,
    usage: Mapping[str, Any] | None = None,
) -> bytes:
    choice = {"index": index, "delta": delta, "finish_reason": finish, "logprobs": logprobs}
    return event({"model": model, "choices": [choice], **(usage or {})})


def _logprobs(reply: Prepared) -> object:
    if reply.tokens is None:
        return None
    if reply.chat:
        return {"content": [{"token": token, "logprob": value} for token, value in reply.tokens]}
    return {
        "tokens": [token for token, _ in reply.tokens],
        "token_logprobs": [None, *(value for _, value in reply.tokens[1:])],
    }


def _usage(reply: Prepared) -> dict[str, Any]:
    if not reply.usage:
        return {}
    return {
        "usage": {
            "prompt_tokens": reply.prompt,
            "completion_tokens": reply.completion,
            "total_tokens": reply.prompt + reply.completion,
            "prompt_tokens_details": {"cached_tokens": reply.cached},
            "completion_tokens_details": {"reasoning_tokens": reply.reasoning},
        }
    }
