"""Whether a call may still be made: limits of tokens and money against what is spent, and what to say.

Pure. Money is counted in whole billionths of its unit, so that sums are exact. It must not know where
what is spent is written down.
"""

from collections.abc import Iterator

import msgspec

from sleeplsp.engine.ledger import Caps, Reservation
from sleeplsp.engine.model import CapError
from sleeplsp.engine.settings.model import ModelSettings

_OF_MODULE = ("tokens_module_max", "cost_module_max")
_BILLION = 1_000_000_000
_COST_MAX = 1e6  # of one call: what eight bytes can count in billionths, thousands of times over


class Spent(msgspec.Struct, frozen=True):
    """Tokens, and billionths of money, that are spent or reserved."""

    tokens: int = 0
    billionths: int = 0


class Spending(msgspec.Struct, frozen=True, kw_only=True):
    """What is spent of everything that has a limit."""

    day: Spent
    """Today (UTC), by all."""
    run: Spent
    module: Spent
    """Today, for one module."""


class _Limit(msgspec.Struct, frozen=True, kw_only=True):
    """One limit of tokens or billionths, and what counts against it."""

    setting: str
    limit: int
    spent: int
    wanted: int
    of: str


def caps_of(settings: ModelSettings) -> Caps:
    """Return the limits that somebody has set."""
    return Caps(
        tokens_day=settings.tokens_day_max,
        tokens_run=settings.tokens_run_max,
        tokens_module=settings.tokens_module_max,
        cost_day=settings.cost_day_max,
        cost_run=settings.cost_run_max,
        cost_module=settings.cost_module_max,
    )


def billionths(cost: float) -> int:
    """Return money in billionths of its unit, the nearest whole number; nothing is below 0."""
    return round(min(max(cost, 0.0), _COST_MAX) * _BILLION)


def money(count: int) -> float:
    """Return billionths as money."""
    return count / _BILLION


def refusal(reservation: Reservation, caps: Caps, spending: Spending) -> CapError | None:
    """Return the error that says which limit a call would break, or None if it breaks none."""
    for each in _limits(reservation, caps, spending):
        if each.spent + each.wanted > each.limit:
            return CapError(_told(each), of_module=each.setting in _OF_MODULE)
    return None


def _limits(reservation: Reservation, caps: Caps, spending: Spending) -> Iterator[_Limit]:
    kinds = [
        ("day", "today (UTC)", caps.tokens_day, caps.cost_day, spending.day),
        ("run", "in this run", caps.tokens_run, caps.cost_run, spending.run),
    ]
    if reservation.path:
        of = f"today (UTC) for {reservation.path}"
        kinds.append(("module", of, caps.tokens_module, caps.cost_module, spending.module))
    for kind, of, tokens, cost, spent in kinds:
        if tokens is not None:
            yield _Limit(
                setting=f"tokens_{kind}_max",
                limit=tokens,
                spent=spent.tokens,
                wanted=reservation.tokens,
                of=of,
            )
        if cost is not None:
            yield _Limit(
                setting=f"cost_{kind}_max",
                limit=billionths(cost),
                spent=spent.billionths,
                wanted=billionths(reservation.cost),
                of=of,
            )


def _told(limit: _Limit) -> str:
    if limit.setting.startswith("cost"):
        amount, unit = _money, ""
    else:
        amount, unit = _tokens, " tokens"
    most = f"{amount(limit.limit)}{unit}"
    wanted = f"one call may take {amount(limit.wanted)}"
    if limit.wanted > limit.limit:
        return (
            f"{limit.setting} is {most}, and {wanted}: "
            "raise it, or lower prompt_tokens_max or reply_tokens_max"
        )
    wait = "" if "_run_" in limit.setting else ", or wait until midnight UTC"
    spent = f"{amount(limit.spent)} of {most} are used {limit.of}"
    return f"{limit.setting} is reached: {spent}, and {wanted}: raise it{wait}"


def _tokens(count: int) -> str:
    return f"{count:,}"


def _money(count: int) -> str:
    return f"{money(count):,.6g}"
