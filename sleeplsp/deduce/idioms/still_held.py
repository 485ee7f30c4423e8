"""Ways through a program on which an object is made, and still held where it should not be.

The graph is copied with a mark beside the object's variable: set where the object is made, taken away
where it is lost, and looked at where the program leaves or binds the name anew. Then single paths are
searched as for every other suspicion. It must not know what the object is.
"""

from collections.abc import Callable, Iterator
from enum import StrEnum

import msgspec

from sleeplsp.core import flow
from sleeplsp.deduce import cfg
from sleeplsp.deduce.analysis import Analysis
from sleeplsp.deduce.domain import literal
from sleeplsp.deduce.effort import steps_of
from sleeplsp.deduce.evaluation.run import Runner
from sleeplsp.deduce.events import Event, Use
from sleeplsp.deduce.idioms.held import Loss
from sleeplsp.deduce.paths.search import Key, Search
from sleeplsp.deduce.paths.trail import Witness

_MARK = "%held"
_LOOK = "%look"


class Way(StrEnum):
    """How the object comes to be left behind."""

    RETURN = "return"
    END = "end"
    """The body ends."""
    AGAIN = "again"
    """The name is bound to something else."""
    RAISE = "raise"


class WayOut(msgspec.Struct, frozen=True, gc=False):
    """One place where the object is still held, and a feasible path to it if one was found."""

    way: Way
    start: int
    end: int
    witness: Witness | None = None


Losing = Callable[[cfg.Step | cfg.Exit], frozenset[Loss]]
"""Why the object may be lost by a step or exit; what does not count is left out."""


def ways_out(analysis: Analysis, made: flow.Assign, losing: Losing) -> list[WayOut]:
    """Return the places a graph leads to with the object that `made` stores in a name still there."""
    marked = _Marked(analysis, made, losing)
    wanted = marked.reached()
    if not wanted:
        return []
    runner = Runner(analysis.program, analysis.world)
    steps_max = steps_of(analysis.world.effort)
    found = analysis.found_by(Search(marked.graph, runner, wanted, _watched, steps_max=steps_max))
    outs = (msgspec.structs.replace(marked.looks[key], witness=found.get(key)) for key in wanted)
    return sorted(outs, key=lambda each: (each.start, each.end, each.way))


class _Marked:
    """A copy of a graph with the marks in it."""

    def __init__(self, analysis: Analysis, made: flow.Assign, losing: Losing) -> None:
        self.looks: dict[Key, WayOut] = {}
        self._made = made
        self._losing = losing
        self._raises = {(each.start, each.end) for each in analysis.written.of(flow.Raise)}
        self.graph = cfg.Graph([self._block(each) for each in analysis.graph.blocks])

    def _block(self, block: cfg.Block) -> cfg.Block:
        copy = cfg.Block(block.handler)
        copy.exit = block.exit
        for step in block.steps:
            copy.steps += self._marked(step)
        if block.exit is not None:
            if self._losing(block.exit):
                copy.steps.append(_mark(held=False))
            elif (out := self._out(block)) is not None:
                copy.steps.append(self._look(out))
        return copy

    def _marked(self, step: cfg.Step) -> Iterator[cfg.Step]:
        losses = self._losing(step)
        if Loss.REPLACED in losses:
            losses -= {Loss.REPLACED}
            if not losses:
                yield self._look(WayOut(Way.AGAIN, step.start, step.end))
            yield _mark(held=False)
        elif losses:
            yield _mark(held=False)
        yield step
        if _is(step, self._made):
            yield _mark(held=True)

    def _out(self, block: cfg.Block) -> WayOut | None:
        match block.exit:
            case cfg.Leave(start=start, end=end):
                return WayOut(Way.RETURN, start, end)
            case cfg.Fall(at=at):
                return WayOut(Way.END, at, at)
            case cfg.Throw(start=start, end=end, asserts=None) if block.handler is None:
                return WayOut(Way.RAISE, start, end) if (start, end) in self._raises else None
        return None

    def _look(self, out: WayOut) -> flow.Assign:
        look = flow.Assign(
            out.start,
            out.end,
            (flow.Name(out.start, out.end, _LOOK),),
            flow.Name(out.start, out.end, _MARK),
        )
        self.looks[_key(look)] = out
        return look

    def reached(self) -> dict[Key, set[int]]:
        """Return the looks that blocks lead to from where the object is made, whatever is decided."""
        found: dict[Key, set[int]] = {}
        pending = [
            (number, position + 1)
            for number, block in enumerate(self.graph.blocks)
            for position, step in enumerate(block.steps)
            if _is(step, self._made)
        ]
        seen: set[int] = set()
        while pending:
            number, first = pending.pop()
            block = self.graph.blocks[number]
            for position in range(first, len(block.steps)):
                step = block.steps[position]
                if _frees(step):
                    if block.handler is not None and position > first:
                        pending += _entries((block.handler,), seen)
                    break
                if _looks(step):
                    found.setdefault(_key(step), set()).add(number)
            else:
                pending += _entries(self.graph.following(number), seen)
        return found


def _entries(blocks: tuple[int, ...], seen: set[int]) -> list[tuple[int, int]]:
    new = [each for each in blocks if each not in seen]
    seen.update(new)
    return [(each, 0) for each in new]


def _mark(*, held: bool) -> flow.Assign:
    return flow.Assign(0, 0, (flow.Name(0, 0, _MARK),), _HELD if held else _FREE)


_HELD = flow.Constant(0, 0, "bool", value=True)
_FREE = flow.Constant(0, 0, "bool", value=False)


def _frees(step: cfg.Step) -> bool:
    return isinstance(step, flow.Assign) and step.value is _FREE


def _key(look: cfg.Step) -> Key:
    return _LOOK, look.start, look.end


def _looks(step: object) -> bool:
    target = step.targets[0] if isinstance(step, flow.Assign) else None
    return isinstance(target, flow.Name) and target.id == _LOOK


def _watched(event: Event) -> Key | None:
    if event.use is not Use.STORE or not _looks(event.node) or event.value != literal(value=True):
        return None
    return _LOOK, event.node.start, event.node.end


def _is(step: cfg.Step, made: flow.Assign) -> bool:
    return (
        isinstance(step, flow.Assign)
        and (step.start, step.end) == (made.start, made.end)
        and not _looks(step)
    )
