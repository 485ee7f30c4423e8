"""All branches of a decision do the same: what is asked makes no difference."""

from collections.abc import Iterator

from sleeplsp.core import flow
from sleeplsp.core.flow import Block, Expression
from sleeplsp.core.flow.same import same
from sleeplsp.core.insight import Severity
from sleeplsp.core.walk import parts_of, statements
from sleeplsp.deduce.analysis import Analysis
from sleeplsp.deduce.checks.check import Check, Finding, Guards, Step
from sleeplsp.deduce.idioms.chains import arms, chains
from sleeplsp.deduce.telling.wording import code

_GUARDS = {
    "trivial": "what the branches do is too little to be a slip: they call nothing",
    "chain": "some branch of the chain does something else",
    "open": "there is no `else`: when nothing holds, nothing is done",
}


def find(analysis: Analysis, guards: Guards) -> Iterator[Finding]:
    """Yield one finding per decision."""
    for statement in chains(analysis.written.of(flow.If)):
        chain = arms(statement)
        bodies = [each.then for each in chain]
        yield from _of_chain(statement, bodies, chain[-1].orelse, guards)
    for node in analysis.written.of(flow.Conditional):
        if same(node.then, node.orelse) and not guards("trivial", holds=isinstance(node.then, flow.Constant)):
            told = f"{code(node.then)} either way"
            yield _finding(node.test, node.then, node.orelse, told)


def _of_chain(statement: flow.If, bodies: list[Block], last: Block, guards: Guards) -> Iterator[Finding]:
    first = bodies[0]
    alike = [each for each in (*bodies[1:], last) if each and same(first, each)]
    if (
        not alike
        or guards("open", holds=not last)
        or guards("chain", holds=bool(last) and len(alike) < len(bodies))
        or guards("trivial", holds=_is_trivial(first))
    ):
        return
    yield _finding(statement.test, first, alike[-1], "the same is done either way")


def _is_trivial(body: Block) -> bool:
    """Tell whether a body only imports, or is one statement that calls nothing."""
    if all(isinstance(each, flow.Import) for each in body):
        return True
    if len(body) > 1:
        return False
    parts = [part for statement in statements(body) for part in parts_of(statement)]
    while parts:
        node = parts.pop()
        if isinstance(node, flow.Call):
            return False
        parts.extend(node.parts())
    return True


def _finding(test: Expression, first: Expression | Block, other: Expression | Block, told: str) -> Finding:
    spans = [
        (each[0].start, each[-1].end) if isinstance(each, tuple) else (each.start, each.end)
        for each in (first, other)
    ]
    return Finding(
        start=test.start,
        end=test.end,
        message=f"{code(test)} makes no difference: {told}",
        evidence=(
            Step(*spans[0], "this is done if it holds"),
            Step(*spans[1], "and the same if it does not"),
        ),
    )


CHECK = Check(
    name="equal-branches",
    title="All branches do the same",
    explanation=(
        "When every branch does the same, either the condition is needless or one of the branches"
        " was copied and never changed."
    ),
    severity=Severity.WARNING,
    guards=_GUARDS,
    find=find,
)
