"""Building the graph of a program: statements become blocks, every exit passes its final blocks.

A `finally` block is built once for each way through it (normal end, exception, return, break,
continue), so that what is true on one way does not blur into another. Programs that would need more
than `BLOCKS_MAX` blocks raise TooLargeError.
"""

from collections.abc import Callable
from typing import Any, Protocol

from sleeplsp.core import flow
from sleeplsp.core.flow import Expression, Name
from sleeplsp.deduce.cfg.expressions import branch, straight
from sleeplsp.deduce.cfg.graph import (
    Block,
    Branch,
    Exit,
    Fall,
    Goto,
    Graph,
    Leave,
    Step,
    Throw,
    Turn,
)

BLOCKS_MAX = 4000
"""Blocks of one graph."""


class TooLargeError(Exception):
    """The program needs more than BLOCKS_MAX blocks."""


class Managers(Protocol):
    """What is known of context managers and exception types."""

    def swallows(self, context: Expression) -> bool | None:
        """Tell whether leaving this context manager stops exceptions; None: not known."""
        ...

    def catches_all(self, types: tuple[Expression, ...]) -> bool:
        """Tell whether a handler of these types stops every exception."""
        ...


class Frame:
    """Something a jump passes on its way out: a loop to stop at, or steps to run."""

    __slots__ = ("after", "head", "leave")

    def __init__(
        self,
        leave: "Callable[[], None] | None" = None,
        head: int | None = None,
        after: int | None = None,
    ) -> None:
        self.leave = leave
        self.head = head
        self.after = after


def build(program: flow.Program, managers: Managers) -> Graph:
    """Build the graph of a program's body; raises TooLargeError."""
    builder = Builder(managers)
    builder.statements(program.body)
    builder.close(Fall(program.end))
    return Graph(builder.blocks)


class Builder:
    """The graph under construction; `current` is the block being filled, None after a jump."""

    def __init__(self, managers: Managers) -> None:
        self.managers = managers
        self.blocks: list[Block] = []
        self.frames: list[Frame] = []
        self.handler: int | None = None
        self.variables = 0
        self.current: int = self.block()

    def block(self) -> int:
        """Open a new block under the current handler; return its number."""
        if len(self.blocks) >= BLOCKS_MAX:
            raise TooLargeError
        self.blocks.append(Block(self.handler))
        return len(self.blocks) - 1

    def emit(self, step: Step) -> None:
        """Add a step to the current block."""
        self.blocks[self.current].steps.append(step)

    def close(self, exit_: Exit) -> None:
        """End the current block; what follows goes to a new block nothing leads to."""
        block = self.blocks[self.current]
        if block.exit is None:
            block.exit = exit_

    def jump(self, exit_: Exit) -> None:
        """End the current block by leaving; go on in a block that cannot be reached."""
        self.close(exit_)
        self.current = self.block()

    def variable(self, node: Expression) -> Name:
        """Return a fresh variable that stands for `node`'s value."""
        self.variables += 1
        return Name(node.start, node.end, f"%{self.variables}")

    def store(self, variable: Name, value: Expression) -> None:
        """Emit `variable = value`."""
        self.emit(flow.Assign(value.start, value.end, (Name(value.start, value.end, variable.id),), value))

    def hold(self, value: Expression) -> Expression:
        """Store a value in a fresh variable, unless it is a constant or such a variable."""
        if isinstance(value, flow.Constant) or (isinstance(value, Name) and value.id.startswith("%")):
            return value
        variable = self.variable(value)
        self.store(variable, value)
        return variable

    def statements(self, body: flow.Block) -> None:
        """Build a sequence of statements."""
        for statement in body:
            _HANDLERS[type(statement)](self, statement)

    def leave(self, frames: int) -> None:
        """Run the final steps of all frames above the first `frames`, innermost first."""
        kept, handler = self.frames, self.handler
        for i in range(len(kept) - 1, frames - 1, -1):
            leave = kept[i].leave
            if leave is not None:
                self.frames = kept[:i]
                leave()
        self.frames, self.handler = kept, handler


def _evaluate(builder: Builder, node: flow.Evaluate) -> None:
    value = straight(builder, node.value)
    builder.emit(node if value is node.value else flow.Evaluate(node.start, node.end, value))


def _assign(builder: Builder, node: flow.Assign) -> None:
    value = straight(builder, node.value)
    targets = tuple(straight(builder, target) for target in node.targets)
    builder.emit(flow.Assign(node.start, node.end, targets, value, node.annotation))


def _augment(builder: Builder, node: flow.Augment) -> None:
    target = straight(builder, node.target)
    builder.emit(flow.Augment(node.start, node.end, target, node.operator, straight(builder, node.value)))


def _plain(builder: Builder, node: flow.Statement) -> None:
    builder.emit(node)


def _bind(builder: Builder, node: flow.Bind) -> None:
    for default in (*node.decorators, *node.defaults):
        builder.emit(flow.Evaluate(default.start, default.end, straight(builder, default)))
    builder.emit(node)


def _return(builder: Builder, node: flow.Return) -> None:
    value = straight(builder, node.value) if node.value is not None else None
    # Evaluated before anything is left: what raises here comes to the handlers around it.
    guarded = builder.handler is not None or any(frame.leave for frame in builder.frames)
    if value is not None and guarded:
        value = builder.hold(value)
    builder.leave(0)
    builder.jump(Leave(node.start, node.end, value))


def _raise(builder: Builder, node: flow.Raise) -> None:
    value = straight(builder, node.value) if node.value is not None else None
    cause = straight(builder, node.cause) if node.cause is not None else None
    builder.jump(Throw(node.start, node.end, value, cause))


def _assert(builder: Builder, node: flow.Assert) -> None:
    holds, fails = builder.block(), builder.block()
    branch(builder, node.test, holds, fails)
    builder.current = fails
    if node.message is not None:
        builder.emit(flow.Evaluate(node.message.start, node.message.end, straight(builder, node.message)))
    builder.close(Throw(node.start, node.end, None, asserts=node.test))
    builder.current = holds


def _break(builder: Builder, _node: flow.Break) -> None:
    _leave_loop(builder, to_head=False)


def _continue(builder: Builder, _node: flow.Continue) -> None:
    _leave_loop(builder, to_head=True)


def _leave_loop(builder: Builder, *, to_head: bool) -> None:
    for i in range(len(builder.frames) - 1, -1, -1):
        frame = builder.frames[i]
        if frame.head is not None and frame.after is not None:
            builder.leave(i + 1)
            builder.jump(Goto(frame.head if to_head else frame.after))
            return


def _if(builder: Builder, node: flow.If) -> None:
    after = builder.block()
    while True:
        then, orelse = builder.block(), builder.block()
        branch(builder, node.test, then, orelse)
        builder.current = then
        builder.statements(node.then)
        builder.close(Goto(after))
        builder.current = orelse
        if len(node.orelse) != 1 or not isinstance(node.orelse[0], flow.If):
            break
        node = node.orelse[0]
    builder.statements(node.orelse)
    builder.close(Goto(after))
    builder.current = after


def _while(builder: Builder, node: flow.While) -> None:
    head, body, done, after = builder.block(), builder.block(), builder.block(), builder.block()
    builder.close(Goto(head))
    builder.current = head
    branch(builder, node.test, body, done, loops=True)
    _loop(builder, node.body, node.orelse, (head, body, done, after))


def _for(builder: Builder, node: flow.For) -> None:
    iterable = builder.hold(straight(builder, node.iterable))
    head, body, done, after = builder.block(), builder.block(), builder.block(), builder.block()
    builder.close(Goto(head))
    builder.current = head
    turn = Turn(node.start, node.end, iterable, node.iterable, node.target, body, done, node.is_async)
    builder.close(turn)
    _loop(builder, node.body, node.orelse, (head, body, done, after))


def _loop(builder: Builder, body: flow.Block, orelse: flow.Block, blocks: tuple[int, int, int, int]) -> None:
    head, first, done, after = blocks
    builder.current = first
    builder.frames.append(Frame(head=head, after=after))
    builder.statements(body)
    builder.frames.pop()
    builder.close(Goto(head))
    builder.current = done
    builder.statements(orelse)
    builder.close(Goto(after))
    builder.current = after


def _match(builder: Builder, node: flow.Match) -> None:
    subject = straight(builder, node.subject)
    builder.store(Name(node.start, node.end, node.variable), subject)
    after = builder.block()
    for case in node.cases:
        next_ = builder.block()
        for test in case.tests:
            passed = builder.block()
            branch(builder, test, passed, next_)
            builder.current = passed
        if not case.total:
            passed = builder.block()
            builder.close(Branch(flow.Opaque(case.start, case.start, ()), passed, next_))
            builder.current = passed
        for name in case.binds:
            value: Expression = flow.Opaque(name.start, name.end, ())
            if case.whole is not None and name.id == case.whole.id:
                value = Name(name.start, name.end, node.variable)
            builder.emit(flow.Assign(name.start, name.end, (name,), value))
        if case.guard is not None:
            passed = builder.block()
            branch(builder, case.guard, passed, next_)
            builder.current = passed
        builder.statements(case.body)
        builder.close(Goto(after))
        builder.current = next_
    builder.close(Goto(after))
    builder.current = after


Handler = Callable[["Builder", Any], None]
"""Builds one kind of statement."""

_HANDLERS: dict[type, Handler] = {
    flow.Evaluate: _evaluate,
    flow.Assign: _assign,
    flow.Augment: _augment,
    flow.Declare: _plain,
    flow.Delete: _plain,
    flow.Import: _plain,
    flow.Bind: _bind,
    flow.Return: _return,
    flow.Raise: _raise,
    flow.Assert: _assert,
    flow.Break: _break,
    flow.Continue: _continue,
    flow.If: _if,
    flow.While: _while,
    flow.For: _for,
    flow.Match: _match,
}


def handles(kind: type, handler: Handler) -> None:
    """Add a kind of statement that is built in another module (`protected`)."""
    _HANDLERS[kind] = handler
