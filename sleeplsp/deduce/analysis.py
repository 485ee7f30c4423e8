"""One program, analysed: its graph, what holds where, what happens, and which of it is really possible.

What contracts and checks read. An Analysis is made once per function and never changes; the search for
feasible paths is run when first asked for, for all candidates together.
"""

from collections import defaultdict
from functools import cached_property

from sleeplsp.core import flow
from sleeplsp.core.flow import Program
from sleeplsp.deduce import cfg
from sleeplsp.deduce.domain import Nothing, State, Unbound, Value
from sleeplsp.deduce.events import Event, Use
from sleeplsp.deduce.fixpoint import Unsettled, observe, solve
from sleeplsp.deduce.managers import KnownManagers
from sleeplsp.deduce.paths import Key, Search, Witness
from sleeplsp.deduce.quoting import Quoter
from sleeplsp.deduce.run import Runner
from sleeplsp.deduce.world import World

# Uses that fail on None.
NEEDS = frozenset(
    (
        Use.ATTRIBUTE,
        Use.INDEX,
        Use.CALL,
        Use.ITERATE,
        Use.UNPACK,
        Use.ENTER,
        Use.OPERATE,
        Use.CONTAIN,
        Use.AWAIT,
        Use.STORE_ATTRIBUTE,
        Use.STORE_ITEM,
        Use.PASS,
    )
)


class Analysis:
    """What is known of one program after its fixpoint."""

    def __init__(
        self, program: Program, world: World, quoter: Quoter, graph: cfg.Graph, states: dict[int, State], runner: Runner
    ) -> None:
        self.program = program
        self.world = world
        self.quoter = quoter
        self.graph = graph
        self.states = states
        self.evaluator = runner.evaluator
        self.uses: dict[Use, list[tuple[int, Event]]] = defaultdict(list)
        """Events by use, each with the block it happens in, in the order of blocks and steps."""
        runner.evaluator.sink = lambda event, _state: self.uses[event.use].append((runner.block, event))
        self.ends = observe(graph, states, runner)
        runner.evaluator.sink = None
        self.risks = dict(runner.evaluator.risks)

    def events(self, *uses: Use) -> list[Event]:
        """Return the events of some uses."""
        return [event for use in uses for _, event in self.uses.get(use, ())]

    def witness(self, event: Event) -> Witness | None:
        """Return a feasible path on which the event's value is None (or its variable unbound)."""
        return self.witnesses.get(_key(event))

    @cached_property
    def witnesses(self) -> dict[Key, Witness]:
        """All candidates for which a feasible path was found."""
        wanted = {
            _key(event): block
            for use, seen in self.uses.items()
            for block, event in seen
            if event.certain and is_suspect(use, event.value)
        }
        if not wanted:
            return {}
        search = Search(self.graph, Runner(self.program, self.world), wanted, _watched)
        return search.run()

    @cached_property
    def predecessors(self) -> dict[int, list[int]]:
        """Blocks that lead to each block without an exception."""
        before: dict[int, list[int]] = defaultdict(list)
        for number in self.states:
            for target in self.graph.blocks[number].targets():
                before[target].append(number)
        return before

    def is_unavoidable(self, number: int) -> bool:
        """Tell whether every way from the entry to a return passes a block, exceptions apart."""
        if number == 0:
            return True
        seen, pending = {0}, [0]
        while pending:
            block = self.graph.blocks[pending.pop()]
            if isinstance(block.exit, (cfg.Leave, cfg.Fall)):
                return False
            for target in block.targets():
                if target != number and target not in seen:
                    seen.add(target)
                    pending.append(target)
        return True

    def condition_of(self, number: int) -> tuple[flow.Expression, bool] | None:
        """Return the nearest decision that leads to a block, when only one does."""
        seen: set[int] = set()
        while number not in seen:
            seen.add(number)
            before = self.predecessors.get(number, [])
            if len(before) != 1:
                return None
            exit_ = self.graph.blocks[before[0]].exit
            if isinstance(exit_, cfg.Branch) and exit_.then != exit_.orelse:
                return exit_.same_as or exit_.test, exit_.then == number
            number = before[0]
        return None


def analyse(program: Program, world: World, quoter: Quoter) -> Analysis | None:
    """Analyse a program; None when it is broken or too large: then nothing may be claimed of it."""
    if program.broken:
        return None
    runner = Runner(program, world)
    try:
        graph = cfg.build(program, KnownManagers(runner.evaluator))
        states = solve(graph, runner)
    except (cfg.TooLarge, Unsettled):
        return None
    runner.evaluator.risks.clear()
    return Analysis(program, world, quoter, graph, states, runner)


def is_suspect(use: Use, value: Value) -> bool:
    """Tell whether a use of this value may be what is looked for: None that hurts, a name not bound."""
    if use in NEEDS or use is Use.RETURN:
        return any(isinstance(each, Nothing) for each in value)
    return use is Use.READ and any(isinstance(each, Unbound) for each in value)


def _key(event: Event) -> Key:
    return event.use, event.node.start, event.node.end


def _watched(event: Event) -> Key | None:
    return _key(event) if is_suspect(event.use, event.value) else None
