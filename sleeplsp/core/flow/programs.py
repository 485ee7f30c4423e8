"""A whole flow program: a function, lambda, class body or module body with its parameters and names."""

from enum import StrEnum

import msgspec

from sleeplsp.core.flow.expressions import Expression
from sleeplsp.core.flow.statements import Block


class ProgramKind(StrEnum):
    """What the program is the body of."""

    MODULE = "module"
    CLASS = "class"
    FUNCTION = "function"
    LAMBDA = "lambda"


class ParameterKind(StrEnum):
    """How an argument reaches a parameter."""

    POSITIONAL = "positional"
    """By position only."""
    EITHER = "either"
    KEYWORD = "keyword"
    """By keyword only."""
    REST = "rest"
    """`*args`."""
    KEYWORDS = "keywords"
    """`**kwargs`."""


class Parameter(msgspec.Struct, frozen=True, gc=False):
    """One parameter. `start` and `end` span it in the source with annotation and default."""

    start: int
    end: int
    name: str
    kind: ParameterKind
    default: Expression | None
    annotation: Expression | None


class Program(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """One body of code that runs as a unit."""

    name: str
    """Its own name; `<module>`, `<lambda>` where it has none."""

    kind: ProgramKind
    start: int
    end: int
    """The definition with its decorators."""

    name_start: int
    """Where the name stands: tells which Symbol the program belongs to. -1 without a name."""

    parameters: tuple[Parameter, ...] = ()
    body: Block = ()
    decorators: tuple[Expression, ...] = ()
    returns: Expression | None = None
    """The annotation of the result."""

    is_async: bool = False
    is_generator: bool = False

    locals: frozenset[str] = frozenset()
    """Names this program binds: parameters, assigned and imported names, nested definitions."""

    inline: frozenset[str] = frozenset()
    """Locals that are bound inside expressions (`:=`)."""

    outer: frozenset[str] = frozenset()
    """Names it binds in an enclosing function (`nonlocal`) or in the module (`global`)."""

    outermost: frozenset[str] = frozenset()
    """Those of `outer` that are the module's."""

    free: frozenset[str] = frozenset()
    """Names it reads, itself or in what is nested, that an enclosing scope binds."""

    captured: frozenset[str] = frozenset()
    """Locals that a nested program reads."""

    rebound: frozenset[str] = frozenset()
    """Locals that a nested program may bind at any call."""

    nested: "tuple[Program, ...]" = ()
    """Functions, lambdas and classes defined directly inside, in source order."""

    broken: bool = False
    """Whether any of it did not parse: then nothing is claimed that needs all of it."""

    docstring: bool = False
    """Whether the body begins with a documentation string (left out of `body`)."""
