"""Statements after one that always leaves: no path comes to them, whatever the values are.

Only the structure of the code counts, and calls that never return. What values rule out is another
check's.
"""

from collections.abc import Iterator

from sleeplsp.core import flow
from sleeplsp.core.flow import Block, Program, Statement
from sleeplsp.core.insight import Severity
from sleeplsp.core.walk import blocks_of, expressions, statements
from sleeplsp.deduce.analysis import Analysis
from sleeplsp.deduce.checks.check import Check, Finding, Guards, Step
from sleeplsp.deduce.ends import Ends, Exits
from sleeplsp.deduce.idioms.tests import is_test
from sleeplsp.deduce.telling.wording import code

_GUARDS = {
    "generator": "a `yield` that is never reached makes the function a generator",
    "defensive": "all that follows is a return, raise or the like: it says that nothing comes here",
    "manager": "a context manager of which nothing is known may stop the exception",
}

_EXITS_MAX = 3
"""Ways of leaving told in the evidence."""


def find(analysis: Analysis, guards: Guards) -> Iterator[Finding]:
    """Yield one finding per run of statements never reached; what is inside is not looked at."""
    trusting = not guards("manager", holds=True)
    ends = Ends(analysis, trusting=trusting)
    told = -1
    for exits, rest in sorted(_dead(analysis.program.body, ends), key=lambda each: each[1][0].start):
        if rest[0].start < told or _is_reached(analysis, rest):
            continue
        if guards("generator", holds=_makes_generator(analysis.program, rest)):
            continue
        if guards("defensive", holds=len(rest) == 1 and _is_defensive(rest[0], ends)):
            continue
        told = rest[-1].end
        yield _finding(analysis, exits, rest)


def _dead(body: Block, ends: Ends) -> Iterator[tuple[Exits, Block]]:
    """Yield what follows statements that always leave, with where these leave."""
    for block in _blocks(body):
        for position, statement in enumerate(block):
            exits = ends.of(statement)
            if exits:
                if rest := block[position + 1 :]:
                    yield exits, rest
                break
    for statement in statements(body):
        if isinstance(statement, flow.Try) and statement.orelse:
            exits = ends.of_block(statement.body)
            if exits:
                yield exits, statement.orelse


def _blocks(body: Block) -> Iterator[Block]:
    yield body
    for statement in statements(body):
        yield from blocks_of(statement)


def _is_reached(analysis: Analysis, rest: Block) -> bool:
    """Tell whether the graph has a way there all the same: then the structure was misread."""
    start, end = rest[0].start, rest[-1].end
    return any(
        start <= step.start < end
        for number in analysis.ends
        if analysis.states[number].certain
        for step in analysis.graph.blocks[number].steps
    )


def _makes_generator(program: Program, rest: Block) -> bool:
    yields = [node for node, _ in expressions(program) if isinstance(node, flow.Yield)]
    start, end = rest[0].start, rest[-1].end
    return bool(yields) and all(start <= each.start < end for each in yields)


def _is_defensive(statement: Statement, ends: Ends) -> bool:
    if isinstance(statement, (flow.Assert, flow.Break, flow.Continue, flow.Raise, flow.Declare)):
        return True
    if isinstance(statement, flow.Return):
        return statement.value is None or not statement.value.parts()
    if isinstance(statement, flow.Evaluate) and isinstance(statement.value, flow.Constant):
        return True
    return bool(ends.of(statement)) and isinstance(statement, flow.Evaluate)


def _is_replaced(analysis: Analysis, exits: Exits) -> bool:
    """Tell whether a test calls what never returns, and may have put something else in its place."""
    return any(isinstance(each, flow.Evaluate) for each in exits) and is_test(
        analysis.world.ref.partition("::")[0]
    )


def _finding(analysis: Analysis, exits: Exits, rest: Block) -> Finding:
    steps = [Step(each.start, each.end, _leaves(each)) for each in exits[:_EXITS_MAX]]
    return Finding(
        start=rest[0].start,
        end=rest[-1].end,
        message=f"This is never reached: {_why(exits)}",
        evidence=(*steps, Step(rest[0].start, rest[0].end, "nothing leads here")),
        weak=_is_switched_off(analysis.program, exits[0]) or _is_replaced(analysis, exits),
    )


def _is_switched_off(program: Program, leaves: Statement) -> bool:
    """Tell whether a body begins with leaving: by hand, or because it is not written yet."""
    empty = isinstance(leaves, flow.Return) and leaves.value is None
    return leaves is program.body[0] and (empty or isinstance(leaves, flow.Raise))


def _leaves(statement: Statement) -> str:
    match statement:
        case flow.Return():
            return "here it returns"
        case flow.Raise():
            return "here it raises"
        case flow.Break() | flow.Continue():
            return "here it jumps away"
        case flow.While():
            return "this loop is never left by its condition or a `break`"
    return "this call never returns"


def _why(exits: Exits) -> str:
    if len(exits) > 1:
        return "every way before it leaves"
    match exits[0]:
        case flow.While():
            return "the loop before it does not end"
        case flow.Evaluate(value=value):
            return f"{code(value)} never returns"
    return f"the code before it always {_VERBS[type(exits[0])]}"


_VERBS: dict[type, str] = {
    flow.Return: "returns",
    flow.Raise: "raises",
    flow.Break: "leaves the loop",
    flow.Continue: "goes on with the next turn",
}


CHECK = Check(
    name="unreachable-code",
    title="Code that is never reached",
    explanation="What stands before it always returns, raises, jumps away or never ends: either "
    "this code is left over, or something before it leaves too early.",
    severity=Severity.WARNING,
    guards=_GUARDS,
    find=find,
)
