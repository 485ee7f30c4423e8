"""A program as it is written: its nodes by kind, and what each stands in.

Lambdas count as part of what they stand in; other nested programs do not. It must not know values,
nor in which order anything runs.
"""

from collections import defaultdict
from collections.abc import Iterator
from functools import cached_property
from typing import TypeVar

from sleeplsp.core import flow
from sleeplsp.core.flow import Block, Expression, Program, ProgramKind, Statement
from sleeplsp.core.walk import blocks_of, parts_of, statements

Node = Expression | Statement
_Place = tuple[type, int, int]
_N = TypeVar("_N", bound=Expression | Statement)


# Kinds of expressions that are asked for; of others there are very many.
_KEPT = frozenset(
    (
        flow.Boolean,
        flow.Closure,
        flow.Compare,
        flow.Comprehension,
        flow.Conditional,
        flow.Display,
        flow.Mapping,
        flow.Operation,
    )
)


class Written:
    """The nodes of one program."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._nodes: dict[type, list[Node]] = defaultdict(list)
        pending: list[Expression] = []
        for statement in statements(program.body):
            self._nodes[type(statement)].append(statement)
            pending.extend(parts_of(statement))
        while pending:
            node = pending.pop()
            kind = type(node)
            if kind is flow.Name or kind is flow.Constant:
                continue
            if kind in _KEPT:
                self._nodes[kind].append(node)
            if kind is flow.Closure:
                pending.extend(_inside(node))  # type: ignore[arg-type]  # a Closure
            else:
                pending.extend(node.parts())

    def of(self, kind: type[_N]) -> list[_N]:
        """Return all statements of a kind, or expressions of one of a few kinds, in no order."""
        return self._nodes.get(kind, [])  # type: ignore[return-value]  # lists are kept by kind

    def around(self, node: Node) -> Iterator[Node]:
        """Yield what a node stands in, innermost first: expressions, then statements.

        The node may be one that a graph was made with: only its kind and span count.
        """
        place = _place(node)
        while (outer := self._parents.get(place)) is not None:
            yield outer
            place = _place(outer)

    def statement(self, node: Node) -> Statement | None:
        """Return the innermost statement a node stands in."""
        return next((each for each in self.around(node) if isinstance(each, Statement)), None)

    @cached_property
    def _parents(self) -> dict[_Place, Node]:
        parents: dict[_Place, Node] = {}
        pending: list[Node] = []
        for statement in statements(self._program.body):
            for block in blocks_of(statement):
                parents.update((_place(each), statement) for each in block)
            pending.append(statement)
        while pending:
            node = pending.pop()
            if isinstance(node, Statement):
                parts = parts_of(node)
            elif isinstance(node, flow.Closure):
                parts = _inside(node)
            else:
                parts = node.parts()
            for part in parts:
                if _place(part) != _place(node):
                    parents.setdefault(_place(part), node)
            pending.extend(parts)
        return parents


def within(block: Block, node: Node) -> bool:
    """Tell whether a node stands in a block."""
    return bool(block) and block[0].start <= node.start and node.end <= block[-1].end


def _place(node: Node) -> _Place:
    return type(node), node.start, node.end


def _inside(closure: flow.Closure) -> tuple[Expression, ...]:
    if closure.program.kind is not ProgramKind.LAMBDA:
        return ()
    return tuple(part for each in closure.program.body for part in parts_of(each))
