"""Whether a caller may know more than is seen of when its callee gives None.

It chose the constant that the callee asks before it gives None, or it has itself asked what the callee asks:
of the object it passes, of a setting, of a function. Whoever wrote that knows what comes.
"""

from collections.abc import Iterator

from sleeplsp.core import flow
from sleeplsp.core.context import Callee, Site
from sleeplsp.core.flow import Expression
from sleeplsp.core.flow.render import render
from sleeplsp.deduce.analysis import Analysis
from sleeplsp.deduce.contracts.subjects import subjects
from sleeplsp.deduce.domain import Nothing
from sleeplsp.deduce.evaluation.arguments import bind
from sleeplsp.deduce.events import Use
from sleeplsp.deduce.paths.trail import Witness


def is_informed(analysis: Analysis, block: int, nothing: Nothing, witness: Witness | None) -> bool:
    """Tell whether the call that gave a None chose or asked what its callee asks before."""
    callee = analysis.world.callee(nothing.origin) if "::" in nothing.origin else None
    call = next(_calls(analysis, nothing), None) if callee is not None else None
    site = analysis.world.site(call.end) if call is not None else None
    if callee is None or call is None or site is None:
        return False
    returns = analysis.world.contract(nothing.origin).returns
    decided = list(_decided(analysis, block, witness))
    asked = {each for test in decided for each in subjects(analysis, test) if each.startswith(".")}
    settled = {name for name, _ in returns.none_when}
    bound = bind(callee.parameters, call.arguments, given=site.given).by_name
    for subject in returns.none_asks:
        if subject.startswith("."):
            known = subject in asked  # it lies outside of the callee
        else:
            root, _, attribute = subject.partition(".")
            index = bound.get(root, -1)
            passed = call.arguments[index].value if index >= 0 else _object(call, site, callee, root)
            chosen = not attribute and subject not in settled and _is_chosen(passed)
            known = chosen or _is_mentioned(passed, attribute, decided)
        if known:
            return True
    return False


def _object(call: flow.Call, site: Site, callee: Callee, name: str) -> Expression | None:
    """Return the object of a call, if that is what a parameter is."""
    own = site.given and callee.parameters and callee.parameters[0].name == name
    return call.callee.base if own and isinstance(call.callee, flow.Attribute) else None


def _calls(analysis: Analysis, nothing: Nothing) -> Iterator[flow.Call]:
    for event in analysis.events(Use.CALLED):
        place = event.node.start, event.node.end
        if place == (nothing.start, nothing.end) and isinstance(event.node, flow.Call):
            yield event.node


def _decided(analysis: Analysis, block: int, witness: Witness | None) -> Iterator[Expression]:
    yield from (test for test, _ in analysis.decisions_before(block))
    for each in witness.decisions if witness is not None else ():
        if isinstance(each.node, Expression) and each.kind == "test":
            yield each.node


def _is_chosen(passed: Expression | None) -> bool:
    """Tell whether a call writes out what it passes; None is passed because it may be."""
    if isinstance(passed, flow.Constant):
        return passed.kind != "none"
    return isinstance(passed, (flow.Display, flow.Mapping))


def _is_mentioned(passed: Expression | None, attribute: str, decided: list[Expression]) -> bool:
    """Tell whether decisions ask of what is passed, or of one attribute of it."""
    if not isinstance(passed, (flow.Name, flow.Attribute)):
        return False
    text = f"{render(passed)}.{attribute}" if attribute else render(passed)
    pending = list(decided)
    while pending:
        node = pending.pop()
        if isinstance(node, (flow.Name, flow.Attribute)) and render(node) == text:
            return True
        pending.extend(node.parts())
    return False
