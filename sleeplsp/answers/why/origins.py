"""Origins: where a value comes from that should have been another.

It is followed back through assignments, attributes, calls and the frames of a traceback. Where several ways
lead to it, those that cannot have given such a value by how they are written are left out, and the trail
says that it is not sure. It must not know what is told of a trail.
"""

from collections.abc import Iterable, Iterator, Sequence

from sleeplsp.answers.why import attributes
from sleeplsp.answers.why.arguments import Stack, here_of, passed
from sleeplsp.answers.why.complaint import COROUTINE, EMPTY, NONE
from sleeplsp.answers.why.given import given_by, makes_other
from sleeplsp.answers.why.known import Known, scopes, symbol_at
from sleeplsp.answers.why.mapping import Placed
from sleeplsp.answers.why.pasted import Frame
from sleeplsp.answers.why.reaching import ENTRY, Definition, definitions, element_of, is_filled, reaching
from sleeplsp.answers.why.trail import Here, Step, Trail, described, either, shown
from sleeplsp.answers.why.written import could_be, is_short, type_of
from sleeplsp.core import flow
from sleeplsp.core.facts import MODULE
from sleeplsp.core.flow import Expression, ParameterKind, Program
from sleeplsp.core.resolved import ref_of
from sleeplsp.core.walk import statements

DEPTH_MAX = 14
"""Assignments, calls and frames that are followed for one value."""
WAYS_MAX = 6
"""Ways to a value that are followed."""
ENDS_MAX = 2
"""Ways to a value that are told, if none of them is known to give such a value."""
STEPS_MAX = 400
"""Values looked into for one question."""

_KEEPS_SHORT = frozenset(
    ("replace", "strip", "lstrip", "rstrip", "lower", "upper", "split", "rsplit", "splitlines", "casefold")
)
"""Methods of texts that give little of little."""


_GIVEN = {NONE: ": `None`", COROUTINE: ": a coroutine, which nobody has awaited"}


class Tracer:
    """Follows values back through one traceback."""

    def __init__(self, known: Known, stack: Stack) -> None:
        self.known = known
        self.stack = stack
        self._left = STEPS_MAX

    def trail(self, value: Expression, was: str, here: Here, depth: int = 0) -> Trail:
        """Return where a value comes from that was of some type."""
        self._left -= 1
        if depth > DEPTH_MAX or self._left < 0:
            return Trail()
        match value:
            case flow.Name(id=name):
                return self._name(name, was, here, depth)
            case flow.Attribute():
                return self._attribute(value, was, here, depth)
            case flow.Call():
                return self._call(value, was, here, depth)
            case flow.Await(value=inner):
                return self.trail(inner, was, here, depth)
            case flow.Conditional(then=then, orelse=orelse):
                return self._either((then, orelse), was, here, depth)
            case flow.Boolean(operands=operands):
                return self._either(operands, was, here, depth)
            case flow.Walrus(value=inner):
                return self.trail(inner, was, here, depth)
            case flow.Index(base=base, index=flow.Slice()):  # a part of it is of its type, and no longer
                return self.trail(base, was, here, depth + 1)
            case flow.Index(base=base):
                return attributes.items(self, base, was, here, depth)
        if was and (type_of(value) == was or (was == EMPTY and is_short(value))):
            written = shown(value) if was in (NONE, EMPTY) else described(was)
            sentence = f"{written} is written here"
            return Trail((self.step(here, value.start, value.end, sentence),), settled=True)
        return Trail()

    def at_node(self, here: Here, node: Expression) -> Here:
        """Return the point of an expression in the program of `here`."""
        return self.point_of(here, Definition("", node.start, node.end))

    def step(self, here: Here, start: int, end: int, sentence: str) -> Step:
        """Return a step in the program of `here`."""
        return Step(here.path, start, end, sentence, here.ref.partition("::")[2])

    def _either(self, ways: Iterable[Expression], was: str, here: Here, depth: int) -> Trail:
        possible = [each for each in ways if could_be(each, was)]
        return one_of([self.trail(each, was, here, depth + 1) for each in possible[-WAYS_MAX:]])

    # Names

    def _name(self, name: str, was: str, here: Here, depth: int) -> Trail:
        statement = here.statement
        if "#" in name and statement is not None:
            element = element_of(statement, name)
            return self._defined(element, name, was, here, depth) if element is not None else Trail()
        program = here.program
        if name in program.locals and program.kind != "module":
            at = statement
            is_none = was == NONE
            found = (
                reaching(program, name, at, none=is_none) if at is not None else definitions(program, name)
            )
            trail = self._ways(found, name, was, here, depth)
            others = from_inside(program, name) if name in program.rebound else ()
            return Trail(trail.steps, trail.settled, trail.outside, sure=trail.sure and not any(others))
        return self._outer(name, was, here, depth)

    def _outer(self, name: str, was: str, here: Here, depth: int) -> Trail:
        """Follow a name that a program around binds, or the module."""
        reading = self.known.reading(here.path)
        if reading is None:
            return Trail()
        for program in reversed(scopes(reading, here.program.start)):
            if program is here.program or program.kind == "class":
                continue
            if program.kind != "module" and name not in program.locals:
                continue
            around = self.around(here, program)
            found = [*definitions(program, name), *from_inside(program, name)]
            if any(each.name == name for each in program.parameters):
                found.append(ENTRY)
            return self._ways(found, name, was, around, depth)
        return Trail()

    def around(self, here: Here, program: Program) -> Here:
        """Return a program around, in its frame if it was running."""
        reading = self.known.reading(here.path)
        symbol = MODULE
        if program.kind != "module" and reading is not None:
            symbol = symbol_at(reading, max(program.name_start, program.start))
        ref = ref_of(here.path, symbol)
        last = here.index if here.index is not None else len(self.stack.frames)
        frames = (self._frame(each) for each in range(last))
        running = [each for each in frames if each is not None and each.program is program]
        return running[0] if len(running) == 1 else Here(here.path, ref, program, None)

    def _frame(self, index: int) -> Here | None:
        return here_of(self.known, self.stack, index)

    def running(self, ref: str) -> Here | None:
        """Return the innermost frame of a function; None if it was not running."""
        for index in range(len(self.stack.frames) - 1, -1, -1):
            frame = self.stack.frames[index]
            if isinstance(frame, Placed) and frame.ref == ref:
                found = here_of(self.known, self.stack, index)
                if found is not None and found.program.name == ref.rpartition(".")[2].rpartition("::")[2]:
                    return found
        return None

    def _ways(self, found: Sequence[Definition], name: str, was: str, here: Here, depth: int) -> Trail:
        """Follow all ways in which a name may have got its value; return the one that says most."""
        possible = [each for each in found if _could_give(each, was) and self._is_way(each, name, here)]
        return one_of([self._defined(each, name, was, here, depth) for each in possible[-WAYS_MAX:]])

    def _is_way(self, each: Definition, name: str, here: Here) -> bool:
        is_parameter = any(parameter.name == name for parameter in here.program.parameters)
        return each.how != "entry" or is_parameter

    def _defined(self, made: Definition, name: str, was: str, here: Here, depth: int) -> Trail:
        """Follow one way in which a name got its value."""
        if made.how == "entry":
            return self._parameter(name, was, here, depth)
        shown_name = f"`{name.partition('#')[0]}`"
        at = self.point_of(here, made)
        value = made.value
        if made.how == "assigned" and value is not None:
            return self.assigned(shown_name, value, made, was, at, depth)
        sentence = {
            "unpacked": f"{shown_name} is taken out of {shown(value) if value else 'a value'} here",
            "each": f"{shown_name} is an item of {shown(value) if value else 'a value'}",
            "entered": f"{shown_name} is what {shown(value) if value else 'a value'} gives when entered",
            "changed": f"{shown_name} is changed here",
            "caught": f"{shown_name} is the exception caught here",
        }.get(made.how, "")
        if not sentence:
            return Trail()
        # The whole may be of any type: how it came about is told, and not that it is to blame.
        whole = self.trail(value, "", at, depth + 1) if isinstance(value, flow.Name) else Trail()
        return Trail((*whole.steps, self.step(at, made.start, made.end, sentence)), outside=whole.outside)

    def point_of(self, here: Here, made: Definition) -> Here:
        """Return the point of a definition in a program."""
        inside = [
            each
            for each in statements(here.program.body)
            if each.start <= made.start and made.end <= each.end
        ]
        nearest = min(inside, key=lambda each: each.end - each.start, default=here.statement)
        return Here(here.path, here.ref, here.program, nearest, here.index, here.placed)

    def assigned(
        self, name: str, value: Expression, made: Definition, was: str, at: Here, depth: int
    ) -> Trail:
        """Follow what was assigned to a name or an attribute, given as it is shown."""
        before = self.trail(value, was, at, depth + 1)
        if type_of(value) and type_of(value) == was:
            what = described(was) if was == NONE else f"{shown(value)}, {described(was)}"
            where = self.step(at, made.start, made.end, f"{name} is set to {what} here")
            return Trail((where,), settled=True)
        if was == EMPTY and is_short(value):
            where = self.step(at, made.start, made.end, f"{name} is {shown(value)} from here on")
            return Trail((where,), settled=not is_filled(at.program, name.strip("`")))
        if isinstance(value, (flow.Call, flow.Await)):
            sentence = f"{name} is what {shown(value)} gave" + _GIVEN.get(was, "")
        else:
            sentence = f"{name} is set to {shown(value)} here"
        last = before.steps[-1] if before.steps else None
        if last is not None and last.path == at.path and made.start <= last.start and last.end <= made.end:
            before = Trail(before.steps[:-1], before.settled, before.outside, before.sure)
        return before.then(self.step(at, made.start, made.end, sentence))

    # Parameters

    def _parameter(self, name: str, was: str, here: Here, depth: int) -> Trail:
        if here.index is None:
            return Trail()
        found = passed(self.known, self.stack, here, name)
        if found is None:
            return self._from_outside(name, was, here)
        function = "the lambda" if here.program.kind == "lambda" else f"`{here.program.name}`"
        if found.value is None:
            return self._default(name, was, here)
        before = self.trail(found.value, was, found.here, depth + 1)
        call = found.call
        if not could_be(found.value, was):
            return Trail()
        value = shown(found.value)
        sentence = f"{function} is given {value}" + (f" as `{name}`" if value != f"`{name}`" else "")
        return before.then(self.step(found.here, call.start, call.end, sentence))

    def _default(self, name: str, was: str, here: Here) -> Trail:
        """Return the default of a parameter that nobody passed."""
        if was != NONE and definitions(here.program, name):
            return Trail()  # what is put in place of a default is more likely meant
        for each in here.program.parameters:
            if each.name == name and each.default is not None and could_be(each.default, was):
                sentence = f"`{name}` is left out by the caller, so it is {shown(each.default)}"
                return Trail((self.step(here, each.start, each.end, sentence),), settled=True)
        return Trail()

    def _from_outside(self, name: str, was: str, here: Here) -> Trail:
        """Return who passed a parameter, if that was not code of the workspace."""
        at = self.stack.caller_of(here.index) if here.index is not None else -1
        frame = self.stack.frames[at] if at >= 0 else None
        parameter = next((each for each in here.program.parameters if each.name == name), None)
        is_object = here.program.parameters[:1] == (parameter,) and bool(self.known.owner(here.ref))
        if not isinstance(frame, Frame) or parameter is None or is_object:
            return Trail()  # or a call of the workspace that is not understood
        if was and parameter.default is not None and type_of(parameter.default) == was:
            sentence = f"`{name}` is {shown(parameter.default)} unless the caller passes another value"
            return Trail((self.step(here, parameter.start, parameter.end, sentence),), outside=frame)
        many = parameter.kind in (ParameterKind.REST, ParameterKind.KEYWORDS)
        return Trail() if many else Trail(outside=frame)

    # Attributes and calls

    def _attribute(self, node: flow.Attribute, was: str, here: Here, depth: int) -> Trail:
        return attributes.trail(self, node, was, here, depth)

    def _call(self, call: flow.Call, was: str, here: Here, depth: int) -> Trail:
        if makes_other(self, call, was, here):
            return Trail()
        inner = given_by(self, call, was, here, depth)
        match call.callee:
            case flow.Attribute(base=base, name=name) if name in _KEEPS_SHORT and was in (EMPTY, ""):
                inner = self.trail(base, was, here, depth + 1)
                if was == EMPTY:
                    return inner
        sentence = f"{shown(call)} gave {described(was)}" if was else f"it is what {shown(call)} gave"
        return inner.then(self.step(here, call.start, call.end, sentence))


def one_of(trails: Sequence[Trail]) -> Trail:
    """Return the trail that says most of those that a value can have come by.

    Where none of them leads to where such a value is made, the last step of each is told.
    """
    if len(trails) < 2:
        return trails[0] if trails else Trail()
    best = max(trails, key=lambda each: each.worth)
    if best.settled or best.outside is not None:
        return Trail(best.steps, best.settled, best.outside, sure=False)
    return either((each.steps[-1] for each in trails if each.steps), ENDS_MAX)


def _could_give(made: Definition, was: str) -> bool:
    if made.how in ("imported", "defined", "deleted", "ended"):
        return False
    return made.how != "assigned" or made.value is None or could_be(made.value, was)


def from_inside(program: Program, name: str) -> Iterator[Definition]:
    """Yield how programs inside of another give a name of it a value."""
    for inner in program.nested:
        if name in inner.outer:
            yield from definitions(inner, name)
        if name not in inner.locals:
            yield from from_inside(inner, name)
