"""What an open module is suspected of and its user wants to be shown: not off, not ignored by a comment."""

from collections.abc import Iterator, Mapping

from sleeplsp.core.ignores import is_ignored
from sleeplsp.core.insight import Severity, Suspicion
from sleeplsp.core.snapshot import Mark, OpenModule, Snapshot

Levels = Mapping[str, str]
"""Severities that the settings give to checks."""


def wanted_marks(snapshot: Snapshot, module: OpenModule, levels: Levels) -> Iterator[tuple[Mark, Severity]]:
    """Yield the suspicions that are fresh and good enough to be shown, with their severities."""
    if module.claims is None or module.claims.provisional:
        return
    for mark in snapshot.fresh_marks(module):
        suspicion = mark.claim.suspicion
        severity = severity_of(suspicion, levels)
        if suspicion.shown and severity is not Severity.OFF and not is_silenced(module, mark):
            yield mark, severity


def severity_of(suspicion: Suspicion, levels: Levels) -> Severity:
    """Return how bad its user takes a suspicion to be."""
    return Severity(levels.get(suspicion.category, suspicion.severity))


def is_silenced(module: OpenModule, mark: Mark) -> bool:
    """Tell whether a comment in the code says to ignore a suspicion."""
    reach = max(mark.end, mark.comment_at)
    return is_ignored(module.text, mark.start, reach, mark.claim.suspicion.category)
