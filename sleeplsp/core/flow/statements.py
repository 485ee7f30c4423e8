"""Statements of a flow program, structured as the source is; the graph is made in `deduce.cfg`."""

import msgspec

from sleeplsp.core.flow.expressions import Argument, Expression, Name


class Statement(msgspec.Struct, frozen=True, gc=False):
    """One statement. `start` and `end` are byte offsets in the module's text."""

    start: int
    end: int


Block = tuple[Statement, ...]


class Evaluate(Statement, frozen=True, gc=False):
    """An expression for its effect."""

    value: Expression


class Assign(Statement, frozen=True, gc=False):
    """`targets = value`, one value stored in each target from left to right.

    A target is a Name, Attribute, Index, Display of targets (unpacking) or Star in a Display.
    """

    targets: tuple[Expression, ...]
    value: Expression
    annotation: Expression | None = None


class Declare(Statement, frozen=True, gc=False):
    """`name: annotation` without a value: binds nothing."""

    target: Expression
    annotation: Expression


class Augment(Statement, frozen=True, gc=False):
    """`target operator= value`."""

    target: Expression
    operator: str
    value: Expression


class Bind(Statement, frozen=True, gc=False):
    """A nested function or class definition: `name` becomes what `value` makes, through decorators."""

    name: str
    value: Expression
    decorators: tuple[Expression, ...]
    is_class: bool
    defaults: tuple[Expression, ...] = ()
    """What is evaluated where the definition stands: parameter defaults, base classes."""
    bases: tuple[Argument, ...] = ()


class Import(Statement, frozen=True, gc=False):
    """`name` becomes the module `module`, or the member `member` of it.

    `level` counts the leading dots. `binds` is the name bound: for `import a.b` it is `a` and `module`
    is `a.b`. A member of `*` binds unknown names.
    """

    binds: str
    module: str
    member: str | None
    level: int
    aliased: bool


class Delete(Statement, frozen=True, gc=False):
    """`del targets`."""

    targets: tuple[Expression, ...]


class Return(Statement, frozen=True, gc=False):
    """Leave the program with a value, or with nothing."""

    value: Expression | None


class Raise(Statement, frozen=True, gc=False):
    """Raise `value`, or again the exception being handled when it is None."""

    value: Expression | None
    cause: Expression | None


class Assert(Statement, frozen=True, gc=False):
    """Raise AssertionError unless `test`."""

    test: Expression
    message: Expression | None


class Break(Statement, frozen=True, gc=False):
    """Leave the innermost loop."""


class Continue(Statement, frozen=True, gc=False):
    """Begin the next turn of the innermost loop."""


class If(Statement, frozen=True, gc=False):
    """A two-way branch; `else if` is an If alone in `orelse`."""

    test: Expression
    then: Block
    orelse: Block


class While(Statement, frozen=True, gc=False):
    """A loop on a condition; `orelse` runs when the condition ends it."""

    test: Expression
    body: Block
    orelse: Block


class For(Statement, frozen=True, gc=False):
    """A loop over an iterable; `orelse` runs when the iterable is exhausted."""

    target: Expression
    iterable: Expression
    body: Block
    orelse: Block
    is_async: bool


class Handler(msgspec.Struct, frozen=True, gc=False):
    """`except types as name`; no types: every exception. `star` for exception groups."""

    start: int
    end: int
    types: tuple[Expression, ...]
    name: str | None
    body: Block
    star: bool


class Try(Statement, frozen=True, gc=False):
    """Protected block with handlers, an else block and a final block."""

    body: Block
    handlers: tuple[Handler, ...]
    orelse: Block
    final: Block


class WithItem(msgspec.Struct, frozen=True, gc=False):
    """`context as target`."""

    context: Expression
    target: Expression | None


class With(Statement, frozen=True, gc=False):
    """Blocks entered through context managers."""

    items: tuple[WithItem, ...]
    body: Block
    is_async: bool


class Case(msgspec.Struct, frozen=True, gc=False):
    """One case of a match.

    `tests` must all hold for it to be taken, as far as they can be said over `subject`; `total` says
    that they say it all (no other condition, such as a sequence pattern, may refuse).
    """

    start: int
    end: int
    tests: tuple[Expression, ...]
    total: bool
    binds: tuple[Name, ...]
    whole: Name | None
    """The name that becomes the whole subject, if any."""
    guard: Expression | None
    body: Block


class Match(Statement, frozen=True, gc=False):
    """A multi-way branch on `subject`, which the cases' tests name as the variable `variable`."""

    subject: Expression
    variable: str
    cases: tuple[Case, ...]
