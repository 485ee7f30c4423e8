"""What a model's answer cost, as an entry of the JSON and as a line. It must not know what was asked."""

from typing import TYPE_CHECKING, Annotated

import msgspec

from sleeplsp.cli.described import says
from sleeplsp.cli.tell import plural

if TYPE_CHECKING:
    from sleeplsp.engine.enquiry import Enquired

REPLAYED = "A recording answered: nothing was sent, and the figures are those of when it was recorded."


class SpentEntry(msgspec.Struct, frozen=True, kw_only=True):
    """What answering cost; nothing but for a call of a model."""

    tokens: int
    prompt: int
    cached: int
    completion: int
    reasoning: int
    estimated: Annotated[bool, says("The endpoint does not report tokens.")]
    cost: Annotated[float, says("In the units of the setting `prices`.")]
    seconds: float
    model: str | None
    replayed: Annotated[bool, says(REPLAYED)]


NOTHING_SPENT = SpentEntry(
    tokens=0,
    prompt=0,
    cached=0,
    completion=0,
    reasoning=0,
    estimated=False,
    cost=0.0,
    seconds=0.0,
    model=None,
    replayed=False,
)


def spent_of(told: "Enquired") -> SpentEntry:
    """Return what an answer of a model cost."""
    usage = told.usage
    return SpentEntry(
        tokens=usage.total,
        prompt=usage.prompt,
        cached=usage.cached,
        completion=usage.completion,
        reasoning=usage.reasoning,
        estimated=usage.estimated,
        cost=told.cost,
        seconds=round(told.seconds, 3),
        model=told.model,
        replayed=told.replayed,
    )


def spent_line(spent: SpentEntry) -> str:
    """Say what an answer of a model cost."""
    about = "about " if spent.estimated else ""
    cost = (
        f"{about}{plural(spent.tokens, 'token')} ({spent.prompt:,} sent, of these {spent.cached:,} at hand; "
        f"{spent.completion:,} answered), {spent.seconds:.1f} s"
    )
    return f"{spent.model}: {f'of a recording, no tokens now; then {cost}' if spent.replayed else cost}"
