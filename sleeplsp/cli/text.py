"""The report for people, at its end what was looked at.

Each suspicion is one line, as compilers write them, with its evidence beneath. This module must not
know where a report comes from.
"""

from collections.abc import Iterable, Iterator

from sleeplsp.cli.drift_report import DriftEntry
from sleeplsp.cli.model_report import model_lines
from sleeplsp.cli.report import (
    BaselineEntry,
    CheckEntry,
    ClaimEntry,
    Report,
    Step,
    SuspicionEntry,
    SymbolEntry,
)
from sleeplsp.cli.tell import plural

QUOTE_MAX = 44
"""Characters of code beside a step of evidence."""

CALLERS_MAX = 8
"""Calls told of one function that has drifted; the JSON has all."""


def report_lines(report: Report) -> Iterator[str]:
    """Yield the whole report."""
    yield from suspicion_lines(each for each in report.suspicions if each.shown_as_diagnostic)
    if any(each.shown_as_diagnostic for each in report.suspicions):
        yield ""
    for failure in report.failed:
        yield f"{failure.path}: failed: {failure.reason}"
    yield from coverage_lines(report)
    if report.model is not None:
        yield from model_lines(report.model)


def suspicion_lines(suspicions: Iterable[SuspicionEntry]) -> Iterator[str]:
    """Yield suspicions with their evidence."""
    for each in suspicions:
        where = f"{each.path}:{each.line}:{each.column}"
        hidden = "" if each.shown_as_diagnostic else _hidden(each)
        yield f"{where}: {each.severity}: {each.message} [{each.category}]{hidden}"
        yield from step_lines(each.evidence)
        if each.fix is not None:
            yield f"    fix: {each.fix.title}"


def drift_lines(drifts: Iterable[DriftEntry]) -> Iterator[str]:
    """Yield what has drifted, with the callers."""
    for each in drifts:
        hidden = " (ignored)" if each.ignored else ""
        yield f"{each.path}:{each.line}:{each.column}: {each.severity}: {each.message} [{each.kind}]{hidden}"
        told = each.callers[:CALLERS_MAX]
        callers = (Step(symbol=c.symbol, quote=c.quote, sentence=c.sentence, span=c.span) for c in told)
        yield from step_lines((*each.evidence, *callers))
        if len(each.callers) > CALLERS_MAX:
            yield f"    … {len(each.callers) - CALLERS_MAX:,} more"


def step_lines(evidence: tuple[Step, ...]) -> Iterator[str]:
    """Yield steps of evidence in columns: where, the code, what it means."""
    rows = [(_where(step), _cut(step.quote), step.sentence) for step in evidence]
    widths = [max((len(row[column]) for row in rows), default=0) for column in (0, 1)]
    for where, quote, sentence in rows:
        yield f"    {where:<{widths[0]}}  {quote:<{widths[1]}}  {sentence}".rstrip()


def claim_lines(claims: Iterable[ClaimEntry]) -> Iterator[str]:
    """Yield claims under their symbols."""
    symbol = None
    for each in claims:
        if (each.path, each.symbol) != symbol:
            symbol = each.path, each.symbol
            yield f"{each.path}:{each.line}: {each.symbol}"
        runs = f" on {plural(each.runs, 'call')}: {each.check}" if each.runs else ""
        yield f"    {each.sentence}  ({each.kind}, {each.grade}{runs})"


def symbol_lines(symbols: Iterable[SymbolEntry]) -> Iterator[str]:
    """Yield symbols, one on a line."""
    for each in symbols:
        yield f"{each.path}:{each.line}:{each.column}: {each.kind} {each.id}"


def summary(report: Report) -> str:
    """Return in one line what was looked at and how much is suspected."""
    coverage = report.coverage
    shown = sum(each.shown_as_diagnostic for each in report.suspicions)
    return (
        f"{plural(coverage.thought, 'module')} thought about, {coverage.skipped:,} skipped, "
        f"{coverage.failed:,} failed; {plural(shown, 'suspicion')}"
    )


def coverage_lines(report: Report) -> Iterator[str]:
    """Yield what was looked at and what came of it."""
    coverage, run = report.coverage, report.run
    indexed = f", {coverage.indexed:,} without a reasoner" if coverage.indexed else ""
    broken = f", {coverage.syntax_errors:,} with syntax errors" if coverage.syntax_errors else ""
    yield (
        f"thought about  {plural(coverage.thought, 'module')}, {plural(coverage.lines, 'line')}"
        f"{indexed}{broken}; {coverage.skipped:,} skipped, {coverage.failed:,} failed"
    )
    if report.selected.paths or report.selected.changed_since is not None:
        yield f"               of {plural(run.modules, 'module')} in the workspace"
    beyond = coverage.functions_not_analysable
    yield (
        f"functions      {coverage.functions:,}; {run.functions_deduced:,} deduced now, "
        f"{run.functions_kept:,} kept" + (f", {beyond:,} beyond analysis" if beyond else "")
    )
    kinds = ", ".join(f"{count:,} {kind}" for kind, count in coverage.claims.items())
    yield f"claims         {sum(coverage.claims.values()):,}" + (f": {kinds}" if kinds else "")
    yield from _check_lines(report.checks)
    yield from baseline_lines(report.baseline)
    yield f"fixes          {coverage.fixes_offered:,} offered, {coverage.fixes_withheld:,} withheld"
    yield f"took           {run.seconds:.1f} s{_memory(run.bytes_max, run.worker_bytes_max)}"


def _check_lines(checks: tuple[CheckEntry, ...]) -> Iterator[str]:
    shown, hover = sum(each.shown for each in checks), sum(each.hover_only for each in checks)
    yield f"suspicions     {shown:,} shown, {hover:,} on hover only"
    quiet = [each for each in checks if each.severity != "off" and not _fired(each)]
    told = [each for each in checks if each not in quiet]
    width = max((len(each.name) for each in told), default=0)
    for each in told:
        yield f"    {each.name:<{width}}  {'off' if each.severity == 'off' else _fired(each)}"
    if quiet:
        yield f"fired nowhere  {', '.join(each.name for each in quiet)}"


def _hidden(each: SuspicionEntry) -> str:
    """Say why a suspicion is no diagnostic."""
    if each.dismissed is not None:
        return f" (dismissed: {each.dismissed})"
    return " (ignored)" if each.ignored else " (hover)"


def baseline_lines(baseline: BaselineEntry) -> Iterator[str]:
    """Yield what the baseline hides, and which of its entries hide nothing; nothing without one."""
    if not baseline.entries:
        return
    yield f"baseline       {plural(baseline.hidden, 'suspicion')} dismissed"
    for each in baseline.stale:
        reason = f": {each.reason}" if each.reason else ""
        yield f"    stale: {each.id} {each.path} {each.symbol} {each.category}{reason}"
    if baseline.stale:
        yield "    `sleeplsp baseline prune` takes stale entries away"


def _fired(check: CheckEntry) -> str:
    """Say how often a check suspected something; nothing if never."""
    hidden = [(check.hover_only, "on hover only"), (check.ignored, "ignored"), (check.dismissed, "dismissed")]
    more = "".join(f", {count:,} {what}" for count, what in hidden if count)
    return f"{check.shown:,}{more}" if check.shown or more else ""


def _memory(bytes_max: int | None, worker_bytes_max: int | None) -> str:
    if bytes_max is None or worker_bytes_max is None:
        return ""
    mib = 2**20
    here, largest = bytes_max // mib, worker_bytes_max // mib
    return f"; at most {here:,} MiB here, {largest:,} MiB in another process"


def _where(step: Step) -> str:
    path = step.symbol.partition("::")[0]
    return f"{step.span.path}:{step.span.line}" if step.span is not None else path


def _cut(quote: str) -> str:
    return quote if len(quote) <= QUOTE_MAX else f"{quote[: QUOTE_MAX - 1]}…"
