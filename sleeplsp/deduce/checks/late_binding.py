"""A function made in a loop reads the loop's variable after the loop has gone on."""

from collections.abc import Iterator

from sleeplsp.core import flow
from sleeplsp.core.flow import Expression, ParameterKind, Program
from sleeplsp.core.insight import Severity
from sleeplsp.core.walk import statements
from sleeplsp.deduce.analysis import Analysis
from sleeplsp.deduce.checks.check import Check, Finding, Guards, Replacement, Step
from sleeplsp.deduce.idioms.closures import Fate, Loop, fate, reads_of
from sleeplsp.deduce.written import Node, within

_GUARDS = {
    "used": "it is called or left behind in the same turn",
    "passed": "it is passed to a call that may well use it at once",
    "own": "it is kept in something that is made in the same turn",
    "waited": "the turn waits for what it has started",
    "bound": "the variable is bound to a parameter when the function is made",
    "leaves": "control leaves the loop before the variable changes",
}


def find(analysis: Analysis, guards: Guards) -> Iterator[Finding]:
    """Yield one finding per function."""
    written = analysis.written
    repeated: list[Node] = [*written.of(flow.For), *written.of(flow.While)]
    repeated += written.of(flow.Comprehension)
    for closure in written.of(flow.Closure):
        if _stands_in(closure, repeated):
            yield from _in_comprehension(analysis, closure)
            yield from _in_loop(analysis, closure, closure.program, guards)
    for bind in written.of(flow.Bind):
        if isinstance(bind.value, flow.Closure) and not bind.is_class and _stands_in(bind, repeated):
            yield from _in_loop(analysis, bind, bind.value.program, guards)


def _stands_in(made: Node, repeated: list[Node]) -> bool:
    return any(each.start <= made.start and made.end <= each.end for each in repeated)


def _in_comprehension(analysis: Analysis, closure: flow.Closure) -> Iterator[Finding]:
    """Look at `[lambda: x for x in xs]`: the list is complete before any is called."""
    outer = next(analysis.written.around(closure), None)
    if not isinstance(outer, flow.Comprehension) or outer.lazy or closure not in outer.elements:
        return
    bound = {name for clause in outer.clauses for name in _names(clause.target)}
    read = sorted(bound & closure.program.free)
    if read:
        target = next(each.target for each in outer.clauses if read[0] in _names(each.target))
        yield _finding(analysis, closure, closure.program, read, target, weak=False)


def _in_loop(analysis: Analysis, made: Node, program: Program, guards: Guards) -> Iterator[Finding]:
    loop = _loop(analysis, made)
    if loop is None:
        return
    changing = _changing(loop, made)
    read = sorted(program.free & changing)
    bound = [each.name for each in program.parameters if _is_bound(each, changing)]
    names = read or [name for name in bound if not guards("bound", holds=True)]
    if not names or guards("leaves", holds=not _comes_again(analysis, made)):
        return
    found = _fate(analysis, made, loop, changing)
    if found in (Fate.KEPT, Fate.YIELDED) or not guards(found, holds=True):
        where = loop.target if isinstance(loop, flow.For) else loop.test
        yield _finding(analysis, made, program, names, where, weak=found is Fate.YIELDED)


def _loop(analysis: Analysis, made: Node) -> Loop | None:
    """Return the innermost loop a function is made in."""
    for outer in analysis.written.around(made):
        if isinstance(outer, (flow.Closure, flow.Comprehension)):
            return None
        if isinstance(outer, (flow.For, flow.While)) and within(outer.body, made):
            return outer
    return None


def _changing(loop: Loop, made: Node) -> frozenset[str]:
    """Return the names that have another value at every turn, as far as they are bound before."""
    names = set(_names(loop.target)) if isinstance(loop, flow.For) else set()
    for statement in statements(loop.body):
        if isinstance(statement, flow.Assign) and statement.end <= made.start:
            if not isinstance(statement.value, flow.Constant):
                names.update(name for each in statement.targets for name in _names(each))
        elif isinstance(statement, flow.For) and within(statement.body, made):
            names.update(_names(statement.target))
    return frozenset(names)


def _names(target: Expression) -> Iterator[str]:
    match target:
        case flow.Name(id=name):
            yield name
        case flow.Display(items=items):
            for item in items:
                yield from _names(item)
        case flow.Star(value=value):
            yield from _names(value)


def _is_bound(parameter: flow.Parameter, changing: frozenset[str]) -> bool:
    default = parameter.default
    return isinstance(default, flow.Name) and default.id in changing


def _fate(analysis: Analysis, made: Node, loop: Loop, changing: frozenset[str]) -> Fate:
    """Return what becomes of a function, or of the variable that it is put in."""
    outer = next(analysis.written.around(made), None)
    variable = made.name if isinstance(made, flow.Bind) else ""
    if isinstance(outer, flow.Assign) and len(outer.targets) == 1:
        target = outer.targets[0]
        variable = target.id if isinstance(target, flow.Name) else ""
    if not variable:
        return fate(analysis, made, loop, changing)
    fates = [
        fate(analysis, each, loop, changing - {variable})
        for each in reads_of(analysis, variable, loop)
        if each.start >= made.end
    ]
    return next(
        (each for each in (Fate.KEPT, Fate.WAITED, Fate.OWN, Fate.YIELDED, Fate.PASSED) if each in fates),
        Fate.USED,
    )


def _comes_again(analysis: Analysis, made: Node) -> bool:
    """Tell whether control can come back to where a function is made."""
    graph = analysis.graph
    starts = [
        number
        for number in analysis.ends
        if any(each.start <= made.start and made.end <= each.end for each in graph.blocks[number].steps)
    ]
    for start in starts:
        seen: set[int] = set()
        pending = [start]
        while pending:
            for target in graph.blocks[pending.pop()].targets():
                if target == start:
                    return True
                if target not in seen and target in analysis.ends:
                    seen.add(target)
                    pending.append(target)
    return not starts


def _finding(
    analysis: Analysis,
    made: Node,
    program: Program,
    names: list[str],
    where: Expression,
    *,
    weak: bool,
) -> Finding:
    name = names[0].partition("#")[0]
    named = isinstance(made, flow.Bind)
    start = program.name_start if named else made.start
    end = start + len(program.name.encode()) if named else made.end
    return Finding(
        start=start,
        end=end,
        message=f"`{name}` is looked up when this is called, and has changed by then",
        evidence=(
            Step(where.start, where.end, f"`{name}` has another value at every turn"),
            Step(start, end, "the function outlives the turn it is made in"),
            Step(start, end, f"all of them see the last `{name}`"),
        ),
        fix_title=f"Bind `{name}` now",
        fix=() if named else _fix(analysis, made, program, names),
        weak=weak,
    )


def _fix(analysis: Analysis, made: Node, program: Program, names: list[str]) -> tuple[Replacement, ...]:
    """Give a lambda a parameter with the value as its default."""
    shown = [each.partition("#")[0] for each in names]
    text = ", ".join(f"{each}={each}" for each in shown)
    if not program.parameters:
        colon = made.start + len("lambda")
        fits = analysis.quoter.text(colon, colon + 1) == ":"
        return (Replacement(colon, colon, f" {text}"),) if fits else ()
    last = program.parameters[-1]
    fits = analysis.quoter.text(last.end, last.end + 1) == ":"
    if not fits or last.kind in (ParameterKind.REST, ParameterKind.KEYWORDS):
        return ()
    return (Replacement(last.end, last.end, f", {text}"),)


CHECK = Check(
    name="late-binding",
    title="A function made in a loop reads its variable too late",
    explanation=(
        "A function looks up the variables around it when it is called. One that was made in a loop"
        " and is called later sees the loop's variable as the last turn left it."
    ),
    severity=Severity.WARNING,
    guards=_GUARDS,
    find=find,
)
