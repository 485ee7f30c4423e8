"""The journal's tables, and how a file of an older version comes to have them.

Each migration is a script that is never changed once it was released; the table `migrations` says which
of them a file has had. A file that has had more than there are is a newer program's. Tables that later
migrations add share the transactions of `journal.file`. This module must not know what is written when.
"""

import sqlite3
import time

from sleeplsp import __version__

APPLICATION = 0x736C6A31
"""Says in a file's header that it is a journal of this program."""

MIGRATIONS = (
    """
    CREATE TABLE roots (
        id INTEGER PRIMARY KEY,
        digest TEXT NOT NULL UNIQUE,
        seen_at REAL NOT NULL -- when something was last noted of it
    );
    CREATE TABLE runs (
        id TEXT PRIMARY KEY,
        root INTEGER NOT NULL,
        who TEXT NOT NULL DEFAULT '',
        cause TEXT NOT NULL DEFAULT '',
        begun_at REAL NOT NULL,
        ended_at REAL,
        modules INTEGER NOT NULL DEFAULT 0,
        deduced INTEGER NOT NULL DEFAULT 0,
        kept INTEGER NOT NULL DEFAULT 0,
        failed INTEGER NOT NULL DEFAULT 0,
        seconds REAL NOT NULL DEFAULT 0,
        failure TEXT NOT NULL DEFAULT ''
    );
    CREATE INDEX runs_of_root ON runs (root, begun_at);
    CREATE TABLE failures ( -- of single modules, as they were when last tried
        root INTEGER NOT NULL,
        path TEXT NOT NULL,
        reason TEXT NOT NULL,
        first_at REAL NOT NULL,
        last_at REAL NOT NULL,
        times INTEGER NOT NULL DEFAULT 1,
        over_at REAL,
        PRIMARY KEY (root, path, reason)
    ) WITHOUT ROWID;
    CREATE TABLE suspicions (
        root INTEGER NOT NULL,
        id TEXT NOT NULL,
        path TEXT NOT NULL,
        check_name TEXT NOT NULL,
        about TEXT NOT NULL,
        recipe TEXT NOT NULL DEFAULT '',
        made_at REAL NOT NULL,
        shown_at REAL,
        shown_day TEXT, -- the last on which it was counted as shown
        act TEXT,
        acted_at REAL,
        over_at REAL, -- since when it is not suspected any more
        PRIMARY KEY (root, id)
    ) WITHOUT ROWID;
    CREATE TABLE counts ( -- what is not worth a row of its own, by day (UTC)
        root INTEGER NOT NULL,
        day TEXT NOT NULL,
        what TEXT NOT NULL,
        name TEXT NOT NULL,
        count INTEGER NOT NULL,
        PRIMARY KEY (root, day, what, name)
    ) WITHOUT ROWID;
    """,
    "ALTER TABLE runs ADD COLUMN in_vain INTEGER NOT NULL DEFAULT 0",
    """
    CREATE TABLE calls ( -- of models, money in billionths of its unit
        id INTEGER PRIMARY KEY, -- drawn by chance, so that it is never one of a file that was set aside
        root INTEGER NOT NULL,
        run TEXT NOT NULL,
        phase TEXT NOT NULL,
        path TEXT NOT NULL,
        key TEXT NOT NULL,
        model TEXT NOT NULL,
        day TEXT NOT NULL, -- on which it was booked (UTC), and for which it counts
        at REAL NOT NULL,
        lost_at REAL NOT NULL, -- if it was not settled by then, whoever made it has died
        reserved INTEGER NOT NULL, -- tokens, until it is settled
        reserved_cost INTEGER NOT NULL,
        outcome TEXT, -- null as long as it is not settled
        failed INTEGER NOT NULL DEFAULT 0,
        prompt INTEGER NOT NULL DEFAULT 0,
        cached INTEGER NOT NULL DEFAULT 0,
        completion INTEGER NOT NULL DEFAULT 0,
        reasoning INTEGER NOT NULL DEFAULT 0,
        estimated INTEGER NOT NULL DEFAULT 0,
        cost INTEGER NOT NULL DEFAULT 0,
        milliseconds INTEGER NOT NULL DEFAULT 0,
        ttft_milliseconds INTEGER,
        retries INTEGER NOT NULL DEFAULT 0
    );
    CREATE INDEX calls_of_day ON calls (day, root, path);
    CREATE INDEX calls_of_run ON calls (run);
    CREATE INDEX calls_under_way ON calls (lost_at) WHERE outcome IS NULL;
    CREATE TABLE call_sums ( -- calls whose rows are gone, by day
        root INTEGER NOT NULL,
        day TEXT NOT NULL,
        phase TEXT NOT NULL,
        model TEXT NOT NULL,
        calls INTEGER NOT NULL,
        failed INTEGER NOT NULL,
        prompt INTEGER NOT NULL,
        cached INTEGER NOT NULL,
        completion INTEGER NOT NULL,
        reasoning INTEGER NOT NULL,
        estimated INTEGER NOT NULL,
        cost INTEGER NOT NULL,
        milliseconds INTEGER NOT NULL,
        retries INTEGER NOT NULL,
        PRIMARY KEY (root, day, phase, model)
    ) WITHOUT ROWID;
    """,
)


class NewerError(Exception):
    """A file that a newer version of the program has written."""


def migrate(connection: sqlite3.Connection) -> None:
    """Bring a file's tables up to date, in one transaction. Raises NewerError, sqlite3.Error."""
    if version(connection) == len(MIGRATIONS):
        return
    connection.execute("BEGIN IMMEDIATE")
    try:
        connection.execute(
            "CREATE TABLE IF NOT EXISTS migrations "
            "(version INTEGER PRIMARY KEY, at REAL NOT NULL, program TEXT NOT NULL)"
        )
        for number in range(version(connection), len(MIGRATIONS)):
            for statement in _statements(MIGRATIONS[number]):
                connection.execute(statement)
            connection.execute(
                "INSERT INTO migrations VALUES (?, ?, ?)", (number + 1, time.time(), __version__)
            )
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def version(connection: sqlite3.Connection) -> int:
    """Return how many migrations a file has had. Raises NewerError where there are more than we know."""
    tables = connection.execute("SELECT count(*) FROM sqlite_master WHERE name = 'migrations'").fetchone()[0]
    found = connection.execute("SELECT max(version) FROM migrations").fetchone()[0] if tables else None
    if (found or 0) > len(MIGRATIONS):
        raise NewerError
    return found or 0


def begun_at(connection: sqlite3.Connection) -> float:
    """Return when a file was made, in seconds since the epoch."""
    return float(connection.execute("SELECT min(at) FROM migrations").fetchone()[0])


def _statements(script: str) -> list[str]:
    """Return the statements of a script: run as a whole it would end our transaction first."""
    return [each for each in script.split(";") if each.strip()]
