"""The pytest plugin: reads claims, watches while the tests run, writes what was seen.

`NEVER_CLAIMS` names the file with the claims, `NEVER_SEEN` the file to write (both JSON). Watching begins
when the plugin is loaded, before any module of the package is.
"""

import json
import os
from collections import Counter
from pathlib import Path

import pytest

from . import monitor
from .claims import Claims


def _claims(told: dict[str, list[dict[str, object]]]) -> dict[str, list[Claims]]:
    return {path: [_claim(each) for each in listed] for path, listed in told.items()}


def _claim(told: dict[str, object]) -> Claims:
    # Lists come back from JSON where tuples went in.
    values = {
        name: tuple(tuple(each) if isinstance(each, list) else each for each in value)
        if isinstance(value, list)
        else value
        for name, value in told.items()
    }
    return Claims(**values)  # type: ignore[arg-type]  # as they were written


_told = json.loads(Path(os.environ["NEVER_CLAIMS"]).read_text("utf-8"))
_monitor = monitor.Monitor(_claims(_told["files"]), _told["root"])
_outcomes: Counter[str] = Counter()
monitor.start(_monitor)


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Count how tests end."""
    if report.when == "call" or report.outcome != "passed":
        _outcomes[report.outcome] += 1


def pytest_sessionfinish() -> None:
    """Write what was seen."""
    monitor.stop()
    functions = [
        {
            "ref": tally.judge.claims.ref,
            "returned": tally.returned,
            "raised": tally.raised,
            "contradicted": dict(tally.contradicted),
            "examples": tally.examples,
        }
        for tally in _monitor.tallies.values()
        if tally.returned or tally.raised
    ]
    seen = {"functions": functions, "outcomes": dict(_outcomes), "misplaced": _monitor.misplaced()}
    Path(os.environ["NEVER_SEEN"]).write_text(json.dumps(seen), "utf-8")
