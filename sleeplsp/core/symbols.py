"""Symbols: what a file defines, each with a name that outlives edits around it.

A Symbol's identity is its dotted path, its ordinal among symbols of the same path (overloads, property
setters, if/else twins) and its code digest. Found by the language's tags query alone, so this module
must not name a node kind of any grammar.
"""

import msgspec


class Symbol(msgspec.Struct, frozen=True, gc=False):
    """One function, method, class or other named definition. Offsets are bytes into the Text."""

    path: str
    """Dotted path from the top of the file: `Outer.method.inner`."""

    ordinal: int
    """1 for the first symbol of this path in the file, 2 for the next."""

    kind: str
    """function, method, property, constructor, class, interface, enum, struct, type, module, macro,
    constant, variable, field."""

    start: int
    end: int
    """The whole definition with its decorators, without its documentation comment."""

    name_start: int
    name_end: int

    digest: str
    """Digest of its tokens (`core.digest`), 24 hex characters."""

    doc_start: int = -1
    doc_end: int = -1
    """Where its documentation stands: a docstring or the comments above it; -1 when it has none."""

    @property
    def id(self) -> str:
        """The name under which claims are kept: the path, with `#2` and so on for later twins."""
        return self.path if self.ordinal == 1 else f"{self.path}#{self.ordinal}"

    @property
    def name(self) -> str:
        """The last part of the path."""
        return self.path.rpartition(".")[2]


class Reference(msgspec.Struct, frozen=True, gc=False):
    """One use of a name: role is what the tags query calls it (call, class, type, implementation)."""

    name: str
    role: str
    start: int
    end: int
