"""What commands say of the journal: the last runs, what failed, what became of suspicions.

It must not know how a journal is kept.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from sleeplsp.cli.status_report import FunnelEntry, NotedRun
from sleeplsp.cli.tell import plural
from sleeplsp.engine.account import FunnelLine, RunNote

_COLUMNS = ("made", "shown", "acted", "applied", "ignored", "mended")


def noted_run(run: RunNote | None) -> NotedRun | None:
    """Return a run as it is reported."""
    if run is None:
        return None
    return NotedRun(
        who=run.who,
        cause=run.cause,
        begun=moment(run.begun_at),
        ended=moment(run.ended_at) if run.ended_at is not None else None,
        modules=run.modules,
        functions_deduced=run.deduced,
        functions_kept=run.kept,
        functions_in_vain=run.in_vain,
        modules_failed=run.failed,
        seconds=round(run.seconds, 3),
        failure=run.failure,
    )


def funnel_entry(line: FunnelLine) -> FunnelEntry:
    """Return one check's line of the funnel as it is reported."""
    return FunnelEntry(
        check=line.check,
        made=line.made,
        shown=line.shown,
        acted=line.acted,
        applied=line.applied,
        ignored=line.ignored,
        mended=line.mended,
    )


def moment(at: float) -> str:
    """Return a time as ISO 8601, UTC."""
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="seconds")


def run_line(run: NotedRun) -> str:
    """Return what a run came to, in one line."""
    who = f"{run.begun} by {run.who} ({run.cause})"
    if run.failure:
        return f"{who}: {run.failure}"
    if run.ended is None:
        return f"{who}: not finished"
    deduced = f"{plural(run.functions_deduced, 'function')} deduced, {run.functions_kept:,} kept"
    in_vain = f", {run.functions_in_vain:,} in vain" if run.functions_in_vain else ""
    failed = f", {plural(run.modules_failed, 'module')} failed" if run.modules_failed else ""
    return f"{who}: {deduced}{in_vain}{failed}, in {run.seconds:.1f} s"


def funnel_lines(funnel: Iterable[FunnelEntry]) -> Iterator[str]:
    """Yield the funnel as a table, with its sum."""
    rows = [(each.check, *(getattr(each, name) for name in _COLUMNS)) for each in funnel]
    if not rows:
        return
    rows.append(("all", *(sum(row[number] for row in rows) for number in range(1, len(_COLUMNS) + 1))))
    width = max(len(row[0]) for row in rows)
    yield f"    {'':{width}}  " + "  ".join(f"{name:>7}" for name in _COLUMNS)
    for name, *counts in rows:
        yield f"    {name:{width}}  " + "  ".join(f"{count:>7,}" for count in counts)
