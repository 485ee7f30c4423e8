"""A function returns a value on some ways, and on another comes to its end without one.

That is often meant (None for nothing found), so only what speaks against it is shown: a promise in
the annotation, a special method that must give a value, a result made at the end and dropped.
"""

from collections.abc import Iterator

import msgspec

from sleeplsp.core import flow
from sleeplsp.core.flow import Expression, Program, ProgramKind
from sleeplsp.core.flow.render import render
from sleeplsp.core.insight import Severity
from sleeplsp.deduce import cfg
from sleeplsp.deduce.analysis import Analysis
from sleeplsp.deduce.checks.check import Check, Finding, Guards, Replacement, Step
from sleeplsp.deduce.domain import Nothing, Unknown, Value
from sleeplsp.deduce.ends import Ends
from sleeplsp.deduce.evaluation.types import annotated_type
from sleeplsp.deduce.events import Use
from sleeplsp.deduce.tails import Tail, tails
from sleeplsp.deduce.telling.wording import code

_GUARDS = {
    "explicit": "a bare `return` or `return None` shows that None is meant to be a result",
    "annotated": "the annotation allows for None",
    "narrow:leaving": "a call before the end may never return, by its name",
    "narrow:handing": "a call before the end is handed an exception, and may raise it again",
}

# What these return is looked at by the interpreter itself, which raises on None.
_MUST_GIVE = frozenset(
    {"__bool__", "__bytes__", "__complex__", "__float__", "__format__", "__hash__", "__index__"}
    | {"__int__", "__iter__", "__len__", "__repr__", "__str__", "__aiter__", "__await__"}
)


def find(analysis: Analysis, guards: Guards) -> Iterator[Finding]:
    """Yield at most one finding per function: the one that says most."""
    program = analysis.program
    if program.kind is not ProgramKind.FUNCTION or program.is_generator or not _falls(analysis):
        return
    returns = analysis.written.of(flow.Return)
    given = [each for each in returns if each.value is not None and not _is_none(each.value)]
    if not given or guards("explicit", holds=len(given) < len(returns)):
        return
    ways = list(tails(program.body, Ends(analysis, trusting=True)))
    if not ways:
        return
    found = (
        _special(analysis, given, ways)
        or _never_true(analysis, given, ways)
        or _dropped(analysis, given, ways)
        or _promised(analysis, given, ways, guards)
        or _forgotten(analysis, given, ways)
    )
    if found is not None:
        yield found


def _falls(analysis: Analysis) -> bool:
    """Tell whether the end of the body is reached, as far as that is certain."""
    return any(
        isinstance(analysis.graph.blocks[number].exit, cfg.Fall)
        and event.certain
        and analysis.may_come(event)
        for number, event in analysis.uses.get(Use.RETURN, ())
    )


def _is_none(value: Expression) -> bool:
    return isinstance(value, flow.Constant) and value.kind == "none"


def _special(analysis: Analysis, given: list[flow.Return], ways: list[Tail]) -> Finding | None:
    name = analysis.program.name
    if name not in _MUST_GIVE:
        return None
    message = f"`{name}` may come to its end without a `return`: its `None` raises `TypeError`"
    return _finding(analysis.program, message, given, ways)


def _dropped(analysis: Analysis, given: list[flow.Return], ways: list[Tail]) -> Finding | None:
    """Find a way that ends in making a value and does nothing with it."""
    returned = {render(each.value) for each in given if each.value is not None}
    for way in ways:
        match way.statement:
            case flow.Evaluate(value=value) if _is_result(analysis, value, returned):
                fix = (Replacement(value.start, value.start, "return "),)
                message = f"The value of {code(value)} is dropped, where other ways return theirs"
                return Finding(
                    start=value.start,
                    end=value.end,
                    message=message,
                    evidence=(*_returned(given), Step(value.start, value.end, _FALLS)),
                    fix_title="Return it",
                    fix=fix,
                )
            case flow.Assign(targets=(flow.Name(id=name) as target,)) as made:
                if name in returned and name not in _kept(analysis.program):
                    return Finding(
                        start=target.start,
                        end=target.end,
                        message=f"`{name}` is set here, but not returned as it is elsewhere",
                        evidence=(*_returned(given), Step(made.start, made.end, _FALLS)),
                    )
    return None


_FALLS = "here the function ends, and gives `None`"


def _kept(program: Program) -> frozenset[str]:
    """Return the variables that others may read after the function has ended."""
    return program.captured | program.outer | program.rebound


def _is_result(analysis: Analysis, value: Expression, returned: set[str]) -> bool:
    """Tell whether an expression statement makes a value that was meant to be returned."""
    if isinstance(value, flow.Name):
        return value.shown in returned
    call = value.value if isinstance(value, flow.Await) else value
    if not isinstance(call, flow.Call):
        return isinstance(value, (flow.Operation, flow.Boolean, flow.Conditional, flow.Display))
    site = analysis.world.site(call.end)
    if site is None or len(site.refs) != 1:
        return False
    if site.refs[0] == analysis.world.ref:
        return True
    same = any(text.startswith(f"{render(call.callee)}(") for text in returned)
    values = [
        event.value
        for event in analysis.events(Use.DROP)
        if (event.node.start, event.node.end) == (value.start, value.end)
    ]
    return same and bool(values) and all(_is_value(each) for each in values)


def _is_value(value: Value) -> bool:
    return bool(value) and not any(isinstance(each, (Nothing, Unknown)) for each in value)


def _promised(
    analysis: Analysis, given: list[flow.Return], ways: list[Tail], guards: Guards
) -> Finding | None:
    """Find a way to the end of a function whose annotation names a class."""
    annotation = analysis.program.returns
    if annotation is None or guards("annotated", holds=not _excludes_none(analysis, annotation)):
        return None
    message = f"May come to its end without a `return`: {code(annotation)} is promised, not `None`"
    found = _finding(analysis.program, message, given, ways)
    return msgspec.structs.replace(found, weak=any(_may_be_complete(way) for way in ways))


def _never_true(analysis: Analysis, given: list[flow.Return], ways: list[Tail]) -> Finding | None:
    """Find a question that can only be answered by False, and by the None of its end."""
    question = analysis.program.name.lstrip("_").partition("_")[0] in _ASKING
    if not question or not all(_is_false(each.value) for each in given):
        return None
    message = f"`{analysis.program.name}` returns `False` or nothing: it is never true"
    return _finding(analysis.program, message, given, ways)


_ASKING = frozenset(("is", "has", "can", "should", "contains", "exists", "supports", "allows"))


def _is_false(value: Expression | None) -> bool:
    return isinstance(value, flow.Constant) and value.value is False


def _forgotten(analysis: Analysis, given: list[flow.Return], ways: list[Tail]) -> Finding | None:
    """Find a chain of conditions with several values, and none for when no condition holds."""
    several = len(given) > 1 and all(way.branch is not None for way in ways)
    if not several or not all(_may_be_complete(way) for way in ways):
        return None
    message = "Gives no value when none of its conditions holds"
    return msgspec.structs.replace(_finding(analysis.program, message, given, ways), weak=True)


def _may_be_complete(way: Tail) -> bool:
    """Tell whether the way to the end looks as if its author knew that it is never taken."""
    if isinstance(way.statement, (flow.For, flow.While)) or _runs_text(way.statement):
        return True
    several = isinstance(way.branch, flow.If) and len(way.branch.orelse) == 1
    return several or isinstance(way.branch, flow.Match)


def _runs_text(statement: flow.Statement | None) -> bool:
    call = statement.value if isinstance(statement, flow.Evaluate) else None
    callee = call.callee if isinstance(call, flow.Call) else None
    return isinstance(callee, flow.Name) and callee.id == "exec"  # it may be there to raise


def _excludes_none(analysis: Analysis, annotation: Expression) -> bool:
    match annotation:
        case flow.Operation(left=left, right=right):
            return all(_excludes_none(analysis, each) for each in (left, right))
        case flow.Index(base=base):
            return _excludes_none(analysis, base)
    return bool(annotated_type(annotation, analysis.world)) or (
        isinstance(annotation, flow.Name) and annotation.id in ("float", "complex", "bytes")
    )


def _finding(program: Program, message: str, given: list[flow.Return], ways: list[Tail]) -> Finding:
    steps = [
        Step(each.start, each.end, _FALLS)
        if way.statement is not None
        else Step(each.start, each.end, "where no arm of this is taken, the function ends: `None`")
        for way in ways
        if (each := way.statement or way.branch) is not None
    ]
    return Finding(
        start=program.name_start,
        end=program.name_start + len(program.name.encode()),
        message=message,
        evidence=(*_returned(given), *steps[:2]),
    )


def _returned(given: list[flow.Return]) -> tuple[Step, ...]:
    first = min(given, key=lambda each: each.start)
    return (Step(first.start, first.end, "here it returns a value"),)


CHECK = Check(
    name="inconsistent-return",
    title="A value on some ways, nothing on others",
    explanation="One way through the function comes to its end without a `return`, and callers get "
    "`None` there, though a value is promised or was made.",
    severity=Severity.WARNING,
    guards=_GUARDS,
    find=find,
)
