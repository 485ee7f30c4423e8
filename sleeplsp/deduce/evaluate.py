"""Evaluating expressions that take a single way: what value they have in a state, and what happens.

An Evaluator is told where events go; without a sink it only computes. It changes the state only by what
evaluation itself teaches (after `x.a` has run, `x` is not None) and by forgetting what a call may have
changed. It must not know control flow.
"""

from collections.abc import Callable
from typing import Any

from sleeplsp.core import flow
from sleeplsp.core.flow import Expression, Name, Program, ProgramKind
from sleeplsp.core.paths import dotted
from sleeplsp.deduce import operators
from sleeplsp.deduce.domain import (
    ANYTHING,
    BOOLEAN,
    UNKNOWN,
    Alternative,
    Coroutine,
    Entity,
    EntityKind,
    Given,
    Instance,
    Literal,
    Nothing,
    State,
    Unbound,
    Value,
    literal,
    may_be_unbound,
    of,
)
from sleeplsp.deduce.events import Event, Use
from sleeplsp.deduce.world import World

Sink = Callable[[Event, State], None]

# What None itself has: reading these is no mistake.
NONE_ATTRIBUTES = frozenset(name for name in dir(None))

_MADE = {
    "list": "builtins.list",
    "set": "builtins.set",
    "dict": "builtins.dict",
    "tuple": "builtins.tuple",
    "generator": "types.GeneratorType",
}


class Evaluator:
    """Evaluates the expressions of one program."""

    def __init__(self, world: World, program: Program, call: "CallHandler", sink: Sink | None = None) -> None:
        self.world = world
        self.program = program
        self.sink = sink
        self._call = call
        self._tracked = program.locals - program.rebound - program.outer
        self._globals: dict[str, Value] = {}
        self.risks: dict[str, Expression | flow.Statement] = {}
        """The first node that may 'raise' or 'act' (run code that is not known, change something)."""
        self.receiver: Value = frozenset()
        """The object of the attribute evaluated last."""

    def tracks(self, variable: str) -> bool:
        """Tell whether a variable is the program's own and changed by nobody else."""
        return variable in self._tracked or variable[0] == "%" or "#" in variable

    def value(self, node: Expression, state: State) -> Value:
        """Return what an expression may be."""
        return _EVALUATIONS[type(node)](self, node, state)

    def emit(
        self, use: Use, node: Expression | flow.Statement, value: Value, state: State, **more: Any
    ) -> None:
        """Report an event, if somebody listens."""
        if self.sink is not None:
            self.sink(Event(use, node, value, certain=state.certain, **more), state)

    def risk(self, kind: str, node: Expression | flow.Statement) -> None:
        """Note that a node may raise, or may run code of which nothing is known."""
        self.risks.setdefault(kind, node)

    def risks_both(self, node: Expression | flow.Statement) -> None:
        """Note a node that may raise and may run unknown code."""
        self.risks.setdefault("raise", node)
        self.risks.setdefault("act", node)

    def needs(
        self,
        use: Use,
        node: Expression | flow.Statement,
        base: Expression,
        value: Value,
        state: State,
    ) -> Value:
        """Note a use that None does not survive; return the value without None, which is known after."""
        if value is ANYTHING:
            return value
        present = _presents(value)
        if present == value:
            if self.sink is not None and any(isinstance(each, Coroutine) for each in value):
                self.emit(use, node, value, state)
            return value
        self.emit(use, node, value, state)
        if path := self.path(base):
            state.narrow(path, present or ANYTHING)
        return present or ANYTHING

    def tested(self, node: Expression, state: State) -> Value:
        """Return the value of a condition; asking an object for its truth may run its code."""
        value = self.value(node, state)
        if self.sink is not None:
            self.emit(Use.TEST, node, value, state)
        if not operators.is_plain(value) and operators.truth(value, self.world) is None:
            self.risks_both(node)
        return value

    def path(self, node: Expression) -> str:
        """Return the variable or path an expression is known under in a state; '' if under none."""
        if isinstance(node, Name):
            return node.id if self.tracks(node.id) else ""
        if not isinstance(node, flow.Attribute):
            return ""
        chain = dotted(node)
        return chain if chain and self.tracks(chain.partition(".")[0]) else ""

    def call(self, node: flow.Call, state: State) -> Value:
        return self._call(self, node, state)

    def _name(self, node: Name, state: State) -> Value:
        name = node.id
        if not self.tracks(name):
            return ANYTHING if name in self.program.locals else self._global(name)
        value = state.values.get(name, ANYTHING)
        if value is ANYTHING or not may_be_unbound(value):
            return value
        return self._maybe_unbound(node, name, value, state)

    def _maybe_unbound(self, node: Name, name: str, value: Value, state: State) -> Value:
        outside = self.program.kind in (ProgramKind.MODULE, ProgramKind.CLASS)
        if outside and (self.program.kind is ProgramKind.CLASS or self._is_builtin(name)):
            self.risks_both(node)
            return ANYTHING  # the name is then looked up further out
        self.emit(Use.READ, node, value, state)
        self.risk("raise", node)
        bound = frozenset(each for each in value if not isinstance(each, Unbound)) or ANYTHING
        state.narrow(name, bound)
        return bound

    def _is_builtin(self, name: str) -> bool:
        return bool(self.world.library.kind(f"builtins.{name}")) or (
            name.startswith("__") and name.endswith("__")
        )

    def _global(self, name: str) -> Value:
        known = self._globals.get(name)
        if known is None:
            known = self._globals[name] = self.world.name(name)
        if known is ANYTHING:
            self.risk("act", flow.Name(0, 0, name))  # a variable of the module: others may change it
            self.risk("raise", flow.Name(0, 0, name))
        return known

    def _constant(self, node: flow.Constant, _state: State) -> Value:
        if node.kind == "none":
            return of(Nothing(node.start, node.end, "literal"))
        if node.known and isinstance(node.value, (bool, int, float, str, bytes)):
            return of(Literal(node.kind, node.value))
        return of(Instance("types.EllipsisType" if node.kind == "ellipsis" else f"builtins.{node.kind}"))

    def _attribute(self, node: flow.Attribute, state: State) -> Value:
        base = self.value(node.base, state)
        if node.name not in NONE_ATTRIBUTES:
            base = self.needs(Use.ATTRIBUTE, node, node.base, base, state)
        self.receiver = base
        if (path := self.path(node)) and path in state.values:
            return state.values[path]
        (only,) = base if len(base) == 1 else (UNKNOWN,)
        found = ANYTHING
        if isinstance(only, Entity):
            found = self.world.member(only, node.name)
        elif isinstance(only, (Instance, Given)) and only.type:
            found = self._attribute_of(only.type, node.name)
        if found is ANYTHING:
            self.risk("raise", node)
            if not self._is_plain_attribute(only, node.name):
                self.risk("act", node)
        return found

    def _is_plain_attribute(self, base: Alternative, name: str) -> bool:
        """Tell whether reading an attribute runs no code: a class of the workspace without descriptors."""
        if not isinstance(base, (Instance, Given)) or not base.type:
            return False
        shape = self.world.shape(base.type)
        if shape is None or not shape.complete or name in shape.properties:
            return False
        hooks = ("__getattr__", "__getattribute__", "__get__")
        outside = [each for each in shape.ancestors if "::" not in each and each != "builtins.object"]
        return shape.members.isdisjoint(hooks) and not outside and isinstance(base, Instance) and base.exact

    def _attribute_of(self, type_: str, name: str) -> Value:
        method = self.world.library_method(type_, name)
        if method is None:
            plain = self.world.library.attribute_type(type_, name) if "::" not in type_ else ""
            return of(Instance(plain)) if plain else ANYTHING
        if not method.is_property:
            return of(Entity(EntityKind.FUNCTION, method.ref))
        unclear = (UNKNOWN,) if method.anything or method.none else ()
        return frozenset((*(Instance(each) for each in method.types), *unclear)) or ANYTHING

    def _index(self, node: flow.Index, state: State) -> Value:
        base = self.value(node.base, state)
        self.needs(Use.INDEX, node, node.base, base, state)
        index = self.value(node.index, state)
        self.risks_both(node)
        self.emit(Use.INDEX, node, base, state, other=index)
        return operators.item(base, node.index)

    def _operation(self, node: flow.Operation, state: State) -> Value:
        left, right = self.value(node.left, state), self.value(node.right, state)
        if node.operator != "|":  # `X | None` is a type
            left, right = self.operands(node, node.operator, (node.left, left), (node.right, right), state)
        if not operators.is_plain(left) or not operators.is_plain(right):
            self.risks_both(node)
        elif node.operator not in ("+", "-", "*") or not (
            operators.is_number(left) and operators.is_number(right)
        ):
            self.risk("raise", node)
        if node.operator in ("/", "//", "%"):
            self.emit(Use.DIVIDE, node, right, state, other=left)
        return operators.operation(node.operator, left, right)

    def operands(
        self,
        node: Expression | flow.Statement,
        operator: str,
        left: tuple[Expression, Value],
        right: tuple[Expression, Value],
        state: State,
    ) -> tuple[Value, Value]:
        """Note operands that may be None; an operand of an unknown class may know what to do with it."""
        (left_node, one), (right_node, other) = left, right
        unguarded = "none-dereference:operand" in self.world.off
        if unguarded or operators.is_builtin(other):
            one = self.needs(Use.OPERATE, node, left_node, one, state)
        if (unguarded or operators.is_builtin(one)) and not (operator == "%" and operators.may_be_text(one)):
            other = self.needs(Use.OPERATE, node, right_node, other, state)
        return one, other

    def _unary(self, node: flow.Unary, state: State) -> Value:
        operand = self.needs(Use.OPERATE, node, node.operand, self.value(node.operand, state), state)
        if not operators.is_number(operand):
            self.risks_both(node)
        return operators.unary(node.operator, operand)

    def _not(self, node: flow.Not, state: State) -> Value:
        found = operators.truth(self.tested(node.operand, state), self.world)
        return BOOLEAN if found is None else literal(not found)

    def _compare(self, node: flow.Compare, state: State) -> Value:
        left, right = self.value(node.left, state), self.value(node.right, state)
        if node.operator in ("in", "not-in"):
            right = self.needs(Use.CONTAIN, node, node.right, right, state)
        elif node.operator in ("<", "<=", ">", ">="):
            left, right = self.operands(node, node.operator, (node.left, left), (node.right, right), state)
        plain = operators.is_plain(left) and operators.is_plain(right)
        if node.operator not in ("is", "is-not") and not plain:
            self.risks_both(node)
        elif node.operator not in ("is", "is-not", "==", "!="):
            self.risk("raise", node)
        self.emit(Use.COMPARE, node, left, state, other=right)
        return operators.comparison(node.operator, left, right)

    def _display(self, node: flow.Display, state: State) -> Value:
        for item in node.items:
            value = self.value(item, state)
            if node.kind == "set" and not operators.is_plain(value):
                self.risks_both(node)
        return of(Instance(_MADE[node.kind], node.start, exact=True))

    def _mapping(self, node: flow.Mapping, state: State) -> Value:
        for key, value in node.items:
            if key is None or not operators.is_plain(self.value(key, state)):
                self.risks_both(node)
            self.value(value, state)
        return of(Instance("builtins.dict", node.start, exact=True))

    def _comprehension(self, node: flow.Comprehension, _state: State) -> Value:
        return of(Instance(_MADE[node.kind], node.start, exact=True))

    def _format(self, node: flow.Format, state: State) -> Value:
        for value in node.values:
            if not operators.is_plain(self.value(value, state)):
                self.risks_both(node)
        return of(Instance("builtins.str", node.start, exact=True))

    def _star(self, node: flow.Star, state: State) -> Value:
        self.needs(Use.UNPACK, node, node.value, self.value(node.value, state), state)
        self.risks_both(node)
        return ANYTHING

    def _closure(self, _node: flow.Closure, _state: State) -> Value:
        return of(Entity(EntityKind.FUNCTION, ""))

    def _await(self, node: flow.Await, state: State) -> Value:
        awaited = self.needs(Use.AWAIT, node, node.value, self.value(node.value, state), state)
        state.forget_paths()
        self.risks_both(node)
        if len(awaited) == 1:
            (only,) = awaited
            if isinstance(only, Coroutine):
                return self._call.awaited(self, only)
        return ANYTHING

    def _parts(self, node: Expression, state: State) -> Value:
        if not isinstance(node, flow.Slice):
            self.risks_both(node)
        for part in node.parts():
            self.value(part, state)
        return ANYTHING


_PRESENTS: dict[Value, Value] = {}
_PRESENTS_MAX = 50_000


def _presents(value: Value) -> Value:
    known = _PRESENTS.get(value)
    if known is None:
        if len(_PRESENTS) >= _PRESENTS_MAX:
            _PRESENTS.clear()
        known = frozenset(_present(each) for each in value if not isinstance(each, Nothing))
        _PRESENTS[value] = known
    return known


def _present(each: Alternative) -> Alternative:
    if isinstance(each, Given) and not each.present:
        return Given(each.name, each.type, present=True)
    return each


class CallHandler:
    """What `calls` provides: the value of a call, and of awaiting a coroutine."""

    def __call__(self, evaluator: Evaluator, node: flow.Call, state: State) -> Value:
        """Return what a call gives; apply what it does to the state."""
        raise NotImplementedError

    def awaited(self, evaluator: Evaluator, coroutine: Coroutine) -> Value:
        """Return what awaiting a coroutine gives."""
        raise NotImplementedError


_EVALUATIONS: dict[type, Callable[[Evaluator, Any, State], Value]] = {
    flow.Name: Evaluator._name,
    flow.Constant: Evaluator._constant,
    flow.Attribute: Evaluator._attribute,
    flow.Index: Evaluator._index,
    flow.Slice: Evaluator._parts,
    flow.Call: Evaluator.call,
    flow.Operation: Evaluator._operation,
    flow.Unary: Evaluator._unary,
    flow.Not: Evaluator._not,
    flow.Compare: Evaluator._compare,
    flow.Boolean: Evaluator._parts,
    flow.Conditional: Evaluator._parts,
    flow.Display: Evaluator._display,
    flow.Mapping: Evaluator._mapping,
    flow.Star: Evaluator._star,
    flow.Format: Evaluator._format,
    flow.Closure: Evaluator._closure,
    flow.Comprehension: Evaluator._comprehension,
    flow.Walrus: Evaluator._parts,
    flow.Await: Evaluator._await,
    flow.Yield: Evaluator._parts,
    flow.Opaque: Evaluator._parts,
}
