"""A comparison that always comes out the same, whatever path leads to it.

What decides it: the classes of both sides, None, constants, lengths, and the shape of a text that a
method gave it. What only switches code on or off, or makes sure of what is known, is left alone.
"""

from collections import defaultdict
from collections.abc import Iterator

import msgspec

from sleeplsp.core import flow
from sleeplsp.core.flow import Expression
from sleeplsp.core.insight import Evidence, Place, Severity
from sleeplsp.deduce.analysis import Analysis
from sleeplsp.deduce.checks.check import Check, Finding, Guards, Step
from sleeplsp.deduce.describe import short
from sleeplsp.deduce.domain import (
    Alternative,
    Entity,
    Given,
    Instance,
    Literal,
    Nothing,
    Unbound,
    Value,
    is_seen,
    type_name,
)
from sleeplsp.deduce.events import Event, Use
from sleeplsp.deduce.idioms.assigned import Assigned
from sleeplsp.deduce.idioms.shaped import layers, never_equal_to, never_within
from sleeplsp.deduce.likeness import kind_of, plain_kind
from sleeplsp.deduce.wording import code

_GUARDS = {
    "promised": "only an annotation or a stub says of what class the value is",
    "alike": "objects of these two classes may be equal",
    "equality": "the class may compare by rules of its own",
    "tested": "a test asks for it, or an assertion makes sure of it",
    "switch": "the constant is there to switch code on or off",
    "written": "both sides are literals",
    "own-method": "the method that is called is one of the workspace's own",
}


class _Verdict(msgspec.Struct, frozen=True):
    """What a comparison always is, and why: a sentence about `subject`."""

    holds: bool
    subject: Expression
    because: str
    node: Expression | None = None
    """What is marked, if not the whole comparison."""


def find(analysis: Analysis, guards: Guards) -> Iterator[Finding]:
    """Yield one finding per comparison."""
    judge = _Judge(analysis, guards)
    met: dict[tuple[int, int], list[Event]] = defaultdict(list)
    for event in analysis.events(Use.COMPARE):
        met[event.node.start, event.node.end].append(event)
    for events in met.values():
        yield from judge.findings(events)


class _Judge:
    """Judges the comparisons of one program."""

    def __init__(self, analysis: Analysis, guards: Guards) -> None:
        self.analysis = analysis
        self.world = analysis.world
        self.guards = guards
        self._assigned: Assigned | None = None

    @property
    def assigned(self) -> Assigned:
        if self._assigned is None:
            self._assigned = Assigned(self.analysis)
        return self._assigned

    def findings(self, events: list[Event]) -> Iterator[Finding]:
        node = events[0].node
        if not isinstance(node, flow.Compare) or not all(each.certain for each in events):
            return
        verdicts = [self._verdict(node, each.value, each.other) for each in events]
        first = verdicts[0]
        if first is None or any(each is None or each.holds is not first.holds for each in verdicts):
            return
        if self.guards("tested", holds=_is_tested(self.analysis, node)):
            return
        yield self._finding(node, first, events[0])

    def _verdict(self, node: flow.Compare, left: Value, right: Value) -> _Verdict | None:
        if self.guards("written", holds=_is_literal(node.left) and _is_literal(node.right)):
            return None
        if node.operator in _LITERAL_ONLY and any(_is_made(each) for each in (node.left, node.right)):
            return None  # whether it is the same object: another check's
        sides = (_bound(left), _bound(right))
        return (
            self._of_shape(node)
            or self._of_length(node)
            or self._of_values(node, *sides)
            or self._of_members(node, sides[0])
        )

    # Shape of a text

    def _of_shape(self, node: flow.Compare) -> _Verdict | None:
        if node.operator in ("==", "!="):
            for one, other in ((node.left, node.right), (node.right, node.left)):
                if (why := self._never(one, other)):
                    return _Verdict(node.operator == "!=", one, why)
        elif node.operator in ("in", "not-in"):
            text = _text(node.left)
            for made, layer in self._layers(node.right) if text is not None else ():
                if text is not None and never_within(layer, text):
                    return _Verdict(node.operator == "not-in", made, never_equal_to(layer, text))
        return None

    def _never(self, node: Expression, constant: Expression) -> str:
        text = _text(constant)
        if text is None:
            return ""
        return next((why for _, layer in self._layers(node) if (why := never_equal_to(layer, text))), "")

    def _layers(self, node: Expression):
        made = node
        if isinstance(node, flow.Name):
            made = self.assigned.value(node) or node
        for layer in layers(made):
            call = layer.base if layer.kind == "extension" else layer.node
            if not self.guards("own-method", holds=self.world.site(call.end) is not None):
                yield node, layer

    # Length

    def _of_length(self, node: flow.Compare) -> _Verdict | None:
        operator, size, number = node.operator, node.left, _number(node.right)
        if number is None:
            operator, size, number = _MIRRORED.get(operator, operator), node.right, _number(node.left)
        if number is None or not self._is_length(size):
            return None
        holds = _OF_LENGTH.get(operator, lambda _: None)(number)
        return _Verdict(holds, size, "is never negative") if holds is not None else None

    def _is_length(self, node: Expression) -> bool:
        if not isinstance(node, flow.Call) or not isinstance(node.callee, flow.Name) or node.callee.id != "len":
            return False
        return self.world.site(node.end) is None and self.world.name("len") == frozenset(
            each for each in self.world.name("len") if isinstance(each, Entity) and each.ref == "builtins.len"
        )

    # Classes, None and constants

    def _of_values(self, node: flow.Compare, left: Value, right: Value) -> _Verdict | None:
        if node.operator not in _EQUAL or not left or not right:
            return None
        pairs = [(one, other) for one in left for other in right]
        answers = {self._equal(one, other, node.operator) for one, other in pairs}
        if len(answers) != 1 or (equal := answers.pop()) is None:
            return None
        holds = equal is (node.operator in ("==", "is"))
        constant = all(isinstance(each, (Literal, Nothing)) for each in (*left, *right))
        alike = constant and len({type_name(each) for each in (*left, *right)}) == 1
        if alike and self.guards("switch", holds=len(left) == len(right) == 1):
            return None
        subject, value, other = (node.left, left, right)
        if _is_literal(node.left):
            subject, value, other = (node.right, right, left)
        return _Verdict(holds, subject, f"is {_described(value)}")

    def _of_members(self, node: flow.Compare, left: Value) -> _Verdict | None:
        if node.operator not in ("in", "not-in") or not isinstance(node.right, flow.Display):
            return None
        items = node.right.items
        if not items or not left or not all(isinstance(each, flow.Constant) for each in items):
            return None
        never = []
        for item in items:
            why = self._never(node.left, item)
            if not why and self._is_other(left, item):
                why = f"is {_described(left)}"
            never.append(why)
        holds = node.operator == "not-in"
        if all(never):
            return _Verdict(holds, node.left, never[0])
        for item, why in zip(items, never, strict=True):
            if why:
                return _Verdict(False, node.left, why, item)
        return None

    def _is_other(self, value: Value, item: Expression) -> bool:
        if not isinstance(item, flow.Constant):
            return False
        constant = Nothing(item.start, item.end, "literal") if item.kind == "none" else Instance(f"builtins.{item.kind}", sure=True)
        return all(self._equal(each, constant, "==") is False for each in value)

    def _equal(self, one: Alternative, other: Alternative, operator: str) -> bool | None:
        if isinstance(one, Nothing) and isinstance(other, Nothing):
            return True
        if not self._is_known(one) or not self._is_known(other):
            return None
        if isinstance(one, Literal) and isinstance(other, Literal) and _family(one) == _family(other):
            return None if operator in _LITERAL_ONLY else one.value == other.value
        kinds = self._kind(one, operator), self._kind(other, operator)
        return False if all(kinds) and kinds[0] != kinds[1] else None

    def _is_known(self, each: Alternative) -> bool:
        if isinstance(each, Given):
            return not self.guards("promised", holds=True) and bool(each.type)
        return is_seen(each) or (isinstance(each, Instance) and not self.guards("promised", holds=True))

    def _kind(self, each: Alternative, operator: str) -> str:
        kind = kind_of(each)
        if kind and not self.guards("alike", holds=True):
            return type_name(each) or kind
        if not kind and isinstance(each, Given) :
            return each.type
        own = plain_kind(each, self.world)
        if not kind and not own and isinstance(each, Instance) and each.exact and (operator in _LITERAL_ONLY or not self.guards("equality", holds=True)):
            return each.type
        return kind or own

    # What is told

    def _finding(self, node: flow.Compare, verdict: _Verdict, event: Event) -> Finding:
        word = "true" if verdict.holds else "false"
        marked = verdict.node or node
        what = code(node) if verdict.node is None else f"{code(verdict.node)} is never found here"
        told = f"{what} is always {word}" if verdict.node is None else what
        return Finding(
            start=marked.start,
            end=marked.end,
            message=f"{told}: {code(verdict.subject)} {verdict.because}",
            evidence=(
                *self._origin(verdict.subject, event),
                Step(verdict.subject.start, verdict.subject.end, f"{code(verdict.subject)} {verdict.because}"),
                Step(node.start, node.end, f"so this is always {word}"),
            ),
        )

    def _origin(self, subject: Expression, event: Event) -> Iterator[Step | Evidence]:
        if isinstance(subject, flow.Name):
            for each in self.assigned.before(subject.id, subject)[-3:]:
                if each.end <= subject.start:
                    yield Step(each.start, each.end, f"`{subject.shown}` is bound here")
                    if isinstance(each, flow.Assign):
                        yield from self._callees(each.value)
        else:
            yield from self._callees(subject)

    def _callees(self, node: Expression) -> Iterator[Evidence]:
        site = self.world.site(node.end) if isinstance(node, flow.Call) else None
        for ref in site.refs if site is not None else ():
            name = short(ref)
            yield Evidence(Place(ref, 0, 0), f"def {name.rpartition('.')[2]}", f"`{name}()` never returns anything else")


_LITERAL_ONLY = ("is", "is-not")
_EQUAL = ("==", "!=", "is", "is-not")
_MIRRORED = {"<": ">", ">": "<", "<=": ">=", ">=": "<="}
_OF_LENGTH = {
    "<": lambda number: False if number <= 0 else None,
    "<=": lambda number: False if number < 0 else None,
    ">=": lambda number: True if number <= 0 else None,
    ">": lambda number: True if number < 0 else None,
    "==": lambda number: False if number < 0 else None,
    "!=": lambda number: True if number < 0 else None,
}


def _family(each: Literal) -> str:
    return "number" if isinstance(each.value, (int, float)) else each.type


def _bound(value: Value) -> Value:
    return frozenset(each for each in value if not isinstance(each, Unbound))


def _is_literal(node: Expression) -> bool:
    return isinstance(node, (flow.Constant, flow.Display, flow.Mapping))


def _is_made(node: Expression) -> bool:
    if isinstance(node, flow.Constant):
        return node.kind not in ("none", "bool", "ellipsis")
    return isinstance(node, (flow.Display, flow.Mapping))


def _text(node: Expression) -> str | bytes | None:
    known = isinstance(node, flow.Constant) and node.known and isinstance(node.value, (str, bytes))
    return node.value if known else None


def _number(node: Expression) -> int | float | None:
    known = isinstance(node, flow.Constant) and node.kind in ("int", "float") and node.known
    return node.value if known else None


def _is_tested(analysis: Analysis, node: Expression) -> bool:
    for outer in analysis.written.around(node):
        if isinstance(outer, flow.Assert):
            return True
        if isinstance(outer, flow.Call):
            callee = outer.callee
            name = callee.name if isinstance(callee, flow.Attribute) else getattr(callee, "id", "")
            if name.lower().startswith("assert"):
                return True
    return False


def _described(value: Value) -> str:
    words = []
    for each in sorted(value, key=repr):
        if isinstance(each, Literal):
            words.append(f"`{each.value!r}`")
        elif isinstance(each, Nothing):
            words.append("`None`")
        elif isinstance(each, Entity):
            words.append(f"a {each.kind}")
        else:
            words.append(f"a `{short(type_name(each))}`")
    return " or ".join(dict.fromkeys(words))


CHECK = Check(
    name="constant-comparison",
    title="A comparison that always comes out the same",
    explanation=(
        "What is compared can never be equal, or always is, on whatever path control comes: another"
        " value or another comparison was meant, or the code it guards is never run."
    ),
    severity=Severity.WARNING,
    guards=_GUARDS,
    find=find,
)
