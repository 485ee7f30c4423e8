"""Whether a path's own decisions rule out that a callee gives None: they say otherwise than it demands.

`while self.stack: top(self.stack).name` with a `top` that gives None only for nothing at all. It must not
know how paths are found.
"""

from collections.abc import Mapping

from sleeplsp.core import flow
from sleeplsp.core.context import Callee, Site
from sleeplsp.core.flow.render import render
from sleeplsp.deduce.analysis import Analysis
from sleeplsp.deduce.arguments import bind
from sleeplsp.deduce.domain import Nothing
from sleeplsp.deduce.events import Use
from sleeplsp.deduce.facts import elementary
from sleeplsp.deduce.trail import Witness

# A condition on what is passed -> what of it says otherwise: that it is true, that it is None.
_OTHERWISE = {"true": (False, True), "false": (True, None), "none": (True, False), "given": (None, True)}


def is_ruled_out(analysis: Analysis, nothing: Nothing, witness: Witness | None) -> bool:
    """Tell whether a None that a callee gave cannot be, by what the path to its use has decided."""
    callee = analysis.world.callee(nothing.origin) if "::" in nothing.origin else None
    when = analysis.world.contract(nothing.origin).returns.none_when if callee is not None else ()
    if callee is None or witness is None or not when:
        return False
    facts: dict[str, bool] = {}
    for each in witness.decisions:
        if isinstance(each.node, flow.Expression) and each.kind == "test":
            facts.update(elementary(each.node, holds=each.holds))
    for event in analysis.events(Use.CALLED) if facts else ():
        call, site = event.node, analysis.world.site(event.node.end)
        here = (call.start, call.end) == (nothing.start, nothing.end)
        if here and isinstance(call, flow.Call) and site is not None:
            texts = ((_passed(name, call, site, callee), condition) for name, condition in when)
            return any(_is_otherwise(text, condition, facts) for text, condition in texts)
    return False


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
