"""`sleeplsp baseline`: suspicions that are dismissed for everybody who has the repository."""

import click

from sleeplsp.cli import modelled, options, tell, thinking
from sleeplsp.cli.compose import Composer
from sleeplsp.cli.exits import ExitCode
from sleeplsp.cli.scope import scope_of
from sleeplsp.cli.session import Session
from sleeplsp.core.baseline import FILE, Baseline, dismissal_of
from sleeplsp.deduce.drift import DRIFT
from sleeplsp.engine.errors import UsageError
from sleeplsp.repo.baseline import BaselineFile


def baseline_of(session: Session) -> Baseline:
    """Return the baseline of a session's workspace; what is wrong with its file is told."""
    found, warnings = BaselineFile(session.root).read()
    for warning in warnings:
        tell.warning(warning)
    return found


@click.group(no_args_is_help=True)
def baseline() -> None:
    """Dismiss suspicions for everybody who has the repository, in `sleeplsp-baseline.toml`.

    Each entry has a reason, and goes with its code: an edit of what is suspected makes it stale.
    """


@baseline.command()
@click.argument("suspicion", metavar="ID")
@click.option("--reason", metavar="TEXT", required=True, help="Why it is left as it is.")
@options.cache_dir
@options.state_dir
@options.root
def add(suspicion: str, *, reason: str, root: str | None, **places: str | None) -> int:
    """Dismiss a suspicion, by the id that `query bugs --json` tells."""
    if not reason.strip():
        raise UsageError("a dismissal needs a reason")
    scope = scope_of(root=root)
    with thinking.thought(scope, places) as (session, _):
        composer = Composer(session, scope, modelled.insights(session))
        found = next((each for each in composer.suspected() if each.id == suspicion), None)
        if found is None:
            raise UsageError(f"nothing is suspected that is called {suspicion}")
        if found.category == DRIFT.name:
            raise UsageError("a drift is over with the next commit: it is not dismissed for good")
        BaselineFile(session.root).add(dismissal_of(found, reason))
        tell.note(f"{found.category} in {found.place.ref} is dismissed in {FILE}")
    return ExitCode.CLEAN


@baseline.command()
@click.argument("suspicion", metavar="ID")
@options.root
def remove(suspicion: str, *, root: str | None) -> int:
    """Take an entry away: its suspicion is shown again."""
    file = BaselineFile(scope_of(root=root).root)
    if suspicion not in file.read()[0].by_id:
        raise UsageError(f"{FILE} has no entry {suspicion}")
    file.remove({suspicion})
    return ExitCode.CLEAN


@baseline.command()
@options.cache_dir
@options.state_dir
@options.root
def prune(*, root: str | None, **places: str | None) -> int:
    """Take away the entries that hide nothing any more."""
    scope = scope_of(root=root)
    with thinking.thought(scope, places) as (session, _):
        stale = Composer(session, scope, modelled.insights(session), baseline_of(session)).baseline().stale
        BaselineFile(session.root).remove({each.id for each in stale})
    for each in stale:
        tell.note(f"taken away: {each.id} {each.path} {each.symbol} {each.category}")
    if not stale:
        tell.note("every entry still hides something")
    return ExitCode.CLEAN
