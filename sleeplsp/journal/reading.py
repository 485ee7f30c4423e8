"""Reading the account of a workspace from the tables. It must not know how they were written."""

import sqlite3
from collections import Counter

from sleeplsp.engine.account import Account, FunnelLine, RunNote
from sleeplsp.engine.entries import Act
from sleeplsp.journal.compacting import MADE, SHOWN
from sleeplsp.journal.writing import DROPPED

_RUN = (
    "SELECT who, cause, begun_at, ended_at, modules, deduced, kept, in_vain, failed, seconds, failure "
    "FROM runs "
)
_ACTS = tuple(each.value for each in Act)
_STEPS = """
    SELECT name, what, sum(count) FROM counts WHERE root = :root GROUP BY name, what
    UNION ALL SELECT check_name, :made, count(*) FROM suspicions WHERE root = :root GROUP BY check_name
    UNION ALL SELECT check_name, :shown, count(shown_at) FROM suspicions WHERE root = :root
        GROUP BY check_name
    UNION ALL SELECT check_name, act, count(*) FROM suspicions WHERE root = :root AND act IS NOT NULL
        GROUP BY check_name, act
"""
"""What became of how many suspicions of each check; some rows count other things."""


def account(connection: sqlite3.Connection, digest: str) -> Account:
    """Return what is known of a workspace."""
    dropped = connection.execute("SELECT total(count) FROM counts WHERE what = ?", (DROPPED,)).fetchone()[0]
    row = connection.execute("SELECT id FROM roots WHERE digest = ?", (digest,)).fetchone()
    if row is None:
        return Account(dropped=int(dropped))
    root = row[0]
    return Account(
        last=_run(connection, "WHERE root = ?", root),
        success=_run(connection, "WHERE root = ? AND ended_at IS NOT NULL AND failure = ''", root),
        failure=_run(connection, "WHERE root = ? AND failure <> ''", root),
        failed=tuple(
            connection.execute(
                "SELECT path, reason FROM failures WHERE root = ? AND over_at IS NULL ORDER BY path, reason",
                (root,),
            )
        ),
        funnel=_funnel(connection, root),
        found=_sum(connection, root, "% found"),
        missed=_sum(connection, root, "% missed"),
        asked=dict(
            connection.execute(
                "SELECT name, sum(count) FROM counts WHERE root = ? AND name <> '' "
                "AND (what LIKE '% found' OR what LIKE '% missed') GROUP BY name",
                (root,),
            )
        ),
        dropped=int(dropped),
    )


def _run(connection: sqlite3.Connection, which: str, root: int) -> RunNote | None:
    row = connection.execute(f"{_RUN} {which} ORDER BY begun_at DESC LIMIT 1", (root,)).fetchone()
    if row is None:
        return None
    who, cause, begun_at, ended_at, modules, deduced, kept, in_vain, failed, seconds, failure = row
    return RunNote(
        who=who,
        cause=cause,
        begun_at=begun_at,
        ended_at=ended_at,
        modules=modules,
        deduced=deduced,
        kept=kept,
        in_vain=in_vain,
        failed=failed,
        seconds=seconds,
        failure=failure,
    )


def _funnel(connection: sqlite3.Connection, root: int) -> tuple[FunnelLine, ...]:
    """Add up the rows there are and the counts of those that were compacted."""
    found: Counter[tuple[str, str]] = Counter()
    for check, step, count in connection.execute(_STEPS, {"root": root, "made": MADE, "shown": SHOWN}):
        if step in (MADE, SHOWN, *_ACTS):
            found[check, step] += count
    return tuple(
        FunnelLine(
            check=check,
            made=found[check, MADE],
            shown=found[check, SHOWN],
            applied=found[check, Act.APPLIED.value],
            ignored=found[check, Act.IGNORED.value],
            mended=found[check, Act.MENDED.value],
        )
        for check in sorted({check for check, _ in found})
    )


def _sum(connection: sqlite3.Connection, root: int, what: str) -> int:
    row = connection.execute(
        "SELECT total(count) FROM counts WHERE root = ? AND what LIKE ?", (root, what)
    ).fetchone()
    return int(row[0])
