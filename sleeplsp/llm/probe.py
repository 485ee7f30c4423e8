"""What an endpoint can do with a model, found out by trying: a few short calls, booked as Phase.PROBE.

Each trial asks for what its feature alone can bring about, so that a feature that is accepted and not
honoured is noticed. What an endpoint refuses it cannot do; any other failure is no answer, and is raised.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any

from sleeplsp.engine.model import (
    Abilities,
    Call,
    DeniedError,
    MalformedError,
    ModelError,
    Phase,
    RefusedError,
    TruncatedError,
)
from sleeplsp.llm import weighing
from sleeplsp.llm.faults import RejectedError
from sleeplsp.llm.line import Line, Request, Told
from sleeplsp.llm.protocol import ModelList
from sleeplsp.llm.reply import Reply
from sleeplsp.llm.request import JSON_OBJECT, JSON_SCHEMA, PLAIN, Body, body_of
from sleeplsp.llm.usage import cached_tokens
from sleeplsp.llm.wire import COMPLETIONS
from sleeplsp.prompts.prompt import Prompt, Schema

VERSION = "probe/2"
"""Raised when a trial changes: what was remembered of an older one is found out anew."""

REPLY_TOKENS_MAX = 256
"""Enough for a reasoning model to say a word."""

TRIAL_S_MAX = 120.0

OFFER_S_MAX = 20.0

SYSTEM = "You follow instructions to the letter."
READY = "Reply with the one word: ready"
_SENTENCE = "Say hello in one short sentence of plain English. Do not write JSON, braces or quotation marks."
_NONSENSE = "zebra quartz 417"
"""What no model would say by itself: its tokens are unlikely unless it was told them."""

_SCHEMA = Schema(
    "trial",
    {
        "type": "object",
        "properties": {
            "harbour": {"type": "string", "enum": ["teal", "ochre"]},
            "tally": {"type": "integer", "enum": [417, 418]},
        },
        "required": ["harbour", "tally"],
        "additionalProperties": False,
    },
)
_MASKED = -0.05
"""The mean log-probability of nonsense is far below it, unless all else was ruled out before it was taken."""

_TOLD_MIN = 0.75
"""Of the tokens that two replies are likely to be, how many have to be told: not those of one alone."""

_NO_ANSWER = (RejectedError, MalformedError, TruncatedError, RefusedError)
"""With these an endpoint says that it cannot do what a trial asks for; with others it says nothing."""


class Trials:
    """The trials of one endpoint. What is done is remembered: a probe that was cut short goes on there."""

    def __init__(self, line: Line) -> None:
        self.line = line
        self._done: dict[str, Told | None] = {}

    async def told(self, call: Call, body: Body, **more: Any) -> Told | None:  # noqa: ANN401 - of a Request
        """Return what came of a trial; None where the endpoint cannot do it."""
        if call.key not in self._done:
            self._done[call.key] = await self._asked(call, body, more)
        return self._done[call.key]

    async def _asked(self, call: Call, body: Body, more: Mapping[str, Any]) -> Told | None:
        # Key and model have passed by then: what is denied is the path of plain completions.
        no_answer = (*_NO_ANSWER, DeniedError) if more.get("to") == COMPLETIONS else _NO_ANSWER
        request = Request(
            phase=call.phase,
            path=call.path,
            key=call.key,
            body=lambda _: body,
            prompt_tokens=call.prompt.tokens,
            deadline_s=call.deadline_s,
            limit_s=call.deadline_s,
            found_out=no_answer,
            **{"reply_tokens_max": call.reply_tokens_max, **more},
        )
        try:
            return await self.line.ask(request)
        except no_answer:
            return None


async def probe(trials: Trials) -> Abilities:
    """Find out what an endpoint can do. Raises ModelError where that cannot be found out."""
    endpoint = trials.line.endpoint
    offered = await _offered(trials.line)
    streamed = await _asked(trials, "stream", READY)
    whole = await _asked(trials, "whole", READY, lambda body: {**_whole(body), "logprobs": True})
    if whole is None:
        whole = await _asked(trials, "bare", READY, _whole)
    if streamed is None and whole is None:
        raise ModelError(f"{endpoint.model} at {endpoint.shown} has no answer to the simplest prompt")
    structure = await _structure(trials)
    return Abilities(
        structure=structure,
        usage=_has_usage(whole) or _has_usage(streamed),
        cached_tokens=any(_has_cached(each) for each in (whole, streamed)),
        streaming=streamed is not None and streamed.reply.streamed,
        streaming_usage=streamed is not None and streamed.reply.streamed and _has_usage(streamed),
        several=await _several(trials, streamed or whole),
        reply_logprobs=whole is not None and _are_whole(whole.reply),
        prompt_logprobs=await _weighs(trials, "echo", echoed=True),
        forced_decode=structure == JSON_SCHEMA and await _weighs(trials, "forced", echoed=False),
        context_tokens=_context(endpoint.model, offered),
        models=tuple(sorted(each.id for each in offered.data if each.id)),
    )


def trial_call(name: str, text: str, schema: Schema | None = None) -> Call:
    """Return the call of a trial."""
    prompt = Prompt(version=VERSION, system=SYSTEM, parts=(text,), schema=schema)
    return Call(
        phase=Phase.PROBE,
        path="",
        key=f"{VERSION}/{name}",
        prompt=prompt,
        reply_tokens_max=REPLY_TOKENS_MAX,
        temperature=0.0,
        deadline_s=TRIAL_S_MAX,
    )


async def _offered(line: Line) -> ModelList:
    """Return the list of models; an empty one where there is no such list."""
    try:
        return await line.models(OFFER_S_MAX)
    except (DeniedError, MalformedError):  # without such a path there may still be the other
        return ModelList([])


async def _asked(
    trials: Trials,
    name: str,
    text: str,
    change: Callable[[Body], Body] = lambda body: body,
    *,
    schema: Schema | None = None,
    structure: str = PLAIN,
) -> Told | None:
    """Ask for a trial; None where the endpoint cannot do it."""
    call = trial_call(name, text, schema)
    body = change(body_of(trials.line.endpoint, call, structure))
    return await trials.told(call, body)


def _whole(body: Body) -> Body:
    """Return a body whose reply comes in one piece."""
    return {name: value for name, value in body.items() if name not in ("stream", "stream_options")}


async def _structure(trials: Trials) -> str:
    """Return the best way to a structured reply that is honoured.

    The schema's names stand nowhere in the prompt for json_schema, and the prompt for json_object speaks
    against JSON: only an endpoint that holds the model to it replies so.
    """
    strict = await _asked(trials, "json_schema", _SENTENCE, schema=_SCHEMA, structure=JSON_SCHEMA)
    if strict is not None and _fits(_object(strict.reply)):
        return JSON_SCHEMA
    loose = await _asked(trials, "json_object", _SENTENCE, lambda body: {**body, "response_format": _LOOSE})
    return JSON_OBJECT if loose is not None and _object(loose.reply) is not None else PLAIN


_LOOSE = {"type": JSON_OBJECT}


def _object(reply: Reply) -> Mapping[str, Any] | None:
    try:
        found = json.loads(reply.text)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _fits(found: Mapping[str, Any] | None) -> bool:
    if found is None or found.keys() != {"harbour", "tally"}:
        return False
    return found["harbour"] in ("teal", "ochre") and found["tally"] in (417, 418)


async def _several(trials: Trials, one: Told | None) -> bool:
    """Tell whether two replies come, and the tokens of both are told; `one` is such a reply alone."""
    call = trial_call("several", READY)
    body = {**body_of(trials.line.endpoint, call, PLAIN), "n": 2, "temperature": 1.0}
    told = await trials.told(call, body, reply_tokens_max=2 * REPLY_TOKENS_MAX, replies=2)
    if told is None or len(told.reply.texts) != 2 or not all(told.reply.texts):
        return False
    if one is None or one.usage.estimated or told.usage.estimated:
        return True  # what is estimated is so of all that comes
    a_letter = max(one.usage.completion - 1, 0) / max(len(one.reply.text), 1)  # a reply's end is a token, too
    expected = sum(1 + a_letter * len(each) for each in told.reply.texts)
    return told.usage.completion >= _TOLD_MIN * expected


async def _weighs(trials: Trials, name: str, *, echoed: bool) -> bool:
    """Tell whether nonsense is weighed, and found unlikely."""
    call = trial_call(name, READY)
    if echoed:
        body = weighing.echoed_body(call, _NONSENSE)
        told = await trials.told(call, body, to=COMPLETIONS, may_be_cut=True, reply_tokens_max=1)
    else:
        body = weighing.forced_body(trials.line.endpoint, call, _NONSENSE)
        told = await trials.told(call, body, reply_tokens_max=weighing.forced_tokens_max(_NONSENSE))
    if told is None:
        return False
    read = weighing.echoed_weight if echoed else weighing.forced_weight
    weight = read(_NONSENSE, told.reply)
    return weight is not None and weight.mean < _MASKED


def _are_whole(reply: Reply) -> bool:
    """Tell whether the log-probabilities are those of the whole reply, as far as they can be compared."""
    values = [each.logprob for each in reply.tokens]
    if not values or any(each is None or each > 0 for each in values):
        return False
    return reply.raw.strip() in "".join(each.token for each in reply.tokens)


def _has_usage(told: Told | None) -> bool:
    return told is not None and not told.usage.estimated and told.usage.prompt > 0


def _has_cached(told: Told | None) -> bool:
    report = told.reply.report if told is not None else None
    return report is not None and cached_tokens(report) is not None


def _context(model: str, offered: ModelList) -> int | None:
    named = [each for each in offered.data if each.id == model]
    only = offered.data if len(offered.data) == 1 else []
    return next((each.context_tokens for each in (*named, *only) if each.context_tokens), None)
