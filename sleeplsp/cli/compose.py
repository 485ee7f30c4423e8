"""Composing a report: from the rows of a run to the entries that a user or a machine reads.

Here the severities of the settings, the comments that silence a check and the scope take effect. It
must not know in what form a report is written.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Literal

import msgspec

from sleeplsp import __version__
from sleeplsp.cli.model_report import model_entry
from sleeplsp.cli.place import Places
from sleeplsp.cli.report import (
    BaselineEntry,
    CheckEntry,
    ClaimEntry,
    Coverage,
    DismissedEntry,
    Level,
    ModuleEntry,
    Reason,
    Report,
    RunEntry,
    Selected,
    Step,
    SuspicionEntry,
    SymbolEntry,
    Tool,
)
from sleeplsp.cli.scope import Scope
from sleeplsp.cli.session import Session
from sleeplsp.core.baseline import NO_BASELINE, Baseline, Dismissal
from sleeplsp.core.insight import Evidence, Insight, Invariant, Suspicion
from sleeplsp.core.row import ModuleRow
from sleeplsp.core.symbols import Symbol
from sleeplsp.deduce.checks import CHECKS
from sleeplsp.engine.outcome import Outcome, Reflected

_NAMES = frozenset(check.name for check in CHECKS)


class Composer:
    """Composes entries for one scope of a workspace that was brought up to date."""

    def __init__(
        self,
        session: Session,
        scope: Scope,
        insights: Mapping[str, Insight] | None = None,
        baseline: Baseline = NO_BASELINE,
    ) -> None:
        self._baseline = baseline
        self._levels = session.settings.checks
        self._rows = session.rows(insights or {})
        self._scope = scope
        self._places = Places(session.deduction.text_of)

    def report(
        self,
        outcome: Outcome,
        memory: tuple[int | None, int | None],
        reflected: Reflected | None,
        *,
        modules: bool,
    ) -> Report:
        """Return all there is to report; `modules` are left out where nobody reads them."""
        suspicions = self.suspicions()
        failed = _reasons(outcome.failed, self._scope)
        skipped = _reasons(outcome.skipped, self._scope)
        return Report(
            tool=Tool(name="sleeplsp", version=__version__),
            root=str(self._scope.root),
            selected=Selected(paths=self._scope.paths, changed_since=self._scope.revision),
            coverage=_coverage(list(self._chosen()), failed, skipped),
            run=_run(outcome, *memory),
            checks=tuple(self._checks(suspicions)),
            modules=tuple(map(self._module, self._chosen())) if modules else (),
            skipped=skipped,
            failed=failed,
            baseline=self.baseline(),
            suspicions=suspicions,
            model=model_entry(reflected) if reflected is not None else None,
        )

    def suspicions(self) -> tuple[SuspicionEntry, ...]:
        """Return what is suspected, by place; checks that are off suspect nothing."""
        found = [
            entry
            for path, row in self._rows.items()
            for function in row.functions.values()
            for each in function.suspicions
            if self._scope.concerns(path, map(_path, each.evidence))
            and (entry := self._suspicion(path, each)) is not None
        ]
        return tuple(sorted(found, key=lambda each: (each.path, each.line, each.column, each.id)))

    def suspected(self) -> Iterator[Suspicion]:
        """Yield all that is suspected in the workspace, whatever is shown of it."""
        functions = (function for row in self._rows.values() for function in row.functions.values())
        return (each for function in functions for each in function.suspicions)

    def baseline(self) -> BaselineEntry:
        """Return what the baseline hides, in all of the workspace."""
        used = [hidden for each in self.suspected() if (hidden := self._hides(each)) is not None]
        ids = {each.id for each in used}
        stale = [each for each in self._baseline.entries if each.id not in ids and self._is_over(each)]
        entries = (msgspec.structs.asdict(each) for each in stale)
        return BaselineEntry(
            entries=len(self._baseline.entries),
            hidden=len(used),
            stale=tuple(msgspec.convert(each, DismissedEntry) for each in entries),
        )

    def _hides(self, suspicion: Suspicion) -> Dismissal | None:
        return self._baseline.hides(suspicion, self._rows.__contains__)

    def _is_over(self, entry: Dismissal) -> bool:
        """Tell whether what an entry hid would be known if it were still suspected."""
        row = self._rows.get(entry.path)
        return entry.category in _NAMES and (row is None or not (row.failure or row.facts.errors))

    def claims(self) -> Iterator[ClaimEntry]:
        """Yield what is claimed, by module and source order of the symbols."""
        for row in self._chosen():
            yield from self._claims(row)

    def symbols(self) -> Iterator[SymbolEntry]:
        """Yield the symbols, by module and in source order."""
        for row in self._chosen():
            yield from self._symbols(row)

    def _chosen(self) -> Iterator[ModuleRow]:
        return (self._rows[path] for path in sorted(self._rows) if self._scope.holds(path))

    def _suspicion(self, path: str, suspicion: Suspicion) -> SuspicionEntry | None:
        level = self._levels.get(suspicion.category, suspicion.severity.value)
        span = self._places.span(suspicion.place)
        if level == "off" or span is None:
            return None
        ignored = self._places.is_ignored(suspicion.place, suspicion.category)
        hidden = self._hides(suspicion)
        return SuspicionEntry(
            id=suspicion.id,
            path=path,
            line=span.line,
            column=span.column,
            end_line=span.end_line,
            end_column=span.end_column,
            symbol=suspicion.symbol,
            category=suspicion.category,
            severity=level_of(level),
            grade=suspicion.grade.value,
            message=suspicion.message,
            evidence=tuple(
                Step(
                    symbol=step.place.ref,
                    quote=step.quote,
                    sentence=step.sentence,
                    span=self._places.span(step.place),
                )
                for step in suspicion.evidence
            ),
            fix=self._places.fix(suspicion.fix) if suspicion.fix is not None else None,
            shown_as_diagnostic=suspicion.shown and not ignored and hidden is None,
            ignored=ignored,
            dismissed=hidden.reason if hidden is not None else None,
        )

    def _checks(self, suspicions: Iterable[SuspicionEntry]) -> Iterator[CheckEntry]:
        counts = Counter((each.category, _surface(each)) for each in suspicions)
        for check in CHECKS:
            level = self._levels.get(check.name, check.severity.value)
            yield CheckEntry(
                name=check.name,
                title=check.title,
                severity="off" if level == "off" else level_of(level),
                shown=counts[check.name, "shown"],
                hover_only=counts[check.name, "hover"],
                ignored=counts[check.name, "ignored"],
                dismissed=counts[check.name, "dismissed"],
            )

    def _module(self, row: ModuleRow) -> ModuleEntry:
        return ModuleEntry(
            path=row.facts.path,
            language=row.facts.language,
            status=_status(row),
            lines=row.facts.lines,
            syntax_errors=row.facts.errors,
            symbols=tuple(self._symbols(row)),
            claims=tuple(self._claims(row)),
        )

    def _symbols(self, row: ModuleRow) -> Iterator[SymbolEntry]:
        path = row.facts.path
        for symbol in row.facts.symbols:
            name = self._places.at(path, symbol.name_start, symbol.name_end)
            yield SymbolEntry(
                path=path,
                id=symbol.id,
                kind=symbol.kind,
                line=name.line,
                column=name.column,
                end_line=name.end_line,
                end_column=name.end_column,
                last_line=self._places.line(path, symbol.end),
            )

    def _claims(self, row: ModuleRow) -> Iterator[ClaimEntry]:
        symbols = {each.id: each for each in row.facts.symbols}
        claimed = [name for name in row.functions if row.functions[name].invariants]
        for name in sorted(claimed, key=lambda each: symbols[each].start if each in symbols else 0):
            for claim in row.functions[name].invariants:
                yield self._claim(row.facts.path, symbols.get(name), name, claim)

    def _claim(self, path: str, symbol: Symbol | None, name: str, claim: Invariant) -> ClaimEntry:
        start = symbol.name_start if symbol is not None else 0
        return ClaimEntry(
            path=path,
            symbol=name,
            line=self._places.line(path, start),
            kind=claim.kind,
            sentence=claim.sentence,
            grade=claim.grade.value,
            runs=claim.runs,
            check=claim.check,
            # To look up thousands of places takes seconds; the symbol's line is near.
            evidence=tuple(
                Step(symbol=step.place.ref, quote=step.quote, sentence=step.sentence)
                for step in claim.evidence
            ),
        )


def _coverage(rows: list[ModuleRow], failed: tuple[Reason, ...], skipped: tuple[Reason, ...]) -> Coverage:
    functions = [each for row in rows for each in row.functions.values()]
    statuses = Counter(map(_status, rows))
    claims = Counter(claim.kind for each in functions for claim in each.invariants)
    return Coverage(
        thought=statuses["thought"],
        indexed=statuses["indexed"],
        failed=len(failed),
        skipped=len(skipped),
        syntax_errors=sum(row.facts.errors > 0 for row in rows),
        lines=sum(row.facts.lines for row in rows),
        functions=len(functions),
        functions_not_analysable=sum(not each.complete for each in functions),
        claims=dict(sorted(claims.items())),
        fixes_offered=sum(each.offered for each in functions),
        fixes_withheld=sum(each.withheld for each in functions),
    )


def _run(outcome: Outcome, bytes_max: int | None, worker_bytes_max: int | None) -> RunEntry:
    return RunEntry(
        modules=outcome.modules,
        functions_deduced=outcome.deduced,
        functions_kept=outcome.kept,
        other_files=outcome.other,
        seconds=round(outcome.seconds, 3),
        bytes_max=bytes_max,
        worker_bytes_max=worker_bytes_max,
    )


def _reasons(found: dict[str, str], scope: Scope) -> tuple[Reason, ...]:
    return tuple(
        Reason(path=path, reason=reason) for path, reason in sorted(found.items()) if scope.meets(path)
    )


def _status(row: ModuleRow) -> Literal["thought", "indexed", "failed"]:
    if row.failure:
        return "failed"
    # Where there is a reasoner, a module's own body is a function of it.
    return "thought" if row.functions else "indexed"


def _surface(entry: SuspicionEntry) -> Literal["shown", "ignored", "dismissed", "hover"]:
    if entry.ignored:
        return "ignored"
    if entry.dismissed is not None:
        return "dismissed"
    return "shown" if entry.shown_as_diagnostic else "hover"


def level_of(text: str) -> Level:
    """Return a severity as the JSON names it."""
    return "error" if text == "error" else "warning" if text == "warning" else "note"


def _path(step: Evidence) -> str:
    return step.place.ref.partition("::")[0]
