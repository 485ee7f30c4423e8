"""What is known of code outside the workspace: the standard library, as values handed in.

An adapter makes these of typeshed and of one readable table (`stubs`); the reasoner only reads them.
References are dotted names (`re.match`, `builtins.dict.get`). It must not be known here where they come
from, and no lookup may fail: what is not known is None.
"""

from typing import Protocol

import msgspec

from sleeplsp.core.flow import ParameterKind


class LibraryParameter(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """One parameter of a library function, `self` left out."""

    name: str
    kind: ParameterKind
    optional: bool


class LibraryFunction(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """One function or method. Overloads are merged: results are united, signatures kept apart."""

    ref: str

    signatures: tuple[tuple[LibraryParameter, ...], ...] = ()
    """One tuple of parameters per overload."""

    types: tuple[str, ...] = ()
    """Classes its result may be an instance of, None left out. Complete unless `anything`."""

    anything: bool = True
    """The result may also be of no class that can be named (Any, a type variable, a protocol)."""

    none: bool = False
    """The result may be None, and callers are expected to look (`X | None`, not `X | Any`). False for
    a function that always returns None: see `always_none`."""

    always_none: bool = False
    """It is a procedure: the result is None and means nothing."""

    never_returns: bool = False
    """It always raises or ends the process."""

    is_async: bool = False
    """Calling it gives a coroutine that must be awaited."""

    is_property: bool = False
    """Reading the attribute calls it."""

    is_static: bool = False
    """Called on an object it gets no object."""

    pure: bool = False
    """From the table: it changes nothing, reads nothing that changes, and calls nothing that might."""

    raises: tuple[str, ...] = ()
    """From the table: exceptions it raises in ordinary use."""

    total: bool = False
    """From the table: on arguments of the types it asks for it never raises."""

    changes_receiver: bool = False
    """From the table: it changes the object it is a method of."""

    changes_size: bool = False
    """From the table: it changes how many items its receiver holds."""

    resource: bool = False
    """From the table: the result must be closed by the caller."""

    keeps_arguments: bool = True
    """The arguments may be kept after the call (in the receiver, in a global, in the result)."""


class LibraryClass(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """One class of the library."""

    ref: str

    bases: tuple[str, ...]
    """Itself and all its bases, nearest first, `builtins.object` last; unresolved ones are left out."""

    complete: bool
    """Whether all of its bases are known."""

    always_true: bool
    """Its instances are true: neither it nor a base has `__bool__` or `__len__`."""

    swallows: bool | None
    """As a context manager it may stop an exception (`__exit__` returns bool); None: is not one."""

    immutable: bool = False
    """From the table: an object of it never changes."""


class Library(Protocol):
    """Lookups by dotted reference; None where nothing is known."""

    def function(self, ref: str) -> LibraryFunction | None:
        """Return a module-level function (`re.match`), or the constructor of a class (`builtins.open`
        and `builtins.dict` alike: for a class, `types` is the class itself)."""
        ...

    def method(self, type_ref: str, name: str) -> LibraryFunction | None:
        """Return a method or property of a class or of its bases."""
        ...

    def klass(self, ref: str) -> LibraryClass | None:
        """Return a class."""
        ...

    def kind(self, ref: str) -> str:
        """Return 'function', 'class', 'module', 'value' or '' for a dotted reference, aliases and
        re-exports followed."""
        ...

    def canonical(self, ref: str) -> str:
        """Return where a reference is really defined (`os.path.join` -> `posixpath.join`), or itself."""
        ...

    def value_type(self, ref: str) -> str:
        """Return the class a module-level variable is an instance of (`sys.argv` -> `builtins.list`),
        '' when not known."""
        ...

    def attribute_type(self, type_ref: str, name: str) -> str:
        """Return the class a plain attribute of an instance has, '' when not known or may be None."""
        ...

    @property
    def version(self) -> str:
        """Digest of everything the answers depend on; part of every row's address."""
        ...
