"""Expressions of a flow program.

`branches` is true when evaluating the expression can take more than one way (boolean operators,
conditionals, comprehensions) or binds a name: the control-flow graph must take it apart. It must not
be known here how.
"""

from sys import intern
from typing import TYPE_CHECKING, Literal

import msgspec

if TYPE_CHECKING:
    from sleeplsp.core.flow.programs import Program


class Expression(msgspec.Struct, frozen=True, gc=False):
    """Anything that has a value. `start` and `end` are byte offsets in the module's text."""

    start: int
    end: int

    @property
    def branches(self) -> bool:
        """Whether the graph must take this expression apart; see the module's docstring."""
        return any(part.branches for part in self.parts())

    def parts(self) -> "tuple[Expression, ...]":
        """Direct sub-expressions in the order in which they are evaluated."""
        return ()


class Name(Expression, frozen=True, gc=False):
    """A variable read (or, as a target, written). Names of comprehensions carry a suffix `#n`."""

    id: str

    @property
    def shown(self) -> str:
        """The name as the source has it."""
        return self.id.partition("#")[0]


ConstantValue = None | bool | int | float | complex | str | bytes


class Constant(Expression, frozen=True, gc=False):
    """A literal. `kind` tells apart what compares equal in Python (1, True, 1.0).

    `value` is None for kinds that carry none ('none', 'ellipsis') and for literals too long to keep.
    """

    kind: Literal["none", "bool", "int", "float", "complex", "str", "bytes", "ellipsis"]
    value: ConstantValue
    known: bool = True


class Attribute(Expression, frozen=True, gc=False):
    """`base.name`; `name_start` is where the name stands.

    `chain` is `a.b.name` where the base is a name or itself such a chain (`chained` makes it), else ''.
    """

    base: Expression
    name: str
    name_start: int
    chain: str

    def parts(self) -> tuple[Expression, ...]:
        return (self.base,)


CHAIN_MAX = 300
"""Characters; a longer chain of attributes has no `chain`."""


def chained(base: Expression, name: str) -> str:
    """Return the chain of `base.name`, '' if it is no plain chain of names."""
    root = base.id if isinstance(base, Name) else base.chain if isinstance(base, Attribute) else ""
    return intern(f"{root}.{name}") if root and len(root) < CHAIN_MAX else ""


class Index(Expression, frozen=True, gc=False):
    """`base[index]`."""

    base: Expression
    index: Expression

    def parts(self) -> tuple[Expression, ...]:
        return (self.base, self.index)


class Slice(Expression, frozen=True, gc=False):
    """`lower:upper:step` inside an index."""

    bounds: tuple[Expression, ...]

    def parts(self) -> tuple[Expression, ...]:
        return self.bounds


class Argument(msgspec.Struct, frozen=True, gc=False):
    """One argument of a call: positional (keyword None, stars 0), `*value` (1) or `**value` (2)."""

    value: Expression
    keyword: str | None = None
    stars: int = 0


class Call(Expression, frozen=True, gc=False):
    """`callee(arguments)`; `start` identifies the call site together with `end`."""

    callee: Expression
    arguments: tuple[Argument, ...]

    def parts(self) -> tuple[Expression, ...]:
        return (self.callee, *[argument.value for argument in self.arguments])


class Operation(Expression, frozen=True, gc=False):
    """A binary arithmetic or bitwise operation."""

    operator: str
    left: Expression
    right: Expression

    def parts(self) -> tuple[Expression, ...]:
        return (self.left, self.right)


class Unary(Expression, frozen=True, gc=False):
    """`-x`, `+x`, `~x`."""

    operator: str
    operand: Expression

    def parts(self) -> tuple[Expression, ...]:
        return (self.operand,)


class Not(Expression, frozen=True, gc=False):
    """Logical negation: always a boolean."""

    operand: Expression

    def parts(self) -> tuple[Expression, ...]:
        return (self.operand,)


class Compare(Expression, frozen=True, gc=False):
    """One comparison; operators are `== != < <= > >= is is-not in not-in`."""

    operator: str
    left: Expression
    right: Expression

    def parts(self) -> tuple[Expression, ...]:
        return (self.left, self.right)


class Boolean(Expression, frozen=True, gc=False):
    """Short circuit: `and` or `or` over two or more operands. The value is one of the operands."""

    operator: Literal["and", "or"]
    operands: tuple[Expression, ...]

    @property
    def branches(self) -> bool:
        return True

    def parts(self) -> tuple[Expression, ...]:
        return self.operands


class Conditional(Expression, frozen=True, gc=False):
    """`then if test else orelse`."""

    test: Expression
    then: Expression
    orelse: Expression

    @property
    def branches(self) -> bool:
        return True

    def parts(self) -> tuple[Expression, ...]:
        return (self.test, self.then, self.orelse)


class Display(Expression, frozen=True, gc=False):
    """A list, tuple or set written out; items may be `Star`."""

    kind: Literal["list", "tuple", "set"]
    items: tuple[Expression, ...]

    def parts(self) -> tuple[Expression, ...]:
        return self.items


class Mapping(Expression, frozen=True, gc=False):
    """A dictionary written out; a key None stands for `**value`."""

    items: tuple[tuple[Expression | None, Expression], ...]

    def parts(self) -> tuple[Expression, ...]:
        return tuple(part for pair in self.items for part in pair if part is not None)


class Star(Expression, frozen=True, gc=False):
    """`*value` inside a display or an unpacking target."""

    value: Expression

    def parts(self) -> tuple[Expression, ...]:
        return (self.value,)


class Format(Expression, frozen=True, gc=False):
    """An interpolated string: always a string. `literal` is its fixed text, `values` the inserted."""

    literal: str
    values: tuple[Expression, ...]

    def parts(self) -> tuple[Expression, ...]:
        return self.values


class Closure(Expression, frozen=True, gc=False):
    """A function made here (lambda, nested function): the value is a function, its body runs later."""

    program: "Program"

    @property
    def defaults(self) -> tuple[Expression, ...]:
        """What is evaluated where a lambda is made; a definition's defaults are its Bind's."""
        made = self.program.parameters if self.program.kind == "lambda" else ()
        return tuple(each.default for each in made if each.default is not None)


class ComprehensionClause(msgspec.Struct, frozen=True, gc=False):
    """`for target in iterable if conditions`."""

    target: Expression
    iterable: Expression
    conditions: tuple[Expression, ...]
    is_async: bool


class Comprehension(Expression, frozen=True, gc=False):
    """A comprehension; `lazy` ones (generator expressions) may run later, or never."""

    kind: Literal["list", "set", "dict", "generator"]
    elements: tuple[Expression, ...]
    clauses: tuple[ComprehensionClause, ...]

    @property
    def branches(self) -> bool:
        return True

    @property
    def lazy(self) -> bool:
        """Whether the elements are made only when asked for."""
        return self.kind == "generator"

    def parts(self) -> tuple[Expression, ...]:
        inner = tuple(part for each in self.clauses for part in (each.iterable, *each.conditions))
        return inner + self.elements


class Walrus(Expression, frozen=True, gc=False):
    """`target := value`."""

    target: Name
    value: Expression

    @property
    def branches(self) -> bool:
        return True

    def parts(self) -> tuple[Expression, ...]:
        return (self.value,)


class Await(Expression, frozen=True, gc=False):
    """`await value`."""

    value: Expression

    def parts(self) -> tuple[Expression, ...]:
        return (self.value,)


class Yield(Expression, frozen=True, gc=False):
    """`yield value` or, when `delegates`, `yield from value`."""

    value: Expression | None
    delegates: bool

    def parts(self) -> tuple[Expression, ...]:
        return () if self.value is None else (self.value,)


class Opaque(Expression, frozen=True, gc=False):
    """What the lowering does not understand (broken code, excess depth).

    Its parts run, its value is unknown.
    """

    inner: tuple[Expression, ...]

    def parts(self) -> tuple[Expression, ...]:
        return self.inner
