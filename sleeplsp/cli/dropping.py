"""`sleeplsp query drops`: how much of what a model said was not believed, and why."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import click

from sleeplsp.cli import options, tell
from sleeplsp.cli.drops_report import Drops, ModuleDrops, RefutedEntry
from sleeplsp.cli.querying import answered, code_of, known
from sleeplsp.cli.scope import Scope, scope_of
from sleeplsp.cli.session import Session

if TYPE_CHECKING:
    from sleeplsp.engine.verification.verdicts import Standing


@click.command()
@click.argument("path", metavar="[PATH]", required=False)
@options.json
@options.cache_dir
@options.state_dir
@options.root
def drops(path: str | None, *, json: bool, root: str | None, **places: str | None) -> int:
    """Count what was dropped of a model's replies, by reason, and what was kept.

    A claim is dropped when it cannot be held against the code: its symbol or quote is not there, it
    contradicts what was deduced, it says nothing. Of a claim that is kept, a fix or a check may be dropped.
    Where claims are tested, those that a call has refuted are told with that call.
    """
    scope = scope_of([path] if path is not None else [], root)
    with known(scope, places) as (session, outcome):
        told = dropped(session, scope)
    if not told.modules and not json:
        tell.note("no model has thought about it")
    answered(told, drop_lines(told), json=json)
    return code_of(outcome, scope)


def dropped(session: Session, scope: Scope) -> Drops:
    """Return the counts of the modules in a scope."""
    if not session.settings.remembers:
        return Drops(kept={}, dropped={}, modules=())
    from sleeplsp.cli.reflecting import known_of  # noqa: PLC0415 - only where a model is asked
    from sleeplsp.engine.reflection.tally import summed  # noqa: PLC0415 - as above

    known = known_of(session)
    studies = {path: each for path, each in known.studies.items() if scope.holds(path)}
    return Drops(
        kept=summed(each.kept for each in studies.values()),
        dropped=summed(each.drops for each in studies.values()),
        modules=tuple(
            ModuleDrops(
                path=path,
                generations=each.insight.generations,
                kept=each.kept,
                dropped=summed((each.drops,)),
                refuted=tuple(_refuted(known.verdicts.standings(each.insight))),
            )
            for path, each in sorted(studies.items())
        ),
    )


def _refuted(standings: Iterable["Standing"]) -> Iterator[RefutedEntry]:
    for each in standings:
        if each.verdict is not None and each.verdict.result == "refuted":
            yield RefutedEntry(
                symbol=each.claim.symbol,
                sentence=each.claim.sentence,
                check=each.claim.check or "",
                example=each.verdict.example,
            )


def drop_lines(told: Drops) -> Iterator[str]:
    """Yield the counts, for people."""
    if not told.modules:
        return
    kept = ", ".join(f"{count:,} {kind}" for kind, count in told.kept.items() if count) or "nothing"
    yield f"{tell.plural(len(told.modules), 'module')}: kept {kept}"
    yield from (f"{count:6,} {reason}" for reason, count in told.dropped.items())
    for module in told.modules:
        for each in module.refuted:
            yield f"{module.path}: {each.symbol}: refuted by a test: {each.check}: {each.example}"
