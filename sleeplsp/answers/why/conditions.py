"""Conditions: when a `raise` or an `assert` is come to, and where what it asks about comes from.

It must not know which exception it was.
"""

from collections.abc import Iterator

from sleeplsp.answers.why.given import evidence_steps
from sleeplsp.answers.why.origins import Tracer
from sleeplsp.answers.why.trail import Here, Step, Trail, shown
from sleeplsp.core import flow
from sleeplsp.core.flow import Block, Expression, Statement
from sleeplsp.core.walk import blocks_of

NAMES_MAX = 4
"""Names in one condition that are followed."""

_Test = tuple[Statement, Expression, bool]
"""What decides, its condition, and whether it holds."""


def raised_when(tracer: Tracer, here: Here, statement: flow.Raise | flow.Assert) -> Trail:
    """Return what leads to a `raise` or `assert`: the conditions, and where their values come from."""
    known = _deduced(tracer, here, statement)
    if isinstance(statement, flow.Assert):
        test: _Test | None = (statement, statement.test, False)
    else:
        decisions = list(_decisions(here.program.body, statement))
        caught = [each for each in decisions if isinstance(each[0], flow.Try)]
        if caught:  # what it asks besides is about what is told, and not about what was wrong
            return Trail((_decided(tracer, here, caught[-1]),), settled=True, sure=False)
        test = decisions[-1] if decisions else None
    if test is None:
        return known
    decided = _decided(tracer, here, test)
    before = _origin(tracer, here, test)
    steps = known.steps or (decided,)
    return Trail((*before.steps, *steps), settled=True, outside=before.outside, sure=before == Trail())


def _deduced(tracer: Tracer, here: Here, statement: Statement) -> Trail:
    """Return the path to a `raise` that was found beforehand."""
    row = tracer.known.rows.get(here.ref)
    for each in row.contract.raised if row is not None and not isinstance(statement, flow.Assert) else ():
        steps = evidence_steps(tracer.known, each.path)
        last = steps[-1] if steps else None
        if (
            last is not None
            and last.start < statement.end
            and statement.start < last.end
            and not each.through
        ):
            return Trail(tuple(steps[:-1]), settled=len(steps) > 1, sure=not each.partly)
    return Trail()


def _decided(tracer: Tracer, here: Here, test: _Test) -> Step:
    statement, condition, holds = test
    if isinstance(statement, flow.Assert):
        return tracer.step(here, statement.start, statement.end, f"{shown(condition)} does not hold")
    if isinstance(statement, flow.Try):
        return tracer.step(
            here, condition.start, condition.end, f"{shown(condition)} came up before, and is caught here"
        )
    said = "holds" if holds else "does not hold"
    return tracer.step(here, condition.start, condition.end, f"{shown(condition)} {said}")


def _origin(tracer: Tracer, here: Here, test: _Test) -> Trail:
    """Follow the names of a condition; return the trail that says most."""
    statement, condition, _ = test
    at = Here(here.path, here.ref, here.program, statement, here.index, here.placed)
    trails = [tracer.trail(each, "", at) for each in list(_named(condition))[:NAMES_MAX]]
    return max(
        (each for each in trails if each.steps or each.outside), key=lambda each: each.worth, default=Trail()
    )


def _named(condition: Expression) -> Iterator[Expression]:
    """Yield the variables and attributes a condition asks about, what is called left out."""
    pending = [condition]
    while pending:
        node = pending.pop(0)
        match node:
            case flow.Name():
                yield node
            case flow.Attribute(chain=chain) if chain:
                yield node
            case flow.Call(callee=callee, arguments=arguments):
                if isinstance(callee, flow.Attribute):
                    pending.append(callee.base)
                pending.extend(each.value for each in arguments)
            case _:
                pending.extend(node.parts())


def _decisions(body: Block, wanted: Statement) -> Iterator[_Test]:
    """Yield what was decided on the way to a statement, outermost first."""
    for statement in body:
        for number, block in enumerate(blocks_of(statement)):
            if not _holds(block, wanted):
                continue
            match statement:
                case flow.If(test=test):
                    yield statement, test, number == 0
                case flow.While(test=test):
                    yield statement, test, number == 0
                case flow.Try(handlers=handlers) if 0 < number <= len(handlers):
                    for each in handlers[number - 1].types:
                        yield statement, each, True
                case flow.Match(subject=subject):
                    yield statement, subject, True
            yield from _decisions(block, wanted)
            return
        if statement is wanted:
            yield from _left_before(body, wanted)
            return


def _holds(block: Block, wanted: Statement) -> bool:
    return bool(block) and block[0].start <= wanted.start and wanted.end <= block[-1].end


def _left_before(body: Block, wanted: Statement) -> Iterator[_Test]:
    """Yield the last decision of the same block that has left it in the other case."""
    for statement in reversed(body[: body.index(wanted)]):
        if isinstance(statement, flow.If) and not statement.orelse and _leaves(statement.then):
            yield statement, statement.test, False
            return
        return


def _leaves(block: Block) -> bool:
    return bool(block) and isinstance(block[-1], (flow.Return, flow.Raise, flow.Continue, flow.Break))
