"""The context of one function: everything outside its own text that deducing it may look at.

Made by `Contexts` from the Index, sent to whoever deduces, and digested: a function whose code, context
and callees' contracts are unchanged need not be deduced again. It must not know contracts or values.
"""

import hashlib
from collections.abc import Iterable, Mapping

import msgspec

from sleeplsp.core.decorators import TRANSPARENT
from sleeplsp.core.facts import FunctionFacts, ModuleFacts, ParameterFacts, Path
from sleeplsp.core.index import Index
from sleeplsp.core.looking import Memory
from sleeplsp.core.resolved import Kind, Resolved, path_in, ref_of

OVERRIDES_MAX = 6
"""Methods in subclasses that a call may reach instead; with more, what is called is not known."""


class Site(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """What one call reaches in the workspace.

    `refs` are the functions it may run: the one found first, then those that override it. For a class
    it is the `__init__` that runs, if it is in the workspace. `given`: the first parameter is filled by
    the call (an object or a class). `exact`: of this very class, no subclass. `makes`: a call of the class
    gives an object of it.
    """

    kind: Kind
    ref: str
    refs: tuple[str, ...]
    given: bool
    exact: bool
    makes: bool = False


class Callee(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """The signature of a function of the workspace."""

    parameters: tuple[ParameterFacts, ...]
    is_async: bool
    is_generator: bool
    hook: bool


class Shape(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A class of the workspace, seen from outside.

    `ancestors`: itself and its bases, nearest first, external ones as dotted names; `complete` if all
    are known. `members`: names its workspace classes define; `properties`: those of them that run code
    when read.
    """

    ancestors: tuple[str, ...]
    complete: bool
    members: frozenset[str]
    properties: frozenset[str]


class Context(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """What deducing one function may look at.

    `names` has roots under their own text and members under `ref.member`; `sites` is by the end offset of
    the call.
    """

    owner: str
    """Reference of the class it is a method of, or ''."""
    bound: bool
    """Its first parameter is the object (or class) it is called on."""
    broken: bool
    """Not all of it was understood, which may lie at what stands beside it."""
    names: dict[str, Resolved]
    sites: dict[int, Site]
    callees: dict[str, Callee]
    shapes: dict[str, Shape]

    @property
    def consulted(self) -> tuple[str, ...]:
        """References of the functions whose contracts matter, sorted."""
        return tuple(sorted(self.callees))


def digest(context: Context) -> str:
    """Return the digest of a context: 16 hex characters; where calls stand in the text does not count."""
    sites = [context.sites[end] for end in sorted(context.sites)]
    told = (
        context.owner,
        context.bound,
        context.broken,
        sorted(context.names.items()),
        sites,
        sorted(context.callees.items()),
        [
            (ref, shape.ancestors, shape.complete, sorted(shape.members), sorted(shape.properties))
            for ref, shape in sorted(context.shapes.items())
        ],
    )
    return hashlib.blake2b(msgspec.msgpack.encode(told), digest_size=8).hexdigest()


_SHAPELESS = Shape((), complete=False, members=frozenset(), properties=frozenset())


class Contexts:
    """Contexts of all functions of one Index."""

    def __init__(self, index: Index) -> None:
        self.index = index
        self._begin()

    def _begin(self) -> None:
        """Remember nothing."""
        looking = self._looking = self.index.looking
        self._shapes: Memory[str, Shape] = Memory(looking, _SHAPELESS)
        self._sites: Memory[tuple[str, str], Site | None] = Memory(looking, None)
        """By class and what is called."""
        self._users: dict[str, set[str]] = {}
        """Modules of which a context rests on a thing, by the thing."""

    def replace(
        self, before: Mapping[str, ModuleFacts | None], after: Mapping[str, ModuleFacts | None]
    ) -> list[str]:
        """Put modules in the place of others in the index; None stands for no module.

        Returns the modules whose contexts may be others now, those replaced among them.
        """
        changed = self.index.replace(before, after)
        if changed is None:
            self._begin()
            return list(dict.fromkeys((*after, *self.index.modules)))
        for path in after:
            self._sites.forget_all_of(path)
        self._sites.forget(changed)
        self._shapes.forget(changed)
        users = (path for each in changed for path in self._users.pop(each, ()))
        return list(dict.fromkeys((*after, *users)))

    def users(self, path: str) -> frozenset[str]:
        """Return the modules of which a context rests on a module, as far as contexts were asked for."""
        return frozenset(self._users.get(path, ()))

    def of(self, module: ModuleFacts, function: FunctionFacts) -> Context:
        """Return the context of a function of a module."""
        before = self._looking.begin(module.path)
        try:
            return self._of(module, function)
        finally:
            self._use(module.path, self._looking.end(before))

    def _use(self, path: str, seen: frozenset[str]) -> None:
        for each in seen:
            self._users.setdefault(each, set()).add(path)

    def _of(self, module: ModuleFacts, function: FunctionFacts) -> Context:
        path, owner = module.path, function.owner
        sites: dict[int, Site] = {}
        for call in function.calls:
            if (site := self.site(path, owner, call.callee)) is not None:
                sites[call.end] = site
        names = self._names(path, function)
        owner_ref = ref_of(path, owner) if owner else ""
        classes = [each.ref for each in names.values() if each.kind in (Kind.CLASS, Kind.INSTANCE)]
        classes += [site.ref for site in sites.values() if site.kind is Kind.CLASS]
        if owner_ref:
            classes.append(owner_ref)
        callees = {ref: self._callee(ref) for site in sites.values() for ref in site.refs}
        static = "staticmethod" in function.decorators
        return Context(
            owner=owner_ref,
            bound=bool(owner) and not static,
            broken=function.broken,
            names=names,
            sites=sites,
            callees=callees,
            shapes={ref: self.shape(ref) for ref in dict.fromkeys(classes)},
        )

    def site(self, path: str, owner: str, callee: Path) -> Site | None:
        """Return what a call in a module reaches, inside the class with the id `owner` ('' outside)."""
        if not callee:
            return None
        return self._sites.get(path, (owner, callee), lambda: self._reached(path, owner, callee))

    def consulted(self, path: str, function: FunctionFacts) -> tuple[str, ...]:
        """Return references of the functions whose contracts matter to one of a module, sorted."""
        before = self._looking.begin(path)
        called = {call.callee for call in function.calls}
        sites = [self.site(path, function.owner, callee) for callee in called]
        self._use(path, self._looking.end(before))
        return tuple(sorted({ref for site in sites if site is not None for ref in site.refs}))

    def shape(self, class_ref: str) -> Shape:
        """Return what is known of a class from outside."""
        return self._shapes.get(path_in(class_ref), class_ref, lambda: self._shape(class_ref))

    def _shape(self, class_ref: str) -> Shape:
        ancestors = self.index.hierarchy.ancestors(class_ref)
        line = ancestors or (class_ref,)
        return Shape(line, ancestors is not None, *self._members(line))

    def _members(self, line: Iterable[str]) -> tuple[frozenset[str], frozenset[str]]:
        members: set[str] = set()
        properties: set[str] = set()
        for ref in line:
            facts = self.index.classes.get(ref)
            if facts is None:
                continue
            members.update(facts.members)
            for name, symbols in facts.members.items():
                function = self.index.functions.get(ref_of(ref.partition("::")[0], symbols[0]))
                # Any decorator that is not known to leave a function a function may make a descriptor.
                if function is not None and not TRANSPARENT.issuperset(function.decorators):
                    properties.add(name)
        return frozenset(members), frozenset(properties)

    def _names(self, path: str, function: FunctionFacts) -> dict[str, Resolved]:
        names: dict[str, Resolved] = {}
        for chain in function.names:
            root, rest = _split(chain)
            current = self.index.resolve(path, "", root)
            if current is None:
                continue
            names[root] = current
            for part in rest:
                key = f"{current.ref}.{part}"
                if key not in names:
                    found = self.index.resolve_member(current, part)
                    if found is None:
                        break
                    names[key] = found
                current = names[key]
                if current.kind not in (Kind.MODULE, Kind.CLASS, Kind.EXTERNAL):
                    break
        return names

    def _reached(self, path: str, owner: str, callee: Path) -> Site | None:
        found = self.index.resolve(path, owner, callee)
        if found is None:
            return None
        if found.kind is Kind.CLASS:
            constructor = self.index.hierarchy.constructor(found.ref)
            known = constructor is not None and self._callable(constructor)
            makes = self.index.hierarchy.makes_itself(found.ref)
            return Site(
                found.kind,
                found.ref,
                self._run(constructor, exact=found.exact) if known and constructor is not None else (),
                given=True,
                exact=found.exact and makes,
                makes=makes,
            )
        if found.kind not in (Kind.FUNCTION, Kind.METHOD):
            return None
        refs = self._run(found.ref, exact=found.exact)
        return Site(found.kind, found.ref, refs, given=found.kind is Kind.METHOD, exact=found.exact)

    def _run(self, ref: str, *, exact: bool) -> tuple[str, ...]:
        """Return a function and those that may run in its place; nothing where that is not known."""
        self._looking.at(path_in(ref))
        function = self.index.functions[ref]
        if exact or not function.owner:
            return (ref,)
        name = function.symbol.rpartition(".")[2].partition("#")[0]
        owner = ref_of(ref.partition("::")[0], function.owner)
        others = self.index.hierarchy.overrides(owner, name)
        known = len(others) <= OVERRIDES_MAX and all(map(self._callable, others))
        return (ref, *others) if known else ()

    def _callable(self, ref: str) -> bool:
        self._looking.at(path_in(ref))
        function = self.index.functions.get(ref)
        return function is not None and TRANSPARENT.issuperset(function.decorators)

    def _callee(self, ref: str) -> Callee:
        self._looking.at(path_in(ref))
        function = self.index.functions[ref]
        return Callee(function.parameters, function.is_async, function.is_generator, function.hook)


def _split(chain: str) -> tuple[str, list[str]]:
    if chain.startswith("{"):
        root, _, rest = chain.partition("}")
        return root + "}", [part for part in rest.split(".") if part]
    root, *rest_parts = chain.split(".")
    return root, rest_parts
