"""Classes over their bases: the order of lookup, truth, whether a `with` may swallow an exception.

What an annotation means is the business of `values`; the table must not be known here.
"""

from collections.abc import Sequence

import msgspec

from sleeplsp.stubs.names import Names, Place
from sleeplsp.stubs.rows import StubClass, StubFunction
from sleeplsp.stubs.values import is_protocol

_NO_BASES = frozenset({"typing.Generic", "typing.Protocol", "typing_extensions.Protocol"})
_OBJECT = "builtins.object"

# A special form as a base: the class that it stands for.
_FORMS = {"typing.TypedDict": "builtins.dict", "typing_extensions.TypedDict": "builtins.dict"}


class Lineage(msgspec.Struct, frozen=True, gc=False):
    """A class and its bases in method resolution order; `complete` if all bases are known."""

    classes: tuple[Place, ...]
    complete: bool


class Classes:
    """Lineages by reference, each worked out once."""

    def __init__(self, names: Names) -> None:
        self._names = names
        self._lineages: dict[str, Lineage] = {}

    def lineage(self, place: Place) -> Lineage:
        """Return the lineage of a class."""
        known = self._lineages.get(place.ref)
        if known is None:
            # Met again while its bases are worked out, a class has no known bases: a ring ends.
            self._lineages[place.ref] = Lineage((place,), complete=False)
            known = self._lineages[place.ref] = self._linearised(place)
        return known

    def member(self, place: Place, name: str) -> Place | None:
        """Return where a class or the nearest of its bases defines a member, aliases followed."""
        for klass in self.lineage(place).classes:
            found = self._names.within(klass, name)
            if found:
                return self._names.follow(found)
        return None

    def always_true(self, place: Place) -> bool:
        """Return whether no object of the class itself can be false.

        Of a protocol nothing is said: what fulfils it may be of any class.
        """
        lineage = self.lineage(place)
        return (
            lineage.complete
            and isinstance(place.definition, StubClass)
            and not is_protocol(place.definition)
            and not any(self.member(place, name) for name in ("__bool__", "__len__"))
        )

    def swallows(self, place: Place) -> bool | None:
        """Return whether a `with` on it may stop an exception; None: not known, or no context manager.

        Stubs agree on a sign: `bool` may; `None`, `bool | None` and `Literal[False]` never do. A
        type variable says that it depends (`contextlib.ExitStack`: on what is entered).
        """
        found = self.member(place, "__exit__") or self.member(place, "__aexit__")
        if found is None:
            return None
        if not isinstance(found.definition, StubFunction):
            return True
        returned = (each.returns.split("|") for each in found.definition.signatures)
        answers = {_stops(each) for each in returned}
        return True if True in answers else None if None in answers else False

    def _linearised(self, place: Place) -> Lineage:
        bases, complete = self._bases(place)
        parents = [self.lineage(base) for base in bases]
        order = _merged([*(list(p.classes) for p in parents), bases])
        above = (each for each in order if each.ref != place.ref)
        return Lineage((place, *above), complete and all(p.complete for p in parents))

    def _bases(self, place: Place) -> tuple[list[Place], bool]:
        """Return the direct bases that are known, and whether these are all."""
        if place.ref == _OBJECT or not isinstance(place.definition, StubClass):
            return [], place.ref == _OBJECT
        # A base is named in the scope around the class.
        scope = Place(place.module, place.path.rpartition(".")[0])
        resolved = [self._names.in_scope(scope, text) if text else None for text in place.definition.bases]
        named = [
            self._names.find(_FORMS[each.ref]) if each and each.ref in _FORMS else each
            for each in resolved
            if each is None or each.ref not in _NO_BASES
        ]
        known = [each for each in named if each and isinstance(each.definition, StubClass)]
        root = self._names.find(_OBJECT)
        complete = len(known) == len(named) and "typing.Any" not in {each.ref for each in known}
        return known or ([root] if root else []), complete


def _stops(returned: list[str]) -> bool | None:
    """Tell what an `__exit__` that returns one of these does with exceptions."""
    if "None" in returned or returned == ["False"]:
        return False
    return True if returned in (["bool"], ["True"]) else None


def _merged(orders: Sequence[list[Place]]) -> list[Place]:
    """Merge orders so that each keeps its own (C3); where they contradict, the first one wins."""
    rest = [list(order) for order in orders if order]
    merged: list[Place] = []
    while rest:
        later = {each.ref for order in rest for each in order[1:]}
        head = next((order[0] for order in rest if order[0].ref not in later), rest[0][0])
        merged.append(head)
        rest = [kept for order in rest if (kept := [each for each in order if each.ref != head.ref])]
    return merged
