"""What a comparison or a condition always is, and why, when every path that leads there agrees.

Rules over the values that meet and over the way the operands are written. Each reason to say nothing is
asked of `quiet` by its name. It must not know how a finding is told.
"""

from collections.abc import Iterator
from typing import Protocol

import msgspec

from sleeplsp.core import flow
from sleeplsp.core.flow import Expression
from sleeplsp.core.resolved import Kind
from sleeplsp.deduce.analysis import Analysis
from sleeplsp.deduce.domain import (
    Alternative,
    Entity,
    Given,
    Instance,
    Literal,
    Nothing,
    Unbound,
    Value,
    given_name,
    is_seen,
    type_name,
)
from sleeplsp.deduce.events import Event, Use
from sleeplsp.deduce.idioms.assigned import Assigned
from sleeplsp.deduce.idioms.shaped import Layer, layers, never_equal_to, never_within
from sleeplsp.deduce.likeness import kind_of, kind_of_class
from sleeplsp.deduce.telling.wording import described


class Quiet(Protocol):
    """Tells whether a named reason to say nothing holds."""

    def __call__(self, name: str, *, holds: bool) -> bool:
        """Tell whether to say nothing: its condition holds, and the reason counts."""
        ...


class Verdict(msgspec.Struct, frozen=True, gc=False):
    """What a comparison always is, and why: a sentence about `subject`."""

    holds: bool
    subject: Expression
    because: str
    item: Expression | None = None
    """The only item among those looked through that is never found; else it is the whole comparison."""
    none: bool = False
    """Somebody asks for None, which may be mere caution."""


Text = str | bytes


class Comparing:
    """The comparisons of one program."""

    def __init__(self, analysis: Analysis, assigned: Assigned, quiet: Quiet) -> None:
        self.world = analysis.world
        self._written = analysis.written
        self._called = analysis.uses.get(Use.CALLED, ())
        self.quiet = quiet
        self.assigned = assigned

    def compared(self, event: Event) -> Verdict | None:
        """Return what the comparison of an event always is."""
        node = event.node
        if not isinstance(node, flow.Compare) or _is_case(node):
            return None
        if self.quiet("written", holds=is_literal(node.left) and is_literal(node.right)):
            return None
        left, right = _bound(event.value), _bound(event.other)
        if node.operator in _EQUAL:
            if node.operator in _IDENTICAL and (is_made(node.left) or is_made(node.right)):
                return None  # whether two equal values are one object is another check's
            return self._shape(node) or self._length(node) or self._values(node, left, right)
        if node.operator in ("in", "not-in"):
            return self._within(node) or self._items(node, left)
        return self._length(node)

    def asked(self, event: Event) -> Verdict | None:
        """Return what a condition that is a call (`text.startswith("A")`) always is."""
        node = event.node
        if not isinstance(node, flow.Call) or not isinstance(node.callee, flow.Attribute):
            return None
        if node.callee.name not in ("startswith", "endswith") or not node.arguments:
            return None
        given = node.arguments[0].value
        texts = given.items if isinstance(given, flow.Display) else (given,)
        for layer in self._layers(node.callee.base):
            found = [_text(each) for each in texts]
            if found and all(text and never_within(layer, text) for text in found):
                return Verdict(
                    holds=False, subject=node.callee.base, because=never_equal_to(layer, found[0] or "")
                )
        return None

    def tested(self, event: Event) -> Verdict | None:
        """Return what the truth of a value always is, where another question was surely meant."""
        node, value = event.node, _bound(event.value)
        kinds = {kind_of(each) for each in value}
        if not isinstance(node, Expression) or len(kinds) != 1 or not all(map(is_seen, value)):
            return None
        (kind,) = kinds
        if kind == "none" and isinstance(node, flow.Call):
            return self._procedure(node)
        if kind == "iterator":
            return Verdict(
                holds=True,
                subject=node,
                because=f"is {described(value)}, which is true even with nothing in it",
            )
        if isinstance(node, flow.Attribute) and all(map(self._is_method, value)):
            return Verdict(holds=True, subject=node, because="is a method, which is not called")
        return None

    def _is_method(self, each: Alternative) -> bool:
        # A module's function may be asked for because some systems have none.
        owner = each.ref.rpartition(".")[0] if isinstance(each, Entity) else ""
        return kind_of(each) == "function" and self.world.library_class(owner) is not None

    def _procedure(self, node: flow.Call) -> Verdict | None:
        outer = next((each for each in self._written.around(node) if not isinstance(each, flow.Not)), None)
        if self.quiet("joined", holds=isinstance(outer, (flow.Boolean, flow.Conditional))):
            return None
        if self.quiet("overridable", holds=self._is_open(node)):
            return None
        return Verdict(holds=False, subject=node, because="never gives anything but `None`")

    # How a text was made

    def _shape(self, node: flow.Compare) -> Verdict | None:
        for one, other in ((node.left, node.right), (node.right, node.left)):
            if node.operator in ("==", "!=") and (why := self._never(one, other)):
                return Verdict(node.operator == "!=", one, why)
        return None

    def _never(self, node: Expression, constant: Expression) -> str:
        text = _text(constant)
        if text is None:
            return ""
        return next((why for each in self._layers(node) if (why := never_equal_to(each, text))), "")

    def _within(self, node: flow.Compare) -> Verdict | None:
        text = _text(node.left)
        for layer in self._layers(node.right) if text is not None else ():
            if text is not None and never_within(layer, text):
                return Verdict(node.operator == "not-in", node.right, never_equal_to(layer, text))
        return None

    def _layers(self, node: Expression) -> Iterator[Layer]:
        for layer in layers(node, self.assigned.value):
            call = layer.base if layer.kind == "extension" else layer.node
            if not self.quiet("own-method", holds=self.world.site(call.end) is not None):
                yield layer

    # How long a thing is

    def _length(self, node: flow.Compare) -> Verdict | None:
        operator, size, number = node.operator, node.left, _number(node.right)
        if number is None:
            operator, size, number = _MIRRORED.get(operator, operator), node.right, _number(node.left)
        if number is None or not self._is_length(size):
            return None
        least = number if operator in ("<", ">=") else number + 1
        if least > 0:
            return None
        outer = next(self._written.around(node), None)
        pair = isinstance(outer, flow.Boolean) and any(
            isinstance(each, flow.Compare) and node.left.start < each.left.start == node.right.start
            for each in outer.operands
        )
        if self.quiet("chain", holds=pair):
            return None
        return Verdict(operator in (">", ">=", "!="), size, "is never negative")

    def _is_length(self, node: Expression) -> bool:
        if not isinstance(node, flow.Call) or not isinstance(node.callee, flow.Name):
            return False
        callee = self.world.name(node.callee.id) if self.world.site(node.end) is None else frozenset()
        return any(isinstance(each, Entity) and each.ref == "builtins.len" for each in callee)

    # Classes, None and constants

    def _values(self, node: flow.Compare, left: Value, right: Value) -> Verdict | None:
        answers = {self._equal(one, other, node.operator) for one in left for other in right}
        equal = answers.pop() if len(answers) == 1 else None
        if equal is None or self.quiet("switch", holds=_is_switch(left, right)):
            return None
        kept = (node.left, left), (node.right, right)
        if self.quiet("descriptor", holds=any(_is_kept(each, value) for each, value in kept)):
            return None
        subject, value, other = node.left, left, right
        if is_literal(node.left):
            subject, value, other = node.right, right, left
        none = all(isinstance(each, Nothing) for each in other)
        if none and self._is_caution(subject, value):
            return None
        if equal and self.quiet("asked", holds=any(map(_is_found_out, value))):
            return None
        holds = equal is (node.operator in ("==", "is"))
        return Verdict(holds, subject, f"is {described(value)}", none=none)

    def _is_caution(self, subject: Expression, value: Value) -> bool:
        """Tell whether something is asked for None that others may have put it into."""
        named = all(isinstance(each, Entity) for each in value)
        call = self.assigned.value(subject) if isinstance(subject, flow.Name) else subject
        return (
            self.quiet("defined", holds=named)
            or self.quiet("overridable", holds=self._is_open(call))
            or self.quiet("library", holds=self._is_of_library(call, value))
        )

    def _is_of_library(self, call: Expression | None, value: Value) -> bool:
        """Tell whether only a stub says that a call never gives None; of builtins that is known."""
        made = all(not isinstance(each, Instance) or each.made_at >= 0 for each in value)
        if made or not isinstance(call, flow.Call):
            return not made
        known = (each.detail for _, each in self._called if each.node == call)
        return self.world.site(call.end) is None and not next(known, "").startswith("builtins.")

    def _is_open(self, call: Expression | None) -> bool:
        """Tell whether a call reaches a method that classes outside the workspace may override."""
        site = self.world.site(call.end) if isinstance(call, flow.Call) else None
        return site is not None and site.kind is Kind.METHOD and not site.exact

    def _items(self, node: flow.Compare, left: Value) -> Verdict | None:
        items = node.right.items if isinstance(node.right, flow.Display) else ()
        if not items or not all(isinstance(each, flow.Constant) for each in items):
            return None
        never = [self._never(node.left, item) or self._other(left, item) for item in items]
        if all(never):
            return Verdict(node.operator == "not-in", node.left, never[0])
        texts = {_text(each) for each in items}
        for item, why in zip(items, never, strict=True):
            if why and not self.quiet("covered", holds=not texts.isdisjoint(_forms(_text(item)))):
                return Verdict(holds=False, subject=node.left, because=why, item=item)
        return None

    def _other(self, value: Value, item: Expression) -> str:
        if not isinstance(item, flow.Constant) or not value:
            return ""
        none = item.kind == "none"
        constant = (
            Nothing(item.start, item.end, "literal") if none else Instance(f"builtins.{item.kind}", sure=True)
        )
        answers = {self._equal(each, constant, "==") for each in value}
        return f"is {described(value)}" if answers == {False} else ""

    def _equal(self, one: Alternative, other: Alternative, operator: str) -> bool | None:
        if isinstance(one, Nothing) and isinstance(other, Nothing):
            return True
        if not self._is_known(one) or not self._is_known(other):
            return None
        kinds = self._kind(one, operator), self._kind(other, operator)
        if isinstance(one, Literal) and isinstance(other, Literal) and kinds[0] == kinds[1]:
            if operator in _IDENTICAL and not one.type == other.type == "bool":
                return None
            return one.value == other.value
        return False if all(kinds) and kinds[0] != kinds[1] else None

    def _is_known(self, each: Alternative) -> bool:
        said = isinstance(each, (Given, Instance)) and bool(each.type)
        own = isinstance(each, Instance) and "::" in each.type
        if self.quiet("foreign", holds=own and not self.world.ancestors(type_name(each))[1]):
            return False
        return is_seen(each) or (said and not self.quiet("promised", holds=True))

    def _kind(self, each: Alternative, operator: str) -> str:
        kind = kind_of(each)
        if kind:
            return kind if self.quiet("alike", holds=True) else type_name(each) or kind
        if operator in _IDENTICAL or isinstance(each, Given):
            return type_name(each)
        own = kind_of_class(each, self.world)
        return own if own or self.quiet("equality", holds=True) else type_name(each)


_IDENTICAL = ("is", "is-not")
_EQUAL = ("==", "!=", "is", "is-not")
_MIRRORED = {"<": ">", ">": "<", "<=": ">=", ">=": "<="}


def is_literal(node: Expression) -> bool:
    """Tell whether an expression is written out: a constant or a display."""
    return isinstance(node, (flow.Constant, flow.Display, flow.Mapping))


def is_made(node: Expression) -> bool:
    """Tell whether an expression is written out and not one of the objects there is only one of."""
    single = isinstance(node, flow.Constant) and node.kind in ("none", "bool", "ellipsis")
    return is_literal(node) and not single


def _is_kept(node: Expression, value: Value) -> bool:
    """Tell whether a value was stored in an object's attribute: what is read may be another."""
    return isinstance(node, flow.Attribute) and not all(isinstance(each, Entity) for each in value)


def _is_case(node: flow.Compare) -> bool:
    """Tell whether it is a `case` that compares: the subject is read nowhere in the text."""
    return isinstance(node.left, flow.Name) and node.left.start == node.left.end


def _is_switch(left: Value, right: Value) -> bool:
    """Tell whether two constants meet that stand in the source, of one class or one of them None."""
    if len(left) != 1 or len(right) != 1:
        return False
    (one,), (other,) = left, right
    if not isinstance(one, (Literal, Nothing)) or not isinstance(other, (Literal, Nothing)):
        return False
    nothing = isinstance(one, Nothing) or isinstance(other, Nothing)
    written = all(not isinstance(each, Nothing) or each.origin == "literal" for each in (one, other))
    return written and (nothing or type_name(one) == type_name(other))


def _is_found_out(each: Alternative) -> bool:
    """Tell whether only a condition has shown that a value is None."""
    return isinstance(each, Nothing) and (each.origin == "test" or bool(given_name(each)))


def _bound(value: Value) -> Value:
    return frozenset(each for each in value if not isinstance(each, Unbound))


def _text(node: Expression) -> Text | None:
    known = isinstance(node, flow.Constant) and node.known
    return node.value if known and isinstance(node.value, (str, bytes)) else None  # type: ignore[attr-defined]


def _number(node: Expression) -> int | None:
    return (
        node.value
        if isinstance(node, flow.Constant) and node.kind == "int" and isinstance(node.value, int)
        else None
    )


def _forms(text: Text | None) -> tuple[Text, ...]:
    """Return a text in other cases and without blanks: what stands for it after such a method."""
    if text is None:
        return ()
    forms = (text.lower(), text.upper(), text.strip(), text.strip().lower())
    return tuple(each for each in forms if each != text)
