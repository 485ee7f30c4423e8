"""The workspace of these tests, and replies about it."""

import json
from collections.abc import Callable

from tests.reflecting import NOTHING, Thoughtful

STORE = """\
def mean(values):
    # values are numbers
    total = sum(values)
    return total / len(values)


def largest(values):
    best = values[0]
    for value in values:
        if value > best:
            best = value
    return best
"""
USE = """\
from store import mean


def report(rows):
    sizes = [len(row) for row in rows]
    return f"mean {mean(sizes)}"
"""
FILES = {"store.py": STORE, "use.py": USE, "names.py": "ONE = 1\nTWO = 2\n"}


def reply(**fields: object) -> str:
    return json.dumps(json.loads(NOTHING) | fields)


SUSPECTED = reply(
    suspicions=[
        {
            "symbol": "mean",
            "quote": "total / len(values)",
            "evidence": [
                {
                    "symbol": "mean",
                    "quote": "total = sum(values)",
                    "sentence": "Of an empty list the total is 0, and nothing stops it here.",
                }
            ],
            "message": "With an empty list of `values`, `len(values)` is 0 and the division fails.",
            "category": "wrong-boundary",
            "severity": "warning",
            "fix": "",
        }
    ]
)


Begin = Callable[..., Thoughtful]
"""Begins a night with a script."""
