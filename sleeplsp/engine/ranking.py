"""Ranking: in which order modules are thought about where the call graph leaves a choice.

Pure. It must not know who thinks, nor when.
"""

from collections.abc import Collection, Iterable

from sleeplsp.core.resolved import path_in
from sleeplsp.engine.knowledge import Knowledge

CALLERS_MIN = 2
"""Functions that are called from as many places are worth a deeper look."""


def deeper(knowledge: Knowledge, shown: Collection[str]) -> dict[int, list[str]]:
    """Return functions whose first look was cut off and that are worth more, by the effort they are worth.

    Those are what many call, what is suspected of something, what somebody looks at; the most called first.
    """
    found: dict[int, list[str]] = {}
    for ref in sorted(knowledge.cut, key=lambda each: (-len(knowledge.callers.get(each, ())), each)):
        row = knowledge.rows[ref]
        hot = len(knowledge.callers.get(ref, ())) >= CALLERS_MIN
        if hot or row.suspicions or path_in(ref) in shown:
            found.setdefault(row.effort + 1, []).append(ref)
    return found


def ranks(knowledge: Knowledge, shown: Iterable[str]) -> dict[str, int]:
    """Return ranks of modules that come before all others: those that are looked at, and what they call."""
    first = dict.fromkeys(shown, 0)
    pending = [ref for path in first for ref in knowledge.functions_of(path)]
    seen = set(pending)
    while pending:
        for callee in knowledge.calls.get(pending.pop(), ()):
            if callee not in seen:
                seen.add(callee)
                first.setdefault(path_in(callee), 1)
                pending.append(callee)
    return first
