"""`sleeplsp precompute`: think about a workspace, report on it, say what was looked at."""

import os
from enum import StrEnum
from pathlib import Path

import click

from sleeplsp.cli import github, options, output, sarif, sleeping, tell, text, thinking
from sleeplsp.cli.baseline import baseline_of
from sleeplsp.cli.compose import Composer
from sleeplsp.cli.exits import ExitCode
from sleeplsp.cli.report import Report
from sleeplsp.cli.scope import Scope, scope_of

LEVELS = ("error", "warning", "note")
"""Severities, worst first."""


class Format(StrEnum):
    """In what form the report is written."""

    TEXT = "text"
    JSON = "json"
    SARIF = "sarif"
    GITHUB = "github"


@click.command(no_args_is_help=False)
@click.argument("paths", metavar="[PATH]...", nargs=-1)
@click.option(
    "--format",
    "form",
    type=click.Choice([each.value for each in Format]),
    default=Format.TEXT.value,
    show_default=True,
    help="Form of the report.",
)
@click.option(
    "--output",
    "output_file",
    metavar="FILE",
    help="Write the report to a file, whole or not at all; - is standard output.",
)
@click.option(
    "--changed-since",
    metavar="REV",
    help="Report only on what differs from where the history left REV, uncommitted changes "
    "included; and on other code that a change breaks.",
)
@click.option(
    "--fail-on",
    metavar="|".join((*LEVELS, "never")),
    help="Lowest severity that makes the exit code 1; by default the setting fail_on, or never.",
)
@options.replay
@click.option(
    "--verify",
    is_flag=True,
    default=None,
    help="Test a model's claims by calling functions of the workspace, in a process with limits: this "
    "runs its code. As the setting verify.",
)
@click.option("--jobs", type=int, metavar="N", help="Worker processes; 0: one for each processor.")
@options.cache_dir
@options.state_dir
@options.root
def precompute(
    paths: tuple[str, ...],
    form: str,
    output_file: str | None,
    changed_since: str | None,
    root: str | None,
    **flags: str | int | None,
) -> int:
    """Think about a workspace and report what is suspected of it.

    The report ends with what was looked at: modules thought about, skipped and failed, functions,
    claims by kind, suspicions by check, fixes. Where nothing was looked at the exit code is 3.

    Each PATH is a file or folder to report on, by default the whole workspace around the current
    folder. All of the workspace is thought about, so that results do not depend on it.
    """
    format_ = Format(form)
    output.check(output_file)
    scope = scope_of(paths, root, changed_since)
    with sleeping.slept(scope, flags) as slept:
        composer = Composer(slept.session, scope, slept.insights, baseline_of(slept.session))
        report = composer.report(
            slept.outcome, thinking.memory(), slept.reflected, modules=format_ is Format.JSON
        )
        settings, is_misconfigured = slept.session.settings, slept.session.is_misconfigured
    output.deliver(_written(report, format_, scope.root), output_file)
    if format_ is not Format.TEXT or output_file is not None:
        tell.note(text.summary(report))
    _explain_nothing(report, scope)
    if settings.verify and not settings.remembers:
        tell.note("no model is named, and a model's claims are all that is tested")
    return ExitCode.USAGE if is_misconfigured else _code(report, settings.fail_on)


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
        tell.note(f"none of the modules that {where} holds has changed since {scope.revision}")
        return
    why = "it holds no module that can be thought about"
    if report.failed:
        why = f"{tell.plural(len(report.failed), 'module')} failed"
    elif report.skipped:
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
    model = report.model
    is_untried = model is not None and model.verified is not None and model.verified.why
    is_cut = model is not None and (model.stopped or model.failed or is_untried)
    if report.failed or is_cut or not (report.coverage.thought or _is_unchanged(report)):
        return ExitCode.INCOMPLETE
    if threshold == "never":
        return ExitCode.CLEAN
    bad = LEVELS[: LEVELS.index(threshold) + 1]
    found = any(each.shown_as_diagnostic and each.severity in bad for each in report.suspicions)
    return ExitCode.FINDINGS if found else ExitCode.CLEAN
