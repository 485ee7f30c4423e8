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
        if is_wanted(module, mark, levels):
            yield mark, severity_of(mark.claim.suspicion, levels)


def is_wanted(module: OpenModule, mark: Mark, levels: Levels) -> bool:
    """Tell whether a suspicion is good enough to be shown, and nobody has said otherwise."""
    suspicion = mark.claim.suspicion
    is_on = severity_of(suspicion, levels) is not Severity.OFF
    return suspicion.shown and is_on and not is_silenced(module, mark)


def severity_of(suspicion: Suspicion, levels: Levels) -> Severity:
    """Return how bad its user takes a suspicion to be."""
    return Severity(levels.get(suspicion.category, suspicion.severity))


def is_silenced(module: OpenModule, mark: Mark) -> bool:
    """Tell whether a comment in the code says to ignore a suspicion."""
    reach = max(mark.end, mark.comment_at)
    return is_ignored(module.text, mark.start, reach, mark.claim.suspicion.category)
