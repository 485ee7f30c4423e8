"""Arguments: what a caller passed for a parameter, by the frames of a traceback.

`*args` and `**kwargs` that are handed on whole are followed to the caller before. It must not know
where the values themselves come from.
"""

from collections.abc import Sequence

import msgspec

from sleeplsp.answers.why.calling import call_of, filled
from sleeplsp.answers.why.culprit import statement_at
from sleeplsp.answers.why.known import Known
from sleeplsp.answers.why.mapping import Placed, named_program
from sleeplsp.answers.why.pasted import Frame
from sleeplsp.answers.why.trail import Here
from sleeplsp.core import flow
from sleeplsp.core.flow import Expression, ParameterKind, Program

HANDED_ON_MAX = 6
"""Callers through which arguments are followed that are handed on whole."""

_INLINED = frozenset(("<listcomp>", "<setcomp>", "<dictcomp>", "<genexpr>"))


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
    if statement is None and program.kind == "lambda":  # which begins further on in the line
        statement = next(iter(program.body), None)
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
    made = here
    for _ in range(HANDED_ON_MAX):
        at = stack.caller_of(here.index) if here.index is not None else -1
        caller = here_of(known, stack, at) if at >= 0 else None
        if caller is None:
            return None
        call = call_of(known, caller, here)
        if not isinstance(call, flow.Call):
            is_item = call is not None and position == 1
            return Passed(_operand(call), call, caller) if is_item and call is not None else None
        given = filled(known, caller, here, call, made)
        position = position - given if position is not None and given is not None else None
        if position is not None and position < 0:
            return None  # the object it is called on
        found = _explicit(call, position, name)
        if found is not None:
            return Passed(found, call, caller)
        stars = [each for each in call.arguments if each.stars]
        if given is None:
            return None  # which argument it is, or whether it is left out
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


def _operand(node: Expression) -> Expression | None:
    return node.index if isinstance(node, flow.Index) else None
