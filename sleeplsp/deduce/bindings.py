"""Where a program binds its names, and what can lead past a binding to a later read.

Read off the program as it is written. It must not know values, nor whether any path is feasible.
"""

from collections.abc import Iterator
from enum import StrEnum

import msgspec

from sleeplsp.core import flow
from sleeplsp.core.flow import Expression, Program, Statement
from sleeplsp.core.walk import blocks_of, expressions, statements
from sleeplsp.deduce.written import Node, Written, within


class Binding(msgspec.Struct, frozen=True, gc=False):
    """One place that binds a name. `node` is the statement or `:=` that does."""

    name: str
    node: Node

    @property
    def start(self) -> int:
        """Return where it stands."""
        return self.node.start


class Past(StrEnum):
    """What can lead past a binding to a read."""

    BRANCH = "branch"
    """The binding stands in an arm of a branch that need not be taken."""
    GUARDED = "guarded"
    """The same, and the read stands in an arm of another branch: the two may agree."""
    CHAIN = "chain"
    """The same, where each of several arms binds the name or leaves."""
    FAILURE = "failure"
    """An exception raised before it, or by it."""
    LOOP = "loop"
    """It stands in a loop that the read comes after."""
    TURN = "turn"
    """It is in the same loop as the read: an earlier turn may have passed it."""
    NEVER = "never"
    """No way leads from it to the read."""


def bindings(program: Program) -> dict[str, list[Binding]]:
    """Return the bindings of every name a program binds in its body, in source order."""
    found: dict[str, list[Binding]] = {}
    for statement in statements(program.body):
        for name in _names(statement):
            found.setdefault(name, []).append(Binding(name, statement))
    if program.inline:
        for node, hidden in expressions(program):
            if isinstance(node, flow.Walrus) and node.target.id not in hidden:
                found.setdefault(node.target.id, []).append(Binding(node.target.id, node))
    return found


def past(written: Written, binding: Binding, same: list[Binding], read: Node) -> Past:
    """Tell what can lead past a binding to a read; `same` are all bindings of the name."""
    outside = [read, *written.around(read)]
    inside: list[Node] = [binding.node]
    common: Node | None = None
    for node in written.around(binding.node):
        if any(node is each for each in outside):
            common = node
            break
        inside.append(node)
    looping = any(isinstance(each, (flow.For, flow.While)) for each in outside)
    if common is binding.node or binding.start > read.start or _exclusive(common, binding.node, read):
        return Past.TURN if looping else Past.NEVER
    if any(isinstance(each, (flow.For, flow.While)) for each in inside):
        return Past.LOOP
    branch = next((each for each in reversed(inside) if isinstance(each, (flow.If, flow.Match))), None)
    if branch is not None:
        if looping:
            return Past.TURN
        if _binds_in_arms(branch, same):
            return Past.CHAIN
        return Past.GUARDED if _is_guarded(written, read, common) else Past.BRANCH
    return Past.FAILURE


def _is_guarded(written: Written, read: Node, common: Node | None) -> bool:
    """Tell whether a node stands in a branch inside `common`."""
    for node in written.around(read):
        if node is common:
            return False
        if isinstance(node, (flow.If, flow.Match, flow.While, flow.Boolean, flow.Conditional)):
            return True
    return False


def _exclusive(common: Node | None, one: Node, other: Node) -> bool:
    """Tell whether two nodes stand in different arms of a branch."""
    if not isinstance(common, (flow.If, flow.Match)):
        return False
    arms = [block for block in blocks_of(common) if within(block, one) or within(block, other)]
    return len(arms) > 1


def _binds_in_arms(branch: flow.If | flow.Match, same: list[Binding]) -> bool:
    """Tell whether a branch has several arms, each of which binds the name or leaves."""
    arms = list(_arms(branch))
    bind = [any(within(arm, each.node) for each in same) for arm in arms]
    passed = [binds or _leaves(arm) for arm, binds in zip(arms, bind, strict=True)]
    return len(arms) > 1 and sum(passed) > 1 and all(passed)


def _arms(branch: Statement) -> Iterator[flow.Block]:
    if isinstance(branch, flow.Match):
        yield from blocks_of(branch)
        return
    while isinstance(branch, flow.If):
        yield branch.then
        if len(branch.orelse) != 1 or not isinstance(branch.orelse[0], flow.If):
            if branch.orelse:
                yield branch.orelse
            return
        branch = branch.orelse[0]


def _leaves(block: flow.Block) -> bool:
    leaving = (flow.Return, flow.Raise, flow.Continue, flow.Break)
    return bool(block) and isinstance(block[-1], leaving)


def bound_by(statement: Statement) -> Iterator[Expression | str]:
    """Yield what a statement binds: targets, or plain names where it has no expression for them."""
    match statement:
        case flow.Assign(targets=targets):
            for target in targets:
                yield from _flat(target)
        case flow.For(target=target):
            yield from _flat(target)
        case flow.With(items=items):
            for item in items:
                if item.target is not None:
                    yield from _flat(item.target)
        case flow.Import(binds=name) | flow.Bind(name=name):
            yield name
        case flow.Try(handlers=handlers):
            yield from (each.name for each in handlers if each.name is not None)
        case flow.Match(cases=cases):
            yield from (name for case in cases for name in case.binds)


def _names(statement: Statement) -> Iterator[str]:
    for bound in bound_by(statement):
        if isinstance(bound, str):
            yield bound
        elif isinstance(bound, flow.Name):
            yield bound.id


def _flat(target: Expression) -> Iterator[Expression]:
    if isinstance(target, flow.Star):
        yield from _flat(target.value)
    elif isinstance(target, flow.Display):
        for item in target.items:
            yield from _flat(item)
    else:
        yield target
