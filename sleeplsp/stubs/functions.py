"""Library functions from stubs: their parameters, and what each overload and all of them return.

What the table adds (`known`) must not be known here.
"""

import msgspec

from sleeplsp.core.flow import ParameterKind
from sleeplsp.deduce.library import LibraryFunction, LibraryParameter, LibraryValue
from sleeplsp.stubs.classes import Classes
from sleeplsp.stubs.names import Names, Place
from sleeplsp.stubs.rows import Binding, StubClass, StubFunction, StubParameter, StubSignature
from sleeplsp.stubs.values import NEVER, is_open_variable, united, value_of

_RECEIVER = LibraryParameter("self", ParameterKind.POSITIONAL, optional=False)

_NAMED_TUPLE = "typing.NamedTuple"


def function_of(names: Names, place: Place, function: StubFunction, self_ref: str) -> LibraryFunction:
    """Return a function or method, without receiver; `self_ref` is the class that is `Self`."""
    scope = Place(place.module, place.path.rpartition(".")[0])
    every = [value_of(names, scope, each.returns, self_ref) for each in function.signatures]
    whole = united(every)
    procedure = all(each.returns == "None" for each in function.signatures)
    signatures = tuple(_parameters(names, scope, each) for each in function.signatures)
    results = tuple(
        _result(names, scope, each, self_ref) if any(p.in_result for p in parameters) else value
        for each, parameters, value in zip(function.signatures, signatures, every, strict=True)
    )
    return LibraryFunction(
        ref=place.ref,
        signatures=signatures,
        types=whole.types,
        anything=whole.anything,
        none=whole.none and not procedure,
        results=results if any(each != whole for each in results) else (),
        always_none=procedure,
        never_returns=whole == NEVER,
        is_async=function.is_async,
        is_property=function.binding is Binding.PROPERTY,
        is_static=function.binding is Binding.STATIC,
    )


def _result(names: Names, scope: Place, signature: StubSignature, self_ref: str) -> LibraryValue:
    """Return what an overload returns beside the arguments it may give back.

    A type variable of the class tells of the object as well (`dict.get`), so it still is anything.
    """
    given = {each.annotation for each in signature.parameters} - {*names.parameters(scope)}
    returned = signature.returns.split("|")
    rest = [r for r in returned if r not in given or not is_open_variable(names, scope, r)]
    return value_of(names, scope, "|".join(rest), self_ref) if rest else NEVER


def unbound(function: LibraryFunction) -> LibraryFunction:
    """Return a method as its class gives it: its object is the first parameter."""
    signatures = tuple((_RECEIVER, *each) for each in function.signatures)
    return msgspec.structs.replace(function, signatures=signatures)


def constructor_of(names: Names, classes: Classes, place: Place) -> LibraryFunction:
    """Return what calling a class does; `types` is the class itself, but for a `__new__` of another mind."""
    found = _initialiser(names, classes, place)
    # What an initialiser returns is None or Self: no parameter has a say in it.
    signatures = tuple(_parameters(names, found[0], each) for each in found[1]) if found else ()
    made = _made(names, classes, place)
    return LibraryFunction(ref=place.ref, signatures=signatures, types=made.types, anything=made.anything)


def _made(names: Names, classes: Classes, place: Place) -> LibraryValue:
    found = classes.member(place, "__new__")
    if found is None or not isinstance(found.definition, StubFunction):
        return LibraryValue((place.ref,), anything=False)
    scope = Place(found.module, found.path.rpartition(".")[0])
    own = LibraryValue((place.ref,), anything=False)
    named = ((each.returns, names.in_scope(scope, each.returns)) for each in found.definition.signatures)
    return united(
        own if known is not None and known.ref == place.ref else value_of(names, scope, text, place.ref)
        for text, known in named
    )


def _initialiser(
    names: Names, classes: Classes, place: Place
) -> tuple[Place, tuple[StubSignature, ...]] | None:
    """Return the signatures of the nearest `__init__` or `__new__` and the class they stand in."""
    lineage = classes.lineage(place)
    rows = [each.definition for each in lineage.classes if isinstance(each.definition, StubClass)]
    if not lineage.complete or any(row.opaque for row in rows):
        return None
    for klass in lineage.classes:
        found = names.within(klass, "__init__") or names.within(klass, "__new__")
        if klass.ref == _NAMED_TUPLE:  # its fields are the parameters, and no method says them
            return None
        if found and isinstance(found.definition, StubFunction):
            return klass, found.definition.signatures
    return None


def _parameters(names: Names, scope: Place, signature: StubSignature) -> tuple[LibraryParameter, ...]:
    returned = signature.returns.split("|")
    return tuple(_parameter(names, scope, each, returned) for each in signature.parameters)


def _parameter(names: Names, scope: Place, parameter: StubParameter, returned: list[str]) -> LibraryParameter:
    annotation = parameter.annotation
    return LibraryParameter(
        parameter.name,
        parameter.kind,
        parameter.optional,
        only_none=annotation == "None",
        in_result=annotation in returned and is_open_variable(names, scope, annotation),
    )
