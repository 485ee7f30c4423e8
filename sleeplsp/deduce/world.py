"""What one function's deduction may consult: its context, its callees' contracts, the library.

Every question a deduction asks of anything outside the function goes through here. No answer is
guessed: what is not certain is None or unknown.
"""

from collections.abc import Mapping

from sleeplsp.core.context import Callee, Context, Shape, Site
from sleeplsp.core.contract import UNKNOWN_CONTRACT, Contract
from sleeplsp.core.resolved import Kind, Resolved
from sleeplsp.deduce.domain import ANYTHING, Entity, EntityKind, Instance, Value, of
from sleeplsp.deduce.effort import DEEPEST
from sleeplsp.deduce.library import Library, LibraryClass, LibraryFunction

_ENTITIES = {
    Kind.FUNCTION: EntityKind.FUNCTION,
    Kind.METHOD: EntityKind.FUNCTION,
    Kind.CLASS: EntityKind.CLASS,
    Kind.MODULE: EntityKind.MODULE,
}
_LIBRARY_ENTITIES = {
    "function": EntityKind.FUNCTION,
    "class": EntityKind.CLASS,
    "module": EntityKind.MODULE,
}

# What these modules define asks for methods, or is told by `register` who belongs to it.
_ABSTRACT = ("typing.", "numbers.", "os.PathLike", "contextlib.Abstract", "importlib.abc.")

# Names every module has, which no import explains.
_IMPLICIT = {"builtins.__name__": "builtins.str", "builtins.__file__": "builtins.str"}

# Variables of the library that nobody puts another object into.
_KEPT = frozenset(("os.environ", "sys.argv"))


class World:
    """The outside of one function."""

    def __init__(
        self,
        ref: str,
        context: Context,
        contracts: Mapping[str, Contract],
        library: Library,
        off: frozenset[str],
        effort: int = DEEPEST,
    ) -> None:
        self.ref = ref
        self.context = context
        self.library = library
        self.off = off
        """Names of checks and guards that are switched off."""
        self.effort = effort
        self._contracts = contracts
        self._names: dict[str, Value] = {}
        self._methods: dict[str, LibraryFunction] = {}

    def name(self, name: str) -> Value:
        """Return what a name of the module (or a builtin, or an import's path) is."""
        known = self._names.get(name)
        if known is None:
            resolved = self.context.names.get(name)
            known = self._names[name] = self._value(resolved) if resolved is not None else ANYTHING
        return known

    def member(self, entity: Entity, name: str) -> Value:
        """Return what `entity.name` is."""
        if "::" in entity.ref or entity.ref.endswith((".py", ".pyi", "/")):
            return self.name(f"{entity.ref}.{name}")
        return self._external(f"{entity.ref}.{name}")

    def site(self, end: int) -> Site | None:
        """Return what the call that ends at an offset reaches in the workspace."""
        return self.context.sites.get(end)

    def contract(self, ref: str) -> Contract:
        """Return the contract of a function of the workspace; nothing is known before it is deduced."""
        return self._contracts.get(ref, UNKNOWN_CONTRACT)

    def callee(self, ref: str) -> Callee | None:
        """Return the signature of a function of the workspace."""
        return self.context.callees.get(ref)

    def shape(self, class_ref: str) -> Shape | None:
        """Return what is known of a class of the workspace."""
        return self.context.shapes.get(class_ref)

    def library_class(self, ref: str) -> LibraryClass | None:
        """Return what is known of a class of the library."""
        return self.library.klass(ref) if "::" not in ref else None

    def library_function(self, ref: str) -> LibraryFunction | None:
        """Return what is known of a function of the library."""
        return self._methods.get(ref) or (self.library.function(ref) if "::" not in ref else None)

    def library_method(self, type_ref: str, name: str) -> LibraryFunction | None:
        """Return a method or property of a library class; remembered under its own reference too."""
        method = self.library.method(type_ref, name) if "::" not in type_ref else None
        if method is not None:
            self._methods[method.ref] = method
        return method

    def ancestors(self, class_ref: str) -> tuple[tuple[str, ...], bool]:
        """Return a class and its bases across workspace and library, and whether these are all."""
        shape = self.shape(class_ref)
        if shape is None:
            library = self.library_class(class_ref)
            return (library.bases, library.complete) if library is not None else ((class_ref,), False)
        line: list[str] = []
        complete = shape.complete
        for ref in shape.ancestors:
            if "::" in ref:
                line.append(ref)
                continue
            above, all_known = self.ancestors(self.library.canonical(ref))
            line.extend(above)
            complete = complete and all_known
        return tuple(line), complete

    def is_subclass(self, class_ref: str, of_ref: str) -> bool | None:
        """Tell whether a class is another or derives from it; None when that is not certain."""
        if of_ref in (class_ref, "builtins.object"):
            return True
        line, complete = self.ancestors(class_ref)
        if of_ref in line:
            return True
        return False if complete and not self.takes_others(of_ref) else None

    def takes_others(self, class_ref: str) -> bool:
        """Tell whether a class may count others as its own: protocols, abstract classes."""
        shape = self.shape(class_ref)
        if shape is None:
            return "::" in class_ref or class_ref.startswith(_ABSTRACT)
        outside = (each for each in shape.ancestors if "::" not in each)
        return "__subclasshook__" in shape.members or any(
            each == "abc.ABC" or each.startswith(_ABSTRACT) for each in outside
        )

    def always_true(self, class_ref: str) -> bool:
        """Tell whether all instances of a class are true."""
        shape = self.shape(class_ref)
        if shape is None:
            library = self.library_class(class_ref)
            return library is not None and library.always_true
        if not shape.complete or not shape.members.isdisjoint(("__bool__", "__len__")):
            return False
        outside = (
            self.library_class(self.library.canonical(ref)) for ref in shape.ancestors if "::" not in ref
        )
        return all(each is not None and each.always_true for each in outside)

    def _value(self, resolved: Resolved) -> Value:
        if resolved.kind is Kind.EXTERNAL:
            return self._external(resolved.ref)
        if resolved.kind in (Kind.INSTANCE, Kind.EXTERNAL_INSTANCE):
            return of(Instance(resolved.ref))
        kind = _ENTITIES.get(resolved.kind)
        return of(Entity(kind, resolved.ref)) if kind is not None else ANYTHING

    def _external(self, ref: str) -> Value:
        known = self._names.get(ref)
        if known is None:
            known = self._names[ref] = self._of_library(ref)
        return known

    def _of_library(self, ref: str) -> Value:
        if ref in _IMPLICIT:
            return of(Instance(_IMPLICIT[ref]))
        kind = _LIBRARY_ENTITIES.get(self.library.kind(ref))
        if kind is not None:
            return of(Entity(kind, self.library.canonical(ref)))
        type_ = self.library.value_type(ref)
        return of(Instance(type_, sure=ref in _KEPT)) if type_ else ANYTHING
