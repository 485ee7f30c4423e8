"""Ranking: in which order modules are thought about where the call graph leaves a choice.

Pure. It must not know who thinks, nor when.
"""

from collections.abc import Iterable

from sleeplsp.core.resolved import path_in
from sleeplsp.engine.knowledge import Knowledge


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
