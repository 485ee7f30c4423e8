"""None is used where it fails, on a path found feasible: also when a callee in another module gave it."""

from collections.abc import Iterator

from sleeplsp.core import flow
from sleeplsp.core.flow.render import render
from sleeplsp.core.insight import Evidence, Severity
from sleeplsp.core.markdown import code
from sleeplsp.deduce import cfg
from sleeplsp.deduce.analysis import NEEDS, Analysis
from sleeplsp.deduce.checks.check import Check, Finding, Guards, Step
from sleeplsp.deduce.domain import Nothing, given_name, may_be_none
from sleeplsp.deduce.evaluation.managers import may_catch
from sleeplsp.deduce.events import Event, Use
from sleeplsp.deduce.idioms.informed import is_informed
from sleeplsp.deduce.idioms.ruled_out import is_ruled_out
from sleeplsp.deduce.idioms.tests import is_test
from sleeplsp.deduce.paths.trail import Witness
from sleeplsp.deduce.telling.describe import decisions, origin, short

_GUARDS = {
    "deliberate": "the None is written where it is used: it is meant to fail",
    "feasible": "no single path leads from the None to the use without contradicting itself",
    "caught": "the use stands in a try whose handler expects it to fail",
    "hook": "the callee's body does nothing: a subclass is meant to put something in its place",
    "overridden": "a method that may be called instead never returns None",
    "counted": "how many of several are None was asked before",
    "demanded": "the callee returns None only for what this call does not pass",
    "decided": "the path has decided otherwise than the callee demands for None",
    "given-back": "the callee gives back what it is passed only when that is not None",
    "matched": "the regular expression matches every text",
    "operand": "the other operand is of a class that may know what to do with None",
    "narrow:none": "a comparison with None was made before",
    "narrow:truth": "the value was tested before",
    "narrow:isinstance": "an isinstance test was made before",
    "narrow:type": "its very type was compared",
    "narrow:callable": "it was tested with callable()",
    "narrow:hasattr": "it was tested with hasattr()",
    "narrow:in": "it was found among values of which none is None",
    "narrow:equal": "it was found equal to a constant",
    "narrow:all": "it was tested together with others, with all()",
    "narrow:any": "it was tested together with others, with any()",
    "narrow:explained": "the comparison with None is there for a None that comes on other ways",
    "narrow:demanding": "by its name, a call on the path that may raise has seen to it",
    "narrow:vetted": "it was passed to what, by its name, looks whether it is right",
    "narrow:type-checking": "the code is for type checkers and never runs",
    "narrow:predicate": "it was passed to a condition that may well look for None",
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
}


def find(analysis: Analysis, guards: Guards) -> Iterator[Finding]:
    """Yield one finding per None: where it is first used on a feasible path."""
    told: set[tuple[int | str, int, str]] = set()
    candidates = [(block, event) for use in NEEDS for block, event in analysis.uses.get(use, ())]
    for block, event in sorted(candidates, key=lambda each: each[1].node.start):
        if not event.certain or not may_be_none(event.value):
            continue
        if guards("deliberate", holds=_is_written_there(event)):
            continue
        witness = analysis.witness(event)
        if guards("feasible", holds=witness is None):
            continue
        nothing = _by_origin(witness.event if witness is not None else event)[0]
        origin_ = (nothing.start, nothing.end, nothing.origin)
        # A call that gives None once gives it again: that it was used tells enough.
        again = (render(_base(event)), 0, nothing.origin) if isinstance(_base(event), flow.Call) else origin_
        if origin_ in told or again in told or guards("caught", holds=_is_caught(analysis, block, event)):
            continue
        if guards("counted", holds=_is_counted(nothing, witness)):
            continue
        if guards("decided", holds=is_ruled_out(analysis, nothing, witness)):
            continue
        told.update((origin_, again))
        informed = is_informed(analysis, block, nothing, witness)
        yield _finding(analysis, event, nothing, witness, informed=informed)


def _is_written_there(event: Event) -> bool:
    return event.use is not Use.PASSED and isinstance(_base(event), flow.Constant)


def _is_counted(nothing: Nothing, witness: Witness | None) -> bool:
    """Tell whether the path asks of a None among others: `[one, other].count(None) == 1`."""
    name = given_name(nothing)
    tests = witness.decisions if witness is not None and name else ()
    return any(isinstance(each.node, flow.Expression) and _lists(each.node, name) for each in tests)


def _lists(test: flow.Expression, name: str) -> bool:
    pending, listed = [test], False
    while pending:
        node = pending.pop()
        if isinstance(node, flow.Display):
            listed = listed or any(isinstance(each, flow.Name) and each.id == name for each in node.items)
        pending.extend(node.parts())
    return listed


def _is_caught(analysis: Analysis, number: int, event: Event) -> bool:
    """Tell whether the exception that None would raise is expected where it is used."""
    raised = ("builtins.AttributeError" if event.use in _ATTRIBUTES else "builtins.TypeError",)
    handler = analysis.graph.blocks[number].handler
    while handler is not None:
        block = analysis.graph.blocks[handler]
        if isinstance(block.exit, cfg.Dispatch):
            for each, _ in block.exit.handlers:
                if each is not None and may_catch(analysis.evaluator, each, raised)[0]:
                    return True
        handler = block.handler
    return False


_ATTRIBUTES = (Use.ATTRIBUTE, Use.STORE_ATTRIBUTE)


def _by_origin(event: Event) -> list[Nothing]:
    """Return the Nones of an event, those the code writes itself first."""
    found = [each for each in event.value if isinstance(each, Nothing)]
    return sorted(found, key=lambda each: (each.origin not in ("literal", "test"), each.start))


_OPERATIONS = (Use.OPERATE, Use.CONTAIN)


def _base(event: Event) -> flow.Expression:
    node = event.node
    if event.use in _OPERATIONS and event.used is not None and "%" not in render(event.used):
        return event.used
    match node:
        case flow.Attribute(base=base) | flow.Index(base=base):
            return base
        case flow.Call(callee=callee) if event.use is Use.CALL:
            return callee
        case flow.Augment(target=target):
            return target
    return node  # type: ignore[return-value]  # uses stand at expressions


def _finding(
    analysis: Analysis,
    event: Event,
    nothing: Nothing,
    witness: Witness | None,
    *,
    informed: bool,
) -> Finding:
    base = _base(event)
    steps: list[Step | Evidence] = []
    if nothing.end > nothing.start:
        steps.append(Step(nothing.start, nothing.end, origin(nothing)))
    if "::" in nothing.origin:
        steps.extend(analysis.world.contract(nothing.origin).returns.none_path[-2:])
    if witness is not None:
        steps.extend(decisions(witness, analysis.quoter, after=nothing.end))
    steps.append(Step(event.node.start, event.node.end, _wrong(event)))
    if event.use is Use.PASSED:
        ref, parameter = _needed(event)
        needed = (each for each in analysis.world.contract(ref).requires if each.parameter == parameter)
        steps.extend(step for each in needed for step in each.path[:1])
    return Finding(
        start=base.start,
        end=base.end,
        message=_message(event, base, nothing),
        evidence=tuple(steps),
        # In a test it makes the test fail, as it should.
        weak=(witness is not None and witness.weak)
        or informed
        or _is_chosen(analysis, nothing)
        or _is_conditional(event, nothing, witness)
        or nothing.origin == "end"
        or is_test(analysis.world.ref.partition("::")[0])
        or _is_seldom(analysis, nothing),
    )


def _is_conditional(event: Event, nothing: Nothing, witness: Witness | None) -> bool:
    """Tell whether the path needs decisions on other things between the None and its use.

    They may well be taken together with what gave the None, in a way that cannot be seen here. Of a None
    that is assigned, one of them is that nothing else was assigned.
    """
    own = render(_base(event))
    others = [
        each
        for each in (witness.decisions if witness is not None else ())
        if each.kind == "test"
        and each.start >= nothing.end
        and isinstance(each.node, flow.Expression)
        and own not in {render(part) for part in _parts(each.node)}
    ]
    return len(others) > (nothing.origin == "literal")


def _parts(node: flow.Expression) -> Iterator[flow.Expression]:
    yield node
    for each in node.parts():
        yield from _parts(each)


def _is_chosen(analysis: Analysis, nothing: Nothing) -> bool:
    """Tell whether a key that is looked up is written out: whoever chose it knows that it is there."""
    if not nothing.origin.endswith(".get") or "::" in nothing.origin:
        return False
    calls = (each.node for each in analysis.events(Use.CALLED) if isinstance(each.node, flow.Call))
    call = next((each for each in calls if (each.start, each.end) == (nothing.start, nothing.end)), None)
    return call is not None and isinstance(call.arguments[0].value if call.arguments else None, flow.Constant)


def _is_seldom(analysis: Analysis, nothing: Nothing) -> bool:
    """Tell whether the callee's None may never come, or only for what one of its overloads takes."""
    _, _, symbol = nothing.origin.partition("::")
    return bool(symbol) and ("#" in symbol or analysis.world.contract(nothing.origin).returns.none_seldom)


def _message(event: Event, base: flow.Expression, nothing: Nothing) -> str:
    if event.use is not Use.PASSED:
        return f"{_what(event, base)} here{_because(nothing)}, which {_failure(event)}"
    ref, parameter = _needed(event)
    callee = f"`{short(ref)}()`"
    if nothing.origin == "default":
        return f"`{parameter}` is left out and so `None`, which {callee} does not expect"
    return f"{_what(event, base)} here{_because(nothing)}, which {callee} does not expect of `{parameter}`"


def _what(event: Event, base: flow.Expression) -> str:
    if event.use is Use.PASSED and isinstance(base, flow.Constant):
        return "`None` is passed"
    if event.use is Use.UNPACK:
        return "what is unpacked may be `None`"
    # What a conditional gives has no name of its own.
    what = "this" if render(base).startswith("%") else code(render(base))
    return f"{what} may be `None`"


def _wrong(event: Event) -> str:
    """Say in a sentence what goes wrong with None."""
    if event.use is Use.PASSED:
        ref, parameter = _needed(event)
        return f"`{short(ref)}()` does not expect `None` of `{parameter}`"
    return f"`None` {_failure(event)}"


def _failure(event: Event) -> str:
    node = event.node
    name = node.name if isinstance(node, flow.Attribute) else getattr(node, "operator", "")
    return _FAILS[event.use].format(name)


def _needed(event: Event) -> tuple[str, str]:
    """Return the callee that needs what is passed, and its parameter."""
    ref, _, parameter = event.detail.partition(" ")
    return ref, parameter


def _because(nothing: Nothing) -> str:
    if nothing.origin in ("literal", "test", "default", "bare", "end") or given_name(nothing):
        return ""
    return f" (`{short(nothing.origin)}()` may return it)"


CHECK = Check(
    name="none-dereference",
    title="None is used as if it were a value",
    explanation="On some path through the function the value is None, and using it so raises.",
    severity=Severity.WARNING,
    precision=0.84,  # 27 of 32: benchmarks/results, precision-3
    guards=_GUARDS,
    find=find,
)
