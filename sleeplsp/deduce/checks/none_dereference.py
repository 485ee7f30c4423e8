"""None is used where it fails, on a path found feasible: also when a callee in another module gave it."""

from collections.abc import Iterator

from sleeplsp.core import flow
from sleeplsp.core.contract import Verdict
from sleeplsp.core.flow.render import render
from sleeplsp.core.insight import Evidence, Severity
from sleeplsp.deduce.analysis import NEEDS, Analysis
from sleeplsp.deduce.checks.check import Check, Finding, Guards, Step
from sleeplsp.deduce.describe import decisions, origin, short
from sleeplsp.deduce.domain import Nothing
from sleeplsp.deduce.events import Event, Use
from sleeplsp.deduce.trail import Witness

_GUARDS = {
    "feasible": "no single path leads from the None to the use without contradicting itself",
    "searched": "the None is the result of a search loop that may well always find something",
    "library": "the None comes from a library function that often cannot return it where it is used",
}

_FAILS = {
    Use.ATTRIBUTE: "has no attribute `{}`",
    Use.INDEX: "cannot be indexed",
    Use.CALL: "cannot be called",
    Use.ITERATE: "cannot be iterated over",
    Use.UNPACK: "cannot be unpacked",
    Use.ENTER: "is no context manager",
    Use.OPERATE: "does not support `{}`",
    Use.CONTAIN: "contains nothing",
    Use.AWAIT: "cannot be awaited",
    Use.STORE_ATTRIBUTE: "has no attribute `{}`",
    Use.STORE_ITEM: "takes no items",
    Use.PASS: "is not expected there",
}


def find(analysis: Analysis, guards: Guards) -> Iterator[Finding]:
    """Yield one finding per place where None is used on a feasible path."""
    seen: set[tuple[int, int]] = set()
    for use in sorted(NEEDS):
        for event in analysis.events(use):
            nothing = next((each for each in _by_origin(event) if isinstance(each, Nothing)), None)
            if (
                nothing is None
                or not event.certain
                or nothing.origin == "default"
                and use is not Use.PASS
            ):
                continue
            witness = analysis.witness(event)
            if guards("feasible", holds=witness is None):
                continue
            base = _base(event)
            if (base.start, base.end) in seen:
                continue
            seen.add((base.start, base.end))
            if witness is not None:
                nothing = next(
                    (each for each in _by_origin(witness.event) if isinstance(each, Nothing)),
                    nothing,
                )
            yield _finding(analysis, event, base, nothing, witness)


def _by_origin(event: Event) -> list[Nothing]:
    """Return the Nones of an event, those the code writes itself first."""
    found = [each for each in event.value if isinstance(each, Nothing)]
    return sorted(found, key=lambda each: (each.origin not in ("literal", "test"), each.start))


def _base(event: Event) -> flow.Expression:
    node = event.node
    match node:
        case flow.Attribute(base=base) | flow.Index(base=base):
            return base
        case flow.Call(callee=callee) if event.use is Use.CALL:
            return callee
    return node  # type: ignore[return-value]  # uses stand at expressions


def _finding(
    analysis: Analysis,
    event: Event,
    base: flow.Expression,
    nothing: Nothing,
    witness: Witness | None,
) -> Finding:
    what = render(base) if isinstance(base, flow.Expression) else "this"
    name = (
        event.node.name
        if isinstance(event.node, flow.Attribute)
        else getattr(event.node, "operator", "")
    )
    fails = _FAILS[event.use].format(name)
    steps: list[Step | Evidence] = []
    if nothing.end > nothing.start:
        steps.append(Step(nothing.start, nothing.end, origin(nothing)))
    if "::" in nothing.origin:
        contract = analysis.world.contract(nothing.origin)
        if contract.returns.none is Verdict.YES:
            steps.extend(contract.returns.none_path[-2:])
    if witness is not None:
        steps.extend(decisions(witness, analysis.quoter, after=nothing.end))
    steps.append(Step(event.node.start, event.node.end, f"`None` {fails}"))
    return Finding(
        start=base.start,
        end=base.end,
        message=f"`{what}` may be `None` here{_because(nothing)}, which {fails}",
        evidence=tuple(steps),
        weak=(witness is not None and witness.weak) or nothing.origin == "end",
    )


def _because(nothing: Nothing) -> str:
    if nothing.origin in ("literal", "test", "default", "bare", "end"):
        return ""
    return f" (`{short(nothing.origin)}()` may return it)"


CHECK = Check(
    name="none-dereference",
    title="None is used as if it were a value",
    explanation="On some path through the function the value is None, and using it so raises.",
    severity=Severity.WARNING,
    guards=_GUARDS,
    find=find,
)
