"""What a function's ways to None demand of what is passed to it.

A caller that passes something else does not get None. What is demanded is read off the decisions that
all ways to None have made, also through a variable that holds the answer, and off the demands of the
callee that gave the None, where an argument is a parameter handed on. It must not know how ways are
found, nor what a call passes.
"""

from collections import Counter
from collections.abc import Iterator

from sleeplsp.core import flow
from sleeplsp.core.flow import Expression
from sleeplsp.core.flow.same import same
from sleeplsp.deduce.analysis import Analysis
from sleeplsp.deduce.contracts.leading import Decided
from sleeplsp.deduce.domain import ANYTHING, Alternative, Given, Nothing, given_name
from sleeplsp.deduce.evaluation.arguments import bind
from sleeplsp.deduce.events import Event, Use
from sleeplsp.deduce.paths.trail import Witness

Demand = tuple[str, str]
"""A parameter or an attribute of the first, and what it has to be: true, false, none, given (not None),
default (left out), other (not left out)."""

DEMANDED = {
    "none": "`{}` is `None`",
    "given": "`{}` is not `None`",
    "true": "`{}` is true",
    "false": "`{}` is false or empty",
}
"""What is demanded of a parameter, in words."""

NoneWay = tuple[int, Event, Witness | None]
"""A return of None: its block, the event, a feasible path to it."""


def none_when(analysis: Analysis, nones: list[NoneWay]) -> tuple[Demand, ...]:
    """Return what every way to None demands of parameters, as they are passed."""
    if not nones:
        return ()
    reader = _Reader(analysis)
    return tuple(sorted(set.intersection(*(reader.demands(each) for each in nones))))


def demanded(analysis: Analysis, decided: Decided) -> Demand | None:
    """Return what a decision demands of a parameter as it is passed."""
    block, test, holds = decided
    return next(_Reader(analysis).of(test, holds=holds, block=block), None)


class _Reader:
    """Reads the demands of one function."""

    def __init__(self, analysis: Analysis) -> None:
        self._analysis = analysis
        self._parameters = {each.name: each for each in analysis.program.parameters}
        first = analysis.program.parameters[:1] if analysis.world.context.bound else ()
        self._object = first[0].name if first else ""
        stores = list(_stores(analysis))
        times = Counter(name for name, _, _ in stores)
        self._stored = frozenset(times)
        self._answers = {
            name: (block, value)
            for name, block, value in stores
            if times[name] == 1 and isinstance(value, (flow.Compare, flow.Not))
        }
        """Variables assigned once, with the question they hold the answer to and where it is asked."""

    def demands(self, way: NoneWay) -> set[Demand]:
        """Return what one way demands."""
        block, event, witness = way
        found = {
            demand
            for number, test, holds in self._analysis.branches_before(block)
            for demand in self.of(test, holds=holds, block=number)
        }
        for each in witness.always if witness is not None else ():
            if isinstance(each.node, flow.Expression):
                found.update(self.of(each.node, holds=each.holds, block=None))
        return found | self._handed_on(event)

    def of(self, node: Expression, *, holds: bool, block: int | None) -> Iterator[Demand]:
        """Yield what a decision demands, taken in a block (None: anywhere)."""
        while isinstance(node, flow.Not):
            node, holds = node.operand, not holds
        if isinstance(node, flow.Name) and node.id in self._answers:
            asked, question = self._answers[node.id]
            yield from self.of(question, holds=holds, block=asked)
        elif (demand := self._demand(node, holds=holds)) and self._is_as_passed(demand[0], block):
            yield demand

    def _demand(self, node: Expression, *, holds: bool) -> Demand | None:
        if name := self._passed(node):
            return name, "true" if holds else "false"
        if not isinstance(node, flow.Compare) or node.operator not in ("is", "is-not", "==", "!="):
            return None
        name, default = self._passed(node.left), node.right
        if not name:
            return None
        agrees = (node.operator in ("is", "==")) is holds
        if isinstance(default, flow.Constant) and default.kind == "none":
            return name, "none" if agrees else "given"
        own = self._parameters[name].default if name in self._parameters else None
        if own is None:
            return None
        if same(own, default):
            return name, "default" if agrees else "other"
        constants = isinstance(own, flow.Constant) and isinstance(default, flow.Constant)
        return (name, "other") if agrees and constants else None

    def _passed(self, node: Expression) -> str:
        """Return what an expression is of what is passed: a parameter, an attribute of the object."""
        if isinstance(node, flow.Name):
            return node.id if node.id in self._parameters else ""
        base = node.base if isinstance(node, flow.Attribute) else None
        if isinstance(node, flow.Attribute) and isinstance(base, flow.Name) and base.id == self._object:
            return f"{base.id}.{node.name}"
        return ""

    def _is_as_passed(self, name: str, block: int | None) -> bool:
        root = name.partition(".")[0]
        if root not in self._stored:
            return True
        state = self._analysis.ends.get(block) if block is not None else None
        value = state.get(root) if state is not None else ANYTHING
        given = (each.name if isinstance(each, Given) else _none_given(each) for each in value)
        return all(each == root for each in given)

    def _handed_on(self, event: Event) -> set[Demand]:
        """Return what is demanded by the callees that gave the None that is returned."""
        nones = [each for each in event.value if isinstance(each, Nothing) and not given_name(each)]
        demands = [set(self._by_callee(each)) for each in nones]
        return set.intersection(*demands) if demands else set()

    def _by_callee(self, nothing: Nothing) -> Iterator[Demand]:
        world = self._analysis.world
        callee = world.callee(nothing.origin) if "::" in nothing.origin else None
        when = world.contract(nothing.origin).returns.none_when if callee is not None else ()
        call = next(self._calls(nothing), None) if when else None
        site = world.site(call.end) if call is not None else None
        if callee is None or call is None or site is None:
            return
        bound = bind(callee.parameters, call.arguments, given=site.given)
        for name, condition in when:
            index = bound.by_name.get(name, -1)
            argument = call.arguments[index].value if index >= 0 else None
            if isinstance(argument, flow.Name) and argument.id in self._parameters.keys() - self._stored:
                yield argument.id, condition

    def _calls(self, nothing: Nothing) -> Iterator[flow.Call]:
        for each in self._analysis.events(Use.CALLED):
            place = each.node.start, each.node.end
            if place == (nothing.start, nothing.end) and isinstance(each.node, flow.Call):
                yield each.node


def _none_given(each: Alternative) -> str:
    return given_name(each) if isinstance(each, Nothing) else ""


def _stores(analysis: Analysis) -> Iterator[tuple[str, int, Expression | None]]:
    """Yield the variables that are assigned: in which block, and what, if that is plain."""
    for number, block in enumerate(analysis.graph.blocks):
        for step in block.steps:
            if isinstance(step, flow.Assign):
                plain = step.value if len(step.targets) == 1 else None
                names = [each.id for each in step.targets if isinstance(each, flow.Name)]
                yield from ((name, number, plain) for name in names)
            elif isinstance(step, flow.Augment) and isinstance(step.target, flow.Name):
                yield step.target.id, number, None
