"""What leads to a block: the decisions that every way to it has made, and whether they are all it takes.

A decision whose other side always raises is left out: the exception it guards against is told by itself.
It must not be known here what is said of it.
"""

from collections.abc import Iterator

from sleeplsp.core import flow
from sleeplsp.core.flow import Expression
from sleeplsp.deduce import cfg
from sleeplsp.deduce.analysis import Analysis

Decided = tuple[int, Expression, bool]
"""The block that decides, the test and how it came out."""

DECISIONS_MAX = 3
"""Decisions told; of more only the nearest is."""


def told(analysis: Analysis, made: list[Decided], *, complete: bool) -> tuple[list[Decided], bool]:
    """Return the decisions to tell, nearest first, and whether they are all it takes."""
    clear = [each for each in made if not _is_obscure(each[1])]
    whole = complete and len(clear) == len(made) <= DECISIONS_MAX and not _is_changed(analysis, made)
    return made if whole else clear[:1], whole


def _is_changed(analysis: Analysis, made: list[Decided]) -> bool:
    """Tell whether a variable is stored between two decisions on it: side by side they would not be true."""
    asked = [(test.start, name) for _, test, _ in made for name in _names(test)]
    return any(
        min(starts) < stored < max(starts)
        for name, stored in _stored(analysis)
        if (starts := [start for start, each in asked if each == name])
    )


def _names(test: Expression) -> Iterator[str]:
    pending = [test]
    while pending:
        node = pending.pop()
        if isinstance(node, flow.Name):
            yield node.id
        pending.extend(node.parts())


def _stored(analysis: Analysis) -> Iterator[tuple[str, int]]:
    for number in analysis.states:
        for step in analysis.graph.blocks[number].steps:
            targets = step.targets if isinstance(step, flow.Assign) else ()
            changed = (*targets, step.target) if isinstance(step, flow.Augment) else targets
            yield from ((name, step.start) for target in changed for name in _names(target))


def _is_obscure(test: Expression) -> bool:
    """Tell whether a test has no words: a case of a match, a value that has no name."""
    while isinstance(test, flow.Not):
        test = test.operand
    return isinstance(test, flow.Opaque) or (isinstance(test, flow.Name) and test.id.startswith("%"))


def leading(analysis: Analysis, number: int) -> tuple[list[Decided], bool]:
    """Return the decisions, nearest first; and whether it comes to the block whenever they are so made.

    Exceptions of callees are left aside, and so is what raises before.
    """
    found: list[tuple[int, Decided]] = []
    closed: set[tuple[int, int]] = set()
    for block in analysis.states:
        exit_ = analysis.graph.blocks[block].exit
        if not isinstance(exit_, cfg.Branch) or exit_.then == exit_.orelse:
            continue
        for side, other, holds in ((exit_.then, exit_.orelse, True), (exit_.orelse, exit_.then, False)):
            if analysis.predecessors[side] == [block] and _passes(analysis, number, side):
                closed.add((block, other))
                if not _only_raises(analysis, other, number, frozenset()):
                    distance = analysis.dominators[side].bit_count()
                    found.append((-distance, (block, exit_.same_as or exit_.test, holds)))
    found.sort(key=lambda each: each[0])
    return [decided for _, decided in found], _only_raises(analysis, 0, number, frozenset(closed))


def _passes(analysis: Analysis, number: int, side: int) -> bool:
    return bool(analysis.dominators.get(number, 0) >> side & 1)


def _only_raises(analysis: Analysis, start: int, number: int, closed: frozenset[tuple[int, int]]) -> bool:
    """Tell whether no way from `start` that leaves out a block, and closed edges, comes to a return."""
    seen, pending = {start, number}, [start] if start != number else []
    while pending:
        at = pending.pop()
        block = analysis.graph.blocks[at]
        if isinstance(block.exit, (cfg.Leave, cfg.Fall)):
            return False
        for target in block.targets():
            if target not in seen and (at, target) not in closed:
                seen.add(target)
                pending.append(target)
    return True
