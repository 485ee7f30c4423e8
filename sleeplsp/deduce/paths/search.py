"""Single feasible paths: whether there really is a way through the program on which this happens.

The fixpoint blurs paths into one state per block; what it suspects is only a candidate. Here the
program is walked one path at a time with the same steps, remembering each decision, so that two
conditions that contradict each other end a path. Bounded in steps; a candidate on which the
bound is spent is not confirmed. It must not know what makes an event a bug: that is the Watch's.
"""

from collections.abc import Callable, Iterator

import msgspec

from sleeplsp.core import flow
from sleeplsp.core.flow import Expression
from sleeplsp.deduce import cfg
from sleeplsp.deduce.domain import BOOLEAN, State, literal
from sleeplsp.deduce.evaluation.managers import catches_a_kind, exception_of, expects, may_catch
from sleeplsp.deduce.evaluation.raising import ANY, NOTHING, SELDOM, Raising, deciding
from sleeplsp.deduce.evaluation.run import Runner
from sleeplsp.deduce.evaluation.steps import store
from sleeplsp.deduce.events import Event, Use
from sleeplsp.deduce.paths.facts import assume, contradicts
from sleeplsp.deduce.paths.trail import Decision, Trail, Witness
from sleeplsp.deduce.paths.worth import Worth

TURNS_MAX = 2
"""Visits of one block on one path."""

Key = tuple[str, int, int]
Watch = Callable[[Event], Key | None]
"""Names the candidate an event confirms; None for an event that confirms nothing."""


class _Walk:
    """One point on one path, to be gone on from."""

    __slots__ = ("block", "raised", "state", "trail", "turns")

    def __init__(
        self,
        block: int,
        state: State,
        trail: Trail | None,
        turns: dict[int, int],
        raised: Raising = ANY,
    ) -> None:
        self.block = block
        self.state = state
        self.trail = trail
        self.turns = turns
        self.raised = raised


class Search:
    """Looks for witnesses of candidates in one program."""

    def __init__(
        self,
        graph: cfg.Graph,
        runner: Runner,
        wanted: dict[Key, set[int]],
        watch: Watch,
        raisers: tuple[Expression, ...] = (),
        *,
        steps_max: int,
        any_path: bool = False,
    ) -> None:
        self.graph = graph
        self.runner = runner
        self.wanted = dict(wanted)
        """Candidates without a strong witness yet, each with the blocks its event is in."""
        self.watch = watch
        self._raisers = raisers
        """Calls of what is known to raise."""
        self._any_path = any_path
        """One path to a candidate is enough, however weak: others need not be compared with it."""
        self.found: dict[Key, Witness] = {}
        self.exhausted = False
        """The bound was reached: what was not found may be there."""
        self._steps_max = steps_max
        self._reaching = _blocks_that_reach(graph, set().union(*wanted.values()))
        self._trail: Trail | None = None
        self._worth = Worth(graph, runner.program)
        self._seen: set[tuple[object, ...]] = set()

    def run(self) -> dict[Key, Witness]:
        """Walk paths until every candidate is confirmed, none is left, or the bound is reached."""
        self.runner.evaluator.sink = self._see
        try:
            self._walk()
        finally:
            # A search that its own runner holds would stay in memory, with every state it has seen.
            self.runner.evaluator.sink = None
        return self.found

    def _walk(self) -> None:
        pending = [_Walk(0, self.runner.entry(facts=True), None, {})]
        steps = 0
        while pending and self.wanted:
            steps += 1
            if steps > self._steps_max:
                self._give_up()
                break
            walk = pending.pop()
            if self._is_repeated(walk):
                continue
            pending.extend(reversed([each for each in self._on(walk) if each.block in self._reaching]))

    def _give_up(self) -> None:
        """Keep of what was found what no other path can take back."""
        self.exhausted = True
        for key in self.wanted.keys() & self.found.keys():
            self.found[key] = msgspec.structs.replace(self.found[key], always=())

    def _is_repeated(self, walk: _Walk) -> bool:
        """Tell whether another path has come here in the same state: what follows has been seen."""
        facts = walk.state.facts or {}
        weak = walk.trail is not None and (walk.trail.weak, walk.trail.supposed)
        values, known = frozenset(walk.state.values.items()), frozenset(facts.items())
        point = (walk.block, walk.turns.get(walk.block, 0), weak, walk.raised, values, known)
        if point in self._seen:
            return True
        self._seen.add(point)
        return False

    def _see(self, event: Event, state: State) -> None:
        key = self.watch(event) if state.certain else None
        if key is None or key not in self.wanted:
            return
        weak = self._trail is not None and self._trail.weak
        # Only of a name is it asked whether it takes an exception that nobody has told of.
        supposed = event.use is Use.READ and self._trail is not None and self._trail.supposed
        decisions = tuple(self._trail.decisions()) if self._trail is not None else ()
        known = self.found.get(key)
        if known is None or (known.weak, known.supposed) > (weak, supposed):
            self.found[key] = Witness(event, decisions, weak, decisions, supposed)
        elif event.use is Use.RETURN:
            made = {_made(each) for each in decisions}
            always = tuple(each for each in known.always if _made(each) in made)
            self.found[key] = msgspec.structs.replace(known, always=always)
        # Of a return it matters what all paths to it have in common; of anything else, that there is one.
        compared = event.use is Use.RETURN and bool(self.found[key].always)
        if self._any_path or not (weak or supposed or compared):
            del self.wanted[key]
            self._reaching = _blocks_that_reach(self.graph, set().union(*self.wanted.values()))

    def _on(self, walk: _Walk) -> Iterator[_Walk]:
        turns = walk.turns.get(walk.block, 0) + 1
        if turns > TURNS_MAX + 1:
            return
        walk.turns = {**walk.turns, walk.block: turns}
        block, state = self.graph.blocks[walk.block], walk.state
        self._trail = walk.trail
        guarded = block.handler is not None and not isinstance(block.exit, cfg.Dispatch)
        for step in block.steps:
            if guarded:
                yield from self._raised(walk, block, step, state)
            forks = self._forks(step, state)
            if forks is not None:
                # A stored condition splits the path, so that the variable and what it says agree.
                yield from self._forked(walk, block, step, forks)
                return
            self.runner.step(step, state)
            if state.dead:
                return
            self._worth.learn(step, state)
        yield from self._exits(walk, block, state)

    def _raised(self, walk: _Walk, block: cfg.Block, step: cfg.Step, state: State) -> Iterator[_Walk]:
        """Go on where an exception raised by a step goes."""
        raised = self.runner.raises(step)
        if block.handler is not None and raised is not NOTHING:
            outcome = self.runner.failed(step, state).copy()
            yield _failed(walk, block.handler, step, outcome, self._told(raised, step))

    def _told(self, raised: Raising, at: cfg.Step | Expression) -> Raising:
        calls = (each for each in self._raisers if at.start <= each.start and each.end <= at.end)
        return msgspec.structs.replace(raised, known=raised.known or any(calls))

    def _forks(self, step: cfg.Step, state: State) -> list[State] | None:
        if not isinstance(step, flow.Assign) or not isinstance(
            step.value, (flow.Compare, flow.Not, flow.Call)
        ):
            return None
        probe = state.copy()
        sink, self.runner.evaluator.sink = self.runner.evaluator.sink, None
        value = self.runner.evaluator.value(step.value, probe)
        self.runner.evaluator.sink = sink
        if value != BOOLEAN:
            return None
        branch = cfg.Branch(step.value, 1, 0)
        forks = []
        for _, holds, outcome in self._ways(branch, state):
            for target in step.targets:
                store(self.runner.evaluator, target, literal(holds), outcome)
            forks.append(outcome)
        return forks

    def _forked(self, walk: _Walk, block: cfg.Block, step: cfg.Step, forks: list[State]) -> Iterator[_Walk]:
        rest = block.steps[block.steps.index(step) + 1 :]
        for state in forks:
            self._trail = walk.trail
            for each in rest:
                yield from self._raised(walk, block, each, state)
                self.runner.step(each, state)
                if state.dead:
                    break
                self._worth.learn(each, state)
            if not state.dead:
                yield from self._exits(walk, block, state)

    def _exits(self, walk: _Walk, block: cfg.Block, state: State) -> Iterator[_Walk]:
        match block.exit:
            case cfg.Goto(target=target):
                yield _Walk(target, state, walk.trail, walk.turns)
            case cfg.Branch():
                again = block.exit.loops and walk.turns[walk.block] > 1
                for target, holds, outcome in self._ways(block.exit, state, again=again):
                    test = block.exit.same_as or block.exit.test
                    decision = Decision("test", test, test.start, test.end, holds=holds)
                    yield _Walk(target, outcome, Trail(decision, walk.trail), walk.turns)
                raised = deciding(block.exit, self.runner.evaluator)
                if block.handler is not None and raised is not NOTHING:
                    told = self._told(raised, block.exit.test)
                    yield _failed(walk, block.handler, block.exit.test, state, told)
            case cfg.Turn():
                yield from self._turns(walk, block.exit, state)
            case cfg.Dispatch():
                yield from self._dispatched(walk, block, block.exit, state)
            case cfg.Throw():
                yield from self._thrown(walk, block, block.exit, state)
            case cfg.Leave() | cfg.Fall():
                self.runner.leave(block.exit, state)

    def _ways(
        self, exit_: cfg.Branch, state: State, *, again: bool = False
    ) -> Iterator[tuple[int, bool, State]]:
        self._worth.decide(exit_.test, state)
        for target, holds, outcome in self.runner.branch(exit_, state):
            test = exit_.same_as or exit_.test
            # The condition of a loop that has turned is a new question each time.
            if not again and contradicts(test, outcome, holds=holds):
                continue
            assume(test, outcome, self._worth.texts, holds=holds)
            yield target, holds, outcome

    def _turns(self, walk: _Walk, exit_: cfg.Turn, state: State) -> Iterator[_Walk]:
        made = walk.turns[walk.block] - 1
        empty = contradicts(exit_.source, state, holds=True)
        if made < TURNS_MAX and not empty:
            outcome = self.runner.turn(exit_, state)
            assume(exit_.source, outcome, self._worth.texts, holds=True)
            decision = Decision("turn", exit_.source, exit_.start, exit_.end, holds=True, turns=made + 1)
            yield _Walk(exit_.body, outcome, Trail(decision, walk.trail), walk.turns)
        if made == 0 and (contradicts(exit_.source, state, holds=False) or _surely_turns(exit_, state)):
            return
        decision = Decision("end", exit_.source, exit_.start, exit_.end, holds=False, turns=made)
        yield _Walk(exit_.after, state, Trail(decision, walk.trail), walk.turns)

    def _dispatched(
        self, walk: _Walk, block: cfg.Block, exit_: cfg.Dispatch, state: State
    ) -> Iterator[_Walk]:
        raised = walk.raised
        for handler, target in exit_.handlers:
            if handler is None:
                trail = self._through(raised, walk, block, exit_)
                yield _Walk(target, state.copy(), trail, walk.turns, raised)
                continue
            may, sure = may_catch(self.runner.evaluator, handler, walk.raised.classes)
            if may:
                asked = expects(self.runner.evaluator, handler, walk.raised.classes)
                decision = Decision("caught", handler, handler.start, handler.end, holds=asked)
                seldom = not (asked or walk.raised.likely)
                supposed = not (asked or walk.raised.known or catches_a_kind(self.runner.evaluator, handler))
                trail = Trail(decision, walk.trail, seldom=seldom, supposed=supposed)
                yield _Walk(target, state.copy(), trail, walk.turns)
            if sure:
                return
            if may and raised.classes is None:
                raised = SELDOM  # what is likely has its handler
        if not exit_.total and block.handler is not None:
            yield _Walk(block.handler, state, walk.trail, walk.turns, raised)

    @staticmethod
    def _through(raised: Raising, walk: _Walk, block: cfg.Block, exit_: cfg.Dispatch) -> Trail:
        """Return the trail of an exception that comes to a final block or out of a context manager."""
        at = block.steps[-1] if block.steps else None
        start, end = (at.start, at.end) if at is not None else (0, 0)
        kind = "passed" if exit_.total else "stopped"
        decision = Decision(kind, None, start, end)
        return Trail(decision, walk.trail, seldom=not raised.likely, supposed=not raised.known)

    def _thrown(self, walk: _Walk, block: cfg.Block, exit_: cfg.Throw, state: State) -> Iterator[_Walk]:
        self.runner.throw(exit_, state)
        if block.handler is None:
            return
        if exit_.asserts is not None:
            raised = Raising(("builtins.AssertionError",), likely=True)
        elif exit_.value is None:
            raised = msgspec.structs.replace(walk.raised, known=True)
        else:
            exception = exception_of(self.runner.evaluator, exit_.value)
            raised = Raising((exception,) if exception else None, likely=True, known=True)
        yield _Walk(block.handler, state, walk.trail, walk.turns, raised)


def _failed(walk: _Walk, handler: int, at: cfg.Step | Expression, state: State, raised: Raising) -> _Walk:
    decision = Decision("raised", None, at.start, at.end)
    return _Walk(handler, state, Trail(decision, walk.trail), walk.turns, raised)


def _made(decision: Decision) -> tuple[int, int, bool]:
    return decision.start, decision.end, decision.holds


def _surely_turns(exit_: cfg.Turn, _state: State) -> bool:
    source = exit_.source
    if isinstance(source, flow.Display):
        return any(not isinstance(item, flow.Star) for item in source.items)
    if isinstance(source, flow.Constant):
        return bool(source.value)
    if isinstance(source, flow.Call) and isinstance(source.callee, flow.Name):
        name, arguments = source.callee.id, [each.value for each in source.arguments]
        if name == "range" and len(arguments) == 1 and isinstance(arguments[0], flow.Constant):
            return isinstance(arguments[0].value, int) and arguments[0].value > 0
        if name == "enumerate" and arguments:
            return isinstance(arguments[0], flow.Display) and bool(arguments[0].items)
    return False


def _blocks_that_reach(graph: cfg.Graph, goals: set[int]) -> frozenset[int]:
    before: dict[int, list[int]] = {}
    for number, block in enumerate(graph.blocks):
        following = block.targets() if block.handler is None else (*block.targets(), block.handler)
        for target in following:
            before.setdefault(target, []).append(number)
    reaching, pending = set(goals), list(goals)
    while pending:
        for block_number in before.get(pending.pop(), ()):
            if block_number not in reaching:
                reaching.add(block_number)
                pending.append(block_number)
    return frozenset(reaching)
