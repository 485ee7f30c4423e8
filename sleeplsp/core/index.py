"""The index: all modules' facts together, and what a path in one of them refers to.

Resolution is certain or it is nothing: a name bound in two ways, a class with a base that is not known
to lack the attribute, a decorator that may replace a function all end in None. It must not know flow
programs, abstract values or the standard library: what lies outside the workspace is an EXTERNAL dotted
name for others to look up.
"""

import re
from collections.abc import Collection, Mapping

from sleeplsp.core.altered import altered_classes, altered_interfaces
from sleeplsp.core.classes import Classes
from sleeplsp.core.decorators import CLASS_METHODS, PROPERTIES, TRANSPARENT
from sleeplsp.core.facts import ANY, Binding, ClassFacts, FunctionFacts, ModuleFacts, Path
from sleeplsp.core.imports import Modules
from sleeplsp.core.looking import Looking, Memory, below
from sleeplsp.core.resolved import Kind, Resolved, ref_of

FOLLOW_MAX = 24
"""Imports and attributes followed for one path."""


_STEP = re.compile(r"\{(\d+):([\w.]*):(\w*)\}|:([^:]+):|([$\w]+)|\.(\w+)|(\(\))|(!)|(~)|(\^)")


class Index:
    """All modules of a workspace; what was resolved is remembered, until `replace` may change it."""

    def __init__(self, modules: Mapping[str, ModuleFacts]) -> None:
        self.modules = dict(modules)
        self.files = Modules(modules)
        self.functions: dict[str, FunctionFacts] = {}
        self.classes: dict[str, ClassFacts] = {}
        for path, facts in modules.items():
            self.functions.update((ref_of(path, each.symbol), each) for each in facts.functions)
            self.classes.update((ref_of(path, each.symbol), each) for each in facts.classes)
        self._begin()

    def _begin(self) -> None:
        """Remember nothing."""
        self.looking = Looking()
        self._paths: Memory[tuple[str, Path], Resolved | None] = Memory(self.looking, None)
        """By class and path."""
        self._names: Memory[tuple[str, bool], Resolved | None] = Memory(self.looking, None)
        self.hierarchy = Classes(self.classes, self.functions, self.resolve, self.looking)

    def replace(
        self, before: Mapping[str, ModuleFacts | None], after: Mapping[str, ModuleFacts | None]
    ) -> set[str] | None:
        """Put modules in the place of others; None stands for no module.

        Returns what is to be looked at again, as `core.looking` calls it; None for everything.
        """
        changed = altered_interfaces(before, after)
        is_listed = all((before[path] is None) is (after[path] is None) for path in after)
        altered = altered_classes(before, after) if changed and is_listed else set()
        lines = {each for ref in altered for each in self.hierarchy.known_bases(ref)}
        self._put(before, after)
        for path in after:
            self._paths.forget_all_of(path)
        if not is_listed:
            self.files = Modules(self.modules)
            self._begin()
            return None
        self._forget(changed)
        lines.update(each for ref in altered for each in self.hierarchy.known_bases(ref))
        if altered:
            self.hierarchy.recount()
        found = changed | {below(each) for each in lines}
        self._forget(found)
        return found

    def _put(self, before: Mapping[str, ModuleFacts | None], after: Mapping[str, ModuleFacts | None]) -> None:
        for path, facts in before.items():
            if facts is not None:
                del self.modules[path]
                for function in facts.functions:
                    del self.functions[ref_of(path, function.symbol)]
                for each in facts.classes:
                    del self.classes[ref_of(path, each.symbol)]
        for path, facts in after.items():
            if facts is not None:
                self.modules[path] = facts
                self.functions.update((ref_of(path, each.symbol), each) for each in facts.functions)
                self.classes.update((ref_of(path, each.symbol), each) for each in facts.classes)

    def _forget(self, changed: Collection[str]) -> None:
        self._paths.forget(changed)
        self._names.forget(changed)
        self.hierarchy.forget(changed)

    def replaced(self, facts: ModuleFacts) -> "Index":
        """Return the index with one module's facts replaced."""
        index = Index({**self.modules, facts.path: facts})
        if facts.interface == self.modules[facts.path].interface:
            # Nothing another module can see has changed: what was resolved stays resolved.
            index.looking = self.looking
            index._paths, index._names = self._paths.apart_in(facts.path), self._names
            index.hierarchy.take_over(self.hierarchy)
        return index

    def resolve(self, module: str, owner: str, path: Path) -> Resolved | None:
        """Return what a path means in a module, inside the class with the id `owner` ('' outside)."""
        key = (owner if "$" in path else "", path)
        return self._paths.get(module, key, lambda: self._resolve(module, owner, path))

    def resolve_member(self, base: Resolved, name: str) -> Resolved | None:
        """Return what `base.name` refers to."""
        return self._attribute(base, name)

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
        bases = self.hierarchy.ancestors(class_ref)
        # With several bases the next in line depends on the object's own class.
        single = bases is not None and len(self.classes[class_ref].bases) == 1 and len(bases) > 1
        if not single or bases is None or not self.hierarchy.is_always_before(class_ref, bases[1]):
            return None
        kind = Kind.INSTANCE if "::" in bases[1] else Kind.EXTERNAL_INSTANCE
        return Resolved(kind, bases[1], exact=True)

    def name(self, module: str, name: str, depth: int = 0) -> Resolved | None:
        """Return what a name at the top of a module is bound to.

        If it binds none: a builtin inside the module (`depth` 0), nothing for those that import it.
        """
        # An import cycle that never reaches a definition leads to nothing.
        return self._names.get(module, (name, depth > 0), lambda: self._name(module, name, depth))

    def _name(self, module: str, name: str, depth: int) -> Resolved | None:
        facts = self.modules.get(module)
        if facts is None or depth > FOLLOW_MAX:
            return None
        bindings = [
            each for each in facts.bindings.get(name, ()) if not self._is_overload_binding(module, each)
        ]
        if len(bindings) > 1:
            return None
        found, is_all = self._from_stars(module, facts, name, depth)
        if bindings:
            own = self._bound(module, bindings[0], depth)
            return own if found <= {own} else None
        if found or not is_all:
            # Two of them may stand in two branches.
            return found.pop() if is_all and len(found) == 1 else None
        return Resolved(Kind.EXTERNAL, f"builtins.{name}") if depth == 0 else None

    def _from_stars(
        self, module: str, facts: ModuleFacts, name: str, depth: int
    ) -> tuple[set[Resolved], bool]:
        """Return what imports of whole modules bind a name to, and whether it can be nothing else."""
        found: set[Resolved] = set()
        for star, level in reversed(facts.stars):
            target = self.files.find(module, star, level)
            self.looking.at(target)
            if not target or target not in self.modules:
                # What is outside may bind any name; what a later import binds stands before it.
                return found, bool(found)
            exported = self._exported(target, name)
            reached = self.name(target, name, depth + 1) if exported is not False else None
            if exported is None and name in self.modules[target].bindings:
                return found, False
            if reached is not None:
                found.add(reached)
            elif exported and name in self.modules[target].bindings:
                return found, False
        return found, True

    def _exported(self, module: str, name: str) -> bool | None:
        facts = self.modules[module]
        if facts.exports is not None:
            return name in facts.exports or (None if ANY in facts.exports else False)
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
        if target == module:
            # A package that imports its own submodule binds the name by that very import.
            others = set(self.modules[module].bindings.get(binding.member, ())) - {binding}
            submodule = self.files.member(target, binding.member) if not others else ""
            if submodule:
                return Resolved(Kind.MODULE, submodule)
        return self._of_module(target, binding.member, depth + 1)

    def _of_module(self, module: str, name: str, depth: int) -> Resolved | None:
        self.looking.at(module)
        facts = self.modules.get(module)
        if facts is not None and (name in facts.bindings or facts.stars):
            return self.name(module, name, depth)
        submodule = self.files.member(module, name)
        return Resolved(Kind.MODULE, submodule) if submodule else None

    def _symbol(self, module: str, symbol: str) -> Resolved | None:
        ref = ref_of(module, symbol)
        self.looking.at(module)
        if ref in self.classes:
            return Resolved(Kind.CLASS, ref, exact=True)
        function = self.functions.get(ref)
        if function is None or not TRANSPARENT.issuperset(function.decorators):
            return None
        return Resolved(Kind.FUNCTION, ref, exact=True)

    def _attribute(self, base: Resolved, name: str) -> Resolved | None:
        match base.kind:
            case Kind.MODULE:
                return self._of_module(base.ref, name, 1)
            case Kind.EXTERNAL | Kind.EXTERNAL_INSTANCE:
                return Resolved(base.kind, f"{base.ref}.{name}") if base.kind is Kind.EXTERNAL else None
            case Kind.CLASS | Kind.INSTANCE:
                return self._of_class(base, name)
        return None

    def _of_class(self, base: Resolved, name: str) -> Resolved | None:
        found = self.hierarchy.member(base.ref, name)
        through_object = base.kind is Kind.INSTANCE
        if through_object and "builtins.type" in self.hierarchy.known_bases(base.ref):
            return None  # what a metaclass makes are classes, with attributes of their own
        if found is not None:
            return self._method(found, base, through_object=through_object)
        for ref in self.hierarchy.known_bases(base.ref):
            facts = self.classes.get(ref)
            if facts is None or name in facts.members:
                return None
            if path := facts.attributes.get(name, ""):
                resolved = self.resolve(ref.partition("::")[0], facts.symbol, path)
                return self._held(facts, name, resolved, base)
            if name in facts.attributes:
                return None
        return None

    @staticmethod
    def _held(facts: ClassFacts, name: str, held: Resolved | None, base: Resolved) -> Resolved | None:
        """Return what an attribute gives that holds `held`, in the class or in its objects."""
        if held is None or held.kind is Kind.MODULE:
            return None
        through_object = base.kind is Kind.INSTANCE
        if held.kind is Kind.CLASS and (through_object or not base.exact):
            return None  # a class in a class's attribute is a default: subclasses have others
        if held.kind is Kind.FUNCTION and through_object and name in facts.plain:
            return Resolved(Kind.METHOD, held.ref)
        return held

    def _method(self, found: tuple[str, str], base: Resolved, *, through_object: bool) -> Resolved | None:
        class_ref, symbol = found
        module = class_ref.partition("::")[0]
        ref = ref_of(module, symbol)
        if ref in self.classes:
            return Resolved(Kind.CLASS, ref, exact=base.exact)
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
        of_class = "classmethod" in decorators or short in CLASS_METHODS
        bound = not static and (through_object or of_class)
        return Resolved(Kind.METHOD if bound else Kind.FUNCTION, ref, exact=base.exact)

    def _transformed(self, base: Resolved, step: str) -> Resolved | None:
        module = base.ref.partition("::")[0]
        self.looking.at(module)
        match step, base.kind:
            case ("()", Kind.CLASS):
                return (
                    Resolved(Kind.INSTANCE, base.ref, exact=base.exact)
                    if self.hierarchy.makes_itself(base.ref)
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
        return found if found is not None and found.kind in (Kind.INSTANCE, Kind.EXTERNAL_INSTANCE) else None

    def _entered(self, base: Resolved) -> Resolved | None:
        found = self.hierarchy.member(base.ref, "__enter__") or self.hierarchy.member(base.ref, "__aenter__")
        if found is None:
            return None
        module = found[0].partition("::")[0]
        function = self.functions.get(ref_of(module, found[1]))
        if function is None:
            return None
        return base if function.returns_self else self._result(function, module)

    def _is_overload_binding(self, module: str, binding: Binding) -> bool:
        return binding.kind == "symbol" and self.hierarchy.is_overload(ref_of(module, ""), binding.target)
