"""What a call is booked with: the tokens that an endpoint reports, within reason.

A report of too few would let no limit ever hold, one of absurdly many would stop all calls for a day. What
is not believed is estimated, and marked so. Pure. It must not know how a report came.
"""

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from sleeplsp.engine.model import Usage
from sleeplsp.llm.protocol import UsageReport

BYTES_PER_TOKEN_MAX = 8
"""A longer text of words and code has at least a token for so many bytes, runs of blanks not counted."""

SHORT_BYTES = 32
"""A text of so many bytes may be one token."""

OVERHEAD_TOKENS = 4096
"""Tokens that an endpoint may put around a prompt: a template, words of its own."""


class Sent(msgspec.Struct, frozen=True, kw_only=True):
    """What of a request tells how many tokens it and its reply can be."""

    prompt_tokens: int
    """Estimated, on the safe side."""
    prompt_tokens_min: int
    bytes: int
    reply_tokens_max: int
    is_echoed: bool
    """The prompt comes back, as a part of the reply that is not counted as one."""


class Written(msgspec.Struct, frozen=True, kw_only=True):
    """What of a reply has come so far."""

    tokens: int
    """Estimated."""
    tokens_min: int
    bytes: int


def sent(body: Mapping[str, Any], prompt_tokens: int, reply_tokens_max: int) -> Sent:
    """Return what a request's body tells."""
    texts = [str(each.get("content", "")) for each in body.get("messages", ())]
    return Sent(
        prompt_tokens=prompt_tokens,
        prompt_tokens_min=tokens_min((*texts, str(body.get("prompt", "")))),
        bytes=len(msgspec.json.encode(body)),
        reply_tokens_max=reply_tokens_max,
        is_echoed=bool(body.get("echo")),
    )


def tokens_min(texts: Iterable[str]) -> int:
    """Return how many tokens texts surely are, whatever counts them."""
    size = sum(len(" ".join(each.split()).encode("utf-8", "replace")) for each in texts)
    return max((size - SHORT_BYTES) // BYTES_PER_TOKEN_MAX, min(size, 1))


def usage_of(report: UsageReport | None, sent: Sent, written: Written, *, is_sure: bool = True) -> Usage:
    """Return what a call is booked with; as it is reported where that can be.

    Where the report is not sure to mean that, it is an estimate all the same.
    """
    if report is None or report.prompt_tokens is None:
        return Usage(sent.prompt_tokens, 0, written.tokens, 0, estimated=True)
    prompt, is_prompt_believed = _prompt(report.prompt_tokens, sent)
    completion, is_completion_believed = _completion(report.completion_tokens, sent, written)
    details = report.completion_tokens_details
    reasoning = details.reasoning_tokens if details is not None else None
    return Usage(
        prompt=prompt,
        cached=_within(cached_tokens(report), prompt),
        completion=completion,
        reasoning=_within(reasoning, completion),
        estimated=not (is_sure and is_prompt_believed and is_completion_believed),
    )


def cached_tokens(report: UsageReport) -> int | None:
    """Return how many of the prompt's tokens are said to have been at hand; None where that is not told."""
    details = report.prompt_tokens_details
    if details is not None and details.cached_tokens is not None:
        return details.cached_tokens
    return report.prompt_cache_hit_tokens


def _prompt(reported: int, sent: Sent) -> tuple[int, bool]:
    """Return a prompt's tokens, and whether they are those reported. No token is less than a byte."""
    if sent.prompt_tokens_min <= reported <= sent.bytes + OVERHEAD_TOKENS:
        return reported, True
    return sent.prompt_tokens, False


def _completion(reported: int | None, sent: Sent, written: Written) -> tuple[int, bool]:
    """Return a reply's tokens, and whether they are those reported. Thoughts may be hidden, and count."""
    if reported is None or reported < (0 if sent.is_echoed else written.tokens_min):
        return written.tokens, False
    if reported > max(sent.reply_tokens_max, written.bytes):
        return sent.reply_tokens_max, False
    return reported, True


def _within(reported: int | None, most: int) -> int:
    return min(max(reported or 0, 0), most)
