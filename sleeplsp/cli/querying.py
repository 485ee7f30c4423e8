"""How all questions of `query` are asked and answered: of a workspace that is up to date, as JSON or lines.

It must not know the questions.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager

import msgspec

from sleeplsp.cli import output, tell, thinking
from sleeplsp.cli.exits import ExitCode
from sleeplsp.cli.scope import Scope
from sleeplsp.cli.session import Session
from sleeplsp.engine.errors import UsageError
from sleeplsp.engine.outcome import Outcome


@contextmanager
def known(scope: Scope, places: Mapping[str, str | None]) -> Iterator[tuple[Session, Outcome]]:
    """Give an up-to-date session. Raises UsageError where there is nothing to ask about."""
    with thinking.thought(scope, places) as (session, outcome):
        if not any(map(scope.holds, (*session.deduction.rows, *outcome.failed))):
            where = ", ".join(scope.paths) or scope.root
            left_out = [reason for path, reason in outcome.skipped.items() if scope.meets(path)]
            why = f" (left out: {left_out[0]})" if left_out else ""
            raise UsageError(f"there is no module in {where}{why}")
        yield session, outcome


def answered(answer: msgspec.Struct, lines: Iterable[str], *, json: bool) -> None:
    """Deliver an answer as JSON, or as lines for people."""
    output.deliver(output.json(answer) if json else output.lines(lines))


def code_of(outcome: Outcome, scope: Scope) -> ExitCode:
    """Return the exit code; modules that failed are warned of."""
    failed = {path: why for path, why in outcome.failed.items() if scope.holds(path)}
    for path, reason in failed.items():
        tell.warning(f"{path}: failed: {reason}")
    return ExitCode.INCOMPLETE if failed else ExitCode.CLEAN
