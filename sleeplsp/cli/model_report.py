"""What a model's part of a run came to, as an entry of the JSON and as lines.

It must not know how a model is asked.
"""

from collections.abc import Iterator
from typing import Annotated

import msgspec

from sleeplsp.cli.described import says
from sleeplsp.cli.tell import plural
from sleeplsp.engine.outcome import Reflected


class VerifiedEntry(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a model's claims that can be tried on calls of their functions."""

    state: Annotated[str, says("`on`; `off`: none may be called; `unavailable`: nobody could call any.")]
    why: Annotated[str, says("With `unavailable`: what is missing.")]
    waiting: Annotated[int, says("Could be tested, and have not been.")]
    tested: Annotated[int, says("Held for all calls.")]
    refuted: Annotated[int, says("Did not hold for a call, and are told no more.")]
    open: Annotated[int, says("Nothing could be said of them in this run.")]


class ModelEntry(msgspec.Struct, frozen=True, kw_only=True):
    """What a model's part of a run came to."""

    model: str
    modules: Annotated[int, says("Thought about in this run.")]
    known: Annotated[int, says("Thought about in this run or before.")]
    left: Annotated[int, says("Not reached: a limit, or an endpoint that is gone.")]
    calls: Annotated[int, says("Sent, answered or not.")]
    weighed: Annotated[int, says("Further calls that asked how likely a question is.")]
    replayed: Annotated[int, says("Of the calls, those that a recording answered.")]
    prompt_tokens: Annotated[int, says("Of calls that were answered; `status --ledger` has all.")]
    cached_tokens: Annotated[int, says("Of the prompt tokens, those that the endpoint had at hand.")]
    completion_tokens: int
    cost: Annotated[float, says("In the units of the setting `prices`.")]
    claims: Annotated[dict[str, int], says("Of all modules known, by kind.")]
    drops: Annotated[dict[str, int], says("What of the replies was not believed, by reason.")]
    failed: Annotated[dict[str, str], says("Modules about which no reply was of use, with the reason.")]
    trusted: Annotated[
        bool, says("False: too much of it is plainly wrong, and only what generations agree on is told.")
    ]
    stopped: Annotated[str, says("Why it ended before its time.")]
    seconds: float
    module_seconds: Annotated[float, says("Of replies about one module, on average of all known.")]
    verified: Annotated[VerifiedEntry | None, says("Null: no claim can be tried on calls.")] = None


def model_entry(reflected: Reflected) -> ModelEntry:
    """Return the entry."""
    return ModelEntry(
        model=reflected.model,
        modules=reflected.modules,
        known=reflected.known,
        left=reflected.left,
        calls=reflected.calls,
        weighed=reflected.weighed,
        replayed=reflected.replayed,
        prompt_tokens=reflected.prompt_tokens,
        cached_tokens=reflected.cached_tokens,
        completion_tokens=reflected.completion_tokens,
        cost=round(reflected.cost, 6),
        claims=reflected.claims,
        drops=reflected.drops,
        failed=dict(sorted(reflected.failed.items())),
        trusted=reflected.is_trusted,
        stopped=reflected.stopped,
        seconds=round(reflected.seconds, 3),
        module_seconds=round(reflected.module_seconds, 3),
        verified=msgspec.convert(reflected.verified, VerifiedEntry | None, from_attributes=True),
    )


def model_lines(entry: ModelEntry) -> Iterator[str]:
    """Yield what is said of it at the end of a report."""
    for path, reason in entry.failed.items():
        yield f"{path}: the model failed: {reason}"
    if entry.stopped:
        yield f"the model was stopped with {plural(entry.left, 'module')} left: {entry.stopped}"
    tokens = (
        f"{entry.prompt_tokens:,} prompt ({entry.cached_tokens:,} at hand), {entry.completion_tokens:,} reply"
    )
    cost = f", cost {entry.cost:g}" if entry.cost else ""
    replayed = f" ({entry.replayed:,} of a recording)" if entry.replayed else ""
    yield (
        f"model {entry.model}: {plural(entry.modules, 'module')} thought about, {entry.known:,} known, "
        f"{plural(entry.calls, 'call')}{replayed}, tokens of answers {tokens}{cost}"
    )
    if entry.known:
        yield f"model took {entry.seconds:,.1f} s now; replies about one module {entry.module_seconds:,.1f} s"
    if entry.claims:
        yield "model claims: " + ", ".join(f"{count:,} {kind}" for kind, count in entry.claims.items())
    if not entry.trusted:
        yield "model claims told: what several generations agree on alone, since too many are plainly wrong"
    if entry.drops:
        yield "model claims dropped: " + ", ".join(f"{count:,} {why}" for why, count in entry.drops.items())
    if entry.verified is not None:
        yield from _verified_lines(entry.verified)


def _verified_lines(entry: VerifiedEntry) -> Iterator[str]:
    if entry.tested or entry.refuted or entry.open:
        yield (
            f"model claims tried on calls: {entry.tested:,} held, {entry.refuted:,} refuted, "
            f"{entry.open:,} undecided"
        )
    if entry.why:
        yield f"{plural(entry.waiting, 'model claim')} cannot be tested: {entry.why}"
    elif entry.waiting and entry.state == "off":
        yield (
            f"{plural(entry.waiting, 'model claim')} can be tested on calls of their functions: --verify, or "
            "the setting verify, lets the workspace's code be run"
        )
