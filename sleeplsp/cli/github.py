"""The report as workflow commands of GitHub Actions: annotations at the lines they are about.

Everything a repository says is escaped, and lines for people begin with the program's name, so that
no text can pass for a command. It must not know where a report comes from.
"""

from collections.abc import Iterator

from sleeplsp.cli.report import Report, SuspicionEntry
from sleeplsp.cli.tell import printable
from sleeplsp.cli.text import coverage_lines, step_lines

_COMMANDS = {"error": "error", "warning": "warning", "note": "notice"}


def annotation_lines(report: Report, prefix: str) -> Iterator[str]:
    """Yield the report; `prefix` leads from the repository's top to the workspace."""
    for each in report.suspicions:
        if each.shown_as_diagnostic:
            yield _annotation(each, prefix)
    for failure in report.failed:
        place = f"file={_property(prefix + failure.path)},title=sleeplsp"
        yield f"::error {place}::{_escaped(f'failed: {failure.reason}')}"
    for line in coverage_lines(report):
        yield f"sleeplsp: {line}"


def _annotation(suspicion: SuspicionEntry, prefix: str) -> str:
    properties = {
        "file": prefix + suspicion.path,
        "line": str(suspicion.line),
        "endLine": str(suspicion.end_line),
        "title": f"sleeplsp: {suspicion.category}",
    }
    if suspicion.line == suspicion.end_line:  # GitHub takes columns within one line only
        properties |= {"col": str(suspicion.column), "endColumn": str(suspicion.end_column)}
    said = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
    message = [suspicion.message, *step_lines(suspicion.evidence)]
    return f"::{_COMMANDS[suspicion.severity]} {said}::{'%0A'.join(map(_escaped, message))}"


def _escaped(text: str) -> str:
    escaped = text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    return printable(escaped)


def _property(text: str) -> str:
    return _escaped(text).replace(":", "%3A").replace(",", "%2C")
