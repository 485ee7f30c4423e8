"""`sleeplsp query`: ask what is known of a workspace, which is brought up to date first.

One module for five of the questions, which share how they are asked and answered; the others have their own.
"""

from itertools import chain

import click

from sleeplsp.cli import modelled, options, tell, text
from sleeplsp.cli.baseline import baseline_of
from sleeplsp.cli.compose import Composer
from sleeplsp.cli.drift import commit_of, drifts
from sleeplsp.cli.drift_report import Drift
from sleeplsp.cli.dropping import drops
from sleeplsp.cli.hovering import hovered, hovered_lines
from sleeplsp.cli.naming import is_named, names, near
from sleeplsp.cli.position import position_of
from sleeplsp.cli.prompting import prompt
from sleeplsp.cli.querying import answered, code_of, known
from sleeplsp.cli.report import Bugs, ClaimEntry, Invariants, Symbols
from sleeplsp.cli.scope import scope_of
from sleeplsp.cli.session import Session
from sleeplsp.core.spelling import native
from sleeplsp.engine.errors import UsageError

PATH = click.argument("path", metavar="[PATH]", required=False)


@click.group(no_args_is_help=True)
def query() -> None:
    """Ask what is known of a workspace. It is brought up to date first."""


@query.command()
@click.argument("position", metavar="FILE:LINE[:COLUMN]")
@options.json
@options.cache_dir
@options.state_dir
@options.root
def hover(position: str, *, json: bool, root: str | None, **places: str | None) -> int:
    """Show what an editor shows where the mouse rests, as Markdown.

    Lines and columns count from 1; without a column, the first name of the line that is known.
    """
    asked = position_of(position)
    scope = scope_of([asked.file], root)
    if not scope.paths or (scope.root / native(scope.paths[0])).is_dir():
        raise UsageError(f"{asked.file} is a folder; a position is FILE:LINE or FILE:LINE:COLUMN")
    with known(scope, places) as (session, outcome):
        answer = hovered(session.deduction, scope.paths[0], asked, modelled.insights(session).get)
    if answer.hover is None and not json:
        tell.note(f"nothing is known at {position}")
    answered(answer, hovered_lines(answer), json=json)
    return code_of(outcome, scope)


@query.command()
@PATH
@click.option(
    "--all",
    "every",
    is_flag=True,
    help="Also what is shown on hover only, what is ignored or dismissed, and dismissals that are stale.",
)
@options.json
@options.cache_dir
@options.state_dir
@options.root
def bugs(path: str | None, *, every: bool, json: bool, root: str | None, **places: str | None) -> int:
    """List what is suspected, with the evidence. The JSON lists what is hidden as well."""
    scope = scope_of([path] if path is not None else [], root)
    with known(scope, places) as (session, outcome):
        composer = Composer(session, scope, modelled.insights(session), baseline_of(session))
        found, baseline = composer.suspicions(), composer.baseline()
    wanted = [each for each in found if every or each.shown_as_diagnostic]
    if not wanted and not json:
        hidden = f", {len(found):,} hidden (--all)" if found else ""
        tell.note(f"nothing is suspected{hidden}")
    lines = chain(text.suspicion_lines(wanted), text.baseline_lines(baseline) if every else ())
    answered(Bugs(suspicions=found, baseline=baseline), lines, json=json)
    return code_of(outcome, scope)


@query.command()
@click.argument("revision", metavar="[REV]", default="HEAD")
@options.json
@options.cache_dir
@options.state_dir
@options.root
def drift(revision: str, *, json: bool, root: str | None, **places: str | None) -> int:
    """List what functions promised at a git revision and do not promise now, and who calls them.

    REV is HEAD by default: what the edits since the last commit took back. A warning says that callers are
    found to need it; a note, that it was promised to all.
    """
    scope = scope_of(root=root)
    commit = commit_of(scope, revision)
    with known(scope, places) as (session, outcome):
        found = drifts(session, commit, revision)
    if not found and not json:
        tell.note(f"nothing has drifted since {revision}")
    answer = Drift(revision=revision, commit=commit, drifts=found)
    answered(answer, text.drift_lines(found), json=json)
    return code_of(outcome, scope)


@query.command()
@click.argument("symbol", metavar="[SYMBOL]", required=False)
@click.option("--sample", type=click.IntRange(min=1), metavar="N", help="Only the first N of each kind.")
@options.json
@options.cache_dir
@options.state_dir
@options.root
def invariants(
    symbol: str | None,
    *,
    sample: int | None,
    json: bool,
    root: str | None,
    **places: str | None,
) -> int:
    """List what always holds: what functions return, raise, change and require.

    SYMBOL is a dotted name, a part of one (`Class.method`), or `path::symbol`.
    """
    scope = scope_of(root=root)
    with known(scope, places) as (session, outcome):
        composer = Composer(session, scope, modelled.insights(session))
        found = [each for each in composer.claims() if is_named(each.path, each.symbol, symbol)]
        if symbol is not None and not found:
            _explain_unknown(session, symbol)
        elif not found:
            tell.note("nothing is claimed")
    claims = found if sample is None else _sampled(found, sample)
    answered(Invariants(claims=tuple(claims)), text.claim_lines(claims), json=json)
    return code_of(outcome, scope)


@query.command()
@PATH
@options.json
@options.cache_dir
@options.state_dir
@options.root
def symbols(path: str | None, *, json: bool, root: str | None, **places: str | None) -> int:
    """List the functions, methods, classes and other definitions."""
    scope = scope_of([path] if path is not None else [], root)
    with known(scope, places) as (session, outcome):
        found = tuple(Composer(session, scope).symbols())
    answered(Symbols(symbols=found), text.symbol_lines(found), json=json)
    return code_of(outcome, scope)


def _sampled(claims: list[ClaimEntry], count: int) -> list[ClaimEntry]:
    taken: dict[str, int] = {}
    sampled = []
    for each in claims:
        taken[each.kind] = taken.get(each.kind, 0) + 1
        if taken[each.kind] <= count:
            sampled.append(each)
    return sampled


def _explain_unknown(session: Session, symbol: str) -> None:
    known = dict.fromkeys(names(session.deduction.rows.values()))
    if any(is_named(path, name, symbol) for path, name in known):
        tell.note(f"nothing is claimed of {symbol}")
        return
    guesses = near(symbol, (name for _, name in known))
    raise UsageError(f"there is no symbol {symbol}" + (f"; did you mean {guesses}?" if guesses else ""))


query.add_command(prompt)
query.add_command(drops)
