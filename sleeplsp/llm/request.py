"""What is sent for a call: its words and parameters as the body of a request.

Pure. A Dialect is what was learned of an endpoint that does not take a parameter. It must not know how a
body is sent.
"""

import re
from collections.abc import Mapping
from typing import Any

import msgspec

from sleeplsp.engine.model import Call
from sleeplsp.llm.endpoint import Endpoint
from sleeplsp.prompts.prompt import Schema

JSON_SCHEMA = "json_schema"
JSON_OBJECT = "json_object"
PLAIN = "plain"

_STEPS = (JSON_SCHEMA, JSON_OBJECT, PLAIN)
"""Ways to a structured reply, best first."""

_OPTIONAL = frozenset(
    ("temperature", "seed", "stream", "stream_options", "reasoning_effort", "logprobs", "n", "max_tokens")
)

Body = dict[str, Any]


class Dialect(msgspec.Struct, frozen=True):
    """What an endpoint does not take, as found out when it refused it."""

    dropped: frozenset[str] = frozenset()
    structure: str = JSON_SCHEMA
    """The best way to a structured reply that is left."""
    bounds: bool = True
    """A schema may say how long texts and lists are."""
    names: bool = True
    """A schema may say which names there are."""

    def spoken(self, body: Body) -> Body:
        """Return a body without what is not taken."""
        said = {name: value for name, value in body.items() if name not in self.dropped}
        if "max_tokens" in self.dropped and "max_tokens" in body:
            said["max_completion_tokens"] = body["max_tokens"]
        if "stream" not in said:
            said.pop("stream_options", None)
        if not self.names and JSON_SCHEMA in said.get("response_format", {}):
            said["response_format"] = _nameless(said["response_format"])
        if not self.bounds and JSON_SCHEMA in said.get("response_format", {}):
            said["response_format"] = _unbounded(said["response_format"])
        return said

    def learned(self, body: Mapping[str, Any], complaint: str) -> "Dialect | None":
        """Return what is known after a complaint about a body; None if nothing can be left out for it."""
        is_of_names = bool(re.search(r"\$(ref|defs)\b|\benum\b", complaint))
        if "response_format" in body and (
            is_of_names or re.search(r"response_format|schema|grammar", complaint)
        ):
            given = body["response_format"]
            has_names = given["type"] == JSON_SCHEMA and self.names and _nameless(given) != given
            if has_names and is_of_names:
                return msgspec.structs.replace(self, names=False)
            if given["type"] == JSON_SCHEMA and self.bounds and _unbounded(given) != given:
                return msgspec.structs.replace(self, bounds=False)
            if has_names:
                return msgspec.structs.replace(self, names=False)
            worse = _STEPS[_STEPS.index(given["type"]) + 1]
            return msgspec.structs.replace(self, structure=worse) if worse != self.structure else None
        named = [name for name in _OPTIONAL & body.keys() if re.search(rf"\b{name}\b", complaint)]
        if not named:
            return None
        first = complaint.split(maxsplit=1)[0]
        culprit = first if first in named else max(named, key=len)
        return msgspec.structs.replace(self, dropped=self.dropped | {culprit})


def body_of(endpoint: Endpoint, call: Call, structure: str) -> Body:
    """Return the body for a call, with a structured reply asked for in one of the ways."""
    schema = call.prompt.schema
    user = call.prompt.user
    if schema is not None and structure != JSON_SCHEMA:
        user += _in_words(schema)
    body: Body = {
        "messages": [{"role": "system", "content": call.prompt.system}, {"role": "user", "content": user}],
        "max_tokens": call.reply_tokens_max,
        "temperature": call.temperature,
        "stream": True,
        "stream_options": {"include_usage": True},
    }
    if call.seed is not None and call.replies == 1:  # with one seed, several might all be the same
        body["seed"] = call.seed
    if call.replies > 1:
        body["n"] = call.replies
    if endpoint.reasoning_effort is not None:
        body["reasoning_effort"] = endpoint.reasoning_effort
    if schema is not None and structure != PLAIN:
        body["response_format"] = _format(schema, structure)
    return body


def worse_of(one: str, other: str) -> str:
    """Return the worse of two ways to a structured reply."""
    return _STEPS[max(_STEPS.index(one), _STEPS.index(other))]


def _format(schema: Schema, structure: str) -> dict[str, Any]:
    if structure == JSON_OBJECT:
        return {"type": JSON_OBJECT}
    return {
        "type": JSON_SCHEMA,
        JSON_SCHEMA: {"name": schema.name, "strict": True, "schema": schema.body},
    }


def _unbounded(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return what asks for a reply of a schema, of one without bounds: not all that are strict take them."""
    asked = given[JSON_SCHEMA]
    return {**given, JSON_SCHEMA: {**asked, "schema": Schema(asked["name"], asked["schema"]).unbounded}}


def _nameless(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return what asks for a reply of a schema, of one that does not say which names there are."""
    asked = given[JSON_SCHEMA]
    return {**given, JSON_SCHEMA: {**asked, "schema": Schema(asked["name"], asked["schema"]).nameless}}


def _in_words(schema: Schema) -> str:
    body = msgspec.json.encode(schema.nameless).decode()
    return (
        f"\n\nReply with one JSON object and nothing else. It must be valid under this JSON schema:\n{body}\n"
    )
