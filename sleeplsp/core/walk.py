"""Walking flow programs: all statements of a body, all expressions of a program, in source order."""

from collections.abc import Iterator

from sleeplsp.core import flow
from sleeplsp.core.flow import Block, Expression, Program, ProgramKind, Statement

_NO_NAMES: frozenset[str] = frozenset()


def statements(body: Block) -> Iterator[Statement]:
    """Yield every statement of a body, nested blocks included, nested programs not."""
    pending = list(reversed(body))
    while pending:
        statement = pending.pop()
        yield statement
        if type(statement) in _WITH_BLOCKS:
            for block in reversed(blocks_of(statement)):
                pending.extend(reversed(block))


_WITH_BLOCKS = frozenset((flow.If, flow.For, flow.While, flow.Try, flow.With, flow.Match))


def blocks_of(statement: Statement) -> tuple[Block, ...]:
    """Return the blocks directly inside a statement."""
    if type(statement) not in _WITH_BLOCKS:
        return ()
    match statement:
        case flow.If(then=then, orelse=orelse):
            return then, orelse
        case flow.For(body=body, orelse=orelse) | flow.While(body=body, orelse=orelse):
            return body, orelse
        case flow.Try():
            return (
                statement.body,
                *(handler.body for handler in statement.handlers),
                statement.orelse,
                statement.final,
            )
        case flow.With(body=body):
            return (body,)
        case flow.Match(cases=cases):
            return tuple(case.body for case in cases)
    return ()


def expressions(program: Program) -> Iterator[tuple[Expression, frozenset[str]]]:
    """Yield every expression a program evaluates, lambdas' bodies included.

    Beside each: the parameters of the lambdas it stands in, which hide other names.
    """
    pending: list[tuple[Expression, frozenset[str]]] = []
    for statement in statements(program.body):
        pending.extend((part, _NO_NAMES) for part in reversed(parts_of(statement)))
        while pending:
            node, hidden = pending.pop()
            yield node, hidden
            if isinstance(node, flow.Closure):
                if node.program.kind is ProgramKind.LAMBDA:
                    inside = hidden | node.program.locals
                    pending.extend((part, inside) for each in node.program.body for part in parts_of(each))
                continue
            pending.extend((part, hidden) for part in reversed(node.parts()))


def parts_of(statement: Statement) -> tuple[Expression, ...]:
    """Return the expressions directly inside a statement: what it reads and what it stores into."""
    if isinstance(statement, flow.Evaluate):
        return (statement.value,)
    if isinstance(statement, flow.Return):
        return (statement.value,) if statement.value is not None else ()
    if isinstance(statement, flow.Assign):
        return statement.value, *statement.targets
    if isinstance(statement, (flow.If, flow.While)):
        return (statement.test,)
    return _rare_parts(statement)


def _rare_parts(statement: Statement) -> tuple[Expression, ...]:
    match statement:
        case flow.Augment(target=target, value=value):
            return target, value
        case flow.Bind():
            return *statement.decorators, *statement.defaults
        case flow.For(target=target, iterable=iterable):
            return iterable, target
        case flow.Raise(value=value, cause=cause):
            return tuple(each for each in (value, cause) if each is not None)
        case flow.Assert(test=test, message=message):
            return (test, message) if message is not None else (test,)
        case flow.Delete(targets=targets):
            return targets
        case flow.Try(handlers=handlers):
            return tuple(each for handler in handlers for each in handler.types)
        case flow.With(items=items):
            return tuple(each for item in items for each in (item.context, item.target) if each is not None)
        case flow.Match(subject=subject, cases=cases):
            inner = (each for case in cases for each in (*case.tests, case.guard) if each is not None)
            return subject, *inner
    return ()
