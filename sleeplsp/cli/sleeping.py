"""A whole sleep for a command: the Sleeper that a server has, until there is nothing to think about any more.

It must not know what the command does with what was learned.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

import anyio

from sleeplsp.cli import progress, tell
from sleeplsp.cli.scope import Scope
from sleeplsp.cli.session import Session
from sleeplsp.cli.thinking import CAUSE, opened
from sleeplsp.core.insight import Insight
from sleeplsp.engine.noting import Notes
from sleeplsp.engine.outcome import Outcome, Progress, Reflected
from sleeplsp.engine.sleeper import Sleeper
from sleeplsp.engine.status import Status
from sleeplsp.engine.workspace import Workspace
from sleeplsp.workers.local import LocalReasoner

if TYPE_CHECKING:
    from sleeplsp.engine.model_reasoner import ModelReasoner

WHO = "precompute"
"""Who thinks, as the journal calls it."""


class Slept(NamedTuple):
    """A workspace that was thought about, and what that came to."""

    session: Session
    outcome: Outcome
    reflected: Reflected | None
    """A model's part of it, if there is a model."""
    insights: Mapping[str, Insight]
    """What a model claims, by module."""


@contextmanager
def slept(scope: Scope, flags: Mapping[str, object] | None = None) -> Iterator[Slept]:
    """Give a session on a workspace that was thought about. Raises UsageError and StoreError."""
    with opened(scope, flags) as session:
        notes = session.notes(WHO)
        model_reasoner = session.model_reasoner()
        with progress.shown() as listen:
            outcome, reflected = _outcome(session, model_reasoner, notes, listen)
        insights = model_reasoner.known.insights if model_reasoner is not None else {}
        notes.suspected(session.rows(insights), session.recipe)
        yield Slept(session, outcome, reflected, insights)


def _outcome(
    session: Session, model_reasoner: "ModelReasoner | None", notes: Notes, listen: Callable[[Progress], None]
) -> tuple[Outcome, Reflected | None]:
    reasoner = LocalReasoner(session.deduction, model_reasoner)
    listener = _Listener(listen)
    # Nobody edits here, and whoever waits for the command has asked for it, however busy the machine is.
    sleeper = Sleeper(Workspace(), reasoner, listener, idle_s=0, notes=notes)
    sleeper.wake(CAUSE)
    anyio.run(lambda: sleeper.run(until_asleep=True))
    if reasoner.error is not None:
        raise reasoner.error
    if sleeper.status.outcome is None:
        raise RuntimeError(sleeper.status.failure)
    return sleeper.status.outcome, sleeper.status.reflected


class _Listener:
    """Fulfils `engine.status.Listener` for a command: there is no module that anybody looks at."""

    def __init__(self, listen: Callable[[Progress], None]) -> None:
        self._listen = listen

    def learned(self, path: str) -> None:
        """Do nothing: none is open."""

    def noticed(self, line: str) -> None:
        """Tell the user."""
        tell.note(line)

    def slept(self, status: Status) -> None:
        """Tell how far it is."""
        if status.progress is not None:
            self._listen(status.progress)
