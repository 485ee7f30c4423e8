"""The classes of a workspace: what they derive from, which method a call on one reaches.

Certain or nothing, as in `core.index`, which resolves the paths of bases. It must not know how names are
bound.
"""

from collections.abc import Callable, Collection, Mapping, Sequence

from sleeplsp.core.decorators import CLASS_TRANSPARENT, DATACLASSES, OVERLOADS
from sleeplsp.core.facts import ClassFacts, FunctionFacts, Path
from sleeplsp.core.looking import Looking, Memory, below
from sleeplsp.core.resolved import Kind, Resolved, path_in, ref_of

BASES_MAX = 24
"""Bases followed up a line of which not all is known."""

Resolve = Callable[[str, str, Path], Resolved | None]
"""What a path means in a module, inside a class ('' outside)."""


class Classes:
    """All classes of one index. What was worked out is remembered."""

    def __init__(
        self,
        classes: Mapping[str, ClassFacts],
        functions: Mapping[str, FunctionFacts],
        resolve: Resolve,
        looking: Looking,
    ) -> None:
        self.classes = classes
        self.functions = functions
        self._resolve = resolve
        self._looking = looking
        # A cycle of bases is not known.
        self._bases: Memory[str, tuple[str, ...] | None] = Memory(looking, None)
        self._subclasses: dict[str, list[str]] | None = None
        self._overrides: Memory[str, dict[str, list[str]]] = Memory(looking, {})

    def take_over(self, other: "Classes") -> None:
        """Remember what `other` has worked out, of a workspace whose interfaces are the same."""
        self._looking = other._looking
        self._bases, self._subclasses = other._bases, other._subclasses
        self._overrides = other._overrides

    def ancestors(self, class_ref: str) -> tuple[str, ...] | None:
        """Return a class and its bases, nearest first (left to right, depth first, last kept).

        External bases are dotted names. None when a base is not known.
        """
        return self._bases.get(path_in(class_ref), class_ref, lambda: self._linearised(class_ref))

    def subclasses(self, class_ref: str) -> list[str]:
        """Return the classes of the workspace that derive from a class, directly or not."""
        if self._subclasses is None:
            before = self._looking.begin(below(class_ref))
            self._subclasses = {}
            for ref in self.classes:
                for base in (self.ancestors(ref) or self.known_bases(ref))[1:]:
                    self._subclasses.setdefault(base, []).append(ref)
            self._looking.drop(before)  # what all classes rest on is not what this one does
        self._looking.at(below(class_ref))
        return self._subclasses.get(class_ref, [])

    def recount(self) -> None:
        """Take note that a class derives from others than before, has come or is gone."""
        self._subclasses = None

    def forget(self, changed: Collection[str]) -> None:
        """Forget what rests on anything that has changed."""
        self._bases.forget(changed)
        self._overrides.forget(changed)

    def member(self, class_ref: str, name: str) -> tuple[str, str] | None:
        """Return (class, symbol) that defines a method `name` of a class; None when not certain."""
        for ref in self.known_bases(class_ref):
            facts = self.classes.get(ref)
            if facts is None:  # an external base may define it
                return None
            if name in facts.attributes:  # perhaps in place of the method of that name
                return None
            if name in facts.members:
                symbols = [each for each in facts.members[name] if not self.is_overload(ref, each)]
                return (ref, symbols[-1]) if len(symbols) == 1 else None
        return None

    def makes_itself(self, class_ref: str) -> bool:
        """Tell whether calling a class gives an instance of it: no metaclass or `__new__` in the way."""
        for ref in self.known_bases(class_ref):
            facts = self.classes.get(ref)
            if facts is None:
                continue
            if "__new__" in facts.members or (facts.metaclass and not facts.metaclass.endswith("ABCMeta")):
                return False
        return True

    def constructor(self, class_ref: str) -> str | None:
        """Return the `__init__` that calling a class runs; None when that is not certain.

        A metaclass, a `__new__` or a decorator may stand between the call and the `__init__`.
        """
        found = self.member(class_ref, "__init__") if self.makes_itself(class_ref) else None
        if found is None:
            return None
        for ref in self.known_bases(class_ref):
            own = ref == found[0]
            transparent = CLASS_TRANSPARENT | DATACLASSES if own else CLASS_TRANSPARENT
            if not transparent.issuperset(self.classes[ref].decorators):
                return None
            if own:
                break
        return ref_of(found[0].partition("::")[0], found[1])

    def overrides(self, class_ref: str, name: str) -> Sequence[str]:
        """Return references of what objects of subclasses in the workspace have in a method's place.

        That is what a subclass defines, or what it takes from a base that comes before the class. '' is
        among them where it is not a definition.
        """
        found = self._overrides.get(path_in(class_ref), class_ref, lambda: self._overridden(class_ref))
        return found.get(name, ())

    def _overridden(self, class_ref: str) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for ref in self._before(class_ref):
            facts, module = self.classes[ref], ref.partition("::")[0]
            for member, symbols in facts.members.items():
                own = [ref_of(module, each) for each in symbols if not self.is_overload(ref, each)]
                found.setdefault(member, []).extend("" if each in self.classes else each for each in own)
            for attribute in facts.attributes:
                found.setdefault(attribute, []).append("")
        return found

    def is_always_before(self, class_ref: str, base_ref: str) -> bool:
        """Tell whether a base comes next to a class in the lines of all classes of the workspace."""
        for ref in self.subclasses(class_ref):
            line = self.known_bases(ref)
            place = line.index(class_ref) if class_ref in line else len(line)
            if line[place + 1 : place + 2] != (base_ref,):
                return False
        return True

    def _before(self, class_ref: str) -> list[str]:
        """Return the classes that come before a class in the line of one that derives from it."""
        found: dict[str, None] = {}
        for ref in self.subclasses(class_ref):
            line = self.known_bases(ref)
            place = line.index(class_ref) if class_ref in line else 1
            found.update(dict.fromkeys(each for each in line[:place] if each in self.classes))
        return list(found)

    def known_bases(self, class_ref: str) -> tuple[str, ...]:
        """Return the bases in line; where one is not known, the line ends with '?'."""
        complete = self.ancestors(class_ref)
        if complete is not None:
            return complete
        found, pending = [class_ref], class_ref
        self._looking.at(path_in(class_ref))
        while (facts := self.classes.get(pending)) is not None and len(found) <= BASES_MAX:
            base = self._base(pending, facts.bases[0]) if facts.bases else None
            if base is None or base in found or len(facts.bases) > 1:
                break
            found.append(base)
            pending = base
            self._looking.at(path_in(base))
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
        found = self._resolve(module, self.classes[class_ref].around, path)
        if found is None and "." not in path and symbol.rpartition(".")[0]:
            # A class nested in a class may name a sibling.
            sibling = ref_of(module, f"{symbol.rpartition('.')[0]}.{path}")
            return sibling if sibling in self.classes else None
        if found is None or found.kind not in (Kind.CLASS, Kind.EXTERNAL):
            return None
        return found.ref

    def is_overload(self, class_ref: str, symbol: str) -> bool:
        """Tell whether a definition is only a part of another: an overload, a property's setter."""
        function = self.functions.get(ref_of(class_ref.partition("::")[0], symbol))
        if function is None:
            return False
        property_part = any(each.endswith((".setter", ".deleter", ".getter")) for each in function.decorators)
        return property_part or not OVERLOADS.isdisjoint(function.decorators)
