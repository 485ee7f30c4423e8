"""Effort: how long one function is thought about. A value of its row: deeper passes come later, if they pay.

The first pass is for everything; most functions need no more. It must not know which functions those are.
"""

FIRST = 1
"""The effort of a pass over everything."""

DEEPEST = 2
"""The most effort there is."""

_STEPS = {FIRST: 300, DEEPEST: 3000}


def steps_of(effort: int) -> int:
    """Return how many blocks a search for paths may walk."""
    return _STEPS[min(max(effort, FIRST), DEEPEST)]
