"""Reaching: which assignments may have given a variable or a chain of attributes the value it has somewhere.

One pass over the statements as they are written, loops twice; of conditions only those are looked at that
ask whether it is None, so what is found may be more than what can happen. It must not know what values are.
"""

from collections.abc import Iterable, Iterator

import msgspec

from sleeplsp.core import flow
from sleeplsp.core.flow import Block, Expression, Program, Statement
from sleeplsp.core.walk import parts_of, statements


class Definition(msgspec.Struct, frozen=True, gc=False):
    """One way in which a name got its value."""

    how: str
    """'assigned' (`value` itself), 'unpacked' (a part of it), 'each' (an element of it), 'entered' (what
    it gives as a context manager), 'changed' (by `+=` and the like), 'caught', 'imported', 'defined',
    'entry' (it had it when the program began: a parameter, or another program's variable); or lost it:
    'deleted', 'ended' (with the handler that had caught it)."""
    start: int
    end: int
    value: Expression | None = None
    part: int = 0
    """Which part, if unpacked."""


ENTRY = Definition("entry", -1, -1)

_State = frozenset[Definition] | None
"""None: control does not come there."""


def reaching(
    program: Program, name: str, at: Statement, *, none: bool = False, swallowed: bool = False
) -> list[Definition]:
    """Return what may have given a name or chain its value where a statement begins, in source order.

    `none`: where the value was None, so that no test has said before that it is something. `swallowed`:
    context managers may have stopped an exception that left them.
    """
    walk = _Walk(name, at, none=none, swallowed=swallowed)
    walk.block(program.body, frozenset((ENTRY,)))
    return sorted(walk.found, key=lambda each: each.start)


def at_end(program: Program, name: str) -> list[Definition]:
    """Return what may have given a name its value where a program ends, or taken it, in source order."""
    end = _Walk(name, None, none=False, swallowed=True).block(program.body, frozenset((ENTRY,)))
    return sorted(end or (), key=lambda each: each.start)


def element_of(statement: Statement, name: str) -> Definition | None:
    """Return how a variable of a comprehension in a statement gets its values."""
    for node in _expressions(statement):
        if isinstance(node, flow.Comprehension):
            for clause in node.clauses:
                if any(each == name for each, _ in _targets(clause.target)):
                    return Definition("each", clause.target.start, clause.target.end, clause.iterable)
    return None


def definitions(program: Program, name: str) -> list[Definition]:
    """Return all that gives a name or chain a value in a program, wherever control comes."""
    return [each for statement in statements(program.body) for each in _made(statement, name)]


def ended(program: Program, name: str) -> list[Definition]:
    """Return the handlers that bind a name, at whose end it has no value any more."""
    return _ended(statements(program.body), name)


def _ended(inside: Iterable[Statement], name: str) -> list[Definition]:
    tried = (each for each in inside if isinstance(each, flow.Try))
    handlers = (handler for each in tried for handler in each.handlers)
    return [Definition("ended", each.start, each.end) for each in handlers if each.name == name]


_FILLING = frozenset(("update", "setdefault", "append", "add", "extend", "insert", "appendleft"))


def items_of(program: Program, name: str) -> list[Definition]:
    """Return what is stored as an item of what a name or chain holds: `name[key] = value`."""
    return [
        Definition("assigned", statement.start, statement.end, statement.value)
        for statement in statements(program.body)
        if isinstance(statement, flow.Assign)
        and any(isinstance(each, flow.Index) and _called(each.base) == name for each in statement.targets)
    ]


def is_filled(program: Program, name: str) -> bool:
    """Tell whether a program puts something into what a name or chain holds."""
    for statement in statements(program.body):
        match statement:
            case flow.Assign(targets=targets):
                if any(isinstance(each, flow.Index) and _called(each.base) == name for each in targets):
                    return True
            case flow.Augment(target=target) if _called(target) == name or (
                isinstance(target, flow.Index) and _called(target.base) == name
            ):
                return True
        for node in _expressions(statement):
            match node:
                case flow.Call(callee=flow.Attribute(base=base, name=method)):
                    if method in _FILLING and _called(base) == name:
                        return True
    return False


class _Walk:
    def __init__(self, name: str, at: Statement | None, *, none: bool, swallowed: bool) -> None:
        self._name = name
        self._at = at
        self._none = none
        self._swallowed = swallowed
        self._breaks: list[set[Definition]] = []
        self._continues: list[set[Definition]] = []
        self._handlers: list[tuple[int, Definition]] = []
        """Handlers around that bind the name: in how many loops, and what leaving one comes to."""
        self.found: set[Definition] = set()

    def block(self, body: Block, state: _State) -> _State:
        """Run a block; return what holds at its end."""
        for statement in body:
            if state is None:
                return None
            state = self._statement(statement, state)
        return state

    def _statement(self, statement: Statement, state: frozenset[Definition]) -> _State:
        if statement is self._at:
            self.found |= state
        made = list(_made(statement, self._name))
        match statement:
            case flow.Return() | flow.Raise():
                return None
            case flow.Break():
                self._leave(self._breaks, state)
                return None
            case flow.Continue():
                self._leave(self._continues, state)
                return None
            case flow.If(then=then, orelse=orelse):
                state = state.union(made)
                ways = [
                    None if self._none and is_something(statement.test, self._name, holds) else state
                    for holds in (True, False)
                ]
                after = (
                    self.block(block, way) if way is not None else None
                    for block, way in zip((then, orelse), ways, strict=True)
                )
                return _either(*after)
            case flow.While() | flow.For():
                return self._loop(statement, state, made)
            case flow.Try():
                return self._protected(statement, state)
            case flow.With(body=body):
                end = self.block(body, _after(state, made))
                return _either(end, self._somewhere(body, state.union(made))) if self._swallowed else end
            case flow.Match(cases=cases):
                ends = [self.block(case.body, _after(state, made)) for case in cases]
                total = any(case.total and not case.tests and case.guard is None for case in cases)
                return _either(*ends, None if total else state)
        return _after(state, made)

    def _loop(
        self, statement: flow.While | flow.For, state: frozenset[Definition], made: list[Definition]
    ) -> _State:
        self._breaks.append(set())
        self._continues.append(set())
        entry: frozenset[Definition] = state
        for _ in range(2):
            if statement is self._at:
                self.found |= entry
            inside = _after(entry, made) if isinstance(statement, flow.For) else entry.union(made)
            end = self.block(statement.body, inside)
            entry = entry.union(end or (), self._continues[-1])
        after = self.block(statement.orelse, entry)
        self._continues.pop()
        broken = self._breaks.pop()
        return after.union(broken) if after is not None else frozenset(broken) or None

    def _protected(self, statement: flow.Try, state: frozenset[Definition]) -> _State:
        somewhere = self._somewhere(statement.body, state)
        end = self.block(statement.body, state)
        end = self.block(statement.orelse, end) if end is not None else None
        after = _either(end, *(self._handler(each, somewhere) for each in statement.handlers))
        if not statement.final:
            return after
        self.block(statement.final, self._somewhere((statement,), state))
        return self.block(statement.final, after) if after is not None else None

    def _somewhere(self, body: Block, state: frozenset[Definition]) -> frozenset[Definition]:
        """Return what may hold where an exception leaves a block, wherever in it that is."""
        inside = [*statements(body)]
        made = (made for each in inside for made in _made(each, self._name))
        return state.union(made, _ended(inside, self._name))

    def _handler(self, handler: flow.Handler, state: frozenset[Definition]) -> _State:
        """Run a handler: whichever way it is left, its name has no value then, whatever it was given."""
        if handler.name != self._name:
            return self.block(handler.body, state)
        caught = Definition("caught", handler.start, handler.end)
        ended = Definition("ended", handler.start, handler.end)
        self._handlers.append((len(self._breaks), ended))
        end = self.block(handler.body, frozenset((caught,)))
        self._handlers.pop()
        return frozenset((ended,)) if end is not None else None

    def _leave(self, loops: list[set[Definition]], state: frozenset[Definition]) -> None:
        if loops:
            ended = {each for inside, each in self._handlers if inside == len(loops)}
            loops[-1] |= ended or state


def is_something(test: Expression, name: str, holds: bool) -> bool:  # noqa: FBT001 - which way a test went
    """Tell whether a name is surely not None where a test holds, or where it does not."""
    match test:
        case flow.Not(operand=operand):
            return is_something(operand, name, not holds)
        case flow.Boolean(operator=operator, operands=operands):
            # Of an `and` that holds, and an `or` that does not, every operand went the same way.
            return holds is (operator == "and") and any(is_something(each, name, holds) for each in operands)
        case flow.Compare(operator=operator, left=left, right=flow.Constant(kind="none")):
            return _called(left) == name and holds is (operator in ("is-not", "!="))
        case flow.Call(callee=flow.Name(id="isinstance"), arguments=(first, *_)):
            return holds and _called(first.value) == name
        case flow.Name() | flow.Attribute():
            return holds and _called(test) == name
    return False


def _after(state: frozenset[Definition], made: list[Definition]) -> frozenset[Definition]:
    return frozenset((made[-1],)) if made else state


def _either(*states: _State) -> _State:
    reached = [each for each in states if each is not None]
    return frozenset().union(*reached) if reached else None


def _made(statement: Statement, name: str) -> Iterator[Definition]:
    """Yield how a statement itself, blocks in it apart, gives the name a value."""
    for node in _expressions(statement):
        if isinstance(node, flow.Walrus) and _called(node.target) == name:
            yield Definition("assigned", node.start, node.end, node.value)
    match statement:
        case flow.Assign(targets=targets, value=value):
            for part in (part for target in targets for found, part in _targets(target) if found == name):
                how = "assigned" if part < 0 else "unpacked"
                yield Definition(how, statement.start, statement.end, value, max(part, 0))
        case flow.For(target=target, iterable=iterable) if _binds(target, name):
            yield Definition("each", target.start, iterable.end, iterable)
        case flow.With(items=items):
            for item in items:
                if item.target is not None and _binds(item.target, name):
                    yield Definition("entered", item.context.start, item.target.end, item.context)
        case flow.Match():
            yield from _matched(statement, name)
        case _:
            yield from _otherwise(statement, name)


def _otherwise(statement: Statement, name: str) -> Iterator[Definition]:
    start, end = statement.start, statement.end
    match statement:
        case flow.Augment(target=target, value=value) if _called(target) == name:
            yield Definition("changed", start, end, value)
        case flow.Import(binds=binds) if binds == name:
            yield Definition("imported", start, end)
        case flow.Bind(name=bound) if bound == name:
            yield Definition("defined", start, end)
        case flow.Delete(targets=targets) if any(_called(each) == name for each in targets):
            yield Definition("deleted", start, end)


def _matched(statement: flow.Match, name: str) -> Iterator[Definition]:
    subject = statement.subject
    if statement.variable == name:
        yield Definition("assigned", subject.start, subject.end, subject)
    for case in statement.cases:
        if case.whole is not None and case.whole.id == name:
            yield Definition("assigned", case.start, case.whole.end, subject)
        elif any(each.id == name for each in case.binds):
            yield Definition("unpacked", case.start, case.end, subject)


def _binds(target: Expression, name: str) -> bool:
    return any(found == name for found, _ in _targets(target))


def _targets(target: Expression) -> Iterator[tuple[str, int]]:
    """Yield the names and chains a target binds, each with which part it is; -1 for the whole."""
    match target:
        case flow.Display(items=items):
            for number, item in enumerate(items):
                for name, _ in _targets(item.value if isinstance(item, flow.Star) else item):
                    yield name, number
        case _:
            yield _called(target), -1


def _called(target: Expression) -> str:
    match target:
        case flow.Name(id=name):
            return name
        case flow.Attribute(chain=chain):
            return chain
    return ""


def _expressions(statement: Statement) -> Iterator[Expression]:
    pending = list(parts_of(statement))
    while pending:
        node = pending.pop()
        yield node
        pending.extend(node.parts())
