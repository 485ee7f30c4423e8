"""The report as a SARIF 2.1.0 log, for code scanning services and editors.

Columns count characters, paths are relative to the top of the repository. It must not know where a
report comes from.
"""

import os
from collections.abc import Iterator
from urllib.parse import quote

from sleeplsp.cli.report import FixEntry, Reason, Report, Span, Step, SuspicionEntry
from sleeplsp.core.markdown import unmarked
from sleeplsp.core.spelling import native
from sleeplsp.deduce.checks import CHECKS, Check

FINGERPRINT = "sleeplspSuspicion/v1"
_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_BASE = "%SRCROOT%"

Json = dict[str, object]


def log(report: Report, prefix: str) -> Json:
    """Return the log; `prefix` leads from the repository's top to the workspace."""
    writer = _Writer(prefix)
    run: Json = {
        "tool": {"driver": _driver(report)},
        "columnKind": "unicodeCodePoints",
        "invocations": [writer.invocation(report)],
        "results": [writer.result(each) for each in report.suspicions if each.shown_as_diagnostic],
        "properties": {"coverage": report.coverage, "run": report.run},
    }
    return {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}


def _driver(report: Report) -> Json:
    levels = {each.name: each.severity for each in report.checks}
    return {
        "name": report.tool.name,
        "semanticVersion": report.tool.version,
        "rules": [_rule(check, levels[check.name]) for check in CHECKS],
    }


def _rule(check: Check, level: str) -> Json:
    return {
        "id": check.name,
        "name": "".join(word.capitalize() for word in check.name.split("-")),
        "shortDescription": {"text": check.title},
        "fullDescription": {"text": check.explanation},
        "help": {"text": check.explanation},
        "defaultConfiguration": {
            "enabled": level != "off",
            "level": "none" if level == "off" else level,
        },
    }


class _Writer:
    """Writes what has a place."""

    def __init__(self, prefix: str) -> None:
        self._prefix = prefix
        self._rules = {check.name: number for number, check in enumerate(CHECKS)}

    def invocation(self, report: Report) -> Json:
        """Say whether the run was complete, and what was left out."""
        notices = [self._notice(each, "error", "failed") for each in report.failed]
        notices += [self._notice(each, "note", "skipped") for each in report.skipped]
        complete = not report.failed and report.coverage.thought > 0
        return {"executionSuccessful": complete, "toolExecutionNotifications": notices}

    def result(self, suspicion: SuspicionEntry) -> Json:
        """Write one suspicion."""
        span = Span(
            path=suspicion.path,
            line=suspicion.line,
            column=suspicion.column,
            end_line=suspicion.end_line,
            end_column=suspicion.end_column,
        )
        symbol = {"fullyQualifiedName": f"{suspicion.path}::{suspicion.symbol}"}
        result: Json = {
            "ruleId": suspicion.category,
            "ruleIndex": self._rules[suspicion.category],
            "level": suspicion.severity,
            "message": {"text": unmarked(suspicion.message)},
            "locations": [{**self._location(span), "logicalLocations": [symbol]}],
            "partialFingerprints": {FINGERPRINT: suspicion.id},
            "properties": {"grade": suspicion.grade},
        }
        steps = list(self._steps(suspicion.evidence))
        if steps:
            locations = [{"location": step} for step in steps]
            result["codeFlows"] = [{"threadFlows": [{"locations": locations}]}]
            result["relatedLocations"] = steps
        if suspicion.fix is not None:
            result["fixes"] = [self._fix(suspicion.fix)]
        return result

    def _steps(self, evidence: tuple[Step, ...]) -> Iterator[Json]:
        placed = [(step, step.span) for step in evidence if step.span is not None]
        for number, (step, span) in enumerate(placed):
            text = f"{unmarked(step.sentence)}: {step.quote}"
            yield {"id": number, **self._location(span), "message": {"text": text}}

    def _fix(self, fix: FixEntry) -> Json:
        changes: dict[str, list[Json]] = {}
        for edit in fix.edits:
            replacement = {
                "deletedRegion": _region(edit.span),
                "insertedContent": {"text": edit.text},
            }
            changes.setdefault(edit.span.path, []).append(replacement)
        return {
            "description": {"text": unmarked(fix.title)},
            "artifactChanges": [
                {"artifactLocation": self._artifact(path), "replacements": replacements}
                for path, replacements in changes.items()
            ],
        }

    def _notice(self, told: Reason, level: str, what: str) -> Json:
        return {
            "level": level,
            "message": {"text": f"{what}: {told.reason}"},
            "locations": [{"physicalLocation": {"artifactLocation": self._artifact(told.path)}}],
        }

    def _location(self, span: Span) -> Json:
        artifact = self._artifact(span.path)
        return {"physicalLocation": {"artifactLocation": artifact, "region": _region(span)}}

    def _artifact(self, path: str) -> Json:
        return {"uri": quote(os.fsencode(native(self._prefix + path))), "uriBaseId": _BASE}


def _region(span: Span) -> Json:
    return {
        "startLine": span.line,
        "startColumn": span.column,
        "endLine": span.end_line,
        "endColumn": span.end_column,
    }
