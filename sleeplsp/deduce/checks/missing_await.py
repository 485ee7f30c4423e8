"""A coroutine is used where its result was meant, or not used at all: an `await` is missing."""

from collections.abc import Iterator
from types import CoroutineType

from sleeplsp.core import flow
from sleeplsp.core.flow import Expression, ProgramKind
from sleeplsp.core.insight import Severity
from sleeplsp.core.walk import expressions
from sleeplsp.deduce.analysis import Analysis
from sleeplsp.deduce.checks.check import Check, Finding, Guards, Replacement, Step
from sleeplsp.deduce.domain import Coroutine, Value
from sleeplsp.deduce.events import Event, Use
from sleeplsp.deduce.idioms.expected import is_expected
from sleeplsp.deduce.telling.describe import short
from sleeplsp.deduce.telling.wording import code
from sleeplsp.deduce.written import Node

_GUARDS = {
    "awaited": "it is awaited on the spot",
    "passed": "it is passed to a call, which may run it",
    "returned": "it is returned or yielded: whoever gets it may await it",
    "kept": "it is kept in a variable or container that is used later",
    "protocol": "it is used as what it is: closed, sent to, compared with others",
    "other": "it may be something else than a coroutine there",
    "expected": "the code stands where an error or a warning is expected",
}

_MISUSES = {
    Use.COMPARE: "the coroutine is compared, not its result",
    Use.TEST: "a coroutine is always true",
    Use.ATTRIBUTE: "a coroutine has no attribute `{}`",
    Use.STORE_ATTRIBUTE: "a coroutine has no attribute `{}`",
    Use.INDEX: "a coroutine cannot be indexed",
    Use.STORE_ITEM: "a coroutine takes no items",
    Use.CALL: "a coroutine cannot be called",
    Use.ITERATE: "a coroutine cannot be iterated over",
    Use.UNPACK: "a coroutine cannot be unpacked",
    Use.OPERATE: "a coroutine does not support `{}`",
    Use.CONTAIN: "a coroutine contains nothing",
    Use.ENTER: "a coroutine is no context manager",
}
_OWN = frozenset(dir(CoroutineType))
_PARENS = (flow.Attribute, flow.Index, flow.Call)


def find(analysis: Analysis, guards: Guards) -> Iterator[Finding]:
    """Yield one finding per call that makes a coroutine."""
    calls = {
        (coroutine.start, coroutine.end): (event.node, coroutine)
        for event in analysis.events(Use.CALLED)
        if (coroutine := _coroutine(event.value)) is not None
        and (event.node.start, event.node.end) == (coroutine.start, coroutine.end)
        and event.certain
    }
    if not calls:
        return
    misused = _misused(analysis, guards)
    for span, (call, coroutine) in calls.items():
        where, told = misused.get(span) or _unused(analysis, call, guards) or (None, "")
        if where is None or guards(
            "expected", holds=is_expected(analysis.written, call, frozenset(("RuntimeWarning",)))
        ):
            continue
        yield _finding(analysis, call, coroutine, where, told)


def _coroutine(value: Value) -> Coroutine | None:
    (only,) = value if len(value) == 1 else (None,)
    return only if isinstance(only, Coroutine) else None


def _misused(analysis: Analysis, guards: Guards) -> dict[tuple[int, int], tuple[Node, str]]:
    """Return how coroutines are used that no coroutine can be, by the span of the call."""
    found: dict[tuple[int, int], tuple[Node, str]] = {}
    for use, told in _MISUSES.items():
        for event in analysis.events(use):
            for coroutine in _used(event, guards):
                name = getattr(event.node, "name", "") or getattr(event.node, "operator", "")
                found.setdefault((coroutine.start, coroutine.end), (event.node, told.format(name)))
    return found


def _used(event: Event, guards: Guards) -> Iterator[Coroutine]:
    if not event.certain or guards("protocol", holds=_is_own_use(event)):
        return
    for value in (event.value, event.other) if event.use is Use.COMPARE else (event.value,):
        coroutines = [each for each in value if isinstance(each, Coroutine)]
        if coroutines and not guards("other", holds=len(value) > 1):
            yield from coroutines


def _is_own_use(event: Event) -> bool:
    """Tell whether a coroutine may well be used so."""
    node = event.node
    if event.use is Use.COMPARE and isinstance(node, flow.Compare):
        return node.operator not in ("==", "!=", "<", "<=", ">", ">=")
    # A library's coroutine may be another object with the same methods.
    return isinstance(node, flow.Attribute) and (node.name in _OWN or node.name.startswith("__"))


def _unused(analysis: Analysis, call: Node, guards: Guards) -> tuple[Node, str] | None:
    """Return where a coroutine ends that nobody can await any more."""
    outer = next(analysis.written.around(call), None)
    match outer:
        case flow.Evaluate():
            return call, "the coroutine is dropped and never runs"
        case flow.Format():
            return outer, "the coroutine is shown, not its result"
        case flow.Assign() if _never_read(analysis, outer):
            return outer, "nothing reads the variable, so the coroutine never runs"
        case flow.Await():
            quiet = "awaited"
        case flow.Call():
            quiet = "passed"
        case flow.Return() | flow.Yield():
            quiet = "returned"
        case _:
            quiet = "kept"
    return None if guards(quiet, holds=True) else (call, "nobody awaits the coroutine")


def _never_read(analysis: Analysis, assign: flow.Assign) -> bool:
    program = analysis.program
    if program.kind is not ProgramKind.FUNCTION or len(assign.targets) != 1:
        return False
    target = assign.targets[0]
    if not isinstance(target, flow.Name) or target.id.startswith("_"):
        return False
    if target.id not in program.locals or target.id in program.captured | program.outer:
        return False
    stored = {id(each) for node in analysis.written.of(flow.Assign) for each in node.targets}
    return not any(
        isinstance(node, flow.Name) and node.id == target.id and id(node) not in stored
        for node, _ in expressions(program)
    )


def _finding(analysis: Analysis, call: Node, coroutine: Coroutine, where: Node, told: str) -> Finding:
    what = code(call) if isinstance(call, Expression) else "this"
    callee = call.callee if isinstance(call, flow.Call) else call
    name = code(callee) if isinstance(callee, Expression) else f"`{short(coroutine.ref)}`"
    steps = (
        Step(call.start, call.end, f"{name} is `async`: the call only makes a coroutine"),
        Step(where.start, where.end, told),
    )
    return Finding(
        start=call.start,
        end=call.end,
        message=f"{what} is not awaited: {told}",
        evidence=steps,
        fix_title="Await it",
        fix=_fix(analysis, call),
    )


def _fix(analysis: Analysis, call: Node) -> tuple[Replacement, ...]:
    around = tuple(analysis.written.around(call))
    lazy = any(
        isinstance(each, flow.Closure) or (isinstance(each, flow.Comprehension) and each.lazy)
        for each in around
    )
    if lazy or not analysis.program.is_async or analysis.program.kind is not ProgramKind.FUNCTION:
        return ()
    if isinstance(around[0], _PARENS) and around[0].start == call.start:
        opened = Replacement(call.start, call.start, "(await ")
        return opened, Replacement(call.end, call.end, ")")
    return (Replacement(call.start, call.start, "await "),)


CHECK = Check(
    name="missing-await",
    title="A coroutine is not awaited",
    explanation=(
        "Calling an `async` function only makes a coroutine; its body runs when it is awaited."
        " Without that the work is not done, and in place of the result there is a coroutine."
    ),
    severity=Severity.ERROR,
    guards=_GUARDS,
    find=find,
)
