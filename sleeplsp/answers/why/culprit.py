"""The culprit: which value in a line of code a complaint is about.

Where the interpreter has underlined a part of the line, it is in there. It must not know where a value
comes from.
"""

from collections.abc import Callable, Iterator

import msgspec

from sleeplsp.answers.why.complaint import EMPTY, NONE, Complaint, Kind
from sleeplsp.answers.why.mapping import Span
from sleeplsp.answers.why.written import could_be, type_of
from sleeplsp.core import flow
from sleeplsp.core.flow import Expression, Program, Statement
from sleeplsp.core.walk import parts_of, statements


class Culprit(msgspec.Struct, frozen=True, gc=False):
    """A value that should have been another."""

    value: Expression
    was: str
    """Its type, EMPTY, or ''."""
    node: Expression | Statement
    """What failed because of it."""


def statement_at(program: Program, start: int) -> Statement | None:
    """Return the innermost statement that an offset stands in."""
    around = [each for each in statements(program.body) if each.start <= start < each.end]
    return min(around, key=lambda each: each.end - each.start, default=None)


def on_line(program: Program, span: Span) -> list[tuple[Statement, list[Expression]]]:
    """Return the statements that have to do with a line, each with its expressions that touch it."""
    start, end = span
    found = []
    for statement in statements(program.body):
        if statement.start < end and start < statement.end:
            inside = [
                each
                for part in parts_of(statement)
                for each in _within(part)
                if each.start < end and start < each.end
            ]
            if inside or statement.start >= start:
                found.append((statement, inside))
    return found


def _within(node: Expression) -> Iterator[Expression]:
    """Yield an expression and its parts; what a lambda does is of another program."""
    pending = [node]
    while pending:
        each = pending.pop()
        yield each
        pending.extend(reversed(each.parts()))


def culprits(program: Program, complaint: Complaint, span: Span, mark: Span | None) -> list[Culprit]:
    """Return the values a complaint may be about, the likeliest first."""
    found: list[Culprit] = []
    is_node = False
    for statement, inside in on_line(program, span):
        is_node = is_node or any((each.start, each.end) == mark for each in inside)
        for in_statement in _IN_STATEMENTS.get(complaint.kind, ()):
            found.extend(in_statement(complaint, statement))
        for node in inside:
            for in_node in _IN_EXPRESSIONS.get(complaint.kind, ()):
                found.extend(in_node(complaint, node))
    # A statement that begins on another line has parts there as well.
    begun = [each for each in found if each.node.start >= span[0]] or found
    if mark is None:
        return begun
    exact = [each for each in begun if (each.node.start, each.node.end) == mark]
    within = [each for each in begun if mark[0] <= each.node.start and each.node.end <= mark[1]]
    if is_node and not exact and not within:
        # It failed in what is underlined, and not in what stands around it, statements apart.
        begun = [each for each in begun if isinstance(each.node, Statement)]
    around = [each for each in begun if each.node.start <= mark[0] and mark[1] <= each.node.end]
    return exact or within or around or begun


def _attribute(told: Complaint, node: Expression) -> Iterator[Culprit]:
    match node:
        case flow.Attribute(base=base, name=name) if name == told.name:
            yield Culprit(base, told.was, node)
        case flow.Call(callee=flow.Name(id="getattr"), arguments=(first, asked, *_)):
            # Of an object that is one it is the name that is wrong.
            is_name = told.was != NONE and not type_of(asked.value)
            yield Culprit(asked.value, "", node) if is_name else Culprit(first.value, told.was, node)


def _index(told: Complaint, node: Expression) -> Iterator[Culprit]:
    if isinstance(node, flow.Index):
        yield Culprit(node.base, told.was, node)


def _key(told: Complaint, node: Expression) -> Iterator[Culprit]:
    if isinstance(node, flow.Index):
        if told.name != "None":  # which is seldom meant; another key may be right, and nothing there
            yield Culprit(node.base, EMPTY, node)
        yield Culprit(node.index, NONE if told.name == "None" else "", node)


def _called(told: Complaint, node: Expression) -> Iterator[Culprit]:
    if isinstance(node, flow.Call):
        yield Culprit(node.callee, told.was, node)


def _argument(told: Complaint, node: Expression) -> Iterator[Culprit]:
    if isinstance(node, flow.Call):
        for each in node.arguments:
            if could_be(each.value, told.was):
                yield Culprit(each.value, told.was, node)


def _iterated(told: Complaint, node: Expression) -> Iterator[Culprit]:
    match node:
        case flow.Comprehension(clauses=clauses):
            yield from (Culprit(each.iterable, told.was, each.iterable) for each in clauses)
        case flow.Star(value=value):
            yield Culprit(value, told.was, node)
        case flow.Yield(value=value, delegates=True) if value is not None:
            yield Culprit(value, told.was, node)


def _loop(told: Complaint, statement: Statement) -> Iterator[Culprit]:
    if isinstance(statement, flow.For):
        yield Culprit(statement.iterable, told.was, statement.iterable)


def _unpacked(told: Complaint, statement: Statement) -> Iterator[Culprit]:
    match statement:
        case flow.Assign(targets=targets, value=value):
            if any(isinstance(each, flow.Display) for each in targets):
                yield Culprit(value, told.was, statement)
        case flow.For(target=flow.Display() as target, iterable=iterable):
            yield Culprit(iterable, "", target)  # it is an item that was of that type


def _operand(told: Complaint, node: Expression) -> Iterator[Culprit]:
    match node:
        case flow.Operation(operator="%", right=right) if told.other.startswith("%"):
            items = right.parts() if isinstance(right, flow.Display) else (right,)
            yield from (Culprit(each, told.was, node) for each in items if could_be(each, told.was))
        case flow.Operation(operator=operator, left=left, right=right) if _is_operator(told.name, operator):
            yield from _pair(told, left, right, node)
        case flow.Unary(operand=operand):
            yield Culprit(operand, told.was, node)


def _augmented(told: Complaint, statement: Statement) -> Iterator[Culprit]:
    if isinstance(statement, flow.Augment):
        yield from _pair(told, statement.target, statement.value, statement)


def _is_operator(told: str, operator: str) -> bool:
    return not told or told.startswith(operator)


def _compared(told: Complaint, node: Expression) -> Iterator[Culprit]:
    if isinstance(node, flow.Compare) and node.operator == told.name:
        yield from _pair(told, node.left, node.right, node)


def _pair(
    told: Complaint, left: Expression, right: Expression, node: Expression | Statement
) -> Iterator[Culprit]:
    """Yield the operand that is None; of two others either may be the wrong one."""
    sides = [Culprit(left, told.was, node), Culprit(right, told.other, node)]
    if not told.other or (told.other not in (NONE, told.was) and not told.name):
        sides = [Culprit(each, told.was, node) for each in (right, left)]
    sides = [each for each in sides if could_be(each.value, each.was)]
    nones = [each for each in sides if each.was == NONE]
    # What is written out is as it was meant: the other one is not.
    made = [each for each in sides if not type_of(each.value)]
    yield from nones or made or sides


def _contained(told: Complaint, node: Expression) -> Iterator[Culprit]:
    if isinstance(node, flow.Compare) and node.operator in ("in", "not-in"):
        yield Culprit(node.right, told.was, node)


def _awaited(told: Complaint, node: Expression) -> Iterator[Culprit]:
    if isinstance(node, flow.Await):
        yield Culprit(node.value, told.was, node)


def _entered(told: Complaint, statement: Statement) -> Iterator[Culprit]:
    if isinstance(statement, flow.With):
        yield from (Culprit(each.context, told.was, statement) for each in statement.items)


def _divided(told: Complaint, node: Expression) -> Iterator[Culprit]:
    if isinstance(node, flow.Operation) and node.operator in ("/", "//", "%"):
        match node.right:
            case flow.Call(callee=flow.Name(id="len"), arguments=(counted,)):
                yield Culprit(counted.value, EMPTY, node)
            case _:
                yield Culprit(node.right, told.was, node)


def _summed(told: Complaint, node: Expression) -> Iterator[Culprit]:
    """Yield what a builtin adds up."""
    match node:
        case flow.Call(callee=flow.Name(id="sum"), arguments=(argument, *_)):
            if isinstance(argument.value, flow.Comprehension):
                yield from (Culprit(each, told.other or told.was, node) for each in argument.value.elements)


_InExpression = Callable[[Complaint, Expression], Iterator[Culprit]]
_InStatement = Callable[[Complaint, Statement], Iterator[Culprit]]

_IN_EXPRESSIONS: dict[Kind, tuple[_InExpression, ...]] = {
    Kind.ATTRIBUTE: (_attribute,),
    Kind.INDEX: (_index,),
    Kind.CALL: (_called,),
    Kind.ITERATE: (_iterated, _argument),
    Kind.OPERATE: (_operand, _summed),
    Kind.COMPARE: (_compared,),
    Kind.CONTAIN: (_contained,),
    Kind.AWAIT: (_awaited,),
    Kind.KEY: (_key,),
    Kind.POSITION: (_index,),
    Kind.DIVIDE: (_divided,),
    Kind.ARGUMENT: (_argument, _operand),
}
_IN_STATEMENTS: dict[Kind, tuple[_InStatement, ...]] = {
    Kind.ITERATE: (_loop, _unpacked),
    Kind.UNPACK: (_unpacked,),
    Kind.OPERATE: (_augmented,),
    Kind.ENTER: (_entered,),
    Kind.ARGUMENT: (_augmented,),
}
