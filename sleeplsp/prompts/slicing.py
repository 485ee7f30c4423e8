"""Slices: the parts in which a module is sent, each small enough for a budget of tokens.

A module that fits is one slice. Otherwise its functions are told apart: what a slice is about (its
subjects) is shown whole together with what that calls and what calls it in the module, all else with its
first lines alone. Every function and class is a subject of exactly one slice. It must not know what is
asked.
"""

from collections.abc import Iterable, Iterator, Mapping

import msgspec

from sleeplsp.core.facts import MODULE
from sleeplsp.core.languages import CALLABLE_KINDS, CLASS_KINDS
from sleeplsp.prompts.context import ModuleContext
from sleeplsp.prompts.fence import size
from sleeplsp.prompts.shown import Detail, code, outer_functions

SUBJECTS_SHARE = 0.6
"""Of the room for code that is not taken by what is always shown, what subjects may take; the rest is for
what stands beside them."""

ALWAYS_SHARE = 0.5
"""Of the room for code, what may be taken by what is shown in every slice; else less of it is shown."""


class Slice(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """One part of a module."""

    subjects: tuple[str, ...]
    """Ids of the symbols that claims are wanted of, in the order of the text; `<module>` is the module's
    own code."""
    beside: tuple[str, ...] = ()
    """Ids of functions that are shown whole as well."""
    part: int = 1
    """Which part it is, from 1."""
    parts: int = 1
    """How many there are; 1: the whole module is shown."""
    tokens_max: int
    """Budget of its prompt."""

    @property
    def whole(self) -> frozenset[str] | None:
        """Ids of the functions that are shown whole; None: all."""
        return frozenset((*self.subjects, *self.beside)) if self.parts > 1 else None


def sliced(context: ModuleContext, tokens_max: int, code_bytes: int) -> tuple[Slice, ...]:
    """Cut a module into slices that show at most so many bytes of code each."""
    subjects = subjects_of(context)
    if size(code(context)) <= code_bytes:
        return (Slice(subjects=subjects, tokens_max=tokens_max),)
    units = outer_functions(context)
    costs = _costs(context, units)
    room = max(code_bytes - size(code(context, (), detail(context, code_bytes))), 0)
    near = _near(context, units)
    groups = list(_groups(units, costs, near, room * SUBJECTS_SHARE))
    owners = _owners(context, subjects, groups)
    return tuple(
        Slice(
            subjects=tuple(each for each in subjects if owners[each] == number),
            beside=tuple(_beside(group, costs, near, room)),
            part=number + 1,
            # One function that is too long by itself is cut where it is shown.
            parts=max(len(groups), 2),
            tokens_max=tokens_max,
        )
        for number, group in enumerate(groups)
    )


def subjects_of(context: ModuleContext) -> tuple[str, ...]:
    """Return the ids of all symbols that claims are wanted of, in the order of the text."""
    wanted = CALLABLE_KINDS | CLASS_KINDS
    return (MODULE, *(each.id for each in context.outline.symbols if each.kind in wanted))


def detail(context: ModuleContext, code_bytes: int) -> Detail:
    """Return how much can be shown beside functions that are shown whole."""
    for each in (Detail.HEADERS, Detail.OWN):
        if size(code(context, (), each)) <= code_bytes * ALWAYS_SHARE:
            return each
    return Detail.NOTHING


def _costs(context: ModuleContext, units: Iterable[str]) -> dict[str, int]:
    symbols = {each.id: each for each in context.outline.symbols}
    return {each: symbols[each].end - symbols[each].start for each in units}


def _near(context: ModuleContext, units: Mapping[str, tuple[str, ...]]) -> dict[str, list[str]]:
    """Return for each outer function those that it calls, then those that call it."""
    outer = {inner: unit for unit, inside in units.items() for inner in (unit, *inside)}
    called: dict[str, list[str]] = {each: [] for each in units}
    callers: dict[str, list[str]] = {each: [] for each in units}
    for caller, callees in context.calls.items():
        for callee in callees:
            one, other = outer.get(caller), outer.get(callee)
            if one is not None and other is not None and one != other:
                called[one].append(other)
                callers[other].append(one)
    return {each: list(dict.fromkeys((*called[each], *callers[each]))) for each in units}


def _groups(
    units: Iterable[str], costs: Mapping[str, int], near: Mapping[str, list[str]], room: float
) -> Iterator[list[str]]:
    """Yield functions that fit into the room together, those that call each other first."""
    waiting = dict.fromkeys(units)
    if not waiting:
        yield []
    while waiting:
        group: list[str] = []
        left = room
        pending = [next(iter(waiting))]
        while pending:
            each = pending.pop(0)
            if each in waiting and (costs[each] <= left or not group):
                del waiting[each]
                group.append(each)
                left -= costs[each]
                pending += near[each]
            if not pending:
                pending = [other for other in waiting if costs[other] <= left][:1]
        yield group


def _beside(
    group: list[str], costs: Mapping[str, int], near: Mapping[str, list[str]], room: int
) -> Iterator[str]:
    left = room - sum(costs[each] for each in group)
    for each in dict.fromkeys(other for own in group for other in near[own] if other not in group):
        if costs[each] <= left:
            left -= costs[each]
            yield each


def _owners(context: ModuleContext, subjects: Iterable[str], groups: list[list[str]]) -> dict[str, int]:
    """Return for each subject the number of the slice that it belongs to.

    What is inside of a function belongs with it, a class with its first function, all else with the first.
    """
    of_unit = {each: number for number, group in enumerate(groups) for each in group}
    units = outer_functions(context)
    of_inner = {inner: of_unit[unit] for unit, inside in units.items() for inner in (unit, *inside)}
    symbols = {each.id: each for each in context.outline.symbols}
    owners: dict[str, int] = {}
    for each in subjects:
        if each in of_inner:
            owners[each] = of_inner[each]
            continue
        extent = symbols.get(each, context.outline.module)
        inside = (
            number
            for unit, number in of_unit.items()
            if each != MODULE and extent.start <= symbols[unit].start < extent.end
        )
        owners[each] = min(inside, default=0)
    return owners
