"""The fixpoint: what every variable may hold before each block, over all paths together.

A worklist in reverse postorder. A block may be run `VISITS_MAX` times; a program that needs more is not
analysed. It must not know what the states are used for.
"""

from collections.abc import Iterator
from heapq import heappop, heappush

from sleeplsp.deduce import cfg
from sleeplsp.deduce.domain import State
from sleeplsp.deduce.evaluation.raising import NOTHING
from sleeplsp.deduce.evaluation.run import Runner

VISITS_MAX = 60
"""Runs of one block."""


class UnsettledError(Exception):
    """The states do not settle within VISITS_MAX runs of a block."""


States = dict[int, State]


def solve(graph: cfg.Graph, runner: Runner) -> tuple[States, States]:
    """Return the state at the entry and at the end of every block that can be reached.

    The runner's sink sees each block's events once, as they are in its settled state. A block that
    does not run to its end has no end state. Raises UnsettledError.
    """
    order = graph.order()
    place = {block: number for number, block in enumerate(order)}
    sink, runner.evaluator.sink = runner.evaluator.sink, None
    if all(place[target] > place[block] for block in order for target in graph.following(block)):
        # Without loops every block is settled when its turn comes: once through is enough.
        runner.evaluator.sink = sink
        return _in_order(graph, order, runner)
    states = _settled(graph, place, runner)
    runner.evaluator.sink = sink
    runner.evaluator.risks.clear()
    ends: States = {}
    for number in sorted(states):
        for _ in _visit(graph, number, states, ends, runner):
            pass
    return states, ends


def _in_order(graph: cfg.Graph, order: list[int], runner: Runner) -> tuple[States, States]:
    states: States = {0: runner.entry()}
    ends: States = {}
    for number in order:
        if number not in states:
            continue
        for target, state in _visit(graph, number, states, ends, runner):
            known = states.get(target)
            if known is None:
                states[target] = state
            else:
                known.join(state)
    return states, ends


def _visit(
    graph: cfg.Graph, number: int, states: States, ends: States, runner: Runner
) -> Iterator[tuple[int, State]]:
    """Run a block from its settled state and keep its end."""
    runner.block = number
    yield from run_block(graph, number, states[number].copy(), runner, ends)


def _settled(graph: cfg.Graph, place: dict[int, int], runner: Runner) -> States:
    states: States = {0: runner.entry()}
    visits: dict[int, int] = {}
    waiting = [(0, 0)]
    queued = {0}
    while waiting:
        _, block = heappop(waiting)
        queued.discard(block)
        visits[block] = visits.get(block, 0) + 1
        if visits[block] > VISITS_MAX:
            raise UnsettledError
        for target, state in run_block(graph, block, states[block].copy(), runner):
            known = states.get(target)
            if known is None:
                states[target] = state
            elif not known.join(state):
                continue
            if target not in queued:
                queued.add(target)
                heappush(waiting, (place[target], target))
    return states


def run_block(
    graph: cfg.Graph, number: int, state: State, runner: Runner, ends: States | None = None
) -> Iterator[tuple[int, State]]:
    """Run a block from `state`; yield every block it can go to with the state there."""
    block = graph.blocks[number]
    failing: State | None = None
    guarded = block.handler is not None and not isinstance(block.exit, cfg.Dispatch)
    for step in block.steps:
        if guarded and runner.raises(step) is not NOTHING:
            failing = _joined(failing, runner.failed(step, state))
        runner.step(step, state)
        if state.dead:
            state.dead = False
            if failing is not None and block.handler is not None:
                yield block.handler, failing
            return
    if guarded and not isinstance(block.exit, (cfg.Goto, cfg.Leave, cfg.Fall)):
        failing = _joined(failing, state)
        failing.forget_paths()
    if ends is not None:
        ends[number] = state.copy()
    yield from _exits(block, state, runner)
    if failing is not None and block.handler is not None:
        yield block.handler, failing


def _joined(failing: State | None, state: State) -> State:
    if failing is None:
        return state.copy()
    failing.join(state)
    return failing


def _exits(block: cfg.Block, state: State, runner: Runner) -> Iterator[tuple[int, State]]:
    match block.exit:
        case cfg.Goto(target=target):
            yield target, state
        case cfg.Branch():
            for target, _, outcome in runner.branch(block.exit, state):
                yield target, outcome
        case cfg.Turn():
            yield block.exit.body, runner.turn(block.exit, state)
            yield block.exit.after, state
        case cfg.Dispatch(handlers=handlers, total=total, maybe=maybe):
            for _, target in handlers:
                yield target, state.copy()
            if maybe >= 0:
                yield maybe, state.doubtful()
            if not total and block.handler is not None:
                yield block.handler, state
        case cfg.Throw():
            runner.throw(block.exit, state)
        case cfg.Leave() | cfg.Fall():
            runner.leave(block.exit, state)
