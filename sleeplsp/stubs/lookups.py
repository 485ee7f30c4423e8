"""One answer at a time: what the stubs and the table together say of a reference.

`library` remembers the answers; how a stub is read must not be known here.
"""

import msgspec

from sleeplsp.deduce.library import LibraryClass, LibraryFunction, LibraryValue
from sleeplsp.stubs.classes import Classes
from sleeplsp.stubs.functions import constructor_of, function_of, unbound
from sleeplsp.stubs.known import Facts, Known
from sleeplsp.stubs.names import Names, Place
from sleeplsp.stubs.rows import (
    Binding,
    StubAlias,
    StubClass,
    StubFunction,
    StubValue,
)
from sleeplsp.stubs.values import is_protocol, value_of

_ENUM = "enum.Enum"


class Lookups:
    """Answers from stubs and the table, worked out anew at each call."""

    def __init__(self, names: Names, known: Known) -> None:
        self._names = names
        self._known = known
        self._classes = Classes(names)

    def function(self, ref: str) -> LibraryFunction | None:
        """Return a function, or the constructor of a class."""
        place = self._find(ref)
        if place is None:
            return None
        match place.definition:
            case StubClass():
                made = constructor_of(self._names, self._classes, place)
                return self._with(made, self._known.facts((self._spelled(place),)))
            case StubFunction() as function if "." not in place.path:
                found = function_of(self._names, place, function, "")
                return self._with(found, self._known.facts((self._spelled(place),)))
            case StubFunction() as function:
                return self._through_class(ref, place, function)
            case StubValue(annotation=name):
                return self._called_value(place, name)
            case StubAlias(annotation=name):
                return self._of_object(place, name)
        return None

    def method(self, type_ref: str, name: str) -> LibraryFunction | None:
        """Return a method or property of a class or of its bases."""
        klass = self._class(type_ref)
        found = self._classes.member(klass, name) if klass else None
        if klass is None or found is None or not isinstance(found.definition, StubFunction):
            return None
        function = function_of(self._names, found, found.definition, klass.ref)
        # Its own reference, for what it returns and does may depend on the class it was asked of.
        function = msgspec.structs.replace(function, ref=f"{klass.ref}.{name}")
        return self._with(function, self._method_facts(klass, name))

    def klass(self, ref: str) -> LibraryClass | None:
        """Return a class."""
        place = self._class(ref)
        if place is None:
            return None
        lineage = self._classes.lineage(place)
        swallows = self._classes.swallows(place)
        harmless = any(self._known.swallows_nothing(self._spelled(each)) for each in lineage.classes)
        return LibraryClass(
            ref=place.ref,
            bases=tuple(each.ref for each in lineage.classes),
            complete=lineage.complete,
            always_true=self._classes.always_true(place),
            swallows=False if harmless else swallows,
            immutable=self._known.is_immutable(self._spelled(place)),
        )

    def kind(self, ref: str) -> str:
        """Return 'function', 'class', 'module', 'value' or ''."""
        place = self._find(ref)
        if place is None:
            return ""
        if not place.path:
            return "module"
        match place.definition:
            case StubClass():
                return "class"
            case StubFunction(binding=binding):
                return "value" if binding is Binding.PROPERTY else "function"
            case StubAlias(annotation=name):
                return "function" if self._of_object(place, name) else "value"
            case StubValue(annotation=name):
                return "function" if self._is_function(place, name) else "value"
        return "value"

    def canonical(self, ref: str) -> str:
        """Return where a reference is really defined, or itself.

        What a class inherits stays its own: `datetime.datetime.today` makes no `datetime.date`.
        """
        owner, _, name = ref.rpartition(".")
        klass = self._class(owner)
        if klass and self._classes.member(klass, name):
            return f"{klass.ref}.{name}"
        place = self._names.find(ref)
        return place.ref if place else ref

    def value_type(self, ref: str) -> str:
        """Return the class of a module-level variable, '' when not known or when it may be None."""
        place = self._find(ref)
        if place is None or not isinstance(place.definition, StubValue):
            return ""
        owner = self._class(place.ref.rpartition(".")[0])
        return only_type(self._value(place, place.definition, owner))

    def attribute(self, type_ref: str, name: str) -> LibraryValue | None:
        """Return what a plain attribute of an instance may be."""
        klass = self._class(type_ref)
        found = self._classes.member(klass, name) if klass else None
        if found is None or not isinstance(found.definition, StubValue):
            return None
        return self._value(found, found.definition, klass)

    def _value(self, place: Place, value: StubValue, klass: Place | None) -> LibraryValue:
        """Return what a variable or attribute may be; a member of an enum is of the enum."""
        if value.assigned and klass and self._is_enum(klass):
            return LibraryValue((klass.ref,), anything=False)
        scope = Place(place.module, place.path.rpartition(".")[0])
        return value_of(self._names, scope, value.annotation, klass.ref if klass else "")

    def _is_enum(self, klass: Place) -> bool:
        return any(each.ref == _ENUM for each in self._classes.lineage(klass).classes)

    def _find(self, ref: str) -> Place | None:
        """Return what a reference means; an attribute of a class may be a base's."""
        found = self._names.find(ref)
        if found:
            return found
        owner, _, name = ref.rpartition(".")
        klass = self._class(owner)
        return self._classes.member(klass, name) if klass else None

    def _class(self, ref: str) -> Place | None:
        place = self._names.find(ref) if ref else None
        return place if place and isinstance(place.definition, StubClass) else None

    def _through_class(self, ref: str, place: Place, function: StubFunction) -> LibraryFunction | None:
        """Return a method as an attribute of its class (`builtins.str.upper`)."""
        owner, _, name = ref.rpartition(".")
        if self._class(owner) is None:  # an alias in a module (`tarfile.open`)
            owner, _, name = place.ref.rpartition(".")
        method = self.method(owner, name)
        if method is None or function.binding is Binding.PROPERTY:
            return None
        return unbound(method) if function.binding is Binding.INSTANCE else method

    def _of_object(self, place: Place, name: str) -> LibraryFunction | None:
        """Return a method of an object that a module names (`choice = _inst.choice`)."""
        owner, _, method_name = name.rpartition(".")
        found = self._names.in_scope(Place(place.module), owner) if owner else None
        method = self.method(self.value_type(found.ref), method_name) if found else None
        # Code has no hold of the object that it changes.
        return method and msgspec.structs.replace(
            method, ref=place.ref, changes_receiver=False, changes_size=False
        )

    def _called_value(self, place: Place, annotation: str) -> LibraryFunction | None:
        """Return what calling a variable does."""
        klass = self._names.in_scope(Place(place.module), annotation)
        call = self.method(klass.ref, "__call__") if klass else None
        if call is None:
            return None
        facts = self._known.facts((self._spelled(place),))
        return self._with(msgspec.structs.replace(call, ref=place.ref), facts)

    def _is_function(self, place: Place, annotation: str) -> bool:
        """Return whether a variable is there to be called: `shutil.rmtree`, `exit`."""
        call = self._called_value(place, annotation)
        klass = self._names.in_scope(Place(place.module), annotation)
        row = klass.definition if klass else None
        return call is not None and (call.never_returns or (isinstance(row, StubClass) and is_protocol(row)))

    def _method_facts(self, klass: Place, name: str) -> Facts:
        lineage = self._classes.lineage(klass).classes
        refs = tuple(f"{self._spelled(each)}.{name}" for each in lineage)
        defined = (n for n, each in enumerate(lineage, 1) if self._names.within(each, name))
        nearest = next(defined, 0)
        return self._known.facts(refs[:nearest], refs[nearest:])

    def _with(self, function: LibraryFunction, facts: Facts) -> LibraryFunction:
        return msgspec.structs.replace(
            function,
            pure=facts.pure,
            total=facts.total,
            raises=tuple(self.canonical(each) for each in facts.raises),
            raises_unless=facts.raises_unless,
            changes_receiver=facts.changes_receiver,
            changes_size=facts.changes_size,
            resource=facts.resource,
            keeps_arguments=facts.keeps_arguments,
            is_async=function.is_async or facts.coroutine,
        )

    def _spelled(self, place: Place) -> str:
        return self._known.spelled(place.module, place.path)


def only_type(value: LibraryValue | None) -> str:
    """Return the one class a value can only be of, else ''."""
    if value is None or value.anything or value.none or len(value.types) != 1:
        return ""
    return value.types[0]
