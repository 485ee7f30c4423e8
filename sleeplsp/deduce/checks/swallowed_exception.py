"""An exception is caught and dropped, and what follows uses what the failed code was to set.

The same use may look like a name unbound or a None dereferenced; that it is the handler's doing
tells more, so this check speaks for both (`Check.instead_of`).
"""

from collections.abc import Iterator

import msgspec

from sleeplsp.core import flow
from sleeplsp.core.flow import Expression, ProgramKind, Statement
from sleeplsp.core.flow.render import render
from sleeplsp.core.insight import Severity
from sleeplsp.core.paths import dotted
from sleeplsp.core.walk import statements
from sleeplsp.deduce.analysis import Analysis
from sleeplsp.deduce.bindings import bound_by
from sleeplsp.deduce.checks.check import Check, Finding, Guards, Step
from sleeplsp.deduce.domain import Nothing, Unbound
from sleeplsp.deduce.evaluation.managers import KnownManagers
from sleeplsp.deduce.events import Event, Use
from sleeplsp.deduce.idioms.asked import is_asked
from sleeplsp.deduce.idioms.handlers import does_nothing, is_for_later_code
from sleeplsp.deduce.paths.trail import Decision, Witness

_GUARDS = {
    "feasible": "no single path leads from the handler to the use without contradicting itself",
    "asked": "the code asks whether the name is bound, or catches the error",
}

# Uses of a value that fail on None, where the node says which value.
_USES = (
    *(Use.READ, Use.ATTRIBUTE, Use.INDEX, Use.CALL, Use.ITERATE),
    *(Use.STORE_ATTRIBUTE, Use.STORE_ITEM, Use.PASSED),
)


class _Drop(msgspec.Struct, frozen=True):
    """Code whose exceptions are dropped: by a handler, or (None) by a context manager."""

    whole: Statement
    body: flow.Block
    handler: flow.Handler | None
    start: int
    end: int


class _Missing(msgspec.Struct, frozen=True):
    """A value that is missing: a variable or path, since where it is None (-1: it is unbound)."""

    node: Expression
    text: str
    since: int


def find(analysis: Analysis, guards: Guards) -> Iterator[Finding]:
    """Yield the first use of each variable not set; of those due to one handler, show one."""
    drops = list(_drops(analysis))
    events = analysis.events(*_USES) if drops else []
    shown: set[int] = set()
    known: set[tuple[int, str]] = set()
    for event in sorted(events, key=lambda each: (each.node.start, each.use)):
        missing = _missing(event) if event.certain else None
        if missing is None:
            continue
        witness = analysis.witness(event)
        drop = next((each for each in drops if _is_to_blame(each, missing, witness)), None)
        if drop is None or (drop.start, missing.text) in known:
            continue
        if guards("feasible", holds=witness is None):
            continue
        path = witness.decisions if witness is not None else ()
        if guards("asked", holds=is_asked(analysis, missing.node, missing.text, path)):
            continue
        known.add((drop.start, missing.text))
        finding = _finding(analysis, missing, drop, witness)
        yield msgspec.structs.replace(finding, weak=finding.weak or drop.start in shown)
        shown.add(drop.start)


def _drops(analysis: Analysis) -> Iterator[_Drop]:
    for each in analysis.written.of(flow.Try):
        for handler in each.handlers:
            if does_nothing(handler.body):
                yield _Drop(each, each.body, handler, handler.start, handler.end)
    managers = KnownManagers(analysis.evaluator)
    for outer in analysis.written.of(flow.With):
        for item in outer.items:
            if managers.swallows(item.context):
                yield _Drop(outer, outer.body, None, item.context.start, item.context.end)


def _missing(event: Event) -> _Missing | None:
    node = event.node
    if isinstance(node, (flow.Attribute, flow.Index)) and event.use is not Use.PASSED:
        node = node.base
    elif isinstance(node, flow.Call):
        node = node.callee
    if not isinstance(node, (flow.Name, flow.Attribute)) or "#" in dotted(node):
        return None
    if event.use is Use.READ:
        return (
            _Missing(node, render(node), -1)
            if any(isinstance(each, Unbound) and each.at < 0 for each in event.value)
            else None
        )
    nones = [each for each in event.value if isinstance(each, Nothing) and each.origin == "literal"]
    return _Missing(node, render(node), nones[0].start) if nones else None


def _is_to_blame(drop: _Drop, missing: _Missing, witness: Witness | None) -> bool:
    """Tell whether what sets the value has its exceptions dropped, and the path passes there."""
    if witness is not None and not any(_is_by(drop, each) for each in witness.decisions):
        return False
    final = drop.whole.final if isinstance(drop.whole, flow.Try) else ()
    after = missing.node.start >= (final[0].start if final else drop.whole.end)
    if not after or missing.since >= drop.whole.start:
        return False
    bound = (each for statement in statements(drop.body) for each in bound_by(statement))
    return any((each if isinstance(each, str) else render(each)) == missing.text for each in bound)


def _is_by(drop: _Drop, decision: Decision) -> bool:
    return decision.kind in ("caught", "stopped") and decision.start == drop.start


def _finding(analysis: Analysis, missing: _Missing, drop: _Drop, witness: Witness | None) -> Finding:
    state = "unbound" if missing.since < 0 else "`None`"
    steps = []
    raised = _raised(drop, witness)
    if raised is not None:
        steps.append(Step(raised.start, raised.end, "if this raises an exception"))
    steps.append(Step(drop.start, drop.end, "the exception is dropped here"))
    steps.append(Step(missing.node.start, missing.node.end, f"`{missing.text}` was not set: it is {state}"))
    return Finding(
        start=missing.node.start,
        end=missing.node.end,
        message=f"`{missing.text}` is {state} here when the code that sets it fails: "
        "the exception is dropped",
        evidence=tuple(steps),
        weak=analysis.program.kind is not ProgramKind.FUNCTION
        or witness is None
        or witness.weak
        or is_for_later_code(analysis, witness.decisions),
    )


def _raised(drop: _Drop, witness: Witness | None) -> Decision | None:
    """Return what raised the exception that is dropped."""
    raised = None
    for decision in witness.decisions if witness is not None else ():
        if decision.kind == "raised":
            raised = decision
        elif _is_by(drop, decision):
            return raised
    return None


CHECK = Check(
    name="swallowed-exception",
    title="An exception is dropped, and what it prevented is used",
    explanation="The handler passes over the error as if nothing had happened, but what the failed "
    "code was to set is not set, and using it fails in a place that says nothing of the cause.",
    severity=Severity.WARNING,
    guards=_GUARDS,
    find=find,
    instead_of=("possibly-unbound", "none-dereference"),
)
