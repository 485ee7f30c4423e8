"""Drift: what a function promised once and does not promise now.

Pure: two sides of one function in, sentences about what was lost out. It must not know where the earlier
side comes from, nor who calls the function.
"""

from typing import NamedTuple

from sleeplsp.core.insight import Severity


class Meaning(NamedTuple):
    """What a category of marks means, for settings and documentation."""

    name: str
    title: str
    explanation: str
    severity: Severity


DRIFT = Meaning(
    name="drift",
    title="An uncommitted edit takes back what callers rely on",
    explanation=(
        "At git HEAD the function promised something for certain, and with the edits since it does not: it"
        " may return `None`, or does not take its arguments as before, and callers break. What no caller is"
        " seen to need is told on hover alone. The mark stays until the promise is back, the callers have"
        " changed, HEAD moves, or it is dismissed."
    ),
    severity=Severity.WARNING,
)
