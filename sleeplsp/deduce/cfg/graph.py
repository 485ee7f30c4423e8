"""The values a control-flow graph is made of.

Block numbers index `Graph.blocks`; block 0 is the entry. It must not be known here how a graph is built
or run.
"""

import msgspec

from sleeplsp.core.flow import Expression, Handler, Statement

Step = Statement
"""What a block does, one after the other: Evaluate, Assign, Augment, Declare, Bind, Import, Delete and
the steps below. What each may raise is `raising`'s to say."""


class Enter(Statement, frozen=True, gc=False):
    """A context manager is entered; its result goes to `target`."""

    context: Expression
    target: Expression | None
    is_async: bool


class Release(Statement, frozen=True, gc=False):
    """The context manager of `context` is left, normally or by an exception."""

    context: Expression


class Catch(Statement, frozen=True, gc=False):
    """An exception arrives at a handler and gets its name."""

    handler: Handler


class Unbind(Statement, frozen=True, gc=False):
    """The end of a handler: its name is bound no longer."""

    name: str


class Goto(msgspec.Struct, frozen=True, gc=False):
    """Go on elsewhere."""

    target: int


class Branch(msgspec.Struct, frozen=True, gc=False):
    """Go one of two ways by the truth of `test`. `loops`: the test of a while loop.

    `same_as` is the expression `test` holds the value of, when `test` is a fresh variable.
    """

    test: Expression
    then: int
    orelse: int
    loops: bool = False
    same_as: Expression | None = None


class Turn(msgspec.Struct, frozen=True, gc=False):
    """Take the next item of `iterable` into `target` and go to `body`, or go to `after` at the end.

    `source` is what the source iterates over; `iterable` names the value it had when the loop began.
    """

    start: int
    end: int
    iterable: Expression
    source: Expression
    target: Expression
    body: int
    after: int
    is_async: bool = False
    comprehension: bool = False


class Leave(msgspec.Struct, frozen=True, gc=False):
    """Return `value` (None: nothing is written after `return`)."""

    start: int
    end: int
    value: Expression | None


class Fall(msgspec.Struct, frozen=True, gc=False):
    """Reach the end of the body without a return."""

    at: int


class Throw(msgspec.Struct, frozen=True, gc=False):
    """Raise `value`, or what is being handled when it is None, to the block's handler.

    `asserts` is the condition whose failure raises, for an assert statement.
    """

    start: int
    end: int
    value: Expression | None
    cause: Expression | None = None
    asserts: Expression | None = None


class Dispatch(msgspec.Struct, frozen=True, gc=False):
    """Where an exception can go: to one of `handlers`, or on to the block's own handler.

    `total` says that no exception gets past the handlers. `maybe` is where it may be swallowed by a
    context manager of which nothing is known; -1 if nowhere.
    """

    handlers: tuple[tuple[Handler | None, int], ...]
    total: bool
    maybe: int = -1


Exit = Goto | Branch | Turn | Leave | Fall | Throw | Dispatch


class Block:
    """Steps that run one after the other, and how they end."""

    __slots__ = ("exit", "handler", "steps")

    def __init__(self, handler: int | None) -> None:
        self.steps: list[Step] = []
        self.exit: Exit | None = None
        self.handler = handler

    def targets(self) -> tuple[int, ...]:
        """Blocks this one can go to without an exception."""
        match self.exit:
            case Goto(target=target):
                return (target,)
            case Branch(then=then, orelse=orelse):
                return (then, orelse)
            case Turn(body=body, after=after):
                return (body, after)
            case Dispatch(handlers=handlers, maybe=maybe):
                found = tuple(target for _, target in handlers)
                return (*found, maybe) if maybe >= 0 else found
        return ()


class Graph:
    """A whole program. `blocks[0]` is the entry; blocks nothing leads to are kept."""

    __slots__ = ("blocks",)

    def __init__(self, blocks: list[Block]) -> None:
        self.blocks = blocks

    def order(self) -> list[int]:
        """Reachable blocks in reverse postorder: before a block come those that lead to it, loops apart."""
        seen = {0}
        stack = [(0, iter(self.following(0)))]
        finished: list[int] = []
        while stack:
            block, rest = stack[-1]
            for target in rest:
                if target not in seen:
                    seen.add(target)
                    stack.append((target, iter(self.following(target))))
                    break
            else:
                finished.append(block)
                stack.pop()
        return finished[::-1]

    def following(self, number: int) -> tuple[int, ...]:
        """Return the blocks a block can go to, by an exception too."""
        block = self.blocks[number]
        targets = block.targets()
        if block.handler is None or (isinstance(block.exit, Dispatch) and block.exit.total):
            return targets
        return (*targets, block.handler)
