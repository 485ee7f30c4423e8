"""The settings of the language model: where it is, what it may cost, how long anybody waits for it.

All are the user's; a repository may only lower a limit. There is no setting for a key: it comes from the
environment or a keyring, so that it is never written where settings are.
"""

from collections.abc import Mapping
from pathlib import PurePath
from typing import Annotated, Literal

import msgspec

from sleeplsp.engine.settings.kinds import Count, Scope, Seconds, Share, about

Effort = Literal["none", "minimal", "low", "medium", "high", "xhigh"]
Generations = Annotated[int, msgspec.Meta(ge=1, le=5)]
Verbosity = Annotated[int, msgspec.Meta(ge=0, le=4)]
Calls = Annotated[int, msgspec.Meta(ge=1, le=64)]

KEY_VARIABLE = "SLEEPLSP_API_KEY"
"""Environment variable that holds the endpoint's key, unless another is named."""


class Price(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a model costs, in units of money per million tokens."""

    prompt: Share = 0.0
    cached: Share | None = None
    """Of the prompt's tokens those that the endpoint had at hand; None: as much as others."""
    completion: Share = 0.0


class ModelSettings(msgspec.Struct, frozen=True, kw_only=True):
    """What concerns the language model."""

    endpoint: Annotated[
        str | None,
        about(
            Scope.USER,
            "Base URL of an OpenAI-compatible endpoint, such as `http://localhost:8080/v1`; without one "
            "no model is asked, and nothing leaves the machine.",
        ),
    ] = None
    local_model: Annotated[
        str | None,
        about(
            Scope.USER,
            "A GGUF file: an embedded llama.cpp server is started with it and stands in the endpoint's "
            "place (needs `sleeplsp[local]`).",
        ),
    ] = None
    model: Annotated[str | None, about(Scope.USER, "The model that thinks while nobody waits.")] = None
    answer_model: Annotated[
        str | None, about(Scope.USER, "The model that answers when somebody asks; by default the same.")
    ] = None
    key_variable: Annotated[
        str,
        about(
            Scope.USER,
            "Environment variable that holds the endpoint's key; where it is not set, a keyring is asked "
            "if there is one.",
        ),
    ] = KEY_VARIABLE
    replay: Annotated[
        str | None,
        about(
            Scope.USER,
            "A folder of recorded calls: what is recorded there is not asked again, what is not is recorded "
            "where there is a model to ask.",
        ),
    ] = None
    consult: Annotated[
        bool,
        about(
            Scope.LOWER_ONLY,
            "Whether a model is asked at all; without, an endpoint or a model that is named is left alone, "
            "and what `model` has thought earlier is told.",
        ),
    ] = True
    sleep: Annotated[
        bool,
        about(
            Scope.USER,
            "Whether the model thinks beforehand; without, it only answers, and what it has thought "
            "earlier is told.",
        ),
    ] = True
    reasoning_effort: Annotated[
        Effort | None, about(Scope.USER, "What reasoning models are told; by default nothing.")
    ] = None
    verbosity: Annotated[
        Verbosity, about(Scope.USER, "How long answers are: 0, a sentence, to 4, a page.")
    ] = 2
    generations_max: Annotated[
        Generations,
        about(Scope.LOWER_ONLY, "How many replies about one module are compared, at most."),
    ] = 3
    calls_max: Annotated[Calls, about(Scope.USER, "How many calls are under way at a time, at most.")] = 4
    call_s_max: Annotated[
        Seconds, about(Scope.LOWER_ONLY, "Seconds that one call may take, with all that is tried again.")
    ] = 300.0
    answer_s_max: Annotated[
        Seconds, about(Scope.LOWER_ONLY, "The same where somebody waits for the answer.")
    ] = 60.0
    prompt_tokens_max: Annotated[
        Count,
        about(
            Scope.LOWER_ONLY,
            "Tokens of a prompt; a module that needs more is sent in parts. Fewer than 2,200 "
            "may be too few for any part: then nothing is thought about.",
        ),
    ] = 12_000
    reply_tokens_max: Annotated[Count, about(Scope.LOWER_ONLY, "Tokens of a reply.")] = 3_000
    tokens_day_max: Annotated[
        Count,
        about(Scope.LOWER_ONLY, "Tokens a day (UTC), of all servers and commands of this user together."),
    ] = 2_000_000
    tokens_run_max: Annotated[
        Count | None, about(Scope.LOWER_ONLY, "Tokens of one run; by default no such limit.")
    ] = None
    tokens_module_max: Annotated[Count, about(Scope.LOWER_ONLY, "Tokens a day (UTC) for one module.")] = (
        200_000
    )
    cost_day_max: Annotated[
        Share | None,
        about(Scope.LOWER_ONLY, "Money a day (UTC), in the units of `prices`; by default no such limit."),
    ] = None
    cost_run_max: Annotated[
        Share | None,
        about(Scope.LOWER_ONLY, "Money for one run, in the units of `prices`; by default no such limit."),
    ] = None
    cost_module_max: Annotated[
        Share | None,
        about(Scope.LOWER_ONLY, "Money a day (UTC) for one module; by default no such limit."),
    ] = None
    prices: Annotated[
        Mapping[str, Price],
        about(
            Scope.USER,
            "What models cost per million tokens, by name: "
            '`{ "some-model" = { prompt = 0.4, cached = 0.1, completion = 1.6 } }`.',
        ),
    ] = msgspec.field(default_factory=dict)

    @property
    def has_model(self) -> bool:
        """Whether the user has named a model to ask."""
        return self.endpoint is not None or self.local_model is not None

    @property
    def has_cost_limit(self) -> bool:
        """Whether the user has set a limit of money."""
        limits = (self.cost_day_max, self.cost_run_max, self.cost_module_max)
        return any(each is not None for each in limits)

    @property
    def model_named(self) -> str | None:
        """What the model that thinks is called, in keys and in the books; None where none is named."""
        named = self.local_model
        return self.model or (PurePath(named).stem if named is not None else None)

    @property
    def remembers(self) -> bool:
        """Whether what a model has thought earlier is to be told, be it asked now or not."""
        return self.has_model or self.replay is not None or self.model is not None

    @property
    def is_thoughtful(self) -> bool:
        """Whether a model, or a recording of one, is to think beforehand."""
        return self.sleep and (self.has_model or self.replay is not None)
