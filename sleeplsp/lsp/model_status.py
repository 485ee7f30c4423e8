"""What the status says of a language model: what it has done, what it may still cost, why it stopped.

It must not know which model that is, nor how it is asked.
"""

from typing import Any

import msgspec

from sleeplsp.engine.ledger import Books
from sleeplsp.engine.outcome import Reflected
from sleeplsp.engine.settings import Settings

Json = dict[str, Any]


class Budget(msgspec.Struct, frozen=True):
    """What may be spent today, and what is."""

    tokens_day_max: int
    tokens_today: int
    cost_day_max: float | None
    cost_today: float

    @property
    def is_spent(self) -> bool:
        """Whether nothing is left."""
        money = self.cost_day_max is not None and self.cost_today >= self.cost_day_max
        return money or self.tokens_today >= self.tokens_day_max


def budget_of(books: Books, settings: Settings) -> Budget:
    """Return the limits of a day and what of them is spent or reserved."""
    return Budget(settings.tokens_day_max, books.tokens_today, settings.cost_day_max, books.cost_today)


def told_budget(budget: Budget | None) -> Json | None:
    """Return the budget as an editor is told."""
    if budget is None:
        return None
    return {
        "tokensDayMax": budget.tokens_day_max,
        "tokensToday": budget.tokens_today,
        "tokensLeft": max(budget.tokens_day_max - budget.tokens_today, 0),
        "costDayMax": budget.cost_day_max,
        "costToday": budget.cost_today,
        "isSpent": budget.is_spent,
    }


def told_model(reflected: Reflected | None) -> Json | None:
    """Return what a model's part of the last run came to, as an editor is told."""
    if reflected is None:
        return None
    return {
        "name": reflected.model,
        "modules": reflected.modules,
        "known": reflected.known,
        "left": reflected.left,
        "calls": reflected.calls,
        "promptTokens": reflected.prompt_tokens,
        "cachedTokens": reflected.cached_tokens,
        "completionTokens": reflected.completion_tokens,
        "cost": reflected.cost,
        "claims": reflected.claims,
        "drops": reflected.drops,
        "failed": [{"path": path, "reason": why} for path, why in sorted(reflected.failed.items())],
        "isTrusted": reflected.is_trusted,
        "stopped": reflected.stopped or None,
        "isCapped": reflected.is_capped,
    }


def told_verification(reflected: Reflected | None) -> Json | None:
    """Return what became of a model's claims that can be tried on calls, as an editor is told."""
    verified = reflected.verified if reflected is not None else None
    if verified is None:
        return None
    return {
        "state": verified.state,
        "why": verified.why or None,
        "waiting": verified.waiting,
        "tested": verified.tested,
        "refuted": verified.refuted,
        "open": verified.open,
    }
