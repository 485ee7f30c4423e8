"""How the scripted endpoint answers by itself: as well as its features let it.

Pure. It must not know how a response is sent.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from sleeplsp.llm.scripted.counts import Seen, Tokens
from sleeplsp.llm.scripted.script import Features, Step

CHARACTERS_PER_TOKEN = 4
_LIKELY = -2.0
_GRAIN = 16
"""Cached tokens are counted in blocks of so many."""

_FEATURES = {"stream": "stream", "logprobs": "logprobs", "n": "n", "echo": "echo"}


class Prepared(msgspec.Struct, frozen=True, kw_only=True):
    """A response, before it is sent."""

    texts: tuple[str, ...]
    thought: str
    refusal: str
    finish: str | None
    streams: bool
    chat: bool
    usage: bool
    told: str
    """Of which of several replies the usage is told, and how often, as `Features.usage_of` says."""
    tokens: tuple[tuple[str, float], ...] | None
    """Log-probabilities of the first text's tokens."""
    prompt: int
    cached: int
    completion: int
    reasoning: int

    def add_to(self, sum_: Tokens) -> None:
        """Add the tokens to what was reported."""
        sum_.prompt += self.prompt
        sum_.cached += self.cached
        sum_.completion += self.completion
        sum_.reasoning += self.reasoning


def complaint(features: Features, seen: Seen) -> str | None:
    """Return the parameter of a request that the endpoint refuses; None if it takes all."""
    for name in features.refuses:
        if name in seen.body:
            return name
    for name, feature in _FEATURES.items():
        is_wanted = bool(seen.body.get(name)) and (name != "n" or seen.body[name] != 1)
        if is_wanted and getattr(features, feature) == "refused":
            return name
    form = _form(seen)
    return "response_format" if form in ("json_schema", "json_object") and _refuses(features, form) else None


def prepared(features: Features, step: Step, seen: Seen, earlier: Sequence[str]) -> Prepared:
    """Return the response to a request. `earlier`: the prompts that are at hand."""
    text = _text(features, step, seen)
    several = seen.body.get("n", 1) if features.n == "honoured" else 1
    whole = seen.system + seen.user
    prompt = step.prompt_tokens if step.prompt_tokens is not None else tokens_of(whole)
    cached = step.cached_tokens if step.cached_tokens is not None else _cached(features, whole, earlier)
    reasoning = step.reasoning_tokens if step.reasoning_tokens is not None else tokens_of(step.thought)
    completion = (1 if features.usage_of == "one" else several) * tokens_of(text) + reasoning
    return Prepared(
        texts=(text,) * several,
        thought=step.thought,
        refusal=step.refusal,
        finish=_finish(step, seen, text),
        streams=bool(seen.body.get("stream")) and features.stream == "honoured",
        chat="messages" in seen.body,
        usage=features.usage,
        told=features.usage_of if several > 1 else "all",
        tokens=_logprobs(features, seen, text),
        prompt=prompt,
        cached=cached,
        completion=step.completion_tokens if step.completion_tokens is not None else completion,
        reasoning=reasoning,
    )


def tokens_of(text: str) -> int:
    """Return how many tokens the endpoint counts in a text."""
    return -(-len(text) // CHARACTERS_PER_TOKEN)


def instance_of(schema: Mapping[str, Any]) -> Any:  # noqa: ANN401 - any JSON
    """Return the plainest value that a schema allows, as far as our own schemas go.

    Lists are empty there, so that no reference is followed.
    """
    if "const" in schema:
        return schema["const"]
    if "enum" in schema:
        return schema["enum"][0]
    for name in ("anyOf", "oneOf"):
        if name in schema:
            return instance_of(schema[name][-1])
    kind = schema.get("type")
    kind = kind[-1] if isinstance(kind, list) else kind
    match kind:
        case "object":
            return {name: instance_of(inner) for name, inner in schema.get("properties", {}).items()}
        case "array":
            return [instance_of(schema["items"]) for _ in range(schema.get("minItems", 0))]
        case "integer" | "number":
            return schema.get("minimum", 0)
        case "boolean":
            return False
        case "null":
            return None
    return "x" * int(schema.get("minLength", 0))


def _text(features: Features, step: Step, seen: Seen) -> str:
    if step.value is not None:
        text = json.dumps(step.value, ensure_ascii=False)
    elif step.text is not None:
        text = step.text
    else:
        text = _own(features, seen)
    if step.bytes_min and text:
        text *= -(-step.bytes_min // len(text))
    return text


def _own(features: Features, seen: Seen) -> str:
    form = _form(seen)
    if form == "json_schema" and features.json_schema == "honoured":
        return json.dumps(instance_of(seen.body["response_format"]["json_schema"]["schema"]))
    if form == "json_object" and features.json_object == "honoured":
        return "{}"
    return "" if seen.body.get("max_tokens") == 1 else "ready"


def _finish(step: Step, seen: Seen, text: str) -> str | None:
    limit = seen.body.get("max_tokens") or seen.body.get("max_completion_tokens")
    is_own = step.text is None and step.value is None
    return "length" if is_own and limit is not None and tokens_of(text) > limit else step.finish


def _form(seen: Seen) -> str:
    return str((seen.body.get("response_format") or {}).get("type", ""))


def _refuses(features: Features, form: str) -> bool:
    return (features.json_schema if form == "json_schema" else features.json_object) == "refused"


def _cached(features: Features, whole: str, earlier: Sequence[str]) -> int:
    if not features.cached:
        return 0
    common = max((_common(whole, each) for each in earlier), default=0)
    return common // CHARACTERS_PER_TOKEN // _GRAIN * _GRAIN


def _common(one: str, other: str) -> int:
    """Return how many characters two texts begin alike with."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((at for at, (mine, its) in pairs if mine != its), min(len(one), len(other)))


def _logprobs(features: Features, seen: Seen, text: str) -> tuple[tuple[str, float], ...] | None:
    if not seen.body.get("logprobs") or features.logprobs != "honoured":
        return None
    is_forced = _form(seen) == "json_schema"
    mean = 0.0 if features.masked and is_forced else _mean(features, text)
    tokens = tuple((piece, mean) for piece in _pieces(text))
    if seen.body.get("echo") and features.echo == "honoured":
        prompt = str(seen.body.get("prompt", ""))
        return (*((piece, _mean(features, prompt)) for piece in _pieces(prompt)), ("x", -1.0))
    return tokens


def _mean(features: Features, text: str) -> float:
    return next((mean for name, mean in features.weights.items() if name in text), _LIKELY)


def _pieces(text: str) -> list[str]:
    return [text[at : at + CHARACTERS_PER_TOKEN] for at in range(0, len(text), CHARACTERS_PER_TOKEN)]
