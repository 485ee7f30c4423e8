"""What a call gives: by the contract of what it surely runs, or by the returns written there.

It must not know who asks.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sleeplsp.answers.why.complaint import COROUTINE, EMPTY, NONE
from sleeplsp.answers.why.known import Known
from sleeplsp.answers.why.trail import Here, Step, Trail, last_name, shown
from sleeplsp.answers.why.written import could_be
from sleeplsp.core import flow
from sleeplsp.core.contract import Verdict
from sleeplsp.core.flow import Program
from sleeplsp.core.insight import Evidence
from sleeplsp.core.resolved import path_in
from sleeplsp.core.walk import statements

if TYPE_CHECKING:
    from sleeplsp.answers.why.origins import Tracer

RETURNS_MAX = 4
"""Returns of a function that are followed; with more, which one it was is not told."""


def given_by(tracer: "Tracer", call: flow.Call, was: str, here: Here, depth: int) -> Trail:
    """Return where the result of a call comes from, inside of what was called."""
    site = tracer.known.reached(here.ref, call.end)
    if site is None or not site.refs or site.makes:
        return Trail()
    if was == COROUTINE:  # the body has not run
        function = tracer.known.function(site.refs[0])
        return Trail(settled=function is not None and function.is_async)
    sure = len(site.refs) == 1
    trails = [returned(tracer, ref, was, depth) for ref in site.refs]
    best = max(trails, key=lambda each: each.worth, default=Trail())
    if sure:
        return best
    return Trail(best.steps, settled=True, sure=False) if best.settled else Trail()


def makes_other(tracer: "Tracer", call: flow.Call, was: str, here: Here) -> bool:
    """Tell whether a call makes an object of a class, which is of another type than what is asked for."""
    site = tracer.known.reached(here.ref, call.end)
    name = last_name(call.callee)
    if site is None:  # a class by how it is called
        return was in (NONE, COROUTINE) and name[:1].isupper() and not name.isupper()
    return site.makes and was not in ("", EMPTY, name)


def returned(tracer: "Tracer", ref: str, was: str, depth: int) -> Trail:
    """Return how a function comes to give such a value."""
    row = tracer.known.rows.get(ref)
    if was == NONE and row is not None:
        gives = row.contract.returns
        if gives.none is Verdict.YES and gives.none_path:
            steps = evidence_steps(tracer.known, gives.none_path)
            return Trail(tuple(steps), settled=True, sure=not gives.none_partly)
        if gives.none is Verdict.NO:
            return Trail()
    program = tracer.known.program(ref)
    if program is None or program.is_generator:
        return Trail()
    return _by_returns(tracer, ref, program, was, depth)


def _by_returns(tracer: "Tracer", ref: str, program: Program, was: str, depth: int) -> Trail:
    found = [each for each in statements(program.body) if isinstance(each, flow.Return)]
    possible = [each for each in found if _may_return(each, was)]
    if not possible or len(possible) > RETURNS_MAX:
        return Trail()
    trails = [_one(tracer, ref, program, each, was, depth) for each in possible]
    best = max(trails, key=lambda each: each.worth)
    if len(possible) == 1:
        return best
    return Trail(best.steps, settled=True, sure=False) if best.settled else Trail()


def _may_return(statement: flow.Return, was: str) -> bool:
    if statement.value is None:
        return was in (NONE, "")
    return could_be(statement.value, was)


def _one(tracer: "Tracer", ref: str, program: Program, statement: flow.Return, was: str, depth: int) -> Trail:
    here = Here(path_in(ref), ref, program, statement)
    name = f"`{program.name}`"
    value = statement.value
    if value is None:
        step = tracer.step(here, statement.start, statement.end, f"{name} returns nothing here")
        return Trail((step,), settled=True)
    before = tracer.trail(value, was, here, depth + 1)
    is_end = was == EMPTY and isinstance(value, flow.Display) and len(value.items) < 2
    step = tracer.step(here, statement.start, statement.end, f"{name} returns {shown(value)}")
    last = before.steps[-1] if before.steps else None
    if last is not None and last.path == here.path and statement.start <= last.start < statement.end:
        before = Trail(before.steps[:-1], before.settled, before.outside, before.sure)
    return Trail((*before.steps, step), before.settled or is_end, before.outside, before.sure)


def evidence_steps(known: Known, evidence: Sequence[Evidence]) -> list[Step]:
    """Return what was deduced as steps in the code as it is now; what is gone is left out."""
    found = []
    for each in evidence:
        path = path_in(each.place.ref)
        reading = known.reading(path)
        extent = (
            reading.placing.extent(each.place) if reading is not None and known.is_current(path) else None
        )
        if extent is not None:
            found.append(Step(path, *extent, each.sentence, each.place.ref.partition("::")[2]))
    return found
