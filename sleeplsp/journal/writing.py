"""Writing entries: what each of them changes in the tables.

All functions work within a transaction of the caller's. They must not know threads or files.
"""

import sqlite3
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import NamedTuple

from sleeplsp.engine.entries import (
    Act,
    Acted,
    Entry,
    Queried,
    RunBegun,
    RunEnded,
    Shown,
    Suspect,
    Suspected,
    without_quotations,
)

NO_ROOT = 0
"""Stands for all workspaces in `counts`."""

DROPPED = "dropped"
SHOWING = "showing"
"""Counts suspicions shown by check, each once a day."""


def write(connection: sqlite3.Connection, entries: Iterable[Entry], dropped: int = 0) -> None:
    """Write entries in their order, and how many were lost before them."""
    counts: Counter[tuple[int, str, str, str]] = Counter()
    entries = tuple(entries)
    heard = {each.root: each.at for each in sorted(entries, key=lambda each: each.at)}
    roots = {digest: root_number(connection, digest, at) for digest, at in heard.items()}
    for entry in entries:
        root = roots[entry.root]
        match entry:
            case RunBegun():
                _run_begun(connection, root, entry)
            case RunEnded():
                _run_ended(connection, root, entry)
            case Suspected():
                _suspected(connection, root, entry)
            case Shown():
                for check in _shown(connection, root, entry):
                    counts[root, day(entry.at), SHOWING, check] += 1
            case Acted():
                _acted(connection, root, entry)
            case Queried():
                what = f"{entry.kind} {'found' if entry.found else 'missed'}"
                counts[root, day(entry.at), what, entry.path] += 1
    if dropped:
        counts[NO_ROOT, day(datetime.now(UTC).timestamp()), DROPPED, ""] += dropped
    add(connection, counts)


def add(connection: sqlite3.Connection, counts: Mapping[tuple[int, str, str, str], int]) -> None:
    """Add to the counts by root, day, what and name."""
    connection.executemany(
        "INSERT INTO counts (root, day, what, name, count) VALUES (?, ?, ?, ?, ?) "
        "ON CONFLICT (root, day, what, name) DO UPDATE SET count = count + excluded.count",
        [(*key, count) for key, count in counts.items()],
    )


def day(at: float) -> str:
    """Return the day of a time, in UTC."""
    return datetime.fromtimestamp(at, UTC).date().isoformat()


def root_number(connection: sqlite3.Connection, digest: str, at: float) -> int:
    """Return the number of a workspace, which something is noted of now."""
    connection.execute(
        "INSERT INTO roots (digest, seen_at) VALUES (?, ?) "
        "ON CONFLICT (digest) DO UPDATE SET seen_at = max(seen_at, excluded.seen_at)",
        (digest, at),
    )
    found = connection.execute("SELECT id FROM roots WHERE digest = ?", (digest,)).fetchone()
    return int(found[0])


def _run_begun(connection: sqlite3.Connection, root: int, run: RunBegun) -> None:
    connection.execute(
        "INSERT OR IGNORE INTO runs (id, root, who, cause, begun_at) VALUES (?, ?, ?, ?, ?)",
        (run.run, root, run.who, run.cause, run.at),
    )


def _run_ended(connection: sqlite3.Connection, root: int, run: RunEnded) -> None:
    connection.execute(
        "INSERT OR IGNORE INTO runs (id, root, begun_at) VALUES (?, ?, ?)",
        (run.run, root, run.at - run.seconds),
    )
    connection.execute(
        "UPDATE runs SET ended_at = ?, modules = ?, deduced = ?, kept = ?, in_vain = ?, failed = ?, "
        "seconds = ?, failure = ? WHERE id = ?",
        (
            run.at,
            run.modules,
            run.deduced,
            run.kept,
            run.in_vain,
            len(run.failed),
            run.seconds,
            without_quotations(run.failure),
            run.run,
        ),
    )
    if not run.failure:
        _failures(connection, root, run)


def _failures(connection: sqlite3.Connection, root: int, run: RunEnded) -> None:
    found = connection.execute(
        "SELECT path, reason FROM failures WHERE root = ? AND over_at IS NULL", (root,)
    )
    before = set(found)
    now = {(path, without_quotations(reason)) for path, reason in run.failed.items()}
    connection.executemany(
        "UPDATE failures SET over_at = ? WHERE root = ? AND path = ? AND reason = ?",
        [(run.at, root, *key) for key in before - now],
    )
    connection.executemany(
        "INSERT INTO failures (root, path, reason, first_at, last_at) VALUES (?, ?, ?, ?, ?) "
        "ON CONFLICT (root, path, reason) DO UPDATE "
        "SET last_at = excluded.last_at, times = times + 1, over_at = NULL",
        [(root, *key, run.at, run.at) for key in sorted(now)],
    )


class _Known(NamedTuple):
    """A suspicion as the journal has it."""

    about: str
    recipe: str
    is_shown: bool
    act: str | None
    is_over: bool


def _suspected(connection: sqlite3.Connection, root: int, entry: Suspected) -> None:
    known: dict[str, dict[str, _Known]] = {}
    for path, name, *rest in connection.execute(
        "SELECT path, id, about, recipe, shown_at IS NOT NULL, act, over_at IS NOT NULL "
        "FROM suspicions WHERE root = ?",
        (root,),
    ):
        known.setdefault(path, {})[name] = _Known(*rest)
    for path, now in entry.modules.items():
        before = known.get(path, {})
        _made(connection, root, path, before, entry, now)
        _gone(connection, root, before, entry, now)
    removed = {*entry.removed}
    if entry.unknown is not None:
        removed |= known.keys() - entry.modules.keys() - {*entry.unknown}
    connection.executemany(
        "UPDATE suspicions SET over_at = ? WHERE root = ? AND path = ? AND over_at IS NULL",
        [(entry.at, root, path) for path in removed],
    )


def _made(
    connection: sqlite3.Connection,
    root: int,
    path: str,
    before: Mapping[str, _Known],
    entry: Suspected,
    now: Iterable[Suspect],
) -> None:
    """Write what is new, and what is suspected again: it was not mended."""
    new, again = [], []
    for each in now:
        known = before.get(each.id)
        if known is None:
            new.append((root, each.id, path, each.check, each.about, entry.recipe, entry.at))
        elif known.is_over or known.recipe != entry.recipe:
            again.append((entry.recipe, Act.MENDED, Act.MENDED, root, each.id))
    connection.executemany(
        "INSERT OR IGNORE INTO suspicions (root, id, path, check_name, about, recipe, made_at) "
        "VALUES (?, ?, ?, ?, ?, ?, ?)",
        new,
    )
    connection.executemany(
        "UPDATE suspicions SET over_at = NULL, recipe = ?, act = nullif(act, ?), "
        "acted_at = CASE act WHEN ? THEN NULL ELSE acted_at END WHERE root = ? AND id = ?",
        again,
    )


def _gone(
    connection: sqlite3.Connection,
    root: int,
    before: Mapping[str, _Known],
    entry: Suspected,
    now: Iterable[Suspect],
) -> None:
    """Write what is not suspected any more: mended, if it was shown and the same reasoner thinks so.

    Where the same symbol is suspected of the same under a new name, its code was edited and not mended.
    """
    ids = {each.id for each in now}
    renamed = {each.about for each in now if each.id not in before}
    for name, known in before.items():
        if name in ids or known.is_over:
            continue
        is_mended = known.is_shown and known.recipe == entry.recipe and known.about not in renamed
        act = known.act or (Act.MENDED if is_mended else None)
        acted_at = entry.at if is_mended and known.act is None else None
        connection.execute(
            "UPDATE suspicions SET over_at = ?, act = ?, acted_at = coalesce(acted_at, ?) "
            "WHERE root = ? AND id = ?",
            (entry.at, act, acted_at, root, name),
        )


def _shown(connection: sqlite3.Connection, root: int, entry: Shown) -> list[str]:
    """Write what was shown; return the checks of what had not been on the same day."""
    today, first = day(entry.at), []
    for each in entry.suspects:
        known = connection.execute(
            "SELECT shown_day FROM suspicions WHERE root = ? AND id = ?", (root, each.id)
        ).fetchone()
        if known is not None and known[0] == today:
            continue
        first.append(each.check)
        connection.execute(
            "INSERT INTO suspicions (root, id, path, check_name, about, made_at, shown_at, shown_day) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (root, id) DO UPDATE SET "
            "shown_at = coalesce(shown_at, excluded.shown_at), shown_day = excluded.shown_day",
            (root, each.id, entry.path, each.check, each.about, entry.at, entry.at, today),
        )
    return first


def _acted(connection: sqlite3.Connection, root: int, entry: Acted) -> None:
    """Write what was done about a suspicion; the first that somebody says counts, and beats a guess."""
    connection.execute(
        "UPDATE suspicions SET act = ?, acted_at = ? "
        "WHERE root = ? AND id = ? AND shown_at IS NOT NULL AND (act IS NULL OR act = ?)",
        (entry.act, entry.at, root, entry.suspicion, Act.MENDED),
    )
