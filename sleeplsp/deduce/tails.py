"""How a body comes to its end without a return: the statements it ends with, one for each way.

Read off the structure of a program; where nothing comes after a statement is for `ends` to say. It
must not know what is returned elsewhere.
"""

from collections.abc import Iterator

import msgspec

from sleeplsp.core import flow
from sleeplsp.core.flow import Block, Statement
from sleeplsp.core.walk import statements
from sleeplsp.deduce.ends import Ends


class Tail(msgspec.Struct, frozen=True):
    """One way to the end. `statement` is the last one run; None where a branch is not taken.

    `branch` is then the branch of which no arm is taken, from the first condition of a chain on.
    """

    statement: Statement | None
    branch: flow.If | flow.Match | None = None


def tails(body: Block, ends: Ends) -> Iterator[Tail]:
    """Yield the ways on which a block runs to its end."""
    if not body:
        yield Tail(None)
    elif not ends.of_block(body):
        yield from _of(body[-1], ends)


def _of(last: Statement, ends: Ends) -> Iterator[Tail]:
    match last:
        case flow.If():
            yield from _of_chain(last, ends)
        case flow.Match(cases=cases):
            for case in cases:
                yield from tails(case.body, ends)
            if not (cases and cases[-1].total and not cases[-1].tests and cases[-1].guard is None):
                yield Tail(None, last)
        case flow.With(body=body):
            yield from tails(body, ends)
        case flow.Try(final=final) if not final:
            if not ends.of_block(last.body):
                yield from tails(last.orelse or last.body, ends)
            for handler in last.handlers:
                yield from tails(handler.body, ends)
        case _:
            yield Tail(last)


def _of_chain(head: flow.If, ends: Ends) -> Iterator[Tail]:
    arm = head
    while True:
        yield from tails(arm.then, ends)
        if len(arm.orelse) != 1 or not isinstance(arm.orelse[0], flow.If):
            break
        arm = arm.orelse[0]
    yield from tails(arm.orelse, ends) if arm.orelse else (Tail(None, head),)


def may_never_come(way: Tail) -> bool:
    """Tell whether a way to the end looks as if its author knew that it is never taken.

    No arm of a chain of several, or the end of a loop that returns nothing and raises.
    """
    if isinstance(way.statement, (flow.For, flow.While)):
        inside = list(statements((way.statement,)))
        returns = any(isinstance(each, flow.Return) for each in inside)
        return not returns and any(isinstance(each, flow.Raise) for each in inside)
    several = isinstance(way.branch, flow.If) and len(way.branch.orelse) == 1
    return several or isinstance(way.branch, flow.Match)
