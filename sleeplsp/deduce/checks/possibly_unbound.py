"""A name is read where, on a path found feasible, nothing has bound it."""

from collections.abc import Iterator

from sleeplsp.core import flow
from sleeplsp.core.insight import Severity
from sleeplsp.deduce.analysis import Analysis
from sleeplsp.deduce.checks.check import Check, Finding, Guards, Step
from sleeplsp.deduce.describe import decisions
from sleeplsp.deduce.events import Use

_GUARDS = {
    "feasible": "no single path leads to the read without contradicting itself",
}


def find(analysis: Analysis, guards: Guards) -> Iterator[Finding]:
    """Yield one finding per read."""
    for event in analysis.events(Use.READ):
        witness = analysis.witness(event)
        if guards("feasible", holds=witness is None):
            continue
        node = event.node
        steps = [] if witness is None else decisions(witness, analysis.quoter)
        yield Finding(
            start=node.start,
            end=node.end,
            message=f"`{node.shown}` may be not bound here",
            evidence=tuple(steps) + (Step(node.start, node.end, "read here"),),
            weak=witness is not None and witness.weak,
        )


CHECK = Check(
    name="possibly-unbound",
    title="A name may be not bound where it is read",
    explanation="On some path through the function nothing has bound the name, and reading it raises.",
    severity=Severity.WARNING,
    guards=_GUARDS,
    find=find,
)
