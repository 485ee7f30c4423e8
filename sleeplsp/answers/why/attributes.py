"""Attributes: what was stored under `self.name`, by the code of the class, or by the only class that has it.

An attribute may be set by any method at any time: of several assignments the one that can have given
such a value counts, and the trail is not sure. It must not know who asks.
"""

from typing import TYPE_CHECKING

import msgspec

from sleeplsp.answers.why.complaint import EMPTY, NONE
from sleeplsp.answers.why.given import returned
from sleeplsp.answers.why.known import methods
from sleeplsp.answers.why.reaching import ENTRY, Definition, definitions, is_filled, items_of, reaching
from sleeplsp.answers.why.trail import Here, Trail, either, shown
from sleeplsp.answers.why.written import could_be, type_of
from sleeplsp.core import flow
from sleeplsp.core.flow import Program
from sleeplsp.core.resolved import path_in, ref_of

if TYPE_CHECKING:
    from sleeplsp.answers.why.origins import Tracer

ENDS_MAX = 2
"""Assignments that are told, if none of them is known to give such a value."""
STORES_MAX = 8
"""Assignments to one attribute that are followed."""


class _Store(msgspec.Struct, frozen=True, gc=False):
    """One assignment to an attribute."""

    ref: str
    program: Program
    made: Definition
    is_running: bool
    """The function it stands in is on the stack."""


def trail(tracer: "Tracer", node: flow.Attribute, was: str, here: Here, depth: int) -> Trail:
    """Return where the value of an attribute comes from."""
    local = _locally(tracer, node, was, here, depth)
    if local is not None:
        return local
    owner = tracer.known.owner(here.ref)
    root, _, rest = node.chain.partition(".")
    if owner and rest and root == _receiver(tracer, here):
        found = _stores(tracer, owner, rest)
        as_property = _property(tracer, owner, rest, was, depth)
        if as_property is not None and not found:
            return as_property
    else:
        # Nothing says that it is an object of that class, but that such a value is stored there.
        by_name = _best(tracer, _by_name(tracer, node.name), node, was, depth)
        return by_name if by_name.settled else Trail()
    return _best(tracer, found, node, was, depth)


def items(tracer: "Tracer", base: flow.Expression, was: str, here: Here, depth: int) -> Trail:
    """Return what is stored as items of an attribute, or of a variable; else where it comes from itself."""
    name = base.chain if isinstance(base, flow.Attribute) else base.id if isinstance(base, flow.Name) else ""
    root, _, rest = name.partition(".")
    owner = tracer.known.owner(here.ref) if rest and root == _receiver(tracer, here) else ""
    programs = [(here.ref, here.program, name)]
    if owner:
        named = (
            (ref, each, each.parameters[0].name)
            for ref, each in methods(tracer.known, owner)
            if each.parameters
        )
        programs = [(ref, each, f"{first}.{rest}") for ref, each, first in named]
    found = [
        tracer.step(
            Here(path_in(ref), ref, each, None),
            made.start,
            made.end,
            f"{shown(made.value)} is put into `{name}` here",
        )
        for ref, each, chain in programs
        for made in (items_of(each, chain) if name else ())
        if made.value is not None and could_be(made.value, was)
    ]
    if found:
        return either(found, ENDS_MAX)
    whole = tracer.trail(base, "", here, depth + 1) if owner or isinstance(base, flow.Name) else Trail()
    return Trail(whole.steps, outside=whole.outside, sure=False)


def _locally(tracer: "Tracer", node: flow.Attribute, was: str, here: Here, depth: int) -> Trail | None:
    """Follow assignments to the same chain in the same program, if one of them surely counts."""
    if not node.chain or here.statement is None:
        return None
    found = reaching(here.program, node.chain, here.statement, none=was == NONE)
    if not found or ENTRY in found or any(each.value is None or each.how != "assigned" for each in found):
        return None
    name = f"`{node.chain}`"
    trails = [
        tracer.assigned(name, each.value, each, was, tracer.point_of(here, each), depth)
        for each in found
        if each.value is not None and _could_be(each, was)
    ]
    best = max(trails, key=lambda each: each.worth, default=None)
    if best is None:
        return None
    return Trail(best.steps, best.settled, best.outside, sure=len(trails) == 1 and best.sure)


def _receiver(tracer: "Tracer", here: Here) -> str:
    """Return the name of the object in a method, or in what is nested in one."""
    reading = tracer.known.reading(here.path)
    function = tracer.known.function(here.ref)
    while function is not None and not function.owner and function.around:
        function = tracer.known.function(ref_of(here.path, function.around))
    if function is None or reading is None or not function.owner or not function.parameters:
        return ""
    return function.parameters[0].name


def _stores(tracer: "Tracer", owner: str, rest: str) -> list[_Store]:
    """Return the assignments to an attribute in the methods and the body of a class and its bases."""
    found = []
    for ref, program in methods(tracer.known, owner):
        if program.parameters:
            chain = f"{program.parameters[0].name}.{rest}"
            found += [_store(tracer, ref, program, each) for each in definitions(program, chain)]
    hierarchy = tracer.known.contexts.index.hierarchy
    for each in hierarchy.ancestors(owner) or (owner, *hierarchy.known_bases(owner)):
        body = tracer.known.program(each)
        if body is not None:
            found += [_store(tracer, each, body, made) for made in definitions(body, rest)]
    stored = [each for each in found if each.made.how != "defined"]
    return list({(each.ref, each.made.start): each for each in stored}.values())


def _store(tracer: "Tracer", ref: str, program: Program, made: Definition) -> _Store:
    return _Store(ref, program, made, tracer.running(ref) is not None)


def _by_name(tracer: "Tracer", name: str) -> list[_Store]:
    """Return the assignments to an attribute that one class of the workspace alone has."""
    classes = tracer.known.contexts.index.classes
    having = [ref for ref, each in classes.items() if name in each.attributes]
    return _stores(tracer, having[0], name) if len(having) == 1 else []


def _best(tracer: "Tracer", found: list[_Store], node: flow.Attribute, was: str, depth: int) -> Trail:
    possible = [each for each in found if _could_be(each.made, was)]
    # What is on the stack has run; what says outright that it is such a value comes before the rest.
    possible.sort(key=lambda each: (each.is_running, _is_written(each.made, was)), reverse=True)
    trails = [_of(tracer, each, node, was, depth) for each in possible[:STORES_MAX]]
    best = max(trails, key=lambda each: each.worth, default=Trail())
    if not best.settled and len(possible) > 1 and not possible[0].is_running:
        return either((each.steps[-1] for each in trails if each.steps), ENDS_MAX)
    # Other code may have set it as well, and what began empty may have been filled.
    settled = best.settled and not (was == EMPTY and _is_filled(tracer, node, found))
    return Trail(best.steps, settled, best.outside, sure=False)


def _is_filled(tracer: "Tracer", node: flow.Attribute, found: list[_Store]) -> bool:
    """Tell whether a class puts something into what it stores under an attribute."""
    owners = {tracer.known.owner(each.ref) for each in found}
    rest = node.chain.partition(".")[2] or node.name
    return any(
        is_filled(program, f"{program.parameters[0].name}.{rest}")
        for owner in owners
        if owner
        for _, program in methods(tracer.known, owner)
        if program.parameters
    )


def _of(tracer: "Tracer", store: _Store, node: flow.Attribute, was: str, depth: int) -> Trail:
    running = tracer.running(store.ref)
    path = path_in(store.ref)
    here = running or Here(path, store.ref, store.program, None)
    at = tracer.point_of(here, store.made)
    name = f"`{node.chain or node.name}`"
    value = store.made.value
    if store.made.how == "assigned" and value is not None:
        return tracer.assigned(name, value, store.made, was, at, depth)
    sentence = f"{name} is {_HOW.get(store.made.how, 'set')} here"
    if value is not None and store.made.how == "unpacked":
        sentence = f"{name} is taken out of {shown(value)} here"
    return Trail((tracer.step(at, store.made.start, store.made.end, sentence),))


_HOW = {"changed": "changed", "deleted": "deleted", "each": "set in a loop", "entered": "set by `with`"}


def _could_be(made: Definition, was: str) -> bool:
    return made.how != "assigned" or made.value is None or could_be(made.value, was)


def _is_written(made: Definition, was: str) -> bool:
    return made.value is not None and bool(was) and type_of(made.value) == was == NONE


def _property(tracer: "Tracer", owner: str, name: str, was: str, depth: int) -> Trail | None:
    """Follow a property, or a method that is called without brackets by its decorator."""
    member = tracer.known.contexts.index.hierarchy.member(owner, name) if "." not in name else None
    ref = _function_of(member)
    return returned(tracer, ref, was, depth + 1) if ref else None


def _function_of(member: tuple[str, str] | None) -> str:
    return ref_of(path_in(member[0]), member[1]) if member is not None else ""
