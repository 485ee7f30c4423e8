"""A name is read where, on a path found feasible, nothing has bound it.

Where the code looks as if its author knew that the path is never taken, it is hover only.
"""

from collections.abc import Iterator

import msgspec

from sleeplsp.core import flow
from sleeplsp.core.flow import ProgramKind
from sleeplsp.core.insight import Evidence, Severity
from sleeplsp.deduce.analysis import Analysis
from sleeplsp.deduce.bindings import Binding, Past, bindings, past
from sleeplsp.deduce.checks.asked import is_asked
from sleeplsp.deduce.checks.check import Check, Finding, Guards, Step
from sleeplsp.deduce.checks.handlers import is_for_later_code
from sleeplsp.deduce.describe import decisions
from sleeplsp.deduce.domain import Unbound
from sleeplsp.deduce.events import Event, Use
from sleeplsp.deduce.trail import Decision, Witness
from sleeplsp.deduce.written import within

_GUARDS = {
    "feasible": "no single path leads to the read without contradicting itself",
    "asked": "the code asks whether the name is bound, or catches the error",
    "flagged": "a variable that tells whether the name was bound is asked before the read",
    "star-import": "a star import may bind the name",
    "narrow:leaving": "a call on the path may never return, by its name",
    "narrow:handing": "a call on the path is handed the exception, and may raise it again",
}


def find(analysis: Analysis, guards: Guards) -> Iterator[Finding]:
    """Yield one finding per name: its first read; of names bound together one is shown."""
    events = [each for each in analysis.events(Use.READ) if each.certain]
    if not events:
        return
    known = bindings(analysis.program)
    best: dict[tuple[str, int], Finding] = {}
    shown: set[int] = set()
    for event in sorted(events, key=lambda each: (each.node.start, each.node.end)):
        name = event.node
        if not isinstance(name, flow.Name) or (origin := _unbound(event)) is None:
            continue
        same = known.get(name.id, [])
        finding = _judged(analysis, guards, event, name, origin, same)
        before = best.get((name.id, origin.at))
        if finding is None or (before is not None and (finding.weak or not before.weak)):
            continue
        together = same[0].start if same else name.start
        if not finding.weak and together in shown:
            finding = msgspec.structs.replace(finding, weak=True)
        elif not finding.weak:
            shown.add(together)
        best[name.id, origin.at] = finding
    yield from best.values()


def _unbound(event: Event) -> Unbound | None:
    found = [each for each in event.value if isinstance(each, Unbound)]
    return max(found, key=lambda each: each.at, default=None)


def _judged(
    analysis: Analysis,
    guards: Guards,
    event: Event,
    name: flow.Name,
    origin: Unbound,
    same: list[Binding],
) -> Finding | None:
    witness = analysis.witness(event)
    if guards("feasible", holds=witness is None):
        return None
    path = witness.decisions if witness is not None else ()
    if guards("asked", holds=is_asked(analysis, name, name.id, path)):
        return None
    if guards("flagged", holds=_is_flagged(analysis, same, path)):
        return None
    if guards("star-import", holds=_has_star_import(analysis)):
        return None
    ways = {past(analysis.written, each, same, name) for each in same} - {Past.NEVER}
    return Finding(
        start=name.start,
        end=name.end,
        message=_message(analysis, name, origin, ways, path),
        evidence=(*_evidence(analysis, name, origin, same, witness),),
        weak=witness is None
        or witness.weak
        or (origin.at < 0 and (_is_usual(analysis, ways) or is_for_later_code(analysis, path))),
    )


def _is_usual(analysis: Analysis, ways: set[Past]) -> bool:
    """Tell whether code is often written so by somebody who knows that the path is never taken."""
    at_import = analysis.program.kind is not ProgramKind.FUNCTION
    return at_import or not ways.isdisjoint((Past.CHAIN, Past.GUARDED, Past.LOOP, Past.TURN))


def _is_flagged(analysis: Analysis, same: list[Binding], path: tuple[Decision, ...]) -> bool:
    """Tell whether the path asks for a variable set by the handler that led past a binding."""
    handlers = {
        handler.start
        for each in analysis.written.of(flow.Try)
        if any(within(each.body, binding.node) for binding in same)
        for handler in each.handlers
    }
    flags: set[str] = set()
    for decision in path:
        if isinstance(decision.node, flow.Handler) and decision.start in handlers:
            flags |= _set_in(decision.node.body)
        elif flags and isinstance(decision.node, flow.Expression) and _reads(decision.node, flags):
            return True
    return False


def _set_in(body: flow.Block) -> set[str]:
    return {name for statement in body for name in _stored(statement)}


def _stored(statement: flow.Statement) -> set[str]:
    targets = statement.targets if isinstance(statement, flow.Assign) else ()
    return {target.id for target in targets if isinstance(target, flow.Name)}


def _reads(node: flow.Expression, names: set[str]) -> bool:
    if isinstance(node, flow.Name):
        return node.id in names
    return any(_reads(part, names) for part in node.parts())


def _has_star_import(analysis: Analysis) -> bool:
    return any(each.member == "*" for each in analysis.written.of(flow.Import))


def _message(
    analysis: Analysis,
    name: flow.Name,
    origin: Unbound,
    ways: set[Past],
    path: tuple[Decision, ...],
) -> str:
    ended = _ended(analysis, origin)
    if ended is not None:
        by = "`except` block" if isinstance(ended, flow.Handler) else "`del`"
        return f"`{name.shown}` is unbound here: the {by} before has ended it"
    if not ways:
        return f"`{name.shown}` is read before anything binds it"
    if Past.FAILURE in ways and any(each.kind == "raised" for each in path):
        return f"`{name.shown}` may be unbound here: an exception may come before it is bound"
    return f"`{name.shown}` may be unbound here: not every way binds it"


def _ended(analysis: Analysis, origin: Unbound) -> flow.Handler | flow.Expression | None:
    """Return the handler or the deleted name after which a name is unbound."""
    if origin.at < 0:
        return None
    handlers = (each for outer in analysis.written.of(flow.Try) for each in outer.handlers)
    deleted = (each for outer in analysis.written.of(flow.Delete) for each in outer.targets)
    return next(
        (each for each in handlers if each.end == origin.at),
        next((each for each in deleted if each.start == origin.at), None),
    )


def _evidence(
    analysis: Analysis,
    name: flow.Name,
    origin: Unbound,
    same: list[Binding],
    witness: Witness | None,
) -> Iterator[Step | Evidence]:
    ended = _ended(analysis, origin)
    before = next((each for each in same if each.start < name.start), None)
    if ended is not None:
        yield Step(ended.start, ended.end, f"after this `{name.shown}` is unbound")
    elif before is not None:
        yield Step(before.node.start, before.node.end, f"`{name.shown}` is bound here")
    if witness is not None:
        yield from decisions(witness, analysis.quoter, after=origin.at)
    yield Step(name.start, name.end, f"`{name.shown}` is read")


CHECK = Check(
    name="possibly-unbound",
    title="A name may not be bound where it is read",
    explanation="On some path nothing has bound the name, and reading it raises an exception.",
    severity=Severity.WARNING,
    guards=_GUARDS,
    find=find,
)
