"""A variable or attribute is assigned to itself: something else was meant, or nothing."""

import re
from collections.abc import Iterator

from sleeplsp.core import flow
from sleeplsp.core.flow import Expression, ProgramKind, Statement
from sleeplsp.core.flow.render import render
from sleeplsp.core.flow.same import same
from sleeplsp.core.insight import Severity
from sleeplsp.core.walk import statements
from sleeplsp.deduce.analysis import Analysis
from sleeplsp.deduce.checks.check import Check, Finding, Guards, Step
from sleeplsp.deduce.written import within

_GUARDS = {
    "namespace": "in a class or module it makes a name of its own out of one found further out",
    "annotated": "the assignment says the variable's type",
    "partial": "only some of several variables keep their value: the others are what it is about",
    "property": "storing it may run code, or makes a class's attribute the object's own",
}


def find(analysis: Analysis, guards: Guards) -> Iterator[Finding]:
    """Yield one finding per assignment."""
    for statement in analysis.written.of(flow.Assign):
        target = next((each for each in statement.targets if _keeps(each, statement.value)), None)
        if target is None:
            continue
        pairs = _pairs(target, statement.value)
        kept = [one for one, value in pairs if same(one, value)]
        if (
            guards("partial", holds=len(kept) < len(pairs))
            or guards("namespace", holds=_is_namespace(analysis, kept))
            or guards("annotated", holds=_says_type(analysis, statement))
            or guards("property", holds=_may_run_code(analysis, kept))
        ):
            continue
        yield _finding(statement, target, kept, weak=_says_it_stays(analysis, statement, target))


def _keeps(target: Expression, value: Expression) -> bool:
    return any(same(one, other) for one, other in _pairs(target, value))


def _pairs(target: Expression, value: Expression) -> list[tuple[Expression, Expression]]:
    if not isinstance(target, flow.Display) or not isinstance(value, flow.Display):
        return [(target, value)]
    if len(target.items) != len(value.items) or any(
        isinstance(each, flow.Star) for each in (*target.items, *value.items)
    ):
        return []
    return list(zip(target.items, value.items, strict=True))


def _says_type(analysis: Analysis, statement: flow.Assign) -> bool:
    if statement.annotation is not None:
        return True
    rest = analysis.quoter.text(statement.end, statement.end + _COMMENT_BYTES)
    return _TYPE_COMMENT.match(rest) is not None


_TYPE_COMMENT = re.compile(r"[ \t]*#\s*type:")
_COMMENT_BYTES = 16


def _is_namespace(analysis: Analysis, kept: list[Expression]) -> bool:
    if analysis.program.kind is ProgramKind.FUNCTION:
        return any(isinstance(each, flow.Name) and each.id in analysis.program.outer for each in kept)
    return any(isinstance(each, flow.Name) for each in kept)


def _may_run_code(analysis: Analysis, kept: list[Expression]) -> bool:
    """Tell whether what is assigned is more than a variable, and nothing suggests another value.

    `self.name = self.name` is no accident's work unless there is a variable `name` at hand.
    """
    names = analysis.program.locals
    return not all(
        isinstance(each, flow.Name)
        or (isinstance(each, flow.Attribute) and isinstance(each.base, flow.Name) and each.name in names)
        for each in kept
    )


def _says_it_stays(analysis: Analysis, statement: flow.Assign, target: Expression) -> bool:
    """Tell whether another branch assigns it: `else: x = x` is written for the reader."""
    outer = analysis.written.statement(statement)
    inner: Statement = statement
    if isinstance(outer, flow.Try) and not within(outer.body, statement):
        return _is_assigned(target, outer.body)
    while isinstance(outer, flow.If):
        other = outer.orelse if within(outer.then, inner) else outer.then
        if _is_assigned(target, other):
            return True
        inner, outer = outer, analysis.written.statement(outer)
    return False


def _is_assigned(target: Expression, block: flow.Block) -> bool:
    assigned = (each for each in statements(block) if isinstance(each, flow.Assign))
    return any(same(target, each) for found in assigned for each in found.targets)


def _finding(statement: flow.Assign, target: Expression, kept: list[Expression], *, weak: bool) -> Finding:
    what = render(target)
    steps = [Step(statement.start, statement.end, f"`{what}` gets the value it has")]
    hint = ""
    if len(kept) == 1 and isinstance(kept[0], flow.Attribute):
        hint = f"; `{kept[0].name}` may have been meant"
        steps.append(
            Step(
                statement.value.start,
                statement.value.end,
                f"there is also a variable `{kept[0].name}`",
            )
        )
    return Finding(
        start=statement.start,
        end=statement.end,
        message=f"`{what}` is assigned to itself{hint}",
        evidence=tuple(steps),
        weak=weak,
    )


CHECK = Check(
    name="self-assignment",
    title="Something is assigned to itself",
    explanation=("An assignment of a variable to itself changes nothing: most often another name was meant."),
    severity=Severity.WARNING,
    guards=_GUARDS,
    find=find,
)
