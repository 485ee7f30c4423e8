"""Calls of models in the tables: booked, settled, written off, folded into sums by day, added up.

All functions work within a transaction of the caller's. What an endpoint says is kept within bounds: no
number of its making takes anything off what is spent. This module must not know threads or files.
"""

import sqlite3
from collections.abc import Iterable
from typing import Any

from sleeplsp.engine.caps import Spending, Spent, billionths, money
from sleeplsp.engine.ledger import LOST, LOST_S, Books, PhaseSum, Reservation, Settlement
from sleeplsp.journal.writing import day, root_number

OUTCOME_CHARACTERS_MAX = 40

_TOKENS_MAX = 2**40
_MILLISECONDS_MAX = 2**40

_COUNTS = (
    "calls",
    "failed",
    "prompt",
    "cached",
    "completion",
    "reasoning",
    "estimated",
    "retries",
    "milliseconds",
    "cost",
)
"""Columns of sums, in the order of the statements below."""

_OLD = """
    FROM calls WHERE outcome IS NOT NULL
    AND run NOT IN (SELECT run FROM calls WHERE day >= :before OR outcome IS NULL)
"""
"""A run is folded as a whole: as long as it goes on, its limits need all of its calls."""

_FOLD = """
    INSERT INTO call_sums (root, day, phase, model, calls, failed, prompt, cached, completion, reasoning,
        estimated, retries, milliseconds, cost)
    SELECT root, day, phase, model, count(*), sum(failed), sum(prompt), sum(cached), sum(completion),
        sum(reasoning), sum(estimated), sum(retries), sum(milliseconds), sum(cost)
"""
_ADD = f"""
    GROUP BY root, day, phase, model
    ON CONFLICT DO UPDATE SET {", ".join(f"{each} = {each} + excluded.{each}" for each in _COUNTS)}
"""
_OVER = """
    SELECT phase, model, 1 AS calls, failed OR outcome IS NULL AS failed, prompt, cached, completion,
        reasoning, estimated, retries, milliseconds, cost
    FROM calls WHERE (outcome IS NOT NULL OR lost_at < :at) AND (:root IS NULL OR root = :root)
"""
_FOLDED = """
    SELECT phase, model, calls, failed, prompt, cached, completion, reasoning, estimated, retries,
        milliseconds, cost
    FROM call_sums WHERE :root IS NULL OR root = :root
"""
_BY_PHASE = """
    SELECT phase, model, sum(calls), sum(failed), sum(prompt), sum(cached), sum(completion), sum(reasoning),
        sum(estimated), sum(retries), sum(milliseconds), sum(cost)
"""
_SPENT = """
    SELECT coalesce(sum(reserved + prompt + completion), 0), coalesce(sum(reserved_cost + cost), 0) FROM calls
"""


def book(connection: sqlite3.Connection, number: int, reservation: Reservation, at: float) -> None:
    """Write a call that is about to be made."""
    connection.execute(
        "INSERT INTO calls (id, root, run, phase, path, key, model, day, at, lost_at, reserved, "
        "reserved_cost) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            number,
            root_number(connection, reservation.root, at),
            *map(_text, (reservation.run, reservation.phase, reservation.path)),
            *map(_text, (reservation.key, reservation.model)),
            day(at),
            at,
            at + max(LOST_S, reservation.seconds),
            _count(reservation.tokens),
            billionths(reservation.cost),
        ),
    )


def settle(connection: sqlite3.Connection, number: int, settlement: Settlement) -> bool:
    """Write what a call came to, unless that was done before; tell whether there is such a call.

    One that was taken for lost was not, then.
    """
    usage = settlement.usage
    ttft_s = settlement.ttft_s
    connection.execute(
        "UPDATE calls SET reserved = 0, reserved_cost = 0, outcome = ?, failed = ?, prompt = ?, cached = ?, "
        "completion = ?, reasoning = ?, estimated = ?, cost = ?, milliseconds = ?, ttft_milliseconds = ?, "
        "retries = ? WHERE id = ? AND (outcome IS NULL OR outcome = ?)",
        (
            _text(settlement.outcome)[:OUTCOME_CHARACTERS_MAX],
            settlement.is_failed,
            *map(_count, (usage.prompt, usage.cached, usage.completion, usage.reasoning)),
            usage.estimated,
            billionths(settlement.cost),
            _milliseconds(settlement.seconds),
            _milliseconds(ttft_s) if ttft_s is not None else None,
            _count(settlement.retries),
            number,
            LOST,
        ),
    )
    return connection.execute("SELECT 1 FROM calls WHERE id = ?", (number,)).fetchone() is not None


def write_off(connection: sqlite3.Connection, at: float) -> None:
    """Take calls for lost that nobody has settled in their time."""
    connection.execute(
        "UPDATE calls SET outcome = ?, failed = 1, reserved = 0, reserved_cost = 0 "
        "WHERE outcome IS NULL AND lost_at < ?",
        (LOST, at),
    )


def spending(connection: sqlite3.Connection, reservation: Reservation, at: float) -> Spending:
    """Return what is spent of all that has a limit for a call."""
    today = day(at)
    root = root_number(connection, reservation.root, at)
    return Spending(
        day=_spent(connection, "day = ?", today),
        run=_spent(connection, "run = ?", _text(reservation.run)),
        module=_spent(connection, "day = ? AND root = ? AND path = ?", today, root, _text(reservation.path)),
    )


def fold(connection: sqlite3.Connection, before: float, at: float) -> None:
    """Add calls of runs that made none since `before` to the sums of their days."""
    write_off(connection, at)
    connection.execute(f"{_FOLD} {_OLD} {_ADD}", {"before": day(before)})
    connection.execute(f"DELETE {_OLD}", {"before": day(before)})


def books(connection: sqlite3.Connection, root: str | None, at: float) -> Books:
    """Return the sums of one workspace, by its digest, or of all."""
    today = day(at)
    number = None if root is None else _number(connection, root)
    key = {"root": number, "at": at, "day": today}
    spent = _spent(connection, "day = ? AND (outcome IS NOT NULL OR lost_at >= ?)", today, at)
    reserved, under_way = connection.execute(
        "SELECT coalesce(sum(reserved), 0), count(*) FROM calls WHERE outcome IS NULL AND lost_at >= ?", (at,)
    ).fetchone()
    return Books(
        today=_phases(connection.execute(_by_phase(f"{_OVER} AND day = :day"), key)),
        ever=_phases(connection.execute(_by_phase(f"{_OVER} UNION ALL {_FOLDED}"), key)),
        tokens_today=spent.tokens,
        cost_today=money(spent.billionths),
        reserved=reserved,
        under_way=under_way,
    )


def _by_phase(calls: str) -> str:
    return f"{_BY_PHASE} FROM ({calls}) GROUP BY phase, model ORDER BY phase, model"


def _phases(rows: Iterable[tuple[Any, ...]]) -> tuple[PhaseSum, ...]:
    found = (dict(zip(("phase", "model", *_COUNTS), row, strict=True)) for row in rows)
    return tuple(
        PhaseSum(seconds=each.pop("milliseconds") / 1000, cost=money(each.pop("cost")), **each)
        for each in found
    )


def _spent(connection: sqlite3.Connection, which: str, *values: object) -> Spent:
    row = connection.execute(f"{_SPENT} WHERE {which}", values).fetchone()
    return Spent(*row)


def _number(connection: sqlite3.Connection, root: str) -> int:
    row = connection.execute("SELECT id FROM roots WHERE digest = ?", (root,)).fetchone()
    return int(row[0]) if row is not None else -1


def _text(text: str) -> str:
    """Return a text as a table can hold it: what no UTF-8 can say is spelled."""
    return str(text).encode("utf-8", "backslashreplace").decode()


def _count(number: int) -> int:
    return min(max(number, 0), _TOKENS_MAX)


def _milliseconds(seconds: float) -> int:
    return round(min(max(seconds, 0.0) * 1000, _MILLISECONDS_MAX))
