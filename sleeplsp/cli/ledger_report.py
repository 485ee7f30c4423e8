"""The JSON of what calls of models took and may still take. It must not know where the values come from."""

from typing import Annotated, Literal

import msgspec

from sleeplsp.cli.described import says


class LimitEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One limit of tokens, or of money in the units of the setting `prices`."""

    setting: str
    per: Annotated[Literal["day", "run", "module"], says("A module's limit is that of one day.")]
    limit: Annotated[float | None, says("Null: none.")]
    used: Annotated[
        float | None,
        says("By all workspaces and processes, what is reserved included; null but for a day's."),
    ]
    left: float | None


class BudgetEntry(msgspec.Struct, frozen=True, kw_only=True):
    """What all workspaces and processes of this user took today, and may still take. Days are UTC."""

    tokens_today: Annotated[int, says("What is reserved included.")]
    cost_today: float
    tokens_reserved: Annotated[
        int, says("Of calls that are under way, or whose process died within the last hour.")
    ]
    calls_under_way: int
    limits: tuple[LimitEntry, ...]


class CallsEntry(msgspec.Struct, frozen=True, kw_only=True):
    """All calls of one phase and model that are over, added up."""

    phase: Annotated[str, says("sleep, critic, test, probe, bench.")]
    model: str
    calls: int
    failed: Annotated[int, says("They came to nothing; their tokens count all the same.")]
    prompt_tokens: int
    cached_tokens: Annotated[int, says("Of the prompts', those that the endpoint had at hand.")]
    cache_hit_rate: Annotated[float | None, says("Cached by prompt tokens; null where there are none.")]
    completion_tokens: int
    reasoning_tokens: Annotated[int, says("Of the completions', those that nobody sees.")]
    estimated: Annotated[int, says("Calls whose tokens the endpoint did not tell, or not credibly.")]
    retries: int
    seconds: float
    cost: float


class LedgerEntry(msgspec.Struct, frozen=True, kw_only=True):
    """Calls of models from this workspace."""

    today: Annotated[tuple[CallsEntry, ...], says("Since midnight, UTC.")]
    ever: tuple[CallsEntry, ...]
