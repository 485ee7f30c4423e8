"""Arguments: what a caller passed for a parameter, by the frames of a traceback.

`*args` and `**kwargs` that are handed on whole are followed to the caller before. It must not know
where the values themselves come from.
"""

from collections.abc import Sequence

import msgspec

from sleeplsp.answers.why.culprit import line_of, marked, on_line, statement_at
from sleeplsp.answers.why.known import Known
from sleeplsp.answers.why.mapping import Placed, named_program
from sleeplsp.answers.why.pasted import Frame
from sleeplsp.answers.why.trail import Here
from sleeplsp.core import flow
from sleeplsp.core.flow import Expression, ParameterKind, Program

HANDED_ON_MAX = 6
"""Callers through which arguments are followed that are handed on whole."""

_INLINED = frozenset(("<listcomp>", "<setcomp>", "<dictcomp>", "<genexpr>"))
_OPERATORS = {"__getitem__": flow.Index, "__getattr__": flow.Attribute, "__getattribute__": flow.Attribute}


class Stack(msgspec.Struct, frozen=True):
    """The frames of an exception: those of the workspace placed, others as they are."""

    frames: tuple[Placed | Frame, ...]

    def caller_of(self, index: int) -> int:
        """Return the frame that called another, comprehensions passed by; -1 if there is none."""
        at = index
        while at > 0 and _function(self.frames[at]) in _INLINED:
            at -= 1
        return at - 1


class Passed(msgspec.Struct, frozen=True, gc=False):
    """What a call gives for a parameter."""

    value: Expression | None
    """None where it is left out, and the default counts."""
    call: Expression
    here: Here
    """Where the call stands."""


def _function(frame: Placed | Frame) -> str:
    return (frame.frame if isinstance(frame, Placed) else frame).function


def here_of(known: Known, stack: Stack, index: int) -> Here | None:
    """Return where a frame stands; None if it is of other code, or its code is gone."""
    placed = stack.frames[index]
    if not isinstance(placed, Placed) or not placed.is_known:
        return None
    program = named_program(known, placed)
    if program is None:
        return None
    statement = statement_at(program, placed.start)
    return Here(placed.path, placed.ref, program, statement, index, placed)


def passed(known: Known, stack: Stack, here: Here, name: str) -> Passed | None:
    """Return what was passed for a parameter of a frame's program; None if that cannot be told."""
    if here.index is None:
        return None
    parameters = here.program.parameters
    found = next((n for n, each in enumerate(parameters) if each.name == name), None)
    if found is None or parameters[found].kind in (ParameterKind.REST, ParameterKind.KEYWORDS):
        return None
    by_name = None if parameters[found].kind is ParameterKind.POSITIONAL else name
    position = found if parameters[found].kind is not ParameterKind.KEYWORD else None
    return _asked(known, stack, here, position, by_name)


def keyword(known: Known, stack: Stack, here: Here, name: str) -> Passed | None:
    """Return who passed a keyword that reaches a frame in its `**` parameter."""
    return _asked(known, stack, here, None, name)


def _asked(known: Known, stack: Stack, here: Here, position: int | None, name: str | None) -> Passed | None:
    """Look for an argument at one call after the other, as long as it is handed on whole."""
    for _ in range(HANDED_ON_MAX):
        at = stack.caller_of(here.index) if here.index is not None else -1
        caller = here_of(known, stack, at) if at >= 0 else None
        if caller is None:
            return None
        call = call_of(known, caller, here)
        if not isinstance(call, flow.Call):
            is_item = call is not None and position == 1
            return Passed(_operand(call), call, caller) if is_item and call is not None else None
        given = int(_is_bound(known, here, call))
        position = position - given if position is not None else None
        if position is not None and position < 0:
            return None  # the object it is called on
        found = _explicit(call, position, name)
        if found is not None:
            return Passed(found, call, caller)
        stars = [each for each in call.arguments if each.stars]
        if not stars:
            return Passed(None, call, caller)
        before = sum(not each.stars and each.keyword is None for each in call.arguments)
        rest = _handed_on(caller.program, stars, 1)
        position = position - before if position is not None else None
        if position is not None and rest is not None and position >= 0:
            position += rest
        else:
            position = None
        if _handed_on(caller.program, stars, 2) is None:
            name = None
        if position is None and name is None:
            return None
        here = caller
    return None


def _explicit(call: flow.Call, position: int | None, name: str | None) -> Expression | None:
    plain: list[Expression] = []
    for each in call.arguments:
        if each.stars:
            if each.stars == 1:
                break
        elif each.keyword is None:
            plain.append(each.value)
    if position is not None and position < len(plain):
        return plain[position]
    return next((each.value for each in call.arguments if name and each.keyword == name), None)


def _handed_on(program: Program, stars: Sequence[flow.Argument], count: int) -> int | None:
    """Return where the parameter stands that a program hands on whole with one or two stars."""
    kind = ParameterKind.REST if count == 1 else ParameterKind.KEYWORDS
    for number, each in enumerate(program.parameters):
        handed = (star for star in stars if star.stars == count)
        if each.kind is kind and any(
            isinstance(star.value, flow.Name) and star.value.id == each.name for star in handed
        ):
            return number
    return None


def call_of(known: Known, caller: Here, callee: Here) -> Expression | None:
    """Return the expression of a caller's line that runs what the next frame is; None if not sure."""
    reading = known.reading(caller.path)
    if reading is None or caller.placed is None:
        return None
    mark = marked(caller.placed, reading.text)
    inside = [
        each for _, nodes in on_line(caller.program, line_of(caller.placed, reading.text)) for each in nodes
    ]
    if mark is None:
        return _running(known, caller, callee, inside, alone=False)
    # Of a call over several lines the first alone is underlined, and of a comprehension all of it.
    exact = [each for each in inside if (each.start, each.end) == mark]
    within = [each for each in inside if mark[0] <= each.start and each.end <= mark[1]]
    found = (
        _running(known, caller, callee, nodes, alone=nodes is exact) for nodes in (exact, within, inside)
    )
    return next((each for each in found if each is not None), None)


def _running(
    known: Known, caller: Here, callee: Here, nodes: list[Expression], *, alone: bool
) -> Expression | None:
    """Return the expression that runs a frame, among some; `alone`: it is one of these, whatever its name."""
    name = callee.ref.rpartition("::")[2].rpartition(".")[2].partition("#")[0]
    calls = [each for each in nodes if isinstance(each, flow.Call)]
    named = {(each.start, each.end): each for each in calls if _is_called(known, caller, callee, each, name)}
    if named:
        return next(iter(named.values())) if len(named) == 1 else None
    if (operator := _OPERATORS.get(name)) is not None:
        operations = [each for each in nodes if isinstance(each, operator)]
        return operations[0] if len(operations) == 1 else None
    return calls[0] if alone and len(calls) == 1 else None


def _is_called(known: Known, caller: Here, callee: Here, call: flow.Call, name: str) -> bool:
    site = known.reached(caller.ref, call.end)
    if site is not None and callee.ref in site.refs:
        return True
    called = call.callee.name if isinstance(call.callee, flow.Attribute) else ""
    called = call.callee.shown if isinstance(call.callee, flow.Name) else called
    if name in ("__init__", "__new__"):
        owner = known.owner(callee.ref).rpartition("::")[2].rpartition(".")[2]
        return called in (owner, name, "cls")
    return called == name


def _is_bound(known: Known, callee: Here, call: flow.Call) -> bool:
    """Tell whether a call fills the first parameter itself, with an object or a class."""
    function = known.function(callee.ref)
    if function is None or not function.owner or "staticmethod" in function.decorators:
        return False
    owner = function.owner.rpartition(".")[2]
    base = call.callee.base if isinstance(call.callee, flow.Attribute) else None
    is_plain = (
        isinstance(base, flow.Name) and base.shown == owner and "classmethod" not in function.decorators
    )
    return not is_plain


def _operand(node: Expression) -> Expression | None:
    return node.index if isinstance(node, flow.Index) else None
