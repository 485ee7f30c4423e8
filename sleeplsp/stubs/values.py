"""What an annotation says a value may be; protocols, type variables and Any are worth no name.

Functions and attributes are the business of others; only annotations are known here.
"""

from collections.abc import Iterable, Iterator

from sleeplsp.deduce.library import LibraryValue
from sleeplsp.stubs.names import Names, Place
from sleeplsp.stubs.rows import StubAlias, StubClass, StubVariable

NEVER = LibraryValue(anything=False)
"""There is no value: the function never returns."""

NONE = LibraryValue(anything=False, none=True)
"""None and nothing else."""

ANYTHING = LibraryValue()

_ALIAS_DEPTH_MAX = 8
"""Aliases of types within aliases of types."""

_BOOLEAN = LibraryValue(("builtins.bool",), anything=False)
_CONSTANTS = {"None": NONE, "True": _BOOLEAN, "False": _BOOLEAN}

_SPECIAL = {
    "types.NoneType": NONE,
    "typing.NoReturn": NEVER,
    "typing.Never": NEVER,
    "typing_extensions.Never": NEVER,
    "typing.LiteralString": LibraryValue(("builtins.str",), anything=False),
    "typing_extensions.LiteralString": LibraryValue(("builtins.str",), anything=False),
    "typing.Any": ANYTHING,
    "typing_extensions.Any": ANYTHING,
    # Every object is one of these two: they say nothing.
    "builtins.object": ANYTHING,
    "builtins.type": ANYTHING,
    # Files are declared to be of these, and at run time never are.
    "typing.IO": LibraryValue(("typing.IO",)),
    "typing.TextIO": LibraryValue(("typing.TextIO",)),
    "typing.BinaryIO": LibraryValue(("typing.BinaryIO",)),
}
_SELF = frozenset({"typing.Self", "typing_extensions.Self"})


def value_of(names: Names, scope: Place, annotation: str, self_ref: str = "") -> LibraryValue:
    """Return what a value of an annotation may be.

    The annotation stands in a module, in the class at scope.path if any; `self_ref` is the class
    that is `Self`.
    """
    return united(_alternatives(names, scope, annotation, self_ref, _ALIAS_DEPTH_MAX))


def united(values: Iterable[LibraryValue]) -> LibraryValue:
    """Return the value that is one of these; of none of them, there is no value."""
    types: dict[str, None] = {}
    anything = none = False
    for value in values:
        types |= dict.fromkeys(value.types)
        anything |= value.anything
        none |= value.none
    return LibraryValue(tuple(types), anything, none)


def is_open_variable(names: Names, scope: Place, annotation: str) -> bool:
    """Return whether an annotation is a type variable that stands for any type."""
    place = names.in_scope(scope, annotation) if annotation else None
    return place is not None and place.definition == StubVariable("")


def is_protocol(definition: StubClass) -> bool:
    """Return whether a class says what objects can do, not what they are."""
    return any(base.rpartition(".")[2] == "Protocol" for base in definition.bases)


def _alternatives(
    names: Names, scope: Place, annotation: str, self_ref: str, depth: int
) -> Iterator[LibraryValue]:
    for name in annotation.split("|"):
        if name in _CONSTANTS:
            yield _CONSTANTS[name]
            continue
        place = names.in_scope(scope, name) if name else None
        if place is None or not depth:
            yield ANYTHING
        elif place.ref in _SPECIAL:
            yield _SPECIAL[place.ref]
        elif place.ref in _SELF and self_ref:
            yield LibraryValue((self_ref,), anything=False)
        else:
            yield from _defined(names, place, depth)


def _defined(names: Names, place: Place, depth: int) -> Iterator[LibraryValue]:
    match place.definition:
        case StubClass() as klass if not is_protocol(klass):
            ref = "builtins.dict" if _is_typed_dict(klass) else place.ref
            yield LibraryValue((ref,), anything=False)
        # What these two say is written where they are defined, which is no class.
        case StubAlias(annotation=text) if text:
            yield from _alternatives(names, Place(place.module), text, "", depth - 1)
        case StubVariable(constraints=text) if text:
            one = united(_alternatives(names, Place(place.module), text, "", depth - 1))
            # It stands for one of these; which, is settled elsewhere, so nobody need look for None.
            yield LibraryValue(one.types, one.anything or one.none)
        case _:
            yield ANYTHING


def _is_typed_dict(definition: StubClass) -> bool:
    return any(base.rpartition(".")[2] == "TypedDict" for base in definition.bases)
