"""A control-flow graph written down: the blocks that can be reached, in the order of the first way to them.

    2 !5                what is raised in this block goes to block 5; without `!`, out of the program
        x = f(%1)       steps, as `tests.flow_text` writes statements; `%1` holds a value
        if x: 3 else 4  where it goes

Blocks that do nothing but lead to another are left out. `stop 3` leads an exception on to 3 and nowhere
else; `raise on` hands it to the block's own `!`, `maybe 4` says that it may also end there.
"""

from collections.abc import Iterator

from sleeplsp.core import flow
from sleeplsp.deduce import cfg
from tests.flow_text import INDENT, expression, statement


def graph_text(graph: cfg.Graph) -> str:
    """Return the text of a graph."""
    numbers: dict[int, int] = {}
    pending = [_through(graph, 0)]
    while pending:
        block = pending.pop()
        if block not in numbers:
            numbers[block] = len(numbers)
            pending += [_through(graph, each) for each in reversed(graph.following(block))]
    lines = (line for block in numbers for line in _block(graph, block, numbers))
    return "".join(f"{line}\n" for line in lines)


def _through(graph: cfg.Graph, number: int) -> int:
    """Return the first block from here on that does something."""
    seen = {number}
    while not (block := graph.blocks[number]).steps and isinstance(block.exit, cfg.Goto):
        if block.exit.target in seen:
            return number
        number = block.exit.target
        seen.add(number)
    return number


def _block(graph: cfg.Graph, number: int, numbers: dict[int, int]) -> Iterator[str]:
    def to(target: int) -> int:
        return numbers[_through(graph, target)]

    block = graph.blocks[number]
    raises = block.handler is not None and not (isinstance(block.exit, cfg.Dispatch) and block.exit.total)
    yield (
        f"{numbers[number]} !{to(block.handler)}"
        if raises and block.handler is not None
        else str(numbers[number])
    )
    for step in block.steps:
        yield from (INDENT + line for line in _step(step))
    yield INDENT + _exit(block.exit, {each: to(each) for each in block.targets()})


def _step(step: cfg.Step) -> Iterator[str]:
    match step:
        case cfg.Enter():
            target = f" as {expression(step.target)}" if step.target is not None else ""
            yield f"enter {'async ' if step.is_async else ''}{expression(step.context)}{target}"
        case cfg.Release():
            yield f"release {expression(step.context)}"
        case cfg.Catch(handler=handler):
            types = ", ".join(map(expression, handler.types))
            name = f" as {handler.name}" if handler.name else ""
            yield f"catch{'*' if handler.star else ''} {types or 'all'}{name}"
        case cfg.Unbind():
            yield f"unbind {step.name}"
        case flow.Bind():
            yield f"bind {step.name}"
        case _:
            yield from statement(step)


def _exit(exit_: cfg.Exit | None, to: dict[int, int]) -> str:
    match exit_:
        case cfg.Goto(target=target):
            return f"to {to[target]}"
        case cfg.Branch():
            word = "while" if exit_.loops else "if"
            value = f" (of {expression(exit_.same_as)})" if exit_.same_as is not None else ""
            return f"{word} {expression(exit_.test)}{value}: {to[exit_.then]} else {to[exit_.orelse]}"
        case cfg.Turn():
            word = f"{'async ' if exit_.is_async else ''}{'each' if exit_.comprehension else 'for'}"
            taken = f"{expression(exit_.target)} in {expression(exit_.iterable)}"
            return f"{word} {taken}: {to[exit_.body]} else {to[exit_.after]}"
        case cfg.Leave(value=value):
            return f"return {expression(value)}" if value is not None else "return"
        case cfg.Fall():
            return "end"
        case cfg.Throw():
            return _throw(exit_)
        case cfg.Dispatch(handlers=handlers):
            ways = [f"{_caught(handler)} {to[target]}" for handler, target in handlers]
            ways += [f"maybe {to[exit_.maybe]}"] if exit_.maybe >= 0 else []
            return ", ".join(ways if exit_.total else [*ways, "raise on"])
    raise AssertionError(exit_)


def _throw(exit_: cfg.Throw) -> str:
    if exit_.asserts is not None:
        return f"raise AssertionError of {expression(exit_.asserts)}"
    value = expression(exit_.value) if exit_.value is not None else "again"
    return f"raise {value}" + (f" from {expression(exit_.cause)}" if exit_.cause is not None else "")


def _caught(handler: flow.Handler | None) -> str:
    if handler is None:
        return "stop"
    return f"except {', '.join(map(expression, handler.types))}".strip() + ":"
