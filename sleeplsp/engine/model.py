"""A language model as the engine sees it: calls go in, answers come out, and every failure has a name.

The port `Model` lives on one event loop. A call says what it is for, so that its cost can be booked; whoever
fulfils the port reserves that cost in the Ledger before anything is sent. It must not be known here which
protocol the endpoint speaks.
"""

from collections.abc import Callable
from enum import StrEnum
from typing import Protocol

import msgspec

from sleeplsp.engine.errors import SleepError
from sleeplsp.prompts.prompt import Prompt


class Phase(StrEnum):
    """What a call is for."""

    SLEEP = "sleep"
    CRITIC = "critic"
    TEST = "test"
    """Somebody asks and waits."""
    PROBE = "probe"
    BENCH = "bench"


class Call(msgspec.Struct, frozen=True, kw_only=True):
    """One request to a model."""

    phase: Phase
    path: str
    """The module it is about; '' for none."""
    key: str
    """What the answer is stored and replayed under: a digest of the prompt and all parameters."""
    prompt: Prompt
    reply_tokens_max: int
    """Of each reply."""
    replies: int = 1
    """How many are wanted, of a prompt with a schema. Fewer may come: not all endpoints give several."""
    temperature: float = 0.7
    seed: int | None = None
    deadline_s: float = 300.0
    """Seconds for all of it: waiting for a place, tries, the reply."""


class Usage(msgspec.Struct, frozen=True):
    """Tokens of one call, as the endpoint reports them; estimated where it does not."""

    prompt: int = 0
    cached: int = 0
    """Of the prompt's, those that the endpoint had at hand."""
    completion: int = 0
    reasoning: int = 0
    """Of the completion's, those that nobody sees."""
    estimated: bool = False

    @property
    def total(self) -> int:
        """All of them."""
        return self.prompt + self.completion


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """A whole reply: it ended by itself, and the model did not refuse."""

    text: str
    others: tuple[str, ...] = ()
    """More replies to the same prompt, where several were wanted and came: each is whole."""
    model: str
    """As the endpoint calls it."""
    usage: Usage
    seconds: float
    ttft_s: float | None = None
    """Seconds to the first token, where it was streamed."""
    retries: int = 0
    cost: float = 0.0
    """In the units of the setting `prices`."""
    replayed: bool = False
    """It comes from a recording: nothing was sent."""


class Weight(msgspec.Struct, frozen=True):
    """How likely a model finds a text: the mean log-probability of its tokens, and how many there are."""

    mean: float
    tokens: int


class Abilities(msgspec.Struct, frozen=True, kw_only=True):
    """What an endpoint can do with one model, found out by trying; each has its fallback."""

    structure: str
    """Best way to a structured reply: 'json_schema', 'json_object' or 'plain'."""
    usage: bool
    """It reports tokens; else they are estimated."""
    cached_tokens: bool
    streaming: bool
    streaming_usage: bool
    several: bool
    """`n` replies to one prompt in one call."""
    reply_logprobs: bool
    prompt_logprobs: bool
    """Log-probabilities of the prompt's own tokens: as many as there are tokens, and one."""
    forced_decode: bool
    """A schema that allows one text only, with log-probabilities of that text's tokens."""
    context_tokens: int | None = None
    """Length of the context; None: it does not say."""
    models: tuple[str, ...] = ()
    """What it offers."""

    @property
    def can_weigh(self) -> bool:
        """Whether it can be found out how likely the model finds a text."""
        return self.prompt_logprobs or self.forced_decode


class ModelError(SleepError):
    """A call that came to nothing; one line for the user. Its answer is never stored."""

    exit_code = 3


class UnreachableError(ModelError):
    """Nobody answers there, or always with an error of the server's own."""


class DeniedError(ModelError):
    """The endpoint does not accept the key, the model's name or the request: trying again is of no use."""

    exit_code = 2


class OverloadedError(ModelError):
    """The endpoint asks to be left alone for a while."""


class DeadlineError(ModelError):
    """The call was not done in its time."""


class TruncatedError(ModelError):
    """The reply was cut off at `reply_tokens_max`."""


class TooLongError(ModelError):
    """The prompt is longer than the model's context."""


class NoRoomError(ModelError):
    """The limit `prompt_tokens_max` is too small for any prompt: nothing can be asked until it is raised."""

    exit_code = 2


class RefusedError(ModelError):
    """The model, or a filter before it, will not answer."""


class MalformedError(ModelError):
    """What came is not what the protocol says, or is larger than a reply may be."""


class UnfitError(ModelError):
    """The endpoint did all it should, and what the model says is of no use."""


class CapError(ModelError):
    """A limit of tokens or money is reached: what is done is kept, the rest waits."""

    def __init__(self, line: str, *, of_module: bool = False) -> None:
        super().__init__(line)
        self.of_module = of_module
        """It is one module's limit: others may go on."""


class UnbookedError(ModelError):
    """Nothing can be booked, so that nothing may be sent."""


class Model(Protocol):
    """A language model behind an endpoint. Cancelling a call ends it at the endpoint too."""

    async def answer(self, call: Call, hear: Callable[[str], None] | None = None) -> Answer:
        """Have a call answered; raises ModelError. `hear` is told pieces of the reply as they come."""
        ...

    async def weigh(self, call: Call, text: str) -> Weight:
        """Return how likely `text` is as the reply to a call; raises ModelError.

        Only where `Abilities.can_weigh`.
        """
        ...

    async def abilities(self) -> Abilities:
        """Find out, once, what the endpoint can do with this model, or remember it; raises ModelError."""
        ...

    async def is_there(self) -> bool:
        """Tell whether anybody answers there now, without a call."""
        ...

    async def close(self) -> None:
        """End what is under way."""
        ...
