"""What the lowering knows while it builds one program: the names bound and read so far.

It must not know node kinds.
"""

from sys import intern

from sleeplsp.core.flow import Program, ProgramKind

DEPTH_MAX = 120
"""Levels of nested expressions or statements; deeper code is Opaque and its program broken."""


_HANDING = frozenset(("exec", "globals"))
"""What hands the names of a module to other code, wherever it stands in the module."""
_HANDING_HERE = frozenset(("locals", "vars"))
"""The same, where it stands in the module's own code."""


class Scope:
    """The names of one program under construction."""

    def __init__(self, kind: ProgramKind, source: bytes, parent: "Scope | None" = None) -> None:
        self.kind = kind
        self.source = source
        self.parent = parent
        self.bound: set[str] = set()
        self.inline: set[str] = set()
        self.outer: set[str] = set()
        self.outermost: set[str] = set()
        self.read: set[str] = set()
        self.read_inside: set[str] = set()
        self.bound_inside: set[str] = set()
        self.outermost_inside: set[str] = set()
        self.nested: list[Program] = []
        self.renamed: list[dict[str, str]] = []
        self.is_generator = False
        self.broken = False
        self.depth = 0
        self.made: set[str] = set()
        self.variables = 0

    def text(self, start: int, end: int) -> str:
        """Source between two offsets; the same object for the same name, of which there are very many."""
        return intern(self.source[start:end].decode("utf-8", "replace"))

    def fresh(self, name: str) -> str:
        """Return a name no source can hold; `name` is what it stands for."""
        made = self._numbered(name)
        self.made.add(made)
        return made

    def _numbered(self, name: str) -> str:
        if self.kind is ProgramKind.LAMBDA and self.parent is not None:
            # A lambda may read the variables of a comprehension it stands in.
            return self.parent._numbered(name)
        self.variables += 1
        return f"{name}#{self.variables}"

    def reads(self, name: str) -> str:
        """Note that `name` is read; return it as the program knows it."""
        known = self.lookup(name)
        self.read.add(known)
        return known

    def binds(self, name: str) -> str:
        """Note that `name` is bound; return it as the program knows it."""
        for names in reversed(self.renamed):
            if name in names:
                return names[name]
        if name not in self.outer:
            self.bound.add(name)
        return name

    def binds_around(self, name: str) -> str:
        """Bind as an assignment expression does: past the comprehensions it stands in."""
        self.inline.add(name)
        if name not in self.outer:
            self.bound.add(name)
        return name

    def lookup(self, name: str) -> str:
        """Return the name a read of `name` means here: a comprehension's variable or itself."""
        for names in reversed(self.renamed):
            if name in names:
                return names[name]
        if self.kind is ProgramKind.LAMBDA and self.parent and name not in self.bound:
            return self.parent.lookup(name)
        return name

    def declare_outer(self, name: str, *, outermost: bool) -> None:
        """Note that `name` is the module's (`global name`), or an enclosing function's (`nonlocal name`)."""
        self.outer.add(name)
        if outermost:
            self.outermost.add(name)
        self.bound.discard(name)

    def close_inner(self, program: Program, inner: "Scope") -> None:
        """Take up a finished nested program: what it reads and binds of this one."""
        self.nested.append(program)
        is_class = inner.kind is ProgramKind.CLASS
        own = inner.made if is_class else inner.made | inner.bound
        self.read_inside |= (inner.read | inner.read_inside) - own
        self.bound_inside |= (inner.outer - inner.outermost) | (inner.bound_inside - own)
        self.outermost_inside |= inner.outermost | inner.outermost_inside
        if is_class and self.kind is not ProgramKind.CLASS:
            # A class body runs where it stands: what it reads is read here.
            self.read |= inner.read - inner.bound - inner.made

    @property
    def free(self) -> frozenset[str]:
        """Names read here or inside that are not bound here."""
        return frozenset((self.read - self.bound | self.read_inside - self.visible) - self.made)

    @property
    def rebound(self) -> frozenset[str]:
        """Names bound here that what is nested may bind, or code that is handed the names of a module."""
        if self.kind is not ProgramKind.MODULE:
            return frozenset(self.visible & self.bound_inside)
        if _HANDING & (self.read | self.read_inside) or _HANDING_HERE & self.read:
            return self.visible
        return frozenset(self.visible & self.outermost_inside)

    @property
    def visible(self) -> frozenset[str]:
        """Names bound here that what is nested can see: of a class's, none."""
        return frozenset() if self.kind is ProgramKind.CLASS else frozenset(self.bound)
