"""A variable without a value: what took it away, or where it would have got one.

What is said of a line must be so: that it did not run is said only where nothing takes the value away again
on any way to the read. Of several ways none is picked. It must not know how an explanation is told.
"""

from collections.abc import Iterator, Sequence

from sleeplsp.answers.why.complaint import Complaint
from sleeplsp.answers.why.known import scopes
from sleeplsp.answers.why.origins import Tracer, from_inside
from sleeplsp.answers.why.reaching import ENTRY, Definition, at_end, definitions, ended, reaching
from sleeplsp.answers.why.trail import Here, Step, Trail, either
from sleeplsp.core import flow
from sleeplsp.core.flow import Program, Statement
from sleeplsp.core.walk import blocks_of, statements

WAYS_MAX = 2
"""Places that are told at which a variable lost its value, or would have got one."""

_TAKEN = {"deleted": "`{}` is deleted here", "ended": "once this `except` block is left `{}` is unbound"}
_MAYBE_TAKEN = _TAKEN | {"ended": "`{}` is bound in this `except` block, and unbound once that is left"}
_SKIPPED = "`{}` would get its value here, which had not happened"
_LOCAL = "`{}` is a variable of the function alone, since it gets a value here"


def unbound(tracer: Tracer, told: Complaint, here: Here) -> Trail:
    """Return what took a variable's value away, or where it would have got one."""
    at, name = _binding(tracer, told.name, here), told.name
    if at is None:
        return Trail()
    reached = _reached(at, here, name)
    taken = [each for each in reached if each.how in _TAKEN]
    is_open = ENTRY in reached
    if not taken:
        return _skipped(tracer, at, here, name) if is_open else Trail()
    sentences = _MAYBE_TAKEN if is_open else _TAKEN
    ways = [tracer.step(at, each.start, each.end, sentences[each.how].format(name)) for each in taken]
    if is_open:
        made = [each for each in _made(at, here, name) if not _is_among(each, taken)]
        ways += [tracer.step(at, each.start, each.end, _SKIPPED.format(name)) for each in made]
    is_sure = at.program is here.program and len(reached) == 1
    return Trail(either(ways, WAYS_MAX).steps, settled=True, sure=is_sure)


def skipped_in(program: Program, name: str) -> Statement | None:
    """Return the statement that alone decides if a variable gets a value, in the one place that gives it."""
    made = definitions(program, name)
    if len(made) != 1 or ended(program, name):
        return None
    around = [
        each
        for each in statements(program.body)
        if blocks_of(each) and each.start <= made[0].start and made[0].end <= each.end
    ]
    if len(around) != 1 or not isinstance(around[0], (flow.If, flow.For, flow.While)):
        return None
    directly = any(each.start == made[0].start for block in blocks_of(around[0]) for each in block)
    jumps = any(isinstance(each, (flow.Break, flow.Continue)) for each in statements((around[0],)))
    return around[0] if directly and not jumps else None


def _reached(at: Here, here: Here, name: str) -> Sequence[Definition]:
    """Return what may have given a variable its value where it is read, or taken it."""
    if at.program is here.program and here.statement is not None:
        return reaching(at.program, name, here.statement, swallowed=True)
    inside = [*from_inside(at.program, name)]
    if at.statement is not None:
        return [*reaching(at.program, name, at.statement, swallowed=True), *inside]
    if at.program.kind == "module":
        return [*at_end(at.program, name), *inside]
    # Read by a function inside, at whatever time that runs.
    return [ENTRY, *definitions(at.program, name), *ended(at.program, name), *inside]


def _made(at: Here, here: Here, name: str) -> Iterator[Definition]:
    """Yield what gives a variable its value, the statement apart that reads it."""
    own = here.statement if at.program is here.program else None
    own = own if own is not None and not blocks_of(own) else None
    inside = () if at.program is here.program else from_inside(at.program, name)
    for each in (*definitions(at.program, name), *inside):
        if each.how not in _TAKEN and not (own is not None and own.start <= each.start < own.end):
            yield each


def _is_among(made: Definition, taken: Sequence[Definition]) -> bool:
    """Tell whether a value was given within a handler that takes it away again."""
    return any(each.start <= made.start < each.end for each in taken)


def _skipped(tracer: Tracer, at: Here, here: Here, name: str) -> Trail:
    """Return where a variable would have got its value, which nothing takes away."""
    made = list(_made(at, here, name))
    handlers = ended(at.program, name)
    steps = [
        tracer.step(at, each.start, each.end, _SKIPPED.format(name))
        for each in made
        if not _is_among(each, handlers)
    ]
    steps += [tracer.step(at, each.start, each.end, _MAYBE_TAKEN["ended"].format(name)) for each in handlers]
    if not steps and here.statement is not None and at.program.kind == "function":
        own = here.statement
        steps = [tracer.step(here, own.start, own.end, _LOCAL.format(name))]
    ordered: list[Step] = sorted(steps, key=lambda each: each.start)
    return Trail(tuple(ordered[:WAYS_MAX]), settled=bool(steps), sure=False)


def _binding(tracer: Tracer, name: str, here: Here) -> Here | None:
    """Return the program that binds a name, this one or the nearest around; None if none does."""
    reading = tracer.known.reading(here.path)
    around = scopes(reading, here.program.start) if reading is not None else []
    if name in here.program.locals or not around:
        return here if name in here.program.locals else None
    for program in reversed(around[:-1] if around[-1] is here.program else around):
        is_bound = any((*definitions(program, name), *ended(program, name)))
        if program.kind == "module":
            is_bound = is_bound or any(from_inside(program, name))
        if program.kind != "class" and is_bound:
            return tracer.around(here, program)
    return None
