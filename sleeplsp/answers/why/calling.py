"""Calling: which call of a line ran a frame, and how its arguments meet the parameters.

A function may be called by another name than its own, and by code that nobody sees: then a call counts only
if its arguments fit in one way. It must not know where values come from.
"""

from sleeplsp.answers.why.culprit import on_line
from sleeplsp.answers.why.known import Known, scopes
from sleeplsp.answers.why.mapping import line_of, marked
from sleeplsp.answers.why.trail import Here, last_name
from sleeplsp.core import flow
from sleeplsp.core.flow import Expression, ParameterKind, Program

_OPERATORS = {"__getitem__": flow.Index, "__getattr__": flow.Attribute, "__getattribute__": flow.Attribute}
_MAKING = ("__init__", "__new__")


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


def filled(known: Known, caller: Here, callee: Here, call: flow.Call, made: Here) -> int | None:
    """Return how many of the first parameters a call fills itself, with an object or a class; None if unsure.

    `made`: the function to which the callee hands its arguments on, as a decorator's does; or the callee.
    """
    site = known.reached(caller.ref, call.end)
    is_own = _is_named(call, _name(known, callee)) or _name(known, callee) in _MAKING
    if site is not None and {callee.ref, made.ref}.intersection(site.refs) and _name(known, made):
        options: tuple[int, ...] = (int(site.given),)
    else:
        options = _options(known, callee, call, made)
    fitting = [each for each in options if _fits(callee.program, call, each, whole=False)]
    if len(fitting) != 1 or not _fits(callee.program, call, fitting[0], whole=not is_own):
        return None
    return fitting[0]


def _options(known: Known, callee: Here, call: flow.Call, made: Here) -> tuple[int, ...]:
    """Return how many parameters a call may fill itself, by how the function and the call are written."""
    is_through = isinstance(call.callee, flow.Attribute)
    owner = _class_of(known, callee) or (_class_of(known, made) if is_through else "")
    if not owner:
        return (0, 1) if is_through and not _is_named(call, _name(known, callee)) else (0,)
    name = _name(known, callee)
    if name == "__call__" or (name in _MAKING and not _is_named(call, name)):
        return (1,)
    if not isinstance(call.callee, flow.Attribute):
        is_handed_on = any(each.stars == 1 for each in call.arguments)
        return (0,) if is_handed_on else (0, 1)  # a decorator has the function itself
    base = call.callee.base
    function = known.function((callee if _class_of(known, callee) else made).ref)
    is_of_class = function is not None and "classmethod" in function.decorators
    return (0,) if last_name(base) == owner and not is_of_class else (1,)


def _class_of(known: Known, callee: Here) -> str:
    """Return the name of the class whose method a program is, a static one left out."""
    function = known.function(callee.ref)
    if not _name(known, callee) or function is None or "staticmethod" in function.decorators:
        return ""
    return function.owner.rpartition(".")[2]


def _name(known: Known, callee: Here) -> str:
    """Return the name of what ran; '' for a lambda that has none of its own."""
    name = callee.ref.rpartition("::")[2].rpartition(".")[2].partition("#")[0]
    if callee.program.kind != "lambda":
        return name
    symbol, reading = known.symbol(callee.ref), known.reading(callee.path)
    if symbol is None or reading is None or known.program(callee.ref) is not None:
        return ""
    around = scopes(reading, callee.program.start)
    return name if sum(each.start >= symbol.start for each in around) == 1 else ""


def _fits(program: Program, call: flow.Call, given: int, *, whole: bool) -> bool:
    """Tell whether a call's arguments can be those of a program; `whole`: they fill all but what is named."""
    many = (ParameterKind.REST, ParameterKind.KEYWORDS)
    kinds = {each.kind for each in program.parameters}
    placed = [each for each in program.parameters if each.kind not in (*many, ParameterKind.KEYWORD)]
    plain = sum(not each.stars and each.keyword is None for each in call.arguments)
    if given + plain > len(placed) and ParameterKind.REST not in kinds:
        return False
    if any(each.stars for each in call.arguments):
        return True
    named = {each.keyword for each in call.arguments if each.keyword is not None}
    names = {each.name for each in program.parameters if each.kind not in many}
    left = [
        each
        for number, each in enumerate(program.parameters)
        if each.kind not in many and number >= given + plain and each.name not in named
    ]
    is_missing = any(each.default is None or (whole and each in placed) for each in left)
    return not is_missing and (named <= names or ParameterKind.KEYWORDS in kinds)


def _running(
    known: Known, caller: Here, callee: Here, nodes: list[Expression], *, alone: bool
) -> Expression | None:
    """Return the expression that runs a frame, among some; `alone`: it is one of these, whatever its name."""
    name = _name(known, callee)
    calls = [each for each in nodes if isinstance(each, flow.Call)]
    named = {(each.start, each.end): each for each in calls if _is_called(known, caller, callee, each, name)}
    if named:
        return next(iter(named.values())) if len(named) == 1 else None
    if (operator := _OPERATORS.get(name)) is not None:
        operations = [each for each in nodes if isinstance(each, operator)]
        return operations[0] if len(operations) == 1 else None
    is_one = alone and len(calls) == 1 and _may_run(known, caller, callee, calls[0])
    return calls[0] if is_one else None


def _is_called(known: Known, caller: Here, callee: Here, call: flow.Call, name: str) -> bool:
    site = known.reached(caller.ref, call.end)
    if name and site is not None and callee.ref in site.refs:
        return True
    if name in _MAKING:
        owner = known.owner(callee.ref).rpartition("::")[2].rpartition(".")[2]
        return any(_is_named(call, each) for each in (owner, name, "cls"))
    return _is_named(call, name)


def _is_named(call: flow.Call, name: str) -> bool:
    return bool(name) and name == last_name(call.callee)


def _may_run(known: Known, caller: Here, callee: Here, call: flow.Call) -> bool:
    """Tell whether a call may run a function of another name, and not by way of a builtin or library."""
    name, program = _name(known, callee), callee.program
    if program.is_generator or program.is_async:
        return False  # which whoever asks for its next value runs
    if name.startswith("__") and name not in (*_MAKING, "__call__"):
        return False
    site = known.reached(caller.ref, call.end)
    if site is not None and site.refs:
        return True
    match call.callee:
        case flow.Name(id=called):
            return _is_own(known, caller, called)
        case flow.Attribute():
            return False
    return True


def _is_own(known: Known, caller: Here, name: str) -> bool:
    """Tell whether a name is bound by code of its module, and not by an import."""
    reading, facts = known.reading(caller.path), known.facts.get(caller.path)
    around = scopes(reading, caller.program.start) if reading is not None else []
    if any(name in each.locals for each in around[1:] if each.kind != "class"):
        return True
    bindings = facts.bindings.get(name, ()) if facts is not None else ()
    return bool(bindings) and all(each.kind != "import" for each in bindings)
