"""Whether a path's own decisions rule out that a callee gives None: they say otherwise than it demands.

`while self.stack: top(self.stack).name` with a `top` that gives None only for nothing at all. It must not
know how paths are found.
"""

from collections.abc import Iterator, Mapping

from sleeplsp.core import flow
from sleeplsp.core.context import Callee, Site
from sleeplsp.core.flow.render import render
from sleeplsp.deduce.analysis import Analysis
from sleeplsp.deduce.domain import Nothing
from sleeplsp.deduce.evaluation.arguments import bind
from sleeplsp.deduce.events import Use
from sleeplsp.deduce.paths.facts import elementary
from sleeplsp.deduce.paths.trail import Witness

# A condition on what is passed -> what of it says otherwise: that it is true, that it is None.
_OTHERWISE = {"true": (False, True), "false": (True, None), "none": (True, False), "given": (None, True)}


def is_ruled_out(analysis: Analysis, nothing: Nothing, witness: Witness | None) -> bool:
    """Tell whether a None that a callee gave cannot be, by what the path to its use has decided."""
    facts: dict[str, bool] = {}
    for each in witness.decisions if witness is not None else ():
        if isinstance(each.node, flow.Expression) and each.kind == "test":
            facts.update(elementary(each.node, holds=each.holds))
            if each.holds and (looked_at := _asked_for(each.node)):
                facts[f"isinstance {looked_at}"] = True
    call = next((each for each in _calls(analysis) if _is_at(each, nothing)), None) if facts else None
    if call is None:
        return False
    text = render(call)
    if facts.get(text) is True or facts.get(f"{text} is None") is False or f"isinstance {text}" in facts:
        return True
    if nothing.origin.endswith(".get"):
        return _is_found(call, facts)
    callee, site = analysis.world.callee(nothing.origin), analysis.world.site(call.end)
    if callee is None or site is None:
        return False
    when = analysis.world.contract(nothing.origin).returns.none_when
    texts = ((_passed(name, call, site, callee), condition) for name, condition in when)
    return any(_is_otherwise(text, condition, facts) for text, condition in texts)


def _asked_for(test: flow.Expression) -> str:
    """Return the text of what a test asks the class of; '' for another test."""
    callee = test.callee if isinstance(test, flow.Call) and len(test.arguments) == 2 else None
    asks = isinstance(callee, flow.Name) and callee.shown == "isinstance"
    return render(test.arguments[0].value) if isinstance(test, flow.Call) and asks else ""


def _calls(analysis: Analysis) -> Iterator[flow.Call]:
    for event in analysis.events(Use.CALLED):
        if isinstance(event.node, flow.Call):
            yield event.node


def _is_at(call: flow.Call, nothing: Nothing) -> bool:
    return (call.start, call.end) == (nothing.start, nothing.end)


def _is_found(call: flow.Call, facts: Mapping[str, bool]) -> bool:
    """Tell whether a key that is looked up was found to be there."""
    if not isinstance(call.callee, flow.Attribute) or not call.arguments:
        return False
    key, keys = render(call.arguments[0].value), render(call.callee.base)
    return any(facts.get(f"{key} in {each}") is True for each in (keys, f"{keys}.keys()"))


def _passed(name: str, call: flow.Call, site: Site, callee: Callee) -> str:
    """Return the text of what a call passes for a parameter, or of an attribute of its object."""
    root, _, attribute = name.partition(".")
    if attribute:
        base = call.callee.base if isinstance(call.callee, flow.Attribute) else None
        own = site.given and callee.parameters and callee.parameters[0].name == root
        return f"{render(base)}.{attribute}" if base is not None and own else ""
    index = bind(callee.parameters, call.arguments, given=site.given).by_name.get(name, -1)
    return render(call.arguments[index].value) if index >= 0 else ""


def _is_otherwise(text: str, condition: str, facts: Mapping[str, bool]) -> bool:
    true, none = _OTHERWISE.get(condition, (None, None))
    if not text:
        return False
    return (true is not None and facts.get(text) is true) or (
        none is not None and facts.get(f"{text} is None") is none
    )
