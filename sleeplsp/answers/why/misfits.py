"""Misfits: a call that does not fit what was called, a variable without a value, imports in a circle.

It must not know how an explanation is told.
"""

import re

from sleeplsp.answers.why.arguments import Stack, keyword
from sleeplsp.answers.why.complaint import Complaint, Kind
from sleeplsp.answers.why.culprit import on_line
from sleeplsp.answers.why.known import scopes
from sleeplsp.answers.why.mapping import Placed, line_of, marked
from sleeplsp.answers.why.origins import Tracer
from sleeplsp.answers.why.reaching import definitions, ended, reaching
from sleeplsp.answers.why.trail import Here, Step, Trail, either, shown
from sleeplsp.core import flow
from sleeplsp.core.facts import MODULE, FunctionFacts
from sleeplsp.core.flow import ParameterKind

WAYS_MAX = 2
"""Places that are told at which a variable lost its value, or would have got one."""


def misfit(tracer: Tracer, told: Complaint, here: Here) -> Trail | None:
    """Return what explains such a complaint; None if it is another one."""
    if told.kind is Kind.ARGUMENTS:
        return _arguments(tracer, told, here)
    if told.kind is Kind.UNBOUND:
        return _unbound(tracer, told, here)
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


def _unbound(tracer: Tracer, told: Complaint, here: Here) -> Trail:
    """Return what took a variable's value away, or where it would have got one."""
    at, name = _binding(tracer, told.name, here), told.name
    if at is None:
        return Trail()
    if at.program is here.program and here.statement is not None:
        reached = reaching(at.program, name, here.statement)
    else:  # read by a function inside, at whatever time that runs
        reached = [*definitions(at.program, name), *ended(at.program, name)]
    taken = [each for each in reached if each.how in _TAKEN]
    if taken:
        ways = (tracer.step(at, each.start, each.end, _TAKEN[each.how].format(name)) for each in taken)
        found = either(ways, WAYS_MAX)
        return Trail(found.steps, settled=True, sure=at.program is here.program and len(reached) == 1)
    made = definitions(at.program, name)
    if at.program is not here.program or not made:
        return Trail()
    steps = tuple(
        tracer.step(here, each.start, each.end, f"`{name}` gets its value here, and this did not run")
        for each in made[:WAYS_MAX]
    )
    return Trail(steps, settled=True, sure=False)


_TAKEN = {"deleted": "`{}` is deleted here", "ended": "at the end of this `except` block `{}` is unbound"}


def _binding(tracer: Tracer, name: str, here: Here) -> Here | None:
    """Return the program that binds a name, this one or the nearest around; None if none does."""
    reading = tracer.known.reading(here.path)
    around = scopes(reading, here.program.start) if reading is not None else []
    if name in here.program.locals or not around:
        return here if name in here.program.locals else None
    for program in reversed(around[:-1] if around[-1] is here.program else around):
        is_bound = any((*definitions(program, name), *ended(program, name)))
        if program.kind != "class" and is_bound:
            return tracer.around(here, program)
    return None
