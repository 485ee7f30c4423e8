"""A loop over a container that has a name, and where control goes within it.

It must not know what is done to the container.
"""

import msgspec

from sleeplsp.core import flow
from sleeplsp.core.flow import Expression
from sleeplsp.core.paths import dotted
from sleeplsp.core.walk import statements
from sleeplsp.deduce import cfg
from sleeplsp.deduce.analysis import Analysis

_COPIES = frozenset(("list", "tuple", "sorted", "set", "frozenset", "dict", "deepcopy", "copy"))
_VIEWS = frozenset(("items", "keys", "values"))
_THROUGH = frozenset(("enumerate", "iter", "zip", "map", "filter"))


class ContainerLoop(msgspec.Struct, frozen=True):
    """A loop over a container that has a name."""

    statement: flow.For
    container: Expression
    view: bool
    """It goes over `.items()`, `.keys()` or `.values()`."""
    copy: bool
    """It goes over a copy of the container."""

    @property
    def item(self) -> str:
        """The variable that holds the key, the item or (of `enumerate`) the index; '' if none."""
        target = self.statement.target
        if isinstance(target, flow.Display) and target.items:
            target = target.items[0]
        return target.id if isinstance(target, flow.Name) else ""


def container_loop(statement: flow.For) -> ContainerLoop | None:
    """Return what a loop goes over; None if it is nothing that has a name."""
    node, view, copy = statement.iterable, False, False
    while not dotted(node):
        if isinstance(node, flow.Index) and isinstance(node.index, flow.Slice):
            copy, node = True, node.base
            continue
        inner = _iterated(node) if isinstance(node, flow.Call) else None
        if inner is None:
            return None
        name = _called(node)
        view, copy, node = view or name in _VIEWS, copy or name in _COPIES, inner
    return ContainerLoop(statement, node, view, copy)


def is_rebound(loop: ContainerLoop) -> bool:
    """Tell whether the container's name, or a name it begins with, is bound within the loop."""
    name = dotted(loop.container)
    bound = [loop.statement.target]
    for statement in statements(loop.statement.body):
        match statement:
            case flow.Assign(targets=targets):
                bound.extend(targets)
            case flow.For(target=target):
                bound.append(target)
            case flow.With(items=items):
                bound.extend(item.target for item in items if item.target is not None)
    while bound:
        target = bound.pop()
        bound.extend(target.parts() if isinstance(target, (flow.Display, flow.Star)) else ())
        if (stored := dotted(target)) and f"{name}.".startswith(f"{stored}."):
            return True
    return False


def goes_on(analysis: Analysis, loop: ContainerLoop, start: int) -> bool:
    """Tell whether control can come from a block to the loop's next turn."""
    graph, span = analysis.graph, (loop.statement.start, loop.statement.end)
    heads: dict[int, str] = {}
    for number, block in enumerate(graph.blocks):
        exit_ = block.exit
        if isinstance(exit_, cfg.Turn) and (exit_.start, exit_.end) == span:
            heads[number] = exit_.iterable.id if isinstance(exit_.iterable, flow.Name) else ""
    seen, pending = {start}, [start]
    while pending:
        number = pending.pop()
        if number not in analysis.ends:
            continue
        for target in graph.blocks[number].targets():
            if target in heads:
                return True
            # Where the iterable is evaluated a loop of its own begins.
            if target not in seen and not _begins(graph.blocks[target], heads):
                seen.add(target)
                pending.append(target)
    return False


def _iterated(call: flow.Call) -> Expression | None:
    """Return what a call copies or goes through, None for any other call."""
    callee = call.callee
    if isinstance(callee, flow.Attribute):
        known = not call.arguments and callee.name in _VIEWS | {"copy"}
        return callee.base if known else None
    known = bool(call.arguments) and _called(call) in _COPIES | _THROUGH
    return call.arguments[0].value if known else None


def _called(node: Expression) -> str:
    callee = node.callee if isinstance(node, flow.Call) else node
    return callee.name if isinstance(callee, flow.Attribute) else dotted(callee)


def _begins(block: cfg.Block, heads: dict[int, str]) -> bool:
    names = set(heads.values())
    return any(
        isinstance(target, flow.Name) and target.id in names
        for step in block.steps
        if isinstance(step, flow.Assign)
        for target in step.targets
    )
