"""A file, socket, archive or the like is opened, and on a feasible path nobody closes it.

Only where a local variable holds it and nothing else may have got it. That an exception may come between
opening and closing is true of nearly all code, and said only of handlers that wait for one.
"""

from collections.abc import Iterator

import msgspec

from sleeplsp.core import flow
from sleeplsp.core.flow.render import render
from sleeplsp.core.insight import Evidence, Severity
from sleeplsp.deduce import cfg
from sleeplsp.deduce.analysis import Analysis
from sleeplsp.deduce.bindings import bindings
from sleeplsp.deduce.checks.check import Check, Finding, Guards, Step
from sleeplsp.deduce.domain import Instance
from sleeplsp.deduce.events import Event, Use
from sleeplsp.deduce.idioms.closures import mentions
from sleeplsp.deduce.idioms.held import Held, Loss
from sleeplsp.deduce.idioms.patched import is_patched
from sleeplsp.deduce.idioms.still_held import Way, WayOut, ways_out
from sleeplsp.deduce.paths.facts import elementary
from sleeplsp.deduce.paths.trail import Decision
from sleeplsp.deduce.telling.describe import decisions
from sleeplsp.deduce.written import within

OPENINGS_MAX = 12
"""Openings of one function that are followed; later ones are left out."""

_LOSSES = {
    Loss.CLOSED: "it is closed, or a method is called of which nothing is known",
    Loss.MANAGED: "a `with` closes it",
    Loss.PASSED: "it is passed to a call, which may keep or close it",
    Loss.RETURNED: "the caller gets it",
    Loss.STORED: "another name, an attribute or a container gets it",
    Loss.DERIVED: "one of its methods is kept, or something that a method gave and that may need it",
    Loss.ASKED: "the code asks whether it is there or open",
    Loss.DRAINED: "it closes itself when it is read to its end",
    Loss.DROPPED: "the name is deleted or set to None: it is let go by hand",
}
_GUARDS = {
    **{loss.value: text for loss, text in _LOSSES.items()},
    "feasible": "no single path leads out without contradicting itself",
    "captured": "a nested function has it too",
    "borrowed": "it was made over something that somebody else has to close",
    "memory": "it holds nothing but memory",
    "patched": "a test has put something in the place of what opens",
}


class _Opening(msgspec.Struct, frozen=True):
    """A call that opens something, and the step that stores it in a name."""

    call: flow.Call
    step: flow.Assign
    name: str
    event: Event
    ref: str
    """The library function or class that opens."""


def find(analysis: Analysis, guards: Guards) -> Iterator[Finding]:
    """Yield one finding per opening: the way out that is most surely taken."""
    for opening in _openings(analysis, guards):
        held = Held(analysis, opening.name, drains=opening.ref in _DRAINS)

        def losing(step: cfg.Step | cfg.Exit, held: Held = held) -> frozenset[Loss]:
            losses = held.losses(step)
            return frozenset(
                each for each in losses if each is Loss.REPLACED or guards(each.value, holds=True)
            )

        outs = [
            out
            for out in ways_out(analysis, opening.step, losing)
            if not guards("feasible", holds=out.witness is None)
        ]
        if outs:
            steps = (each for block in analysis.graph.blocks for each in (*block.steps, block.exit))
            ever = any(losing(each) - {Loss.REPLACED} for each in steps if each is not None)
            out = min(outs, key=lambda out: _rank(analysis, opening, out))
            yield _finding(analysis, opening, out, ever=ever)


_DRAINS = frozenset(("urllib.request.urlopen", "urllib.request.OpenerDirector.open"))


def _openings(analysis: Analysis, guards: Guards) -> list[_Opening]:
    calls = {}
    for event in analysis.events(Use.CALLED):
        ref = _opens(analysis, event)
        if ref and event.certain:
            calls[event.node.start, event.node.end] = event, ref
    found: dict[int, _Opening] = {}
    for block in analysis.graph.blocks if calls else ():
        for step in block.steps:
            opening = _opening(step, calls)
            if opening is not None and not _is_harmless(analysis, opening, guards):
                found.setdefault(step.start, opening)
    return [found[start] for start in sorted(found)][:OPENINGS_MAX]


def _opening(step: cfg.Step, calls: dict[tuple[int, int], tuple[Event, str]]) -> _Opening | None:
    if not isinstance(step, flow.Assign) or not isinstance(step.value, flow.Call):
        return None
    known = calls.get((step.value.start, step.value.end))
    target = step.targets[0]
    if known is None or len(step.targets) > 1 or not isinstance(target, flow.Name) or target.id[0] == "%":
        return None
    return _Opening(step.value, step, target.id, *known)


def _opens(analysis: Analysis, event: Event) -> str:
    """Return the library function that opens what a call gives, '' if none does."""
    world = analysis.world
    if "::" not in event.detail:
        function = world.library_function(event.detail)
        return event.detail if function is not None and function.resource else ""
    shape = world.shape(event.detail)
    if shape is None or not shape.members.isdisjoint(_OWN_WAYS):
        return ""
    for ref in world.ancestors(event.detail)[0]:
        function = world.library_function(ref)
        if function is not None and function.resource:
            return ref
    return ""


_OWN_WAYS = frozenset(("__init__", "__new__", "__del__"))


def _is_harmless(analysis: Analysis, opening: _Opening, guards: Guards) -> bool:
    """Tell whether what is opened need not be closed here."""
    outside = not analysis.evaluator.tracks(opening.name)
    captured = opening.name in analysis.program.captured
    return (
        outside
        or guards("captured", holds=captured)
        or guards("borrowed", holds=_is_borrowed(opening))
        or guards("memory", holds=_is_memory(opening))
        or guards("patched", holds=is_patched(analysis, opening.call))
    )


def _is_borrowed(opening: _Opening) -> bool:
    for index, argument in enumerate(opening.call.arguments):
        value = argument.value
        if argument.keyword in ("fileobj", "fileno", "closefd"):
            return True
        if index or argument.keyword is not None:
            continue
        number = isinstance(value, flow.Constant) and value.kind == "int"
        if number or _is_descriptor(value) or _is_open(opening.event):
            return True
    return False


def _is_descriptor(node: flow.Expression) -> bool:
    callee = node.callee if isinstance(node, flow.Call) else None
    return isinstance(callee, flow.Attribute) and callee.name == "fileno"


def _is_open(event: Event) -> bool:
    """Tell whether the first argument is an object that is open already."""
    return any(isinstance(each, Instance) and each.type.startswith(_STREAMS) for each in event.arguments[0])


_STREAMS = ("_io.", "io.", "tempfile.", "typing.IO", "typing.BinaryIO", "typing.TextIO")


def _is_memory(opening: _Opening) -> bool:
    first = opening.call.arguments[0].value if opening.call.arguments else None
    return isinstance(first, flow.Constant) and first.value == ":memory:"


def _rank(analysis: Analysis, opening: _Opening, out: WayOut) -> tuple[bool, int, int]:
    return _is_weak(analysis, opening, out), _ORDER.index(out.way), out.start


_ORDER = (Way.RETURN, Way.END, Way.AGAIN, Way.RAISE)


def _is_weak(analysis: Analysis, opening: _Opening, out: WayOut) -> bool:
    """Tell whether the way out is taken only if something fails that hardly ever does, or is the last."""
    if out.witness is None or out.witness.weak:
        return True
    if analysis.program.name.strip("_") == "main":
        return True  # the process ends, and everything is closed
    if out.way is Way.RAISE and out.witness.event.node.start == out.start:
        bare = next(each for each in analysis.written.of(flow.Raise) if each.start == out.start)
        if bare.value is None:
            return True
    decided = out.witness.decisions
    if _denies_path(opening, decided) or _asks_another(analysis, opening, decided):
        return True
    return any(_is_for_opening(analysis, opening, each) for each in decided)


def _denies_path(opening: _Opening, decided: tuple[Decision, ...]) -> bool:
    """Tell whether it is later said that there is no path, though what was opened had one."""
    first = opening.call.arguments[0].value if opening.call.arguments else None
    if not isinstance(first, (flow.Name, flow.Attribute)):
        return False
    text = render(first)
    denials = {(text, False), (f"{text} is None", True)}
    return any(
        isinstance(each.node, flow.Expression)
        and each.start > opening.call.end
        and not denials.isdisjoint(elementary(each.node, holds=each.holds))
        for each in decided
    )


def _asks_another(analysis: Analysis, opening: _Opening, decided: tuple[Decision, ...]) -> bool:
    """Tell whether the last question is put to what the name holds, which may be what the caller gave."""
    last = next((each.node for each in reversed(decided) if each.kind == "test"), None)
    given = any(each.name == opening.name for each in analysis.program.parameters)
    several = given or len(bindings(analysis.program).get(opening.name, ())) > 1
    names = frozenset((opening.name,))
    return several and isinstance(last, flow.Expression) and mentions(last, names)


def _is_for_opening(analysis: Analysis, opening: _Opening, decision: Decision) -> bool:
    """Tell whether an exception raised after the opening is caught where the opening may fail too."""
    if not isinstance(decision.node, flow.Handler):
        return False
    return any(
        within(each.body, opening.call) and any(one.start == decision.start for one in each.handlers)
        for each in analysis.written.of(flow.Try)
    )


def _finding(analysis: Analysis, opening: _Opening, out: WayOut, *, ever: bool) -> Finding:
    call, shown = opening.call, opening.name.partition("#")[0]
    steps: list[Step | Evidence] = [Step(call.start, call.end, f"`{shown}` is opened here")]
    if out.witness is not None:
        # Which items the loops on the path take says nothing of it, nor what was asked in earlier turns.
        last = {(each.start, each.end): each for each in out.witness.decisions}
        told = (each for each in out.witness.decisions if last[each.start, each.end] is each)
        decided = tuple(each for each in told if each.kind not in ("turn", "end"))
        witness = msgspec.structs.replace(out.witness, decisions=decided)
        steps.extend(decisions(witness, analysis.quoter, after=call.end))
    if out.way is not Way.END:
        steps.append(Step(out.start, out.end, f"{_EVIDENCE[out.way]}, and `{shown}` is still open"))
    return Finding(
        start=call.start,
        end=call.end,
        message=f"`{shown}` is opened here and {_MESSAGES[out.way] if ever else 'never closed'}",
        evidence=tuple(steps),
        weak=_is_weak(analysis, opening, out),
    )


_EVIDENCE = {
    Way.RETURN: "here it returns",
    Way.AGAIN: "the name is bound anew",
    Way.RAISE: "here it raises",
}
_MESSAGES = {
    Way.RETURN: "still open at a `return`",
    Way.END: "still open at the end of the function",
    Way.AGAIN: "still open where the name is bound anew",
    Way.RAISE: "still open at a `raise`",
}

CHECK = Check(
    name="unclosed-resource",
    title="What is opened is not closed on some path",
    explanation="A file, socket or archive that nobody closes stays open until it happens to be "
    "collected: descriptors run out, and what was written may not be there yet when it is read.",
    severity=Severity.WARNING,
    guards=_GUARDS,
    find=find,
    scripts=False,
)
