"""The context of one function: everything outside its own text that deducing it may look at.

Made by `Contexts` from the Index, sent to whoever deduces, and digested: a function whose code, context
and callees' contracts are unchanged need not be deduced again. It must not know contracts or values.
"""

import hashlib
from collections.abc import Collection, Iterable

import msgspec

from sleeplsp.core.decorators import TRANSPARENT
from sleeplsp.core.facts import FunctionFacts, ModuleFacts, ParameterFacts, Path
from sleeplsp.core.index import Index
from sleeplsp.core.resolved import Kind, Resolved, ref_of

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


class Contexts:
    """Contexts of all functions of one Index."""

    def __init__(self, index: Index) -> None:
        self.index = index
        self._shapes: dict[str, Shape] = {}
        self._sites: dict[str, dict[tuple[str, str], Site | None]] = {}
        """By module, class and what is called."""

    def of(self, module: ModuleFacts, function: FunctionFacts) -> Context:
        """Return the context of a function of a module."""
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
        known = self._sites.setdefault(path, {})
        key = (owner, callee)
        if key not in known:
            found = self.index.resolve(path, owner, callee)
            known[key] = self._reached(found) if found is not None else None
        return known[key]

    def consulted(self, path: str, function: FunctionFacts) -> tuple[str, ...]:
        """Return references of the functions whose contracts matter to one of a module, sorted."""
        called = {call.callee for call in function.calls}
        sites = (self.site(path, function.owner, callee) for callee in called)
        return tuple(sorted({ref for site in sites if site is not None for ref in site.refs}))

    def forget(self, paths: Collection[str]) -> None:
        """Take note that what names of modules mean may have changed."""
        for path in paths:
            self._sites.pop(path, None)
        self._shapes.clear()

    def shape(self, class_ref: str) -> Shape:
        """Return what is known of a class from outside."""
        if class_ref not in self._shapes:
            ancestors = self.index.hierarchy.ancestors(class_ref)
            line = ancestors or (class_ref,)
            self._shapes[class_ref] = Shape(line, ancestors is not None, *self._members(line))
        return self._shapes[class_ref]

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

    def _reached(self, found: Resolved) -> Site | None:
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
        function = self.index.functions[ref]
        if exact or not function.owner:
            return (ref,)
        name = function.symbol.rpartition(".")[2].partition("#")[0]
        owner = ref_of(ref.partition("::")[0], function.owner)
        others = self.index.hierarchy.overrides(owner, name)
        known = len(others) <= OVERRIDES_MAX and all(map(self._callable, others))
        return (ref, *others) if known else ()

    def _callable(self, ref: str) -> bool:
        function = self.index.functions.get(ref)
        return function is not None and TRANSPARENT.issuperset(function.decorators)

    def _callee(self, ref: str) -> Callee:
        function = self.index.functions[ref]
        return Callee(function.parameters, function.is_async, function.is_generator, function.hook)


def _split(chain: str) -> tuple[str, list[str]]:
    if chain.startswith("{"):
        root, _, rest = chain.partition("}")
        return root + "}", [part for part in rest.split(".") if part]
    root, *rest_parts = chain.split(".")
    return root, rest_parts
