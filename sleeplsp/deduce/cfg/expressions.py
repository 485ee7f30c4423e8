"""Taking expressions apart: short circuit, conditionals, comprehensions and `:=` become blocks.

`Expressions.straight` emits blocks for whatever branches inside an expression and returns an equivalent
one that takes a single way; what was computed in branches is read from fresh variables (`%1`, `%2`).
Operands before a branching one are stored first, so that the order of evaluation stays.
"""

from typing import TYPE_CHECKING

import msgspec

from sleeplsp.core import flow
from sleeplsp.core.flow import Expression, Name
from sleeplsp.deduce.cfg.graph import Branch, Goto, Turn

if TYPE_CHECKING:
    from sleeplsp.deduce.cfg.build import Builder

_LEAVES = (flow.Name, flow.Constant, flow.Closure)
_BRANCHING = (flow.Boolean, flow.Conditional, flow.Comprehension, flow.Walrus)


def branches(expression: Expression) -> bool:
    """Tell whether anything in the expression takes more than one way or binds a name."""
    pending = [expression]
    while pending:
        node = pending.pop()
        kind = type(node)
        if kind in _LEAVES:
            continue
        if kind in _BRANCHING:
            return True
        pending.extend(node.parts())
    return False


def straight(builder: "Builder", node: Expression) -> Expression:
    """Emit what branches in `node`; return what is left of it."""
    if not branches(node):
        return node
    match node:
        case flow.Boolean() | flow.Conditional():
            return _choice(builder, node)
        case flow.Comprehension():
            return _comprehension(builder, node)
        case flow.Walrus():
            value = straight(builder, node.value)
            builder.emit(flow.Assign(node.start, node.end, (node.target,), value))
            return Name(node.start, node.end, node.target.id)
    return _rebuilt(builder, node)


def branch(builder: "Builder", test: Expression, then: int, orelse: int, *, loops: bool = False) -> None:
    """End the current block by a decision on `test`, short circuit taken apart."""
    match test:
        case flow.Not():
            branch(builder, test.operand, orelse, then, loops=loops)
        case flow.Boolean():
            for operand in test.operands[:-1]:
                next_ = builder.block()
                ways = (next_, orelse) if test.operator == "and" else (then, next_)
                branch(builder, operand, *ways, loops=loops)
                builder.current = next_
            branch(builder, test.operands[-1], then, orelse, loops=loops)
        case flow.Constant(known=True):
            truth = test.kind == "ellipsis" or bool(test.value)
            builder.close(Goto(then if truth else orelse))
        case _:
            builder.close(Branch(straight(builder, test), then, orelse, loops))


def _choice(builder: "Builder", node: flow.Boolean | flow.Conditional) -> Name:
    variable, after = builder.variable(node), builder.block()
    if isinstance(node, flow.Conditional):
        then, orelse = builder.block(), builder.block()
        branch(builder, node.test, then, orelse)
        for start, value in ((then, node.then), (orelse, node.orelse)):
            builder.current = start
            builder.store(variable, straight(builder, value))
            builder.close(Goto(after))
    else:
        for operand in node.operands[:-1]:
            value = straight(builder, operand)
            builder.store(variable, value)
            next_ = builder.block()
            ways = (next_, after) if node.operator == "and" else (after, next_)
            builder.close(Branch(variable, *ways, same_as=value))
            builder.current = next_
        builder.store(variable, straight(builder, node.operands[-1]))
        builder.close(Goto(after))
    builder.current = after
    return variable


def _comprehension(builder: "Builder", node: flow.Comprehension) -> Name:
    variable = builder.variable(node)
    builder.store(variable, flow.Comprehension(node.start, node.end, node.kind, (), ()))
    after = builder.block()
    back = after
    for clause in node.clauses:
        iterable = builder.hold(straight(builder, clause.iterable))
        head, body = builder.block(), builder.block()
        builder.close(Goto(head))
        builder.current = head
        turn = Turn(
            clause.iterable.start,
            clause.iterable.end,
            iterable,
            clause.iterable,
            clause.target,
            body,
            back,
        )
        builder.close(msgspec.structs.replace(turn, is_async=clause.is_async, comprehension=True))
        builder.current = body
        for condition in clause.conditions:
            passed = builder.block()
            branch(builder, condition, passed, head)
            builder.current = passed
        back = head
    for element in node.elements:
        builder.emit(flow.Evaluate(element.start, element.end, straight(builder, element)))
    builder.close(Goto(back))
    builder.current = after
    return variable


def _rebuilt(builder: "Builder", node: Expression) -> Expression:
    """Take the operands apart in order; those before the last branching one are held in variables."""
    parts = node.parts()
    last = max(i for i, part in enumerate(parts) if branches(part))
    changed: list[Expression] = []
    for i, part in enumerate(parts):
        value = straight(builder, part)
        hold = (
            i < last and not isinstance(part, (flow.Constant, flow.Closure)) and not _is_callee(node, i, part)
        )
        changed.append(builder.hold(value) if hold else value)
    return _with_parts(node, changed)


def _is_callee(node: Expression, position: int, part: Expression) -> bool:
    # `a.b(x or y)`: keep the method visible as one; looking it up early or late is the same to us.
    plain = isinstance(part, (flow.Attribute, flow.Name)) and not branches(part)
    return position == 0 and plain and isinstance(node, (flow.Call, flow.Attribute, flow.Index))


def _with_parts(node: Expression, parts: list[Expression]) -> Expression:
    match node:
        case flow.Call():
            given = zip(node.arguments, parts[1:], strict=True)
            arguments = tuple(flow.Argument(value, each.keyword, each.stars) for each, value in given)
            return flow.Call(node.start, node.end, parts[0], arguments)
        case flow.Attribute():
            return msgspec.structs.replace(node, base=parts[0], chain=flow.chained(parts[0], node.name))
        case flow.Mapping():
            left = iter(parts)
            items = tuple((None if key is None else next(left), next(left)) for key, _ in node.items)
            return flow.Mapping(node.start, node.end, items)
        case flow.Display() | flow.Slice() | flow.Format() | flow.Opaque():
            return msgspec.structs.replace(node, **{_SEQUENCE_FIELD[type(node)]: tuple(parts)})
    names = _FIELDS[type(node)]
    return msgspec.structs.replace(node, **dict(zip(names, parts, strict=True)))


_SEQUENCE_FIELD: dict[type, str] = {
    flow.Display: "items",
    flow.Slice: "bounds",
    flow.Format: "values",
    flow.Opaque: "inner",
}
_FIELDS: dict[type, tuple[str, ...]] = {
    flow.Index: ("base", "index"),
    flow.Operation: ("left", "right"),
    flow.Compare: ("left", "right"),
    flow.Unary: ("operand",),
    flow.Not: ("operand",),
    flow.Star: ("value",),
    flow.Await: ("value",),
    flow.Yield: ("value",),
}
