"""The JSON object in a reply, whatever stands around it.

It must not know what the object means.
"""

import re
from typing import Any

import msgspec

from sleeplsp.prompts.reply.schema import REPLY_CHARACTERS_MAX

_BLOCK = re.compile(r"```(?:json)?\s*\n(.*?)\n\s*```", re.DOTALL)
_THOUGHT = re.compile(r"\A\s*<think>.*?</think>", re.DOTALL)


def json_object(text: str) -> dict[str, Any] | None:
    """Return the object that a reply is, or that it holds; None if there is none. Fails on no text."""
    if len(text) > REPLY_CHARACTERS_MAX:
        return None
    text = _THOUGHT.sub("", text)
    for candidate in (text, *_BLOCK.findall(text), text[text.find("{") : text.rfind("}") + 1]):
        found = _decoded(candidate)
        if isinstance(found, dict):
            return found
    return None


def _decoded(text: str) -> object:
    try:
        return msgspec.json.decode(text.encode("utf-8", "replace"))
    except (msgspec.DecodeError, RecursionError):
        return None
