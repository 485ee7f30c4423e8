"""What is kept of one stub module: names still unresolved, annotations as short text.

A row depends on nothing but its own stub file, so it can be stored and read one by one; definitions
stay encoded until somebody asks for them, for most are never asked for. It must not be known here
how a row is made (`compile`) or what its names mean (`names`).

An annotation is text: alternatives joined by `|`, each a dotted name as the stub writes it, `None`,
`True`, `False`, or `:builtins.str` for a name that is absolute. Type arguments are dropped, for no
answer needs them; '' is an annotation that says nothing.
"""

from enum import StrEnum

import msgspec

from sleeplsp.core.flow import ParameterKind


class Binding(StrEnum):
    """What a function defined in a class is called on."""

    INSTANCE = ""
    STATIC = "static"
    CLASS = "class"
    PROPERTY = "property"


class StubParameter(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """One parameter. `annotation` is kept only where the result depends on it."""

    name: str
    kind: ParameterKind
    optional: bool
    annotation: str = ""


class StubSignature(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """One overload, without `self` or `cls`."""

    parameters: tuple[StubParameter, ...]
    returns: str


class StubFunction(msgspec.Struct, frozen=True, gc=False, array_like=True, tag="function"):
    """A function, or the getter of a property."""

    signatures: tuple[StubSignature, ...]
    binding: Binding = Binding.INSTANCE
    is_async: bool = False


class StubClass(msgspec.Struct, frozen=True, gc=False, array_like=True, tag="class"):
    """A class; its members stay encoded. `opaque`: its constructor is not one of its methods."""

    bases: tuple[str, ...]
    parameters: tuple[str, ...]
    """Names in the type arguments of its bases, its own type variables among them."""
    opaque: bool
    members: dict[str, msgspec.Raw]


class StubValue(msgspec.Struct, frozen=True, gc=False, array_like=True, tag="value"):
    """A variable or attribute and its type. `assigned` without annotation: in an enum, a member."""

    annotation: str
    assigned: bool = False


class StubAlias(msgspec.Struct, frozen=True, gc=False, array_like=True, tag="alias"):
    """Another name of something (`join = _join`), or of a type (`Path = str | PathLike`)."""

    annotation: str


class StubImport(msgspec.Struct, frozen=True, gc=False, array_like=True, tag="import"):
    """A name from another module; with `name` '' the module itself."""

    module: str
    name: str
    exported: bool


class StubVariable(msgspec.Struct, frozen=True, gc=False, array_like=True, tag="variable"):
    """A type variable; with constraints it stands for one of them, else for anything."""

    constraints: str


Definition = StubFunction | StubClass | StubValue | StubAlias | StubImport | StubVariable


class StubModule(msgspec.Struct, frozen=True, array_like=True):
    """One module: its names, the modules it imports `*` from, and its `__all__` if it has one."""

    names: dict[str, msgspec.Raw]
    stars: tuple[str, ...] = ()
    public: tuple[str, ...] | None = None


encode = msgspec.msgpack.Encoder().encode
decode_module = msgspec.msgpack.Decoder(StubModule).decode
_definitions = msgspec.msgpack.Decoder[Definition](Definition)


def decode_definition(row: msgspec.Raw) -> Definition:
    """Return a definition; raises DecodeError for a damaged one."""
    definition: Definition = _definitions.decode(row)
    return definition


def packed(definition: Definition) -> msgspec.Raw:
    """Return a definition encoded, to be put into a module or class."""
    return msgspec.Raw(encode(definition))
