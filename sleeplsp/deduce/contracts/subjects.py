"""What the ways to None ask about: parameters, and what lies outside of the function.

A caller that asks the same, or that chose what it passes, may well know whether None comes, though it
cannot be seen here. It must not be known here what a call passes.
"""

from collections.abc import Iterator

from sleeplsp.core import flow
from sleeplsp.core.flow import Expression
from sleeplsp.core.paths import dotted
from sleeplsp.deduce.analysis import Analysis
from sleeplsp.deduce.contracts.nones import NoneReturn

SUBJECTS_MAX = 12
"""Subjects kept of one function."""


def none_asks(analysis: Analysis, nones: list[NoneReturn]) -> tuple[str, ...]:
    """Return the subjects of all decisions on the ways to None, as `Returns.none_asks` describes them."""
    found = {
        subject for each in nones for test in _tests(analysis, each) for subject in subjects(analysis, test)
    }
    return tuple(sorted(found)[:SUBJECTS_MAX])


def subjects(analysis: Analysis, test: Expression) -> Iterator[str]:
    """Yield what a condition is about, as `none_asks` says."""
    program = analysis.program
    parameters = {each.name for each in program.parameters}
    pending = [test]
    while pending:
        node = pending.pop()
        called = isinstance(node, flow.Call)
        chain = dotted(node.callee if isinstance(node, flow.Call) else node)
        root, _, rest = chain.partition(".")
        if chain and root not in program.locals and (rest or called or root.isupper()):
            yield f".{chain.rpartition('.')[2]}{'()' if called else ''}"
        elif rest and root in parameters:
            yield f"{root}.{rest.partition('.')[0]}"
        elif isinstance(node, flow.Name) and node.id in parameters:
            yield node.id
        pending.extend(node.parts())


def _tests(analysis: Analysis, one: NoneReturn) -> Iterator[Expression]:
    yield from (test for _, test, _ in analysis.branches_before(one.block))
    for each in one.witness.decisions if one.witness is not None else ():
        if isinstance(each.node, Expression):
            yield each.node
