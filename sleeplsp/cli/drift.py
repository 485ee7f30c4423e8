"""What `query drift` answers: the work tree against a revision, as entries of the JSON.

It must not know in what form they are written.
"""

from collections.abc import Iterator

from sleeplsp.cli.compose import level_of
from sleeplsp.cli.drift_report import CallerEntry, DriftEntry
from sleeplsp.cli.place import Places
from sleeplsp.cli.report import Step
from sleeplsp.cli.scope import Scope
from sleeplsp.cli.session import Session
from sleeplsp.core.insight import Evidence, Suspicion
from sleeplsp.deduce.drift import DRIFT
from sleeplsp.engine.drift.drifted import Drifted, lost_in
from sleeplsp.engine.drift.keeper import base_at, drift_of
from sleeplsp.engine.drift.told import in_order, sentence_of
from sleeplsp.engine.errors import UsageError
from sleeplsp.repo.history import GitHistory


def commit_of(scope: Scope, revision: str) -> str:
    """Return the commit that a revision names in a workspace. Raises UsageError."""
    return GitHistory(scope.root).commit(revision)


def drifts(session: Session, commit: str, revision: str) -> tuple[DriftEntry, ...]:
    """Return what has drifted in a workspace that is up to date, by place. Raises UsageError, StoreError."""
    deduction = session.deduction
    differing = session.history.differing(commit) if session.history is not None else None
    if differing is None:
        raise UsageError(f"drift against {revision!r} cannot be told: too much differs, or git fails")
    if differing.is_nothing:
        return ()
    base = base_at(commit, differing, session.files, session.beside)
    lost = {path: lost_in(base, row, lambda: deduction.index) for path, row in deduction.rows.items()}
    places = Places(deduction.text_of)
    level = session.settings.checks.get(DRIFT.name)
    told = [
        entry
        for each, suspicion in drift_of(base, lost, deduction)
        if (entry := _entry(each, suspicion, places, level)) is not None
    ]
    return tuple(sorted(told, key=lambda each: (each.path, each.line, each.column, each.kind)))


def _entry(each: Drifted, suspicion: Suspicion, places: Places, level: str | None) -> DriftEntry | None:
    """Return one entry; a severity that the settings name is for what callers need."""
    span = places.span(suspicion.place)
    if span is None or level == "off":
        return None
    ignored = places.is_ignored(suspicion.place, suspicion.category)
    return DriftEntry(
        id=suspicion.id,
        path=span.path,
        line=span.line,
        column=span.column,
        end_line=span.end_line,
        end_column=span.end_column,
        symbol=suspicion.symbol,
        kind=each.change.kind,
        severity=level_of(level) if level is not None and each.needed else level_of(suspicion.severity.value),
        message=suspicion.message,
        evidence=tuple(_step(step, places) for step in each.change.evidence),
        callers=tuple(_callers(each, places)),
        shown_as_diagnostic=suspicion.shown and not ignored,
        ignored=ignored,
    )


def _step(step: Evidence, places: Places) -> Step:
    return Step(symbol=step.place.ref, quote=step.quote, sentence=step.sentence, span=places.span(step.place))


def _callers(each: Drifted, places: Places) -> Iterator[CallerEntry]:
    for caller in in_order(each.callers):
        span = places.span(caller.call.place)
        if span is not None:
            yield CallerEntry(
                symbol=caller.call.caller,
                span=span,
                quote=caller.call.quote,
                sentence=sentence_of(each.change, caller),
                needs=caller.needs,
                through=caller.through or None,
            )
