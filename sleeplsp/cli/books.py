"""What commands say of calls of models: what they took, by phase and model, and what they may still take.

It must not know how a ledger is kept.
"""

from collections.abc import Iterator
from typing import Literal

from sleeplsp.cli.ledger_report import BudgetEntry, CallsEntry, LedgerEntry, LimitEntry
from sleeplsp.cli.tell import plural
from sleeplsp.engine.caps import caps_of
from sleeplsp.engine.ledger import Books, PhaseSum
from sleeplsp.engine.settings.model import ModelSettings

_PERIODS: tuple[Literal["day", "run", "module"], ...] = ("day", "run", "module")
_COLUMNS = (
    "calls",
    "failed",
    "estimated",
    "prompt",
    "cached",
    "hits",
    "reply",
    "reasoning",
    "retries",
    "seconds",
    "cost",
)


def ledger_entry(books: Books) -> LedgerEntry:
    """Return the sums as they are reported."""
    return LedgerEntry(today=tuple(map(_calls, books.today)), ever=tuple(map(_calls, books.ever)))


def budget_entry(books: Books, settings: ModelSettings) -> BudgetEntry:
    """Return the limits, and what is used and left of them."""
    return BudgetEntry(
        tokens_today=books.tokens_today,
        cost_today=books.cost_today,
        tokens_reserved=books.reserved,
        calls_under_way=books.under_way,
        limits=tuple(_limits(books, settings)),
    )


def budget_line(budget: BudgetEntry) -> str:
    """Return the same in one line."""
    tokens, money = budget.limits[0], budget.limits[1]
    line = f"{_of(budget.tokens_today, tokens)} tokens today (UTC)"
    if budget.cost_today or money.limit is not None:
        line += f", {_of(budget.cost_today, money)} of money"
    if budget.calls_under_way:
        calls = plural(budget.calls_under_way, "call")
        line += f"; {budget.tokens_reserved:,} tokens are reserved by {calls} under way"
    return line


def budget_lines(budget: BudgetEntry) -> Iterator[str]:
    """Yield each limit, with what is left of it."""
    width = max(len(each.setting) for each in budget.limits)
    for each in budget.limits:
        limit = _figure(each.limit) if each.limit is not None else "none"
        left = f", {_figure(each.left)} left" if each.left is not None else ""
        yield f"    {each.setting:{width}}  {limit}{left}"


def ledger_lines(ledger: LedgerEntry) -> Iterator[str]:
    """Yield the sums as tables."""
    tables = [("today", *_COLUMNS), *map(_row, ledger.today), ("ever", *_COLUMNS), *map(_row, ledger.ever)]
    first, *widths = (max(map(len, column)) for column in zip(*tables, strict=True))
    for name, *cells in tables:
        row = (f"{cell:>{width}}" for cell, width in zip(cells, widths, strict=True))
        yield f"    {name:{first}}  {'  '.join(row)}"


def _calls(found: PhaseSum) -> CallsEntry:
    return CallsEntry(
        phase=found.phase,
        model=found.model,
        calls=found.calls,
        failed=found.failed,
        prompt_tokens=found.prompt,
        cached_tokens=found.cached,
        cache_hit_rate=round(found.cached / found.prompt, 4) if found.prompt else None,
        completion_tokens=found.completion,
        reasoning_tokens=found.reasoning,
        estimated=found.estimated,
        retries=found.retries,
        seconds=found.seconds,
        cost=found.cost,
    )


def _limits(books: Books, settings: ModelSettings) -> Iterator[LimitEntry]:
    caps = caps_of(settings)
    for per in _PERIODS:
        for what, today in (("tokens", books.tokens_today), ("cost", books.cost_today)):
            limit: float | None = getattr(caps, f"{what}_{per}")
            used = today if per == "day" else None
            left = max(limit - used, 0) if limit is not None and used is not None else None
            yield LimitEntry(setting=f"{what}_{per}_max", per=per, limit=limit, used=used, left=left)


def _row(calls: CallsEntry) -> tuple[str, ...]:
    hits = f"{calls.cache_hit_rate:.0%}" if calls.cache_hit_rate is not None else "-"
    return (
        f"{calls.phase} {calls.model}",
        *map(_figure, (calls.calls, calls.failed, calls.estimated, calls.prompt_tokens, calls.cached_tokens)),
        hits,
        *map(_figure, (calls.completion_tokens, calls.reasoning_tokens, calls.retries)),
        f"{calls.seconds:,.1f}",
        _figure(calls.cost),
    )


def _of(used: float, limit: LimitEntry) -> str:
    return f"{_figure(used)} of {_figure(limit.limit)}" if limit.limit is not None else _figure(used)


def _figure(number: float) -> str:
    return f"{number:,}" if isinstance(number, int) else f"{number:,.6g}"
