"""Bringing a workspace up to date for a command: open a session, run, tell what happened.

It must not know what the command does with it.
"""

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from sleeplsp.cli import progress, tell
from sleeplsp.cli.scope import Scope
from sleeplsp.cli.session import Session
from sleeplsp.engine.outcome import Outcome

QUERY = "query"
"""Who thinks, as the journal calls it."""

CAUSE = "a command"

QUIET_MODULES = 20
"""A query that has fewer modules to think about first says nothing of it."""


@contextmanager
def thought(scope: Scope, flags: Mapping[str, object] | None = None) -> Iterator[tuple[Session, Outcome]]:
    """Give a session on a workspace that is up to date, for a query. Raises UsageError and StoreError.

    Nobody's edits have to be minded here: there is no Sleeper, and no event loop has to be loaded for one.
    Progress is told if at least QUIET_MODULES are to be read, and the journal if something was thought about.
    """
    with opened(scope, flags) as session:
        yield session, brought_up(session)


def brought_up(session: Session) -> Outcome:
    """Bring a session's workspace up to date. Raises StoreError."""
    notes = session.notes(QUERY)
    with progress.shown(QUIET_MODULES) as listen:
        outcome = session.deduction.run(listen)
    session.deduction.close()  # its workers have nothing to do any more
    if outcome.deduced or outcome.failed:
        run = notes.begun(CAUSE, ago_s=outcome.seconds)
        notes.ended(run, outcome)
        notes.suspected(session.deduction.rows, session.recipe)
    return outcome


@contextmanager
def opened(scope: Scope, flags: Mapping[str, object] | None = None) -> Iterator[Session]:
    """Give a session; warnings of its settings and notices of its store are told."""
    with Session(scope.root, flags) as session:
        for warning in session.warnings:
            tell.warning(warning)
        try:
            yield session
        finally:
            session.journal.close()  # what it has to say comes with the last that is written
            for notice in session.notices:
                tell.note(notice)


def memory() -> tuple[int | None, int | None]:
    """Return the most bytes this process used, and a process it started; None if unknown."""
    try:
        import resource  # noqa: PLC0415 - not on every system
    except ImportError:
        return None, None
    unit = 1 if sys.platform == "darwin" else 1024
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    largest = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return own * unit, largest * unit
