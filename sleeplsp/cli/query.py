"""`sleeplsp query`: ask what is known of a workspace, which is brought up to date first.

One module for the four questions, which share how they are asked and answered.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Annotated

import msgspec
import typer

from sleeplsp.cli import output, tell, text, thinking
from sleeplsp.cli.compose import Composer
from sleeplsp.cli.exits import ExitCode
from sleeplsp.cli.hovering import hovered, hovered_lines
from sleeplsp.cli.naming import is_named, names, near
from sleeplsp.cli.options import CacheDir, Json, Root
from sleeplsp.cli.position import Position, position_of
from sleeplsp.cli.report import Bugs, ClaimEntry, Invariants, Symbols
from sleeplsp.cli.scope import Scope, scope_of
from sleeplsp.cli.session import Session
from sleeplsp.engine.deduction import Outcome
from sleeplsp.engine.errors import UsageError

app = typer.Typer(
    rich_markup_mode=None,
    add_completion=False,
    no_args_is_help=True,
    help="Ask what is known of a workspace. It is brought up to date first.",
)

Path = Annotated[
    str | None,
    typer.Argument(metavar="[PATH]", help="A file or folder; the whole workspace if left out."),
]


@app.command()
def hover(
    position: Annotated[
        str,
        typer.Argument(
            metavar="FILE:LINE[:COL]",
            help="Both count from 1; without a column, the first name of the line that is known.",
        ),
    ],
    *,
    json: Json = False,
    cache_dir: CacheDir = None,
    root: Root = None,
) -> int:
    """Show what an editor shows when the mouse rests at a position, as Markdown."""
    asked = position_of(position)
    scope = scope_of([asked.file], root)
    if not scope.paths:
        raise UsageError(f"{asked.file} is a folder; a position is FILE:LINE or FILE:LINE:COLUMN")
    with _known(scope, cache_dir) as (session, outcome):
        path = scope.paths[0]
        if path not in session.deduction.rows:
            raise UsageError(f"{path} is no module of {scope.root}")
        answer = hovered(session.deduction, path, asked)
    if answer.hover is None and not json:
        tell.note(f"nothing is known at {_said(asked)}")
    _answer(answer, hovered_lines(answer), json=json)
    return _code(outcome, scope)


@app.command()
def bugs(
    path: Path = None,
    *,
    every: Annotated[
        bool, typer.Option("--all", help="Also what is shown on hover only, and what is ignored.")
    ] = False,
    json: Json = False,
    cache_dir: CacheDir = None,
    root: Root = None,
) -> int:
    """List what is suspected, with the evidence. The JSON lists what is hidden as well."""
    scope = scope_of([path] if path is not None else [], root)
    with _known(scope, cache_dir) as (session, outcome):
        found = Composer(session, scope).suspicions()
    wanted = [each for each in found if every or each.shown_as_diagnostic]
    if not wanted and not json:
        hidden = f", {len(found):,} hidden (--all)" if found else ""
        tell.note(f"nothing is suspected{hidden}")
    _answer(Bugs(suspicions=found), text.suspicion_lines(wanted), json=json)
    return _code(outcome, scope)


@app.command()
def invariants(
    symbol: Annotated[
        str | None,
        typer.Argument(
            metavar="[SYMBOL]",
            help="A dotted name, a part of one (`Class.method`), or `path::symbol`.",
        ),
    ] = None,
    *,
    sample: Annotated[
        int | None,
        typer.Option(min=1, metavar="N", help="Only the first N of each kind.", show_default=False),
    ] = None,
    json: Json = False,
    cache_dir: CacheDir = None,
    root: Root = None,
) -> int:
    """List what always holds: what functions return, raise, change and require."""
    scope = scope_of(root=root)
    with _known(scope, cache_dir) as (session, outcome):
        composer = Composer(session, scope)
        found = [each for each in composer.claims() if is_named(each.path, each.symbol, symbol)]
        if symbol is not None and not found:
            _explain_unknown(session, symbol)
        elif not found:
            tell.note("nothing is claimed")
    claims = found if sample is None else _sampled(found, sample)
    _answer(Invariants(claims=tuple(claims)), text.claim_lines(claims), json=json)
    return _code(outcome, scope)


@app.command()
def symbols(
    path: Path = None, *, json: Json = False, cache_dir: CacheDir = None, root: Root = None
) -> int:
    """List the functions, methods, classes and other definitions."""
    scope = scope_of([path] if path is not None else [], root)
    with _known(scope, cache_dir) as (session, outcome):
        found = tuple(Composer(session, scope).symbols())
    _answer(Symbols(symbols=found), text.symbol_lines(found), json=json)
    return _code(outcome, scope)


@contextmanager
def _known(scope: Scope, cache_dir: str | None) -> Iterator[tuple[Session, Outcome]]:
    """Give an up-to-date session. Raises UsageError where there is nothing to ask about."""
    with thinking.thought(scope, {"cache_dir": cache_dir}) as (session, outcome):
        if not any(map(scope.holds, (*session.deduction.rows, *outcome.failed))):
            where = ", ".join(scope.paths) or scope.root
            left_out = [reason for path, reason in outcome.skipped.items() if scope.meets(path)]
            why = f" (left out: {left_out[0]})" if left_out else ""
            raise UsageError(f"there is no module in {where}{why}")
        yield session, outcome


def _answer(answer: msgspec.Struct, lines: Iterable[str], *, json: bool) -> None:
    output.deliver(output.json(answer) if json else output.lines(lines))


def _code(outcome: Outcome, scope: Scope) -> ExitCode:
    failed = {path: why for path, why in outcome.failed.items() if scope.holds(path)}
    for path, reason in failed.items():
        tell.warning(f"{path}: failed: {reason}")
    return ExitCode.INCOMPLETE if failed else ExitCode.CLEAN


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
    raise UsageError(
        f"there is no symbol {symbol}" + (f"; did you mean {guesses}?" if guesses else "")
    )


def _said(position: Position) -> str:
    column = f":{position.column}" if position.column is not None else ""
    return f"{position.file}:{position.line}{column}"
