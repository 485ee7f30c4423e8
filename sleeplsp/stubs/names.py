"""What a dotted name means: imports, `import *`, aliases, scopes of classes, builtins.

Inheritance is the business of `classes`, types are that of `values`; neither must be known here.
"""

from collections.abc import Iterator

import msgspec

from sleeplsp.stubs.modules import StubModules
from sleeplsp.stubs.rows import (
    Definition,
    StubAlias,
    StubClass,
    StubImport,
    StubModule,
    StubValue,
    StubVariable,
)

FOLLOW_MAX = 30
"""Imports and aliases followed for one name; a ring of them ends here."""

PARTS_MAX = 16
"""Parts of a dotted reference; a longer one names nothing."""

_GENERIC_ALIASES = {
    "List": "builtins.list",
    "Dict": "builtins.dict",
    "Set": "builtins.set",
    "FrozenSet": "builtins.frozenset",
    "DefaultDict": "collections.defaultdict",
    "Counter": "collections.Counter",
    "Deque": "collections.deque",
    "ChainMap": "collections.ChainMap",
    "OrderedDict": "collections.OrderedDict",
}
"""What `typing` gives a second name; its stub leaves that to the type checker (`_Alias()`)."""


class Place(msgspec.Struct, frozen=True, gc=False):
    """Where something is defined: a module, and a dotted path in it ('' for the module itself)."""

    module: str
    path: str = ""
    definition: Definition | None = None

    @property
    def ref(self) -> str:
        """Return the dotted reference."""
        return f"{self.module}.{self.path}" if self.path else self.module


class Names:
    """Resolves names over the stub modules. It remembers nothing itself."""

    def __init__(self, modules: StubModules) -> None:
        self._modules = modules

    def find(self, ref: str) -> Place | None:
        """Return what an absolute reference means, imports and aliases followed."""
        # What is left of a longer one still has its dots, and no name has any.
        parts = ref.split(".", PARTS_MAX)
        if not self._modules.has(parts[0]):
            return None
        place: Place | None = Place(parts[0])
        for part in parts[1:]:
            place = place and self._member(place, part, FOLLOW_MAX)
        return place

    def in_scope(self, scope: Place, name: str, follow: int = FOLLOW_MAX) -> Place | None:
        """Return what a dotted name means in a module, within the class at scope.path if any."""
        if name.startswith(":"):
            return self.find(name[1:])
        first, *rest = name.split(".", PARTS_MAX)
        place = self._first(scope, first, follow)
        for part in rest:
            place = place and self._member(place, part, follow)
        return place

    def within(self, place: Place, name: str) -> Place | None:
        """Return a class's own member as it is written: an alias is not followed."""
        path = f"{place.path}.{name}" if place.path else name
        definition = self._modules.definition(place.module, path)
        return None if definition is None else Place(place.module, path, definition)

    def parameters(self, scope: Place) -> tuple[str, ...]:
        """Return the names among which the type variables of the class at scope.path are."""
        definition = self._modules.definition(scope.module, scope.path) if scope.path else None
        return definition.parameters if isinstance(definition, StubClass) else ()

    def follow(self, place: Place, follow: int = FOLLOW_MAX) -> Place | None:
        """Return what an import or alias leads to.

        If it leads nowhere, an import is nothing, an alias is itself (`choice = _inst.choice`).
        """
        target: Place | None = None
        match place.definition if follow else None:
            case StubImport(module=module, name=name):
                target = self._imported(module, name, follow - 1)
            case StubAlias(annotation=name) if name and "|" not in name:
                target = self._aliased(place, name, follow - 1)
            case StubValue(annotation="_Alias") if place.path in _GENERIC_ALIASES:
                target = self.find(_GENERIC_ALIASES[place.path])
        if target is None and not isinstance(place.definition, StubImport):
            return place
        return target

    def _member(self, place: Place, name: str, follow: int) -> Place | None:
        """Return an attribute of a module or class, as code outside sees it."""
        if place.path:
            found = self.within(place, name) if isinstance(place.definition, StubClass) else None
            return found and self.follow(found, follow)
        found = self._global(place.module, name, follow, outside=True)
        submodule = f"{place.module}.{name}"
        return Place(submodule) if found is None and self._modules.has(submodule) else found

    def _first(self, scope: Place, name: str, follow: int) -> Place | None:
        for path in _enclosing(scope.path):
            found = self.within(Place(scope.module, path), name)
            # In its class a method's name hides a type of the same name; no stub means the method.
            if found and isinstance(found.definition, (StubClass, StubAlias, StubVariable)):
                return self.follow(found, follow)
        found = self._global(scope.module, name, follow, outside=False)
        return found or self._global("builtins", name, follow, outside=True)

    def _global(self, module: str, name: str, follow: int, *, outside: bool) -> Place | None:
        """Return a module's global name; from outside, an import that is not exported is none."""
        row = self._modules.module(module)
        if row is None or not follow:
            return None
        if name not in row.names:
            return self._starred(row, name, follow - 1)
        place = Place(module, name, self._modules.definition(module, name))
        if outside and isinstance(place.definition, StubImport) and not place.definition.exported:
            return None
        return self.follow(place, follow)

    def _starred(self, row: StubModule, name: str, follow: int) -> Place | None:
        for module in row.stars:
            found = self._gives(module, name)
            place = self._global(module, name, follow, outside=False) if found else None
            if place:
                return place
        return None

    def _gives(self, module: str, name: str) -> bool:
        """Return whether `from m import *` of a module brings a name."""
        row = self._modules.module(module)
        if row is None:
            return False
        if row.public is not None:
            return name in row.public
        if name.startswith("_"):
            return False
        if name not in row.names:
            return bool(row.stars)
        definition = self._modules.definition(module, name)
        return not isinstance(definition, StubImport) or definition.exported

    def _imported(self, module: str, name: str, follow: int) -> Place | None:
        if not name:
            return Place(module) if self._modules.has(module) else None
        found = self._global(module, name, follow, outside=False)
        submodule = f"{module}.{name}"
        return Place(submodule) if found is None and self._modules.has(submodule) else found

    def _aliased(self, place: Place, name: str, follow: int) -> Place | None:
        """Return what an alias names; in a class, its other members come first."""
        outer = place.path.rpartition(".")[0]
        sibling = self.within(Place(place.module, outer), name) if outer and "." not in name else None
        if sibling and sibling.path != place.path:
            return self.follow(sibling, follow)
        # The scope outside the class: `str = str` in a class means the global one.
        return self.in_scope(Place(place.module), name, follow)


def _enclosing(path: str) -> Iterator[str]:
    """Yield a class's path, then those of the classes around it."""
    while path:
        yield path
        path = path.rpartition(".")[0]
