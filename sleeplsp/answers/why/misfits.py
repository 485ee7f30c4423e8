"""Misfits: a call that does not fit what was called, a variable without a value, imports in a circle.

It must not know how an explanation is told.
"""

import re

from sleeplsp.answers.why.arguments import Stack, keyword
from sleeplsp.answers.why.complaint import Complaint, Kind
from sleeplsp.answers.why.culprit import on_line
from sleeplsp.answers.why.mapping import Placed, line_of, marked
from sleeplsp.answers.why.origins import Tracer
from sleeplsp.answers.why.trail import Here, Step, Trail, shown
from sleeplsp.answers.why.unbound import unbound
from sleeplsp.core import flow
from sleeplsp.core.facts import MODULE, FunctionFacts
from sleeplsp.core.flow import ParameterKind


def misfit(tracer: Tracer, told: Complaint, here: Here) -> Trail | None:
    """Return what explains such a complaint; None if it is another one."""
    if told.kind is Kind.ARGUMENTS:
        return _arguments(tracer, told, here)
    if told.kind is Kind.UNBOUND:
        return unbound(tracer, told, here)
    return None


_CIRCULAR = re.compile(r"partially initialized module '([\w.]+)'")


def circular(stack: Stack, message: str) -> Trail:
    """Return the imports that lead from a module back to it, if that is complained of."""
    found = _CIRCULAR.search(message)
    if found is None:
        return Trail()
    name = found[1].replace(".", "/")
    ours = [each for each in stack.frames if isinstance(each, Placed) and each.ref.endswith(f"::{MODULE}")]
    ends = (f"/{name}.py", f"/{name}/__init__.py")
    first = next((n for n, each in enumerate(ours) if f"/{each.path}".endswith(ends)), None)
    if first is None:
        return Trail()
    circle = [each for each in ours[first:] if each.is_known]
    sentences = [f"`{found[1]}` is not done when it imports from here", *(["which imports on"] * len(circle))]
    steps = (
        Step(each.path, each.start, each.start, said, MODULE)
        for each, said in zip(circle, sentences, strict=False)
    )
    return Trail(tuple(steps), settled=True)


def _arguments(tracer: Tracer, told: Complaint, here: Here) -> Trail:
    steps = [*_defined(tracer, told, here)]
    for each in here.program.parameters:
        if each.kind is ParameterKind.KEYWORDS and _hands_on(tracer, here, each.name):
            found = keyword(tracer.known, tracer.stack, here, told.name)
            if found is not None and found.value is not None:
                sentence = f"`{told.name}={shown(found.value).strip('`')}` is passed on from here"
                at = tracer.step(found.here, found.call.start, found.call.end, sentence)
                return Trail((at, *steps), settled=True)
    return Trail(tuple(steps), settled=bool(steps))


def _calls(tracer: Tracer, here: Here) -> list[flow.Call]:
    reading = tracer.known.reading(here.path)
    if reading is None or here.placed is None:
        return []
    mark = marked(here.placed, reading.text)
    nodes = [
        each for _, inside in on_line(here.program, line_of(here.placed, reading.text)) for each in inside
    ]
    calls = [each for each in nodes if isinstance(each, flow.Call)]
    return [each for each in calls if mark is None or (each.start, each.end) == mark] or calls


def _hands_on(tracer: Tracer, here: Here, name: str) -> bool:
    return any(
        argument.stars == 2 and isinstance(argument.value, flow.Name) and argument.value.id == name
        for call in _calls(tracer, here)
        for argument in call.arguments
    )


def _defined(tracer: Tracer, told: Complaint, here: Here) -> list[Step]:
    """Return the head of what was called, if it is of the workspace."""
    name = told.called.rpartition(".")[2]
    for call in _calls(tracer, here):
        site = tracer.known.reached(here.ref, call.end)
        for ref in site.refs if site is not None else ():
            function, symbol = tracer.known.function(ref), tracer.known.symbol(ref)
            if function is not None and symbol is not None and symbol.name == name:
                sentence = f"`{name}` takes {_signature(function, given=site is not None and site.given)}"
                path = ref.partition("::")[0]
                return [Step(path, symbol.name_start, symbol.name_end, sentence, symbol.id)]
    return []


def _signature(function: FunctionFacts, *, given: bool) -> str:
    own = function.parameters[1:] if given else function.parameters
    needed = [each.name for each in own if not each.optional and each.kind not in _MANY]
    optional = [each.name for each in own if each.optional and each.kind not in _MANY]
    said = ", ".join(f"`{each}`" for each in needed) or "nothing"
    return f"{said}, and if wanted {', '.join(f'`{each}`' for each in optional)}" if optional else said


_MANY = (ParameterKind.REST, ParameterKind.KEYWORDS)
