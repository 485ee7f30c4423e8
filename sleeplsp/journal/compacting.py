"""Compacting: what is old becomes counts by day, so that a journal that is never emptied stays small.

The rule: a run is a row for `RUNS_KEPT_DAYS`, a suspicion or failure for `EVENTS_KEPT_DAYS` after it was
over or its workspace was last heard of, a count of one module for as long; then they are added to the
counts of their day. The last run that succeeded and the last that failed are always kept. A call of a model
is a row until its run has made none for `CALLS_KEPT_DAYS`, then it is added to the sums of its day. Within a
transaction of the caller's.
"""

import sqlite3
from collections import Counter

from sleeplsp.engine.entries import Act
from sleeplsp.journal.calls import fold
from sleeplsp.journal.writing import NO_ROOT, add, day

RUNS_KEPT_DAYS = 30
EVENTS_KEPT_DAYS = 90
CALLS_KEPT_DAYS = 30

MADE, SHOWN = "made", "shown"
"""What counts say of suspicions whose rows are gone, beside the names of acts."""

_COMPACTED = "compacted"
_DAY_S = 86400.0
_OLD_SUSPICIONS = """
    FROM suspicions WHERE over_at < :before
    OR root IN (SELECT id FROM roots WHERE seen_at < :before)
"""
_OLD_RUNS = """
    FROM runs WHERE begun_at < :before
    AND id NOT IN (SELECT id FROM (
        SELECT id, max(begun_at) FROM runs WHERE ended_at IS NOT NULL GROUP BY root, failure = ''
    ))
"""


def compact(connection: sqlite3.Connection, at: float) -> bool:
    """Compact what is old, if that was not done today; tell whether it was done now."""
    done = connection.execute(
        "SELECT max(day) FROM counts WHERE root = ? AND what = ?", (NO_ROOT, _COMPACTED)
    ).fetchone()[0]
    # A clock that was set back must not keep it from being done ever again.
    if done == day(at):
        return False
    connection.execute("DELETE FROM counts WHERE root = ? AND what = ?", (NO_ROOT, _COMPACTED))
    add(connection, {(NO_ROOT, day(at), _COMPACTED, ""): 1})
    _compact_runs(connection, at - RUNS_KEPT_DAYS * _DAY_S)
    before = at - EVENTS_KEPT_DAYS * _DAY_S
    _compact_suspicions(connection, before)
    _compact_counts(connection, day(before))
    connection.execute("DELETE FROM failures WHERE over_at < ?", (before,))
    fold(connection, at - CALLS_KEPT_DAYS * _DAY_S, at)
    return True


def _compact_runs(connection: sqlite3.Connection, before: float) -> None:
    counts: Counter[tuple[int, str, str, str]] = Counter()
    for root, who, begun_at, deduced, seconds, failure in connection.execute(
        f"SELECT root, who, begun_at, deduced, seconds, failure {_OLD_RUNS}", {"before": before}
    ):
        when = day(begun_at)
        counts[root, when, "runs", who] += 1
        counts[root, when, "runs failed", who] += bool(failure)
        counts[root, when, "functions deduced", who] += deduced
        counts[root, when, "milliseconds", who] += round(seconds * 1000)
    add(connection, counts)
    connection.execute(f"DELETE {_OLD_RUNS}", {"before": before})


def _compact_suspicions(connection: sqlite3.Connection, before: float) -> None:
    counts: Counter[tuple[int, str, str, str]] = Counter()
    for root, check, made_at, shown_at, act, acted_at in connection.execute(
        f"SELECT root, check_name, made_at, shown_at, act, acted_at {_OLD_SUSPICIONS}", {"before": before}
    ):
        counts[root, day(made_at), MADE, check] += 1
        if shown_at is not None:
            counts[root, day(shown_at), SHOWN, check] += 1
        if act is not None:
            counts[root, day(acted_at if acted_at is not None else made_at), Act(act).value, check] += 1
    add(connection, counts)
    connection.execute(f"DELETE {_OLD_SUSPICIONS}", {"before": before})


def _compact_counts(connection: sqlite3.Connection, before: str) -> None:
    """Add up what is counted by module, over the modules."""
    of_modules = "FROM counts WHERE day < ? AND name <> '' AND (what LIKE '% found' OR what LIKE '% missed')"
    found = connection.execute(
        f"SELECT root, day, what, '', sum(count) {of_modules} GROUP BY root, day, what", (before,)
    ).fetchall()
    connection.execute(f"DELETE {of_modules}", (before,))
    add(connection, {(root, when, what, name): count for root, when, what, name, count in found})
