"""Scripts of the scripted endpoint: what it can do, and what it does with one request after the other.

Written in TOML: a table `[endpoint]`, then one `[[step]]` for each request in turn. It must not know how a
script is carried out.
"""

import tomllib
from typing import Any, Literal

import msgspec

from sleeplsp.engine.errors import UsageError

Honour = Literal["honoured", "ignored", "refused"]
"""Whether a feature is there, is accepted without effect, or is refused with 400."""

Ending = Literal["done", "reset", "close", "never", "garbage"]
"""How a reply ends: as it should; with the connection reset, or closed; not at all; with what is no JSON."""


class Features(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What the endpoint can do."""

    models: tuple[str, ...] = ("scripted",)
    context_tokens: int | None = 32_768
    key: str = ""
    """If given, requests without it are answered with 401."""
    stream: Honour = "honoured"
    usage: bool = True
    cached: bool = True
    """Prompt tokens seen before are reported as cached."""
    json_schema: Honour = "honoured"
    json_object: Honour = "honoured"
    logprobs: Honour = "honoured"
    masked: bool = False
    """Log-probabilities are those after a schema has ruled out all else."""
    n: Honour = "honoured"
    usage_of: Literal["all", "twice", "repeated", "each", "one"] = "all"
    """Of several replies tokens are told: of all together, once, or with the last piece as well, or in
    several events of their own; of each in an event of its own as it ends; of one alone."""
    echo: Honour = "refused"
    completions: bool = True
    """Without, there is no path for plain completions."""
    refuses: tuple[str, ...] = ()
    """Parameters that are answered with 400, which names them."""
    trials_answered: int | None = None
    """Trials of a probe beyond so many are held; None: they are all answered."""
    weights: dict[str, float] = {}
    """Mean log-probability of forced texts that hold the name; -2 for all others."""


class Step(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What is done with one request."""

    when: str = ""
    """Only a request whose user message holds this takes the step; '' for any."""
    times: int = 1
    """How many requests take the step; 0: all there are."""
    status: int = 200
    headers: dict[str, str] = {}
    body: str | None = None
    """The whole response, in the place of what would be made of the rest."""
    text: str | None = None
    """The reply; by default one that fits the schema asked for."""
    value: Any = None
    """The reply as a table, which is sent as JSON."""
    finish: str | None = "stop"
    refusal: str = ""
    thought: str = ""
    """What a reasoning model thinks before its reply."""
    bytes_min: int = 0
    """The reply is repeated until it is so long."""
    hold: bool = False
    """It waits until it is released before it answers."""
    first_token_s: float = 0.0
    bytes_per_s: float = 0.0
    """0: all at once."""
    ends: Ending = "done"
    cut_at: int | None = None
    """Characters of the reply after which it ends as said; None: all."""
    prompt_tokens: int | None = None
    cached_tokens: int | None = None
    completion_tokens: int | None = None
    reasoning_tokens: int | None = None


class Script(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What an endpoint can do, and does. Requests beyond the last step are answered as well as it can."""

    endpoint: Features = Features()
    step: tuple[Step, ...] = ()


def read_script(text: str) -> Script:
    """Return the script a text says. Raises UsageError."""
    try:
        return msgspec.convert(tomllib.loads(text), Script)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise UsageError(f"this is no script of an endpoint: {error}") from error
