"""What is known of code outside the workspace: the standard library, as values handed in.

An adapter makes these of typeshed and of one readable table (`stubs`); the reasoner only reads
them. References are dotted names (`re.match`, `builtins.dict.get`). It must not be known here where
they come from, and no lookup may fail: what is not known is None.
"""

from typing import Protocol

import msgspec

from sleeplsp.core.flow import ParameterKind

Argument = int | str
"""Which argument of a call: its position from 0, or its keyword."""


class LibraryParameter(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """One parameter of a library function, `self` left out."""

    name: str
    kind: ParameterKind
    optional: bool

    only_none: bool = False
    """It takes nothing but None: the overload is for callers that pass None or leave it out."""

    in_result: bool = False
    """The result may be of this argument's type, or the argument itself (`os.getenv`'s default)."""


class LibraryValue(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """What a value may be. All empty: there is no value, for the function never returns."""

    types: tuple[str, ...] = ()
    """Classes it may be an instance of, None left out. Complete unless `anything`."""

    anything: bool = True
    """It may also be of no class that can be named."""

    none: bool = False
    """It may be None, and those who use it are expected to look."""


class LibraryFunction(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """One function or method. Overloads are merged: results are united, signatures kept apart."""

    ref: str
    """Where it is defined; of a method, the class it was asked of and its name."""

    signatures: tuple[tuple[LibraryParameter, ...], ...] = ()
    """One tuple of parameters per overload."""

    types: tuple[str, ...] = ()
    """Classes its result may be an instance of, None left out. Complete unless `anything`."""

    anything: bool = True
    """The result may also be of no class that can be named (Any, a type variable, a protocol)."""

    none: bool = False
    """The result may be None, and callers are expected to look (`X | None`, not `X | Any`). False
    for a function that always returns None: see `always_none`."""

    results: tuple[LibraryValue, ...] = ()
    """What each of `signatures` returns beside its `in_result` arguments. Read with `returns`."""

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
    """From the table: it changes nothing, reads nothing that changes, calls nothing that might."""

    raises: tuple[str, ...] = ()
    """From the table: exceptions it raises in ordinary use."""

    raises_unless: tuple[Argument, ...] = ()
    """From the table: with one of these arguments it raises none of `raises` (`next(it, None)`)."""

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
    """Itself and all its bases, nearest first, `builtins.object` last; unresolved ones left out."""

    complete: bool
    """Whether all of its bases are known."""

    always_true: bool
    """Its instances are true: neither it nor a base has `__bool__` or `__len__`."""

    swallows: bool | None
    """As a context manager it may stop an exception (`__exit__` returns bool); None: not known, or none."""

    immutable: bool = False
    """From the table: an object of it never changes."""


class Library(Protocol):
    """Lookups by dotted reference; None where nothing is known."""

    def function(self, ref: str) -> LibraryFunction | None:
        """Return a function (`re.match`, `datetime.date.today`) or the constructor of a class.

        For a class (`builtins.dict`) `types` is the class itself. A method reached through its
        class (`builtins.str.upper`) takes its object as the first parameter; a class method does
        not.
        """
        ...

    def method(self, type_ref: str, name: str) -> LibraryFunction | None:
        """Return a method or property of a class or of its bases, its object left out."""
        ...

    def klass(self, ref: str) -> LibraryClass | None:
        """Return a class."""
        ...

    def kind(self, ref: str) -> str:
        """Return 'function', 'class', 'module', 'value' or ''; aliases and re-exports followed."""
        ...

    def canonical(self, ref: str) -> str:
        """Return where it is really defined (`os.path.join` -> `posixpath.join`), or itself."""
        ...

    def value_type(self, ref: str) -> str:
        """Return the class of a module-level variable (`sys.argv` -> `builtins.list`).

        '' when not known or when it may be None.
        """
        ...

    def attribute(self, type_ref: str, name: str) -> LibraryValue | None:
        """Return what a plain attribute of an instance may be, None where nothing is known.

        `stdout` of `subprocess.Popen` may be None. A property is a method, not a plain attribute.
        """
        ...

    def attribute_type(self, type_ref: str, name: str) -> str:
        """Return the class a plain attribute has, '' when not known or when it may be None."""
        ...

    @property
    def version(self) -> str:
        """Digest of everything the answers depend on; part of every row's address."""
        ...


def returns(
    function: LibraryFunction,
    positional: int,
    keywords: tuple[str, ...] = (),
    nones: frozenset[Argument] = frozenset(),
) -> tuple[LibraryValue, tuple[Argument, ...]]:
    """Return what a call gives, and the arguments whose types (or which themselves) it may also be.

    The call passes `positional` arguments and `keywords`; of these, `nones` may be None. Overloads
    that take no such call are left out; when none is left, or for a call with `*` or `**` (say
    positional=-1), all are united. `dict.get` may return None with one argument, with two only if
    the second may be None; `os.getenv` with two returns a str or what the second one is.
    """
    whole = LibraryValue(function.types, function.anything, function.none)
    results = function.results or (whole,) * len(function.signatures)
    taken = [
        (result, signature, bound)
        for signature, result in zip(function.signatures, results, strict=True)
        if (bound := _bind(signature, positional, keywords)) is not None
        and not any(p.only_none and argument not in nones for argument, p in bound.items())
    ]
    if not taken:
        return whole, ()
    passed = dict.fromkeys(argument for _, _, bound in taken for argument, p in bound.items() if p.in_result)
    value = LibraryValue(
        tuple(dict.fromkeys(ref for result, _, _ in taken for ref in result.types)),
        any(result.anything or _is_open(signature, bound) for result, signature, bound in taken),
        any(result.none for result, _, _ in taken) or not nones.isdisjoint(passed),
    )
    return value, tuple(passed)


def takes(function: LibraryFunction, positional: int, keywords: tuple[str, ...]) -> bool:
    """Tell whether an overload takes a call with `positional` arguments and `keywords`."""
    return any(_bind(each, positional, keywords) is not None for each in function.signatures)


def _is_open(signature: tuple[LibraryParameter, ...], bound: dict[Argument, LibraryParameter]) -> bool:
    """Return whether the result may be of the type of a parameter that got no argument."""
    reached = {p.name for p in bound.values()}
    return any(p.in_result and p.name not in reached for p in signature)


def _bind(
    signature: tuple[LibraryParameter, ...], positional: int, keywords: tuple[str, ...]
) -> dict[Argument, LibraryParameter] | None:
    """Return which parameter each argument reaches; None for a call the signature does not take."""
    by_position = [p for p in signature if p.kind in _BY_POSITION]
    by_keyword = {p.name: p for p in signature if p.kind in _BY_KEYWORD}
    rest = {p.kind: p for p in signature}
    bound: dict[Argument, LibraryParameter] = {}
    for position in range(positional):
        parameter = by_position[position] if position < len(by_position) else rest.get(ParameterKind.REST)
        if parameter is None:
            return None
        bound[position] = parameter
    for keyword in keywords:
        parameter = by_keyword.get(keyword, rest.get(ParameterKind.KEYWORDS))
        if parameter is None:
            return None
        bound[keyword] = parameter
    reached = {p.name for p in bound.values()}
    missing = any(not p.optional and p.name not in reached for p in signature)
    return None if missing or positional < 0 else bound


_BY_POSITION = (ParameterKind.POSITIONAL, ParameterKind.EITHER)
_BY_KEYWORD = (ParameterKind.EITHER, ParameterKind.KEYWORD)
