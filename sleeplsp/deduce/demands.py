"""What a function's ways to None demand of what is passed to it.

A caller that passes something else does not get None. What is demanded is read off the decisions that
all ways to None have made, and off the demands of the callee that gave the None, where an argument is a
parameter handed on. It must not know how ways are found, nor what a call passes.
"""

from collections.abc import Iterator

from sleeplsp.core import flow
from sleeplsp.core.flow.same import same
from sleeplsp.deduce.analysis import Analysis
from sleeplsp.deduce.arguments import bind
from sleeplsp.deduce.domain import ANYTHING, Given, Nothing, given_name
from sleeplsp.deduce.events import Event, Use
from sleeplsp.deduce.trail import Witness

Demand = tuple[str, str]
"""A parameter, and what it has to be: true, false, none, given (not None), default (left out)."""

Parameters = dict[str, flow.Parameter]

NoneWay = tuple[int, Event, Witness | None]
"""A return of None: its block, the event, a feasible path to it."""


def none_when(analysis: Analysis, nones: list[NoneWay]) -> tuple[Demand, ...]:
    """Return what every way to None demands of parameters, as they are passed."""
    if not nones:
        return ()
    parameters = {each.name: each for each in analysis.program.parameters}
    kept = {name: each for name, each in parameters.items() if name not in _stored(analysis)}
    demands = [
        _decided(analysis, each[0], parameters)
        | _common(each[2], kept)
        | _handed_on(analysis, each[1], frozenset(kept))
        for each in nones
    ]
    return tuple(sorted(set.intersection(*demands)))


def _stored(analysis: Analysis) -> set[str]:
    return {
        target.id
        for block in analysis.graph.blocks
        for step in block.steps
        if isinstance(step, (flow.Assign, flow.Augment))
        for target in (step.targets if isinstance(step, flow.Assign) else (step.target,))
        if isinstance(target, flow.Name)
    }


def _decided(analysis: Analysis, block: int, parameters: Parameters) -> set[Demand]:
    found = set()
    for number, test, holds in analysis.branches_before(block):
        demand = _demand(test, parameters, holds=holds)
        if demand is not None and _is_as_passed(analysis, number, demand[0]):
            found.add(demand)
    return found


def _is_as_passed(analysis: Analysis, block: int, name: str) -> bool:
    state = analysis.ends.get(block)
    value = state.get(name) if state is not None else ANYTHING
    return all(isinstance(each, Given) or (isinstance(each, Nothing) and given_name(each)) for each in value)


def _common(witness: Witness | None, parameters: Parameters) -> set[Demand]:
    made = witness.always if witness is not None else ()
    demands = (_demand(each.node, parameters, holds=each.holds) for each in made)
    return {each for each in demands if each is not None}


def _demand(node: object, parameters: Parameters, *, holds: bool) -> Demand | None:
    while isinstance(node, flow.Not):
        node, holds = node.operand, not holds
    if isinstance(node, flow.Name) and node.id in parameters:
        return node.id, "true" if holds else "false"
    if not isinstance(node, flow.Compare) or not isinstance(node.left, flow.Name):
        return None
    name, default = node.left.id, node.right
    if name not in parameters or node.operator not in ("is", "is-not", "==", "!="):
        return None
    agrees = (node.operator in ("is", "==")) is holds
    if isinstance(default, flow.Constant) and default.kind == "none":
        return name, "none" if agrees else "given"
    own = parameters[name].default
    return (name, "default") if agrees and own is not None and same(own, default) else None


def _handed_on(analysis: Analysis, event: Event, names: frozenset[str]) -> set[Demand]:
    """Return what is demanded by the callees that gave the None that is returned."""
    nones = [each for each in event.value if isinstance(each, Nothing) and not given_name(each)]
    demands = [set(_by_callee(analysis, each, names)) for each in nones]
    return set.intersection(*demands) if demands else set()


def _by_callee(analysis: Analysis, nothing: Nothing, names: frozenset[str]) -> Iterator[Demand]:
    callee = analysis.world.callee(nothing.origin) if "::" in nothing.origin else None
    if callee is None:
        return
    when = analysis.world.contract(nothing.origin).returns.none_when
    for called in analysis.events(Use.CALLED) if when else ():
        call = called.node
        site = analysis.world.site(call.end)
        if not isinstance(call, flow.Call) or site is None:
            continue
        if (call.start, call.end) == (nothing.start, nothing.end):
            bound = bind(callee.parameters, call.arguments, given=site.given)
            for name, condition in when:
                index = bound.by_name.get(name, -1)
                argument = call.arguments[index].value if index >= 0 else None
                if isinstance(argument, flow.Name) and argument.id in names:
                    yield argument.id, condition
            return
