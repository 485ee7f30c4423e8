"""The index: all modules' facts together, and what a path in one of them refers to.

Resolution is certain or it is nothing: a name bound in two ways, a class with a base that is not known
to lack the attribute, a decorator that may replace a function all end in None. It must not know flow
programs, abstract values or the standard library: what lies outside the workspace is an EXTERNAL dotted
name for others to look up.
"""

import re
from collections.abc import Mapping, Sequence
from enum import StrEnum

import msgspec

from sleeplsp.core.facts import Binding, ClassFacts, FunctionFacts, ModuleFacts, Path
from sleeplsp.core.imports import Modules

FOLLOW_MAX = 24
"""Imports and attributes followed for one path."""


class Kind(StrEnum):
    """What a path was resolved to."""

    FUNCTION = "function"
    METHOD = "method"
    """A function reached through an object: its first parameter is given."""
    CLASS = "class"
    MODULE = "module"
    INSTANCE = "instance"
    """An object of the class `ref`."""
    COROUTINE = "coroutine"
    """What calling the async function `ref` gives."""
    EXTERNAL = "external"
    """A dotted name outside the workspace."""
    EXTERNAL_INSTANCE = "external instance"
    """An object of a class outside the workspace."""


class Resolved(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """What a path refers to. `ref` is `path::symbol`, a module's path, or a dotted external name.

    `exact`: for an instance or a method reached through one, its class is this very one, no subclass.
    """

    kind: Kind
    ref: str
    exact: bool = False


def ref_of(module: str, symbol: str) -> str:
    """Return the workspace-wide reference of a symbol."""
    return f"{module}::{symbol}"


_STEP = re.compile(r"\{(\d+):([\w.]*):(\w*)\}|:([^:]+):|([$\w]+)|\.(\w+)|(\(\))|(!)|(~)|(\^)")

# Decorators after which calling the name still calls the function below it.
TRANSPARENT = frozenset(
    (
        "staticmethod",
        "classmethod",
        "abstractmethod",
        "abc.abstractmethod",
        "override",
        "typing.override",
        "typing_extensions.override",
        "final",
        "typing.final",
        "functools.wraps()",
        "wraps()",
        "functools.cache",
        "cache",
        "functools.lru_cache",
        "functools.lru_cache()",
        "lru_cache",
        "lru_cache()",
    )
)
PROPERTIES = frozenset(
    ("property", "cached_property", "functools.cached_property", "abc.abstractproperty")
)
# Decorators after which a class is still made by its own `__init__`.
CLASS_TRANSPARENT = frozenset(
    (
        "final",
        "typing.final",
        "typing_extensions.final",
        "runtime_checkable",
        "typing.runtime_checkable",
        "total_ordering",
        "functools.total_ordering",
        "unique",
        "enum.unique",
    )
)
# They write an `__init__` where the class itself has none.
DATACLASSES = frozenset(
    ("dataclass", "dataclass()", "dataclasses.dataclass", "dataclasses.dataclass()")
)
# Methods that are given their class without being told so by a decorator.
_CLASS_METHODS = frozenset(("__init_subclass__", "__class_getitem__"))
OVERLOADS = frozenset(("overload", "typing.overload", "typing_extensions.overload"))


class Index:
    """All modules of a workspace. Immutable once made; resolution is remembered."""

    def __init__(self, modules: Mapping[str, ModuleFacts]) -> None:
        self.modules = modules
        self.files = Modules(modules)
        self.functions: dict[str, FunctionFacts] = {}
        self.classes: dict[str, ClassFacts] = {}
        for path, facts in modules.items():
            self.functions.update((ref_of(path, each.symbol), each) for each in facts.functions)
            self.classes.update((ref_of(path, each.symbol), each) for each in facts.classes)
        self._bases: dict[str, tuple[str, ...] | None] = {}
        self._paths: dict[tuple[str, str, Path], Resolved | None] = {}
        self._names: dict[tuple[str, str], Resolved | None] = {}
        self._subclasses: dict[str, list[str]] | None = None
        self._overrides: dict[str, dict[str, list[str]]] = {}

    def replaced(self, facts: ModuleFacts) -> "Index":
        """Return the index with one module's facts replaced."""
        index = Index({**self.modules, facts.path: facts})
        if facts.interface == self.modules[facts.path].interface:
            # Nothing another module can see has changed: what was resolved stays resolved.
            index._paths, index._names, index._bases = self._paths, self._names, self._bases
            index._subclasses, index._overrides = self._subclasses, self._overrides
        return index

    def resolve(self, module: str, owner: str, path: Path) -> Resolved | None:
        """Return what a path means in a module, inside the class with the id `owner` ('' outside)."""
        key = (module, owner if "$" in path else "", path)
        if key not in self._paths:
            self._paths[key] = None  # what refers to itself refers to nothing
            self._paths[key] = self._resolve(module, owner, path)
        return self._paths[key]

    def resolve_member(self, base: Resolved, name: str) -> Resolved | None:
        """Return what `base.name` refers to."""
        return self._attribute(base, name)

    def ancestors(self, class_ref: str) -> tuple[str, ...] | None:
        """Return a class and its bases, nearest first (left to right, depth first, last kept).

        External bases are dotted names. None when a base is not known.
        """
        if class_ref not in self._bases:
            self._bases[class_ref] = None  # a cycle of bases is not known either
            self._bases[class_ref] = self._linearised(class_ref)
        return self._bases[class_ref]

    def subclasses(self, class_ref: str) -> list[str]:
        """Return the classes of the workspace that derive from a class, directly or not."""
        if self._subclasses is None:
            self._subclasses = {}
            for ref in self.classes:
                for base in (self.ancestors(ref) or self._known_bases(ref))[1:]:
                    self._subclasses.setdefault(base, []).append(ref)
        return self._subclasses.get(class_ref, [])

    def member(self, class_ref: str, name: str) -> tuple[str, str] | None:
        """Return (class, symbol) that defines a method `name` of a class; None when not certain."""
        for ref in self._known_bases(class_ref):
            facts = self.classes.get(ref)
            if facts is None:  # an external base may define it
                return None
            if name in facts.attributes:  # perhaps in place of the method of that name
                return None
            if name in facts.members:
                symbols = [each for each in facts.members[name] if not self._is_overload(ref, each)]
                return (ref, symbols[-1]) if len(symbols) == 1 else None
        return None

    def makes_itself(self, class_ref: str) -> bool:
        """Tell whether calling a class gives an instance of it: no metaclass or `__new__` in the way."""
        for ref in self._known_bases(class_ref):
            facts = self.classes.get(ref)
            if facts is None:
                continue
            if "__new__" in facts.members or (
                facts.metaclass and not facts.metaclass.endswith("ABCMeta")
            ):
                return False
        return True

    def constructor(self, class_ref: str) -> str | None:
        """Return the `__init__` that calling a class runs; None when that is not certain.

        A metaclass, a `__new__` or a decorator may stand between the call and the `__init__`.
        """
        found = self.member(class_ref, "__init__") if self.makes_itself(class_ref) else None
        if found is None:
            return None
        for ref in self._known_bases(class_ref):
            own = ref == found[0]
            transparent = CLASS_TRANSPARENT | DATACLASSES if own else CLASS_TRANSPARENT
            if not transparent.issuperset(self.classes[ref].decorators):
                return None
            if own:
                break
        return ref_of(found[0].partition("::")[0], found[1])

    def overrides(self, class_ref: str, name: str) -> Sequence[str]:
        """Return references of the methods that subclasses in the workspace put in a method's place."""
        if class_ref not in self._overrides:
            found: dict[str, list[str]] = {}
            for ref in self.subclasses(class_ref):
                module = ref.partition("::")[0]
                for member, symbols in self.classes[ref].members.items():
                    found.setdefault(member, []).extend(ref_of(module, each) for each in symbols)
            self._overrides[class_ref] = found
        return self._overrides[class_ref].get(name, ())

    def _resolve(self, module: str, owner: str, path: Path) -> Resolved | None:
        current: Resolved | None = None
        for count, step in enumerate(_STEP.finditer(path)):
            if count > FOLLOW_MAX:
                return None
            if count == 0:
                current = self._root(module, owner, step)
            elif current is not None and step[6] is not None:
                current = self._attribute(current, step[6])
            elif current is not None:
                current = self._transformed(current, step[0])
            if current is None:
                return None
        return current

    def _root(self, module: str, owner: str, step: re.Match[str]) -> Resolved | None:
        level, imported, member, symbol, name = step.group(1, 2, 3, 4, 5)
        if level is not None:
            return self._imported(module, Binding("import", imported, member, int(level)), 0)
        if symbol is not None:
            return self._symbol(module, symbol)
        if name in ("$self", "$cls", "$super"):
            return self._receiver(module, owner, name)
        return self.name(module, name)

    def _receiver(self, module: str, owner: str, name: str) -> Resolved | None:
        class_ref = ref_of(module, owner)
        if not owner or class_ref not in self.classes:
            return None
        if name == "$self":
            return Resolved(Kind.INSTANCE, class_ref)
        if name == "$cls":
            return Resolved(Kind.CLASS, class_ref)
        bases = self.ancestors(class_ref)
        # With several bases the next in line depends on the object's own class.
        single = bases is not None and len(self.classes[class_ref].bases) == 1 and len(bases) > 1
        if not single or bases is None:
            return None
        kind = Kind.INSTANCE if "::" in bases[1] else Kind.EXTERNAL_INSTANCE
        return Resolved(kind, bases[1], exact=True)

    def name(self, module: str, name: str, depth: int = 0) -> Resolved | None:
        """Return what a name at the top of a module is bound to; a builtin if it binds none."""
        key = (module, name)
        if key not in self._names:
            self._names[key] = None  # an import cycle that never reaches a definition
            self._names[key] = self._name(module, name, depth)
        return self._names[key]

    def _name(self, module: str, name: str, depth: int) -> Resolved | None:
        facts = self.modules.get(module)
        if facts is None or depth > FOLLOW_MAX:
            return None
        bindings = [
            each
            for each in facts.bindings.get(name, ())
            if not self._is_overload_binding(module, each)
        ]
        if len(bindings) == 1:
            return self._bound(module, bindings[0], depth)
        if bindings:
            return None
        for star, level in facts.stars:
            target = self.files.find(module, star, level)
            if not target or target not in self.modules:
                return None  # an external module may bind any name
            if self._exported(target, name):
                return self.name(target, name, depth + 1)
        return Resolved(Kind.EXTERNAL, f"builtins.{name}") if depth == 0 else None

    def _exported(self, module: str, name: str) -> bool:
        facts = self.modules[module]
        if facts.exports is not None:
            return name in facts.exports
        return not name.startswith("_") and (name in facts.bindings or bool(facts.stars))

    def _bound(self, module: str, binding: Binding, depth: int) -> Resolved | None:
        if binding.kind == "symbol":
            return self._symbol(module, binding.target)
        if binding.kind == "import":
            return self._imported(module, binding, depth)
        found = self.resolve(module, "", binding.target) if binding.target else None
        return found if found is not None and found.kind is not Kind.MODULE else None

    def _imported(self, module: str, binding: Binding, depth: int) -> Resolved | None:
        target = self.files.find(module, binding.target, binding.level)
        if not target:
            outside = binding.level == 0 and bool(binding.target)
            dotted = f"{binding.target}.{binding.member}" if binding.member else binding.target
            return Resolved(Kind.EXTERNAL, dotted) if outside else None
        if not binding.member:
            return Resolved(Kind.MODULE, target)
        return self._of_module(target, binding.member, depth + 1)

    def _of_module(self, module: str, name: str, depth: int) -> Resolved | None:
        facts = self.modules.get(module)
        if facts is not None and (name in facts.bindings or facts.stars):
            return self.name(module, name, depth)
        submodule = self.files.member(module, name)
        return Resolved(Kind.MODULE, submodule) if submodule else None

    def _symbol(self, module: str, symbol: str) -> Resolved | None:
        ref = ref_of(module, symbol)
        if ref in self.classes:
            return Resolved(Kind.CLASS, ref)
        function = self.functions.get(ref)
        if function is None or not TRANSPARENT.issuperset(function.decorators):
            return None
        return Resolved(Kind.FUNCTION, ref)

    def _attribute(self, base: Resolved, name: str) -> Resolved | None:
        match base.kind:
            case Kind.MODULE:
                return self._of_module(base.ref, name, 1)
            case Kind.EXTERNAL | Kind.EXTERNAL_INSTANCE:
                return (
                    Resolved(base.kind, f"{base.ref}.{name}")
                    if base.kind is Kind.EXTERNAL
                    else None
                )
            case Kind.CLASS | Kind.INSTANCE:
                return self._of_class(base, name)
        return None

    def _of_class(self, base: Resolved, name: str) -> Resolved | None:
        found = self.member(base.ref, name)
        through_object = base.kind is Kind.INSTANCE
        if through_object and "builtins.type" in self._known_bases(base.ref):
            return None  # what a metaclass makes are classes, with attributes of their own
        if found is not None:
            return self._method(found, base, through_object=through_object)
        for ref in self._known_bases(base.ref):
            facts = self.classes.get(ref)
            if facts is None or name in facts.members:
                return None
            if path := facts.attributes.get(name, ""):
                resolved = self.resolve(ref.partition("::")[0], facts.symbol, path)
                return self._held(facts, name, resolved, through_object=through_object)
            if name in facts.attributes:
                return None
        return None

    @staticmethod
    def _held(
        facts: ClassFacts, name: str, held: Resolved | None, *, through_object: bool
    ) -> Resolved | None:
        """Return what an attribute gives that holds `held`, in the class or in its objects."""
        if held is None or held.kind is Kind.MODULE or not through_object:
            return held if held is not None and held.kind is not Kind.MODULE else None
        if held.kind is Kind.CLASS:
            return None  # a class in a class's attribute is a default: subclasses have others
        if held.kind is Kind.FUNCTION and name in facts.plain:
            return Resolved(Kind.METHOD, held.ref)
        return held

    def _method(
        self, found: tuple[str, str], base: Resolved, *, through_object: bool
    ) -> Resolved | None:
        class_ref, symbol = found
        module = class_ref.partition("::")[0]
        ref = ref_of(module, symbol)
        if ref in self.classes:
            return Resolved(Kind.CLASS, ref)
        function = self.functions.get(ref)
        if function is None:
            return None
        decorators = set(function.decorators)
        if through_object and decorators & PROPERTIES and len(decorators) == 1:
            return self._result(function, module)
        if not TRANSPARENT.issuperset(decorators):
            return None
        short = symbol.rpartition(".")[2].partition("#")[0]
        static = "staticmethod" in decorators or short == "__new__"
        of_class = "classmethod" in decorators or short in _CLASS_METHODS
        bound = not static and (through_object or of_class)
        return Resolved(Kind.METHOD if bound else Kind.FUNCTION, ref, exact=base.exact)

    def _transformed(self, base: Resolved, step: str) -> Resolved | None:
        module = base.ref.partition("::")[0]
        match step, base.kind:
            case ("()", Kind.CLASS):
                return (
                    Resolved(Kind.INSTANCE, base.ref, exact=True)
                    if self.makes_itself(base.ref)
                    else None
                )
            case ("!", Kind.CLASS):
                return Resolved(Kind.INSTANCE, base.ref)
            case ("!", Kind.EXTERNAL):
                return Resolved(Kind.EXTERNAL_INSTANCE, base.ref)
            case ("()", Kind.FUNCTION | Kind.METHOD):
                function = self.functions[base.ref]
                if function.is_async and not function.is_generator:
                    return Resolved(Kind.COROUTINE, base.ref)
                return self._result(function, module) if not function.is_generator else None
            case ("~", Kind.COROUTINE):
                return self._result(self.functions[base.ref], module)
            case ("^", Kind.INSTANCE):
                return self._entered(base)
        return None

    def _result(self, function: FunctionFacts, module: str) -> Resolved | None:
        found = self.resolve(module, function.owner, function.returns) if function.returns else None
        return (
            found
            if found is not None and found.kind in (Kind.INSTANCE, Kind.EXTERNAL_INSTANCE)
            else None
        )

    def _entered(self, base: Resolved) -> Resolved | None:
        found = self.member(base.ref, "__enter__") or self.member(base.ref, "__aenter__")
        if found is None:
            return None
        module = found[0].partition("::")[0]
        function = self.functions.get(ref_of(module, found[1]))
        if function is None:
            return None
        return base if function.returns_self else self._result(function, module)

    def _known_bases(self, class_ref: str) -> tuple[str, ...]:
        """Return the bases in line; where one is not known, the line ends with '?'."""
        complete = self.ancestors(class_ref)
        if complete is not None:
            return complete
        found, pending = [class_ref], class_ref
        while (facts := self.classes.get(pending)) is not None and len(found) <= FOLLOW_MAX:
            base = self._base(pending, facts.bases[0]) if facts.bases else None
            if base is None or base in found or len(facts.bases) > 1:
                break
            found.append(base)
            pending = base
        return (*found, "?")

    def _linearised(self, class_ref: str) -> tuple[str, ...] | None:
        facts = self.classes.get(class_ref)
        if facts is None:
            return None
        line: list[str] = []
        for path in facts.bases:
            base = self._base(class_ref, path)
            if base is None:
                return None
            above = self.ancestors(base) if "::" in base else (base,)
            if above is None:
                return None
            line = [each for each in line if each not in above] + list(above)
        return (class_ref, *line)

    def _base(self, class_ref: str, path: Path) -> str | None:
        if not path:
            return None
        module, _, symbol = class_ref.partition("::")
        found = self.resolve(module, self.classes[class_ref].around, path)
        if found is None and "." not in path and symbol.rpartition(".")[0]:
            # A class nested in a class may name a sibling.
            sibling = ref_of(module, f"{symbol.rpartition('.')[0]}.{path}")
            return sibling if sibling in self.classes else None
        if found is None or found.kind not in (Kind.CLASS, Kind.EXTERNAL):
            return None
        return found.ref

    def _is_overload(self, class_ref: str, symbol: str) -> bool:
        function = self.functions.get(ref_of(class_ref.partition("::")[0], symbol))
        if function is None:
            return False
        property_part = any(
            each.endswith((".setter", ".deleter", ".getter")) for each in function.decorators
        )
        return property_part or not OVERLOADS.isdisjoint(function.decorators)

    def _is_overload_binding(self, module: str, binding: Binding) -> bool:
        return binding.kind == "symbol" and self._is_overload(ref_of(module, ""), binding.target)
