"""A name is read where, on a path found feasible, nothing has bound it.

Where the code looks as if its author knew that the path is never taken, or the path takes an exception
that nobody has told of, it is hover only.
"""

from collections.abc import Iterator

import msgspec

from sleeplsp.core import flow
from sleeplsp.core.flow import ProgramKind
from sleeplsp.core.insight import Evidence, Severity
from sleeplsp.deduce.analysis import Analysis
from sleeplsp.deduce.bindings import Binding, Past, bindings, past
from sleeplsp.deduce.checks.check import Check, Finding, Guards, Step
from sleeplsp.deduce.domain import Unbound
from sleeplsp.deduce.events import Event, Use
from sleeplsp.deduce.idioms.asked import is_asked
from sleeplsp.deduce.idioms.handlers import is_for_later_code
from sleeplsp.deduce.paths.trail import Decision, Witness
from sleeplsp.deduce.telling.describe import decisions
from sleeplsp.deduce.written import within

_GUARDS = {
    "feasible": "no single path leads to the read without contradicting itself",
    "asked": "the code asks whether the name is bound, or catches the error",
    "flagged": "a variable that tells whether the name was bound is asked before the read",
    "star-import": "a star import may bind the name",
    "narrow:leaving": "a call on the path may never return, by its name",
    "narrow:handing": "a call on the path is handed the exception, and may raise it again",
}


class _Read(msgspec.Struct, frozen=True):
    """One read of a name that may be unbound, and the bindings something may lead past to it."""

    event: Event
    name: flow.Name
    origin: Unbound
    reaching: tuple[Binding, ...]
    ways: frozenset[Past]

    @property
    def cause(self) -> tuple[str, int, int]:
        """What reads have in common that one finding is enough for."""
        return self.name.id, self.origin.at, self.reaching[0].start if self.reaching else -1


def find(analysis: Analysis, guards: Guards) -> Iterator[Finding]:
    """Yield one finding per name and cause: its first read; of names bound together, show one."""
    best: dict[tuple[str, int, int], Finding] = {}
    shown: set[int] = set()
    for read in _reads(analysis):
        finding = _judged(analysis, guards, read)
        before = best.get(read.cause)
        if finding is None or (before is not None and (finding.weak or not before.weak)):
            continue
        together = read.reaching[0].start if read.reaching else read.name.start
        if not finding.weak and together in shown:
            finding = msgspec.structs.replace(finding, weak=True)
        elif not finding.weak:
            shown.add(together)
        best[read.cause] = finding
    yield from best.values()


def _reads(analysis: Analysis) -> Iterator[_Read]:
    events = [each for each in analysis.events(Use.READ) if each.certain]
    known = bindings(analysis.program) if events else {}
    for event in sorted(events, key=lambda each: (each.node.start, each.node.end)):
        name = event.node
        unbound = [each for each in event.value if isinstance(each, Unbound)]
        if isinstance(name, flow.Name) and unbound:
            same = known.get(name.id, [])
            ways = {each: past(analysis.written, each, same, name) for each in same}
            reaching = tuple(each for each in same if ways[each] is not Past.NEVER)
            origin = max(unbound, key=lambda each: each.at)
            yield _Read(event, name, origin, reaching, frozenset(ways.values()) - {Past.NEVER})


def _judged(analysis: Analysis, guards: Guards, read: _Read) -> Finding | None:
    witness = analysis.witness(read.event)
    if guards("feasible", holds=witness is None):
        return None
    path = witness.decisions if witness is not None else ()
    if guards("asked", holds=is_asked(analysis, read.name, read.name.id, path)):
        return None
    if guards("flagged", holds=_is_flagged(analysis, read, path)):
        return None
    if guards("star-import", holds=_has_star_import(analysis)):
        return None
    usual = (
        _is_usual(analysis, read.ways)
        or is_for_later_code(analysis, path)
        or any(_raises_itself(analysis, each) for each in read.reaching)
    )
    return Finding(
        start=read.name.start,
        end=read.name.end,
        message=_message(analysis, read, path),
        evidence=(*_evidence(analysis, read, witness),),
        # What a handler has ended is unbound whenever the handler runs, for whatever exception.
        weak=witness is None or witness.weak or (read.origin.at < 0 and (usual or witness.supposed)),
    )


def _is_usual(analysis: Analysis, ways: frozenset[Past]) -> bool:
    """Tell whether code is often written so by somebody who knows that the path is never taken."""
    at_import = analysis.program.kind is not ProgramKind.FUNCTION
    return at_import or not ways.isdisjoint((Past.CHAIN, Past.GUARDED, Past.LOOP, Past.TURN))


def _raises_itself(analysis: Analysis, binding: Binding) -> bool:
    """Tell whether a name is bound in a `try` that then raises of its own: the handlers are for that."""
    return any(
        isinstance(each.body[-1], flow.Raise) and within(each.body, binding.node)
        for each in analysis.written.of(flow.Try)
        if each.body
    )


def _is_flagged(analysis: Analysis, read: _Read, path: tuple[Decision, ...]) -> bool:
    """Tell whether the path asks for a variable set by the handler that led past a binding."""
    handlers = {
        handler.start
        for each in analysis.written.of(flow.Try)
        if any(within(each.body, binding.node) for binding in read.reaching)
        for handler in each.handlers
    }
    flags: set[str] = set()
    for decision in path:
        if isinstance(decision.node, flow.Handler) and decision.start in handlers:
            flags |= _set_in(decision.node.body)
        elif isinstance(decision.node, flow.Expression) and _asks_for(decision.node, flags):
            return True
    return False


def _set_in(body: flow.Block) -> set[str]:
    return {name for statement in body for name in _stored(statement)}


def _stored(statement: flow.Statement) -> set[str]:
    targets = statement.targets if isinstance(statement, flow.Assign) else ()
    return {target.id for target in targets if isinstance(target, flow.Name)}


def _asks_for(node: flow.Expression, names: set[str]) -> bool:
    if isinstance(node, flow.Name):
        return node.id in names
    return any(_asks_for(part, names) for part in node.parts())


def _has_star_import(analysis: Analysis) -> bool:
    return any(each.member == "*" for each in analysis.written.of(flow.Import))


def _message(analysis: Analysis, read: _Read, path: tuple[Decision, ...]) -> str:
    shown = read.name.shown
    ended = _ended(analysis, read.origin)
    if ended is not None:
        by = "`except` block" if isinstance(ended, flow.Handler) else "`del`"
        return f"`{shown}` is unbound here: the {by} before has ended it"
    if not read.reaching:
        return f"`{shown}` is read before anything binds it"
    if Past.FAILURE in read.ways and any(each.kind == "raised" for each in path):
        return f"`{shown}` may be unbound here: an exception may come before it is bound"
    return f"`{shown}` may be unbound here: not every way binds it"


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


def _evidence(analysis: Analysis, read: _Read, witness: Witness | None) -> Iterator[Step | Evidence]:
    shown = read.name.shown
    ended = _ended(analysis, read.origin)
    before = next((each for each in read.reaching if each.start < read.name.start), None)
    if ended is not None:
        when = "once this `except` block is left" if isinstance(ended, flow.Handler) else "after this"
        yield Step(ended.start, ended.end, f"{when} `{shown}` is unbound")
    if witness is not None:
        yield from decisions(witness, analysis.quoter, after=read.origin.at)
    if ended is None and before is not None:
        yield _bound(before, shown)
    yield Step(read.name.start, read.name.end, f"`{shown}` is read")


def _bound(binding: Binding, shown: str) -> Step:
    node = binding.node
    for handler in node.handlers if isinstance(node, flow.Try) else ():
        if handler.name == binding.name:
            sentence = f"`{shown}` is bound in this `except` block, and unbound once that is left"
            return Step(handler.start, handler.end, sentence)
    return Step(node.start, node.end, f"`{shown}` is bound here, on other paths")


CHECK = Check(
    name="possibly-unbound",
    title="A name may not be bound where it is read",
    explanation="On some path nothing has bound the name, and reading it raises an exception.",
    severity=Severity.WARNING,
    precision=0.31,  # 5 of 16: benchmarks/results, precision-1 and -2
    guards=_GUARDS,
    find=find,
)
