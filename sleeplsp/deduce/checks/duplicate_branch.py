"""A branch that is never taken, for an earlier one of the same chain takes all its cases.

`elif` with a condition asked before, `except` with a class caught before, `case` with a value
matched before.
"""

from collections.abc import Iterator

from sleeplsp.core import flow
from sleeplsp.core.flow import Expression
from sleeplsp.core.flow.render import render
from sleeplsp.core.insight import Severity
from sleeplsp.deduce.analysis import Analysis
from sleeplsp.deduce.checks.check import Check, Finding, Guards, Step
from sleeplsp.deduce.evaluation.managers import class_of
from sleeplsp.deduce.idioms.chains import arms, chains
from sleeplsp.deduce.idioms.repeatable import is_repeatable

_GUARDS = {
    "effects": "evaluating the condition again may give something else",
    "constant": "the condition is a constant, there to switch code on or off",
    "between": "a condition asked in between may have changed something",
    "guarded": "the earlier `case` has a condition of its own and may refuse",
    "narrower": "what is caught before is only some of what is caught here",
    "others": "the clause catches other classes as well",
}


def find(analysis: Analysis, guards: Guards) -> Iterator[Finding]:
    """Yield one finding per branch."""
    for statement in chains(analysis.written.of(flow.If)):
        yield from _repeated([each.test for each in arms(statement)], guards)
    for match in analysis.written.of(flow.Match):
        yield from _matched(match, guards)
    for tried in analysis.written.of(flow.Try):
        yield from _caught(analysis, tried, guards)


def _repeated(tests: list[Expression], guards: Guards) -> Iterator[Finding]:
    if len(tests) == 1:
        return
    asked: dict[str, tuple[int, Expression]] = {}
    for place, test in enumerate(tests):
        earlier = next((asked[text] for part in _needed(test) if (text := render(part)) in asked), None)
        if earlier is not None and not _may_differ(tests, earlier, place, guards):
            yield _finding(earlier[1], test, f"`{render(earlier[1])}` is false when control comes here")
        for part in _sufficient(test):
            asked.setdefault(render(part), (place, part))


def _may_differ(tests: list[Expression], earlier: tuple[int, Expression], place: int, guards: Guards) -> bool:
    first, part = earlier
    between = tests[first : place + 1]
    return (
        guards("effects", holds=not is_repeatable(part))
        or guards("constant", holds=isinstance(part, flow.Constant))
        or guards("between", holds=is_repeatable(part) and not all(map(is_repeatable, between)))
    )


def _needed(test: Expression) -> tuple[Expression, ...]:
    """Return conditions without which the test cannot hold, itself among them."""
    if isinstance(test, flow.Boolean) and test.operator == "and":
        return (test, *test.operands)
    return (test,)


def _sufficient(test: Expression) -> tuple[Expression, ...]:
    """Return conditions each of which alone makes the test hold, itself among them."""
    if isinstance(test, flow.Boolean) and test.operator == "or":
        return (test, *test.operands)
    return (test,)


def _matched(match: flow.Match, guards: Guards) -> Iterator[Finding]:
    taken: dict[str, tuple[flow.Case, Expression]] = {}
    for case in match.cases:
        for test in case.tests:
            first, earlier = taken.get(render(test), (None, test))
            if first is not None and not guards("guarded", holds=first.guard is not None):
                yield _finding(earlier, test, "an earlier `case` takes this value")
            if not case.total:
                continue
            for part in _sufficient(test):
                known = taken.get(render(part))
                if known is None or known[0].guard is not None:
                    taken[render(part)] = (case, part)


def _caught(analysis: Analysis, tried: flow.Try, guards: Guards) -> Iterator[Finding]:
    seen: list[Expression] = []
    for handler in tried.handlers:
        covered = [
            (earlier, type_)
            for type_ in handler.types
            if (earlier := _covering(analysis, seen, type_, guards)) is not None
        ]
        if covered and not guards("others", holds=len(covered) < len(handler.types)):
            earlier, type_ = covered[0]
            yield _finding(earlier, type_, _told(render(earlier), render(type_)))
        seen.extend(handler.types)


def _told(earlier: str, later: str) -> str:
    if earlier == later:
        return f"`{later}` is caught before"
    return f"`{later}` is a subclass of `{earlier}`, which is caught before"


def _covering(
    analysis: Analysis, seen: list[Expression], later: Expression, guards: Guards
) -> Expression | None:
    """Return a class caught before that leaves nothing of a later one."""
    for earlier in seen:
        if render(earlier) == render(later) and is_repeatable(earlier):
            return earlier
        first, second = (class_of(analysis.evaluator, each) for each in (earlier, later))
        if not first or not second:
            continue
        if analysis.world.is_subclass(second, first) is True:
            return earlier
        narrower = analysis.world.is_subclass(first, second) is True
        if narrower and not guards("narrower", holds=True):
            return earlier
    return None


def _finding(earlier: Expression, later: Expression, told: str) -> Finding:
    return Finding(
        start=later.start,
        end=later.end,
        message=f"this branch is never taken: {told}",
        evidence=(
            Step(earlier.start, earlier.end, "asked first here"),
            Step(later.start, later.end, "asked again here"),
        ),
    )


CHECK = Check(
    name="duplicate-branch",
    title="A branch is never taken: an earlier one takes its cases",
    explanation=(
        "Of an `if`/`elif` chain, a `match` or the handlers of a `try` only the first branch that"
        " fits is taken; a later one for the same case never is: another one was meant."
    ),
    severity=Severity.WARNING,
    guards=_GUARDS,
    find=find,
)
