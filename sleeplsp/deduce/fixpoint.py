"""The fixpoint: what every variable may hold before each block, over all paths together.

A worklist in reverse postorder. A block may be run `VISITS_MAX` times; a program that needs more is not
analysed. It must not know what the states are used for.
"""

from collections.abc import Iterator
from heapq import heappop, heappush

from sleeplsp.deduce import cfg
from sleeplsp.deduce.domain import State
from sleeplsp.deduce.run import Runner, is_silent

VISITS_MAX = 60
"""Runs of one block."""


class Unsettled(Exception):
    """The states do not settle within VISITS_MAX runs of a block."""


def solve(graph: cfg.Graph, runner: Runner) -> dict[int, State]:
    """Return the state at the entry of every block that can be reached; raises Unsettled."""
    order = {block: place for place, block in enumerate(graph.order())}
    states: dict[int, State] = {0: runner.entry()}
    visits: dict[int, int] = {}
    waiting = [(0, 0)]
    queued = {0}
    while waiting:
        _, block = heappop(waiting)
        queued.discard(block)
        visits[block] = visits.get(block, 0) + 1
        if visits[block] > VISITS_MAX:
            raise Unsettled
        for target, state in run_block(graph, block, states[block].copy(), runner):
            known = states.get(target)
            if known is None:
                states[target] = state
            elif not known.join(state):
                continue
            if target not in queued:
                queued.add(target)
                heappush(waiting, (order.get(target, len(order)), target))
    return states


def run_block(graph: cfg.Graph, number: int, state: State, runner: Runner) -> Iterator[tuple[int, State]]:
    """Run a block from `state`; yield every block it can go to with the state there."""
    block = graph.blocks[number]
    failing: State | None = None
    guarded = block.handler is not None and not isinstance(block.exit, cfg.Dispatch)
    for step in block.steps:
        if guarded and not is_silent(step):
            failing = _joined(failing, state)
        runner.step(step, state)
        if state.dead:
            state.dead = False
            if failing is not None and block.handler is not None:
                yield block.handler, failing
            return
    if guarded and not isinstance(block.exit, (cfg.Goto, cfg.Leave, cfg.Fall)):
        failing = _joined(failing, state)
    yield from _exits(block, state, runner)
    if failing is not None and block.handler is not None:
        failing.forget_paths()
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


def observe(graph: cfg.Graph, states: dict[int, State], runner: Runner) -> dict[int, State]:
    """Run every reached block once more from its settled state, so that the runner's sink sees all events.

    Returns the state at the end of each block that runs to its end.
    """
    ends: dict[int, State] = {}
    for number in sorted(states):
        state = states[number].copy()
        block = graph.blocks[number]
        runner.block = number
        for step in block.steps:
            runner.step(step, state)
            if state.dead:
                break
        if state.dead:
            continue
        ends[number] = state.copy()
        for _ in _exits(block, state, runner):
            pass
    return ends


