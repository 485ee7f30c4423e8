"""What endpoints send, as far as anybody here looks at it. Read with tolerance: all is optional.

Shapes of `/chat/completions`, streamed and not, and of `/completions` and `/models`. It must not know
what is made of them.
"""

import builtins
from typing import Any

import msgspec


class TokenLogprob(msgspec.Struct, frozen=True):
    """A token of the reply, and the logarithm of its probability."""

    token: str = ""
    logprob: float | None = None
    bytes: list[int] | None = None

    @property
    def raw(self) -> builtins.bytes:
        """Its bytes, which may be a part of a character."""
        if self.bytes is None:
            return self.token.encode("utf-8", "replace")
        return builtins.bytes(each & 0xFF for each in self.bytes)

    @property
    def size(self) -> int:
        """How many bytes it is long."""
        return len(self.raw)


class Logprobs(msgspec.Struct, frozen=True):
    """Of a reply's tokens in `content`; of a plain completion's in three lists of equal length."""

    content: list[TokenLogprob] | None = None
    tokens: list[str] | None = None
    token_logprobs: list[float | None] | None = None


class Message(msgspec.Struct, frozen=True):
    """A message, or a piece of one."""

    content: str | None = None
    refusal: str | None = None
    reasoning_content: str | None = None
    reasoning: str | None = None


class Choice(msgspec.Struct, frozen=True):
    """One reply, or a piece of one."""

    index: int | None = None
    message: Message | None = None
    delta: Message | None = None
    text: str | None = None
    finish_reason: str | None = None
    logprobs: Logprobs | None = None


class PromptDetails(msgspec.Struct, frozen=True):
    """What the prompt's tokens were."""

    cached_tokens: int | None = None


class CompletionDetails(msgspec.Struct, frozen=True):
    """What the reply's tokens were."""

    reasoning_tokens: int | None = None


class UsageReport(msgspec.Struct, frozen=True):
    """Tokens, as reported."""

    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    prompt_tokens_details: PromptDetails | None = None
    completion_tokens_details: CompletionDetails | None = None
    prompt_cache_hit_tokens: int | None = None
    """What some say instead of details."""


class Chunk(msgspec.Struct, frozen=True):
    """A whole response, or an event of a stream."""

    choices: list[Choice] | None = None
    usage: UsageReport | None = None
    model: str | None = None
    error: Any = None


class ModelMeta(msgspec.Struct, frozen=True):
    """What llama.cpp says of a model."""

    n_ctx: int | None = None


class ModelEntry(msgspec.Struct, frozen=True):
    """One model of a list; each kind of server has a name of its own for the context's length."""

    id: str = ""
    max_model_len: int | None = None
    context_length: int | None = None
    loaded_context_length: int | None = None
    max_context_length: int | None = None
    meta: ModelMeta | None = None

    @property
    def context_tokens(self) -> int | None:
        """Length of the context in tokens, where it is said; what is loaded counts, not what could be."""
        loaded = self.meta.n_ctx if self.meta is not None else None
        told = (
            loaded,
            self.loaded_context_length,
            self.max_model_len,
            self.context_length,
            self.max_context_length,
        )
        return next((each for each in told if each is not None and each > 0), None)


class ModelList(msgspec.Struct, frozen=True):
    """What an endpoint offers."""

    data: list[ModelEntry]


decode_chunk = msgspec.json.Decoder(Chunk, strict=False).decode
decode_models = msgspec.json.Decoder(ModelList, strict=False).decode
