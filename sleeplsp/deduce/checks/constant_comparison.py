"""A comparison that always comes out the same, whatever path leads to it.

What decides it: the classes of both sides, None, constants, lengths, and how a text was made. What only
switches code on or off, or makes sure of what is known, is left alone.
"""

from collections.abc import Iterator

from sleeplsp.core import flow
from sleeplsp.core.flow import Expression
from sleeplsp.core.insight import Evidence, Place, Severity
from sleeplsp.deduce.analysis import Analysis
from sleeplsp.deduce.checks.check import Check, Finding, Guards, Step
from sleeplsp.deduce.comparing import Comparing, Verdict
from sleeplsp.deduce.events import Event, Use
from sleeplsp.deduce.idioms.assigned import Assigned
from sleeplsp.deduce.idioms.expected import is_asserted, is_expected
from sleeplsp.deduce.telling.describe import short
from sleeplsp.deduce.telling.wording import code, quoted

_GUARDS = {
    "promised": "only an annotation or a stub says of what class the value is",
    "alike": "objects of the two classes may be equal",
    "equality": "the class compares by rules of its own",
    "foreign": "a base class outside the workspace may make something else when it is called",
    "descriptor": "an attribute may give something else than was stored in it",
    "switch": "a constant is there to switch code on or off",
    "asked": "an earlier condition asked the opposite: the last branch spells out what is left",
    "defined": "a module, function or class is compared with None: somebody may have put it there",
    "overridable": "a subclass elsewhere may put a method in its place that does return None",
    "library": "only a stub of the library says that a function never returns None",
    "chain": "a lower bound of 0 is written out beside an upper one",
    "covered": "another form of the same text stands beside it",
    "joined": "a call stands in `and` or `or` for what it does, not for what it gives",
    "written": "both sides are literals",
    "own-method": "the method is one of the workspace's own and may give anything",
    "tested": "an assertion makes sure of it, or a warning is waited for",
}

_BINDINGS_MAX = 3
"""Places told where a variable gets its value: the last ones."""


def find(analysis: Analysis, guards: Guards) -> Iterator[Finding]:
    """Yield one finding per comparison."""
    assigned = Assigned(analysis)
    comparing = Comparing(analysis, assigned, guards)
    judges = {Use.COMPARE: comparing.compared, Use.CALLED: comparing.asked, Use.TEST: comparing.tested}
    for use, judge in judges.items():
        events = analysis.events(use)
        for place, verdict in {_place(each): found for each in events if (found := judge(each))}.items():
            # What stands in a final block happens in several places.
            all_ = [judge(each) if each.certain else None for each in events if _place(each) == place]
            agree = all(each is not None and each.holds is verdict.holds for each in all_)
            node = next(each.node for each in events if _place(each) == place)
            if not agree or not isinstance(node, Expression):
                continue
            if not guards("tested", holds=_is_tested(analysis, node)):
                yield _finding(analysis, assigned, node, verdict)


def _place(event: Event) -> tuple[int, int]:
    return event.node.start, event.node.end


def _is_tested(analysis: Analysis, node: Expression) -> bool:
    errors = frozenset(("AssertionError", "BytesWarning"))
    return is_asserted(analysis.written, node) or is_expected(analysis.written, node, errors)


def _finding(analysis: Analysis, assigned: Assigned, node: Expression, verdict: Verdict) -> Finding:
    marked = verdict.item or node
    answer = f"is always {'true' if verdict.holds else 'false'}"
    told = f"{_quoted(analysis, marked)} {answer if verdict.item is None else 'is never found here'}"
    subject = verdict.subject
    reason = f"{_quoted(analysis, subject)} {verdict.because}"
    return Finding(
        start=marked.start,
        end=marked.end,
        message=f"{told}: {reason}",
        evidence=(
            *_origin(analysis, assigned, subject),
            Step(subject.start, subject.end, reason),
            Step(
                marked.start, marked.end, f"so this {answer}" if marked is node else "so this is never found"
            ),
        ),
        weak=verdict.none and not _is_code_dead(analysis, node, holds=verdict.holds),
    )


def _quoted(analysis: Analysis, node: Expression) -> str:
    """Return code in backquotes: as the source has it, where the graph has put variables of its own."""
    pending = [node]
    while pending:
        each = pending.pop()
        if isinstance(each, flow.Name) and each.id.startswith("%"):
            return quoted(analysis.quoter.quote(node.start, node.end))
        pending.extend(each.parts())
    return code(node)


def _origin(analysis: Analysis, assigned: Assigned, subject: Expression) -> Iterator[Step | Evidence]:
    """Yield where a value comes from: the bindings of a variable, the functions that are called."""
    if not isinstance(subject, flow.Name):
        yield from _called(analysis, subject)
        return
    for each in assigned.before(subject.id, subject)[-_BINDINGS_MAX:]:
        if each.end > subject.start:
            continue
        yield Step(each.start, each.end, f"`{subject.shown}` gets its value here")
        if isinstance(each, flow.Assign):
            yield from _called(analysis, each.value)


def _called(analysis: Analysis, node: Expression) -> Iterator[Evidence]:
    site = analysis.world.site(node.end) if isinstance(node, flow.Call) else None
    for ref in site.refs if site is not None else ():
        name = short(ref)
        # The claim rests on all of the function, so it is named by where it begins.
        yield Evidence(Place(ref, 0, 0), name, f"`{name}()` returns nothing else, on no path")


def _is_code_dead(analysis: Analysis, node: Expression, *, holds: bool) -> bool:
    """Tell whether a branch is never taken for what a comparison always is."""
    inner: Expression = node
    for outer in analysis.written.around(node):
        match outer:
            case flow.Not():
                holds = not holds
            case flow.Boolean(operator=operator):
                if (operator == "or") is not holds:
                    return False
            case flow.If(test=test, then=then, orelse=orelse) if _is(test, inner):
                return bool(orelse if holds else then)
            case flow.While(test=test) if _is(test, inner):
                return not holds
            case _:
                return False
        if isinstance(outer, Expression):
            inner = outer
    return False


def _is(one: Expression, other: Expression) -> bool:
    return (one.start, one.end) == (other.start, other.end)


CHECK = Check(
    name="constant-comparison",
    title="A comparison that always comes out the same",
    explanation=(
        "What is compared is never equal, or always is, on whatever path control comes: another value"
        " or another question was meant, or the code behind it never runs."
    ),
    severity=Severity.WARNING,
    guards=_GUARDS,
    find=find,
)
