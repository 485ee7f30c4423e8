"""One program, analysed: its graph, what holds where, what happens, and which of it is really possible.

What contracts and checks read. An Analysis is made once per function; the search for feasible paths is run
when first asked for, for all candidates together.
"""

from collections import defaultdict
from collections.abc import Iterator
from functools import cached_property

from sleeplsp.core import flow
from sleeplsp.core.flow import Program
from sleeplsp.deduce import cfg
from sleeplsp.deduce.domain import Value, may_be_none, may_be_unbound
from sleeplsp.deduce.effort import steps_of
from sleeplsp.deduce.evaluation.managers import KnownManagers
from sleeplsp.deduce.evaluation.run import Runner
from sleeplsp.deduce.evaluation.told import is_told_to_raise
from sleeplsp.deduce.events import Event, Use
from sleeplsp.deduce.fixpoint import UnsettledError, solve
from sleeplsp.deduce.paths.search import Key, Search
from sleeplsp.deduce.paths.trail import Witness
from sleeplsp.deduce.paths.worth import repeats
from sleeplsp.deduce.telling.quoting import Quoter
from sleeplsp.deduce.world import World
from sleeplsp.deduce.written import Written

# Uses that fail on None, in an order: what is told of them must not depend on the process.
NEEDS = (
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
    Use.PASSED,
)
_MAY_BE_SUSPECT = frozenset((*NEEDS, Use.RETURN))


class Analysis:
    """What is known of one program after its fixpoint."""

    def __init__(
        self, program: Program, world: World, quoter: Quoter, graph: cfg.Graph, runner: Runner
    ) -> None:
        self.program = program
        self.world = world
        self.quoter = quoter
        self.graph = graph
        self.evaluator = runner.evaluator
        self.uses: dict[Use, list[tuple[int, Event]]] = defaultdict(list)
        """Events by use, each with the block it happens in, in the order of blocks and steps."""
        runner.evaluator.sink = lambda event, _state: self.uses[event.use].append((runner.block, event))
        self.states, self.ends = solve(graph, runner)
        """The state at the entry of every block that can be reached; and at its end, if it gets there."""
        runner.evaluator.sink = None
        self.risks = dict(runner.evaluator.risks)
        self.is_cut_off = False
        """A search for paths has ended at its bound: with more effort more may be known."""

    @cached_property
    def written(self) -> Written:
        """The program as it is written, for what no path changes."""
        return Written(self.program)

    def events(self, *uses: Use) -> list[Event]:
        """Return the events of some uses."""
        return [event for use in uses for _, event in self.uses.get(use, ())]

    def witness(self, event: Event) -> Witness | None:
        """Return a feasible path on which the event's value is None (or its variable unbound)."""
        return self.witnesses.get(_key(event))

    @cached_property
    def witnesses(self) -> dict[Key, Witness]:
        """All candidates for which a feasible path was found."""
        wanted: dict[Key, set[int]] = {}
        for use, seen in self.uses.items():
            for block, event in seen:
                if event.certain and is_suspect(use, event.value) and not is_written(event):
                    wanted.setdefault(_key(event), set()).add(block)
        return self.found_by(self._search(wanted)) if wanted else {}

    def may_come(self, event: Event) -> bool:
        """Tell whether a None written to be returned may be: not if every path to it contradicts itself."""
        return _key(event) not in self._never

    @cached_property
    def _never(self) -> frozenset[Key]:
        """The written returns of None that no path comes to."""
        returned = self.uses.get(Use.RETURN, ())
        wanted = {_key(event): {block} for block, event in returned if event.certain and is_written(event)}
        # Where nothing but None is returned it matters to nobody on which path.
        if not wanted or all(is_written(event) for _, event in returned) or not repeats(self.graph):
            return frozenset()
        search = self._search(wanted, any_path=True)
        found = self.found_by(search)
        return frozenset() if search.exhausted else frozenset(wanted.keys() - found.keys())

    def _search(self, wanted: dict[Key, set[int]], *, any_path: bool = False) -> Search:
        runner = Runner(self.program, self.world)
        runner.evaluator.explained = self.evaluator.explained
        raisers = tuple(self._raisers())
        steps_max = steps_of(self.world.effort)
        return Search(self.graph, runner, wanted, _watched, raisers, steps_max=steps_max, any_path=any_path)

    def found_by(self, search: Search) -> dict[Key, Witness]:
        """Return what a search finds, and take note if it had to end before its time."""
        found = search.run()
        self.is_cut_off = self.is_cut_off or search.exhausted
        return found

    def _raisers(self) -> Iterator[flow.Expression]:
        """Yield the calls of what is known to raise."""
        for event in self.events(Use.CALLED):
            if isinstance(event.node, flow.Call) and is_told_to_raise(self.world, event):
                yield event.node

    @cached_property
    def predecessors(self) -> dict[int, list[int]]:
        """Blocks that lead to each block without an exception."""
        before: dict[int, list[int]] = defaultdict(list)
        for number in self.states:
            for target in self.graph.blocks[number].targets():
                before[target].append(number)
        return before

    @cached_property
    def dominators(self) -> dict[int, int]:
        """For each block the blocks that every way to it passes, itself included: a bit for each."""
        everything = (1 << len(self.graph.blocks)) - 1
        # A block without predecessors is entered by an exception.
        before = self.predecessors
        ways = [(number, before.get(number, ()) if number else ()) for number in sorted(self.states)]
        found = {0: 1}
        changed = True
        while changed:
            changed = False
            for number, entering in ways:
                passed = everything if entering else 0
                for each in entering:
                    passed &= found.get(each, everything)
                passed |= 1 << number
                if found.get(number) != passed:
                    found[number] = passed
                    changed = True
        return found

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

    def decisions_before(self, number: int) -> list[tuple[flow.Expression, bool]]:
        """Return the decisions every way to a block has made, nearest first."""
        return [(test, holds) for _, test, holds in self.branches_before(number)]

    def branches_before(self, number: int) -> Iterator[tuple[int, flow.Expression, bool]]:
        """Yield the same, each with the block that decides."""
        while number:
            before = self._entering(number)
            if len(before) == 1:
                exit_ = self.graph.blocks[before[0]].exit
                if isinstance(exit_, cfg.Branch) and exit_.then != exit_.orelse:
                    yield before[0], exit_.same_as or exit_.test, exit_.then == number
                number = before[0]
            else:
                # Ways join: what was decided since they parted differs.
                number = self._last_passed(number) if before else 0

    def _last_passed(self, number: int) -> int:
        """Return the last block before a block that every way to it passes; 0 if there is none."""
        passed = self.dominators[number] & ~(1 << number)
        blocks = (each for each in range(passed.bit_length()) if passed >> each & 1)
        return max(blocks, key=lambda each: self.dominators[each].bit_count(), default=0)

    def _entering(self, number: int) -> list[int]:
        """Return the blocks that lead to a block, without those only it leads to: the ends of a loop."""
        before = self.predecessors.get(number, [])
        if len(before) < 2 or not isinstance(self.graph.blocks[number].exit, (cfg.Branch, cfg.Turn)):
            return before
        return [each for each in before if not self.dominators[each] >> number & 1]


def analyse(program: Program, world: World, quoter: Quoter) -> Analysis | None:
    """Analyse a program; None when it is broken or too large: then nothing may be claimed of it."""
    if program.broken:
        return None
    runner = Runner(program, world)
    try:
        graph = cfg.build(program, KnownManagers(runner.evaluator))
        runner.evaluator.risks.clear()
        return Analysis(program, world, quoter, graph, runner)
    except (cfg.TooLargeError, UnsettledError):
        return None


def is_suspect(use: Use, value: Value) -> bool:
    """Tell whether a use of this value may be what is looked for: None that hurts, a name not bound."""
    if use in _MAY_BE_SUSPECT:
        return may_be_none(value)
    return use is Use.READ and may_be_unbound(value)


def is_written(event: Event) -> bool:
    """Tell whether a returned None stands in the source: `return None`, a bare return, the end."""
    node = event.node
    return event.use is Use.RETURN and isinstance(node, flow.Constant) and node.kind == "none"


def _key(event: Event) -> Key:
    return event.use, event.node.start, event.node.end


def _watched(event: Event) -> Key | None:
    return _key(event) if is_suspect(event.use, event.value) else None
