"""Facts: what can be read off one module alone, in a form that is stored and sent between processes.

Offsets are bytes into the module's Text and hold as long as the text does. What a name in another
module means is not known here: references out of the module are *paths*, little texts that `core.index`
resolves once all modules are known:

    name            a name of the module, or a builtin
    :Outer.inner:   a symbol of this module
    {1:a.b:c}       what `from .a.b import c` binds; {0:a.b:} for `import a.b`
    $self $cls $super   the receiver of a method, its class, its bases
    P.name          an attribute        P()   the result of a call
    P!              an instance of the class P (an annotation)
    P~              what awaiting P gives        P^   what entering P as a context manager gives
"""

from enum import StrEnum

import msgspec

from sleeplsp.core.flow import ParameterKind
from sleeplsp.core.symbols import Symbol

Path = str
"""A path as the module's docstring says; '' where there is none."""


class Default(StrEnum):
    """What a parameter is when it is left out, as far as it matters."""

    ABSENT = ""
    """It may not be left out."""
    NONE = "none"
    TRUE = "true"
    """A constant that is true; likewise `FALSE`."""
    FALSE = "false"
    OTHER = "other"


class ParameterFacts(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """One parameter of a function."""

    name: str
    kind: ParameterKind
    optional: bool
    default: Default
    annotation: Path


class CallSite(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """One call: it ends at `end`, which no other call of the module does.

    The name of what is called stands from `name_start` to `name_end`.
    """

    end: int
    name_start: int
    name_end: int
    callee: Path


class FunctionFacts(msgspec.Struct, frozen=True, gc=False, kw_only=True, array_like=True):
    """One function or method, by the id of its symbol."""

    symbol: str
    owner: str
    """Id of the class it is a method of, or ''."""
    around: str
    """Id of the function it is defined in, or ''."""
    parameters: tuple[ParameterFacts, ...]
    decorators: tuple[Path, ...]
    """'' stands for a decorator that is no path."""
    is_async: bool
    is_generator: bool
    returns: Path
    returns_self: bool
    """Every return gives back the receiver."""
    hook: bool
    """The body does nothing or says that it is not implemented: a subclass is meant to."""
    broken: bool
    """Not all of it was understood."""
    calls: tuple[CallSite, ...]
    names: tuple[Path, ...]
    """Names and chains of attributes it uses that begin with a name of the module, a builtin or an
    import of its own."""


class ClassFacts(msgspec.Struct, frozen=True, gc=False, kw_only=True, array_like=True):
    """One class."""

    symbol: str
    around: str
    """Id of the function or class it is defined in, or ''."""
    bases: tuple[Path, ...]
    """'' stands for a base that is no path."""
    metaclass: Path
    decorators: tuple[Path, ...]
    members: dict[str, tuple[str, ...]]
    """Name -> ids of the methods and classes defined under it."""
    attributes: dict[str, Path]
    """Name -> path of the only kind of value assigned to it in the class or through `self`; '' if that
    is not known. A method's name is here if something may be assigned in the method's place."""
    plain: tuple[str, ...]
    """Names in `attributes` that are assigned in the class body itself."""


class Binding(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """One way a name of the module is bound.

    `kind` is 'symbol' (target: a symbol id), 'import' (target: a dotted module, member: what of it, or
    '' for the module itself, level: leading dots), 'value' (target: a path, or '').
    """

    kind: str
    target: str
    member: str = ""
    level: int = 0


class ModuleFacts(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """One module."""

    path: str
    language: str
    text_digest: str
    lines: int
    errors: int
    """ERROR and MISSING nodes."""
    symbols: tuple[Symbol, ...]
    digest: str
    """Code digest of the module's own code, outside functions and classes."""
    functions: tuple[FunctionFacts, ...] = ()
    """Also the module's own body, under the id `<module>`, and class bodies under the class's id."""
    classes: tuple[ClassFacts, ...] = ()
    bindings: dict[str, tuple[Binding, ...]] = {}
    stars: tuple[tuple[str, int], ...] = ()
    """Modules whose every public name is imported: dotted name and level."""
    exports: tuple[str, ...] | None = None
    """`__all__`, with `ANY` among it if there may be others; None without one."""
    fixed: tuple[str, ...] = ()
    """Names that one plain statement binds, and nothing else as far as the module says (`extract.fixed`)."""
    stores: tuple[Path, ...] = ()
    """What the module stores into of what it knows by name or imports: chains of attributes, the last one `*`
    where it is any."""
    interface: str = ""
    """Digest of what other modules can see: bindings, classes, signatures; not bodies nor positions."""


ANY = "*"
"""Among exported names: others as well, which are not known."""

MODULE = "<module>"
"""Id of the module's own body."""
