"""`sleeplsp precompute`: think about a workspace, report on it, say what was looked at."""

import os
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from sleeplsp.cli import github, output, sarif, tell, text, thinking
from sleeplsp.cli.compose import Composer
from sleeplsp.cli.exits import ExitCode
from sleeplsp.cli.options import CacheDir, Root
from sleeplsp.cli.report import Report
from sleeplsp.cli.scope import Scope, scope_of

app = typer.Typer(rich_markup_mode=None, add_completion=False)

LEVELS = ("error", "warning", "note")
"""Severities, worst first."""


class Format(StrEnum):
    """In what form the report is written."""

    TEXT = "text"
    JSON = "json"
    SARIF = "sarif"
    GITHUB = "github"


@app.command()
def precompute(  # noqa: PLR0913 - one for each option
    paths: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[PATH]...",
            help="Files and folders to report on. The whole workspace is thought about all the "
            "same, so that results do not depend on it. Default: the whole workspace around the "
            "current folder.",
            show_default=False,
        ),
    ] = None,
    *,
    format_: Annotated[Format, typer.Option("--format", help="Form of the report.")] = Format.TEXT,
    output_file: Annotated[
        str | None,
        typer.Option(
            "--output", metavar="FILE", help="Write the report to a file, whole or not at all."
        ),
    ] = None,
    changed_since: Annotated[
        str | None,
        typer.Option(
            metavar="REV",
            help="Report only on what differs from where the history left REV, uncommitted changes "
            "included; and on other code that a change breaks.",
        ),
    ] = None,
    fail_on: Annotated[
        str | None,
        typer.Option(
            metavar="|".join((*LEVELS, "never")),
            help="Lowest severity that makes the exit code 1. Default: the setting fail_on.",
            show_default=False,
        ),
    ] = None,
    jobs: Annotated[
        int | None,
        typer.Option(
            metavar="N", help="Worker processes; 0: one per processor.", show_default=False
        ),
    ] = None,
    cache_dir: CacheDir = None,
    root: Root = None,
) -> int:
    """Think about a workspace and report what is suspected of it.

    The report ends with what was looked at: modules thought about, skipped and failed, functions,
    claims by kind, suspicions by check, fixes. Where nothing was looked at the exit code is 3.
    """
    scope = scope_of(paths or (), root, changed_since)
    flags = {"fail_on": fail_on, "jobs": jobs, "cache_dir": cache_dir}
    with thinking.thought(scope, flags, modules_min=1) as (session, outcome):
        composer = Composer(session, scope)
        report = composer.report(outcome, thinking.memory(), modules=format_ is Format.JSON)
        threshold = session.settings.fail_on
    output.deliver(_written(report, format_, scope.root), output_file)
    if format_ is not Format.TEXT or output_file is not None:
        tell.note(text.summary(report))
    _explain_nothing(report, scope)
    return _code(report, threshold)


def _written(report: Report, format_: Format, root: Path) -> bytes:
    match format_:
        case Format.TEXT:
            return output.lines(text.report_lines(report))
        case Format.JSON:
            return output.json(report)
        case Format.SARIF:
            return output.json(sarif.log(report, _prefix(root)))
        case Format.GITHUB:
            return output.lines(github.annotation_lines(report, _prefix(root)))


def _prefix(root: Path) -> str:
    """Return the way from the top of the repository, where services begin, to the root."""
    for folder in (root, *root.parents):
        if os.path.lexists(folder / ".git"):
            inner = root.relative_to(folder).as_posix()
            return "" if inner == "." else f"{inner}/"
    return ""


def _explain_nothing(report: Report, scope: Scope) -> None:
    """Say it where nothing was thought about: silence would pass for a clean report."""
    if report.coverage.thought:
        return
    where = ", ".join(report.selected.paths) or str(scope.root)
    if _is_unchanged(report):
        tell.note(f"no module of {where} has changed since {scope.revision}")
        return
    why = "it holds no module that can be thought about"
    if report.skipped:
        first = report.skipped[0]
        count = tell.plural(len(report.skipped), "entry is", "entries are")
        why = f"{count} left out, such as {first.path} ({first.reason})"
    elif report.coverage.indexed:
        why = "there is no reasoner for the languages in it"
    tell.warning(f"nothing was looked at in {where}: {why}")


def _is_unchanged(report: Report) -> bool:
    coverage = report.coverage
    looked_at = coverage.thought + coverage.indexed + coverage.failed + coverage.skipped
    return report.selected.changed_since is not None and not looked_at and report.run.modules > 0


def _code(report: Report, threshold: str) -> ExitCode:
    if report.failed or not (report.coverage.thought or _is_unchanged(report)):
        return ExitCode.INCOMPLETE
    if threshold == "never":
        return ExitCode.CLEAN
    bad = LEVELS[: LEVELS.index(threshold) + 1]
    found = any(each.shown_as_diagnostic and each.severity in bad for each in report.suspicions)
    return ExitCode.FINDINGS if found else ExitCode.CLEAN
