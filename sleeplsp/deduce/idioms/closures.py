"""What becomes of a function made in a loop: it is used in its turn, or kept beyond it.

It must not know which variables the function reads.
"""

import re
from enum import StrEnum

from sleeplsp.core import flow
from sleeplsp.core.flow import Expression
from sleeplsp.core.paths import dotted
from sleeplsp.core.walk import expressions, statements
from sleeplsp.deduce.analysis import Analysis
from sleeplsp.deduce.written import Node, within

Loop = flow.For | flow.While


class Fate(StrEnum):
    """What becomes of a value within one turn of a loop."""

    KEPT = "kept"
    USED = "used"
    """Called, or left behind."""
    PASSED = "passed"
    """Passed to a call of which nothing is known."""
    YIELDED = "yielded"
    OWN = "own"
    """Kept in something that is made in the same turn."""
    WAITED = "waited"
    """Handed to something that the turn waits for."""


# Names under which functions are known to be kept for later, in many libraries.
_KEEPING = frozenset(
    (
        "Process",
        "Thread",
        "Timer",
        "add",
        "addCleanup",
        "add_callback",
        "add_done_callback",
        "add_listener",
        "after",
        "append",
        "appendleft",
        "bind",
        "call_at",
        "call_later",
        "call_soon",
        "call_soon_threadsafe",
        "connect",
        "extend",
        "insert",
        "put",
        "put_nowait",
        "register",
        "setattr",
        "setdefault",
        "submit",
        "subscribe",
    )
)
_KEEPING_KEYWORDS = frozenset(("callback", "command", "target"))
_WAITING = re.compile(r"join|result|wait|wait_for|shutdown|run|run_until_complete")
_WRAPPINGS = (flow.Display, flow.Mapping, flow.Conditional, flow.Boolean, flow.Star)


def fate(analysis: Analysis, node: Node, loop: Loop, changing: frozenset[str]) -> Fate:
    """Return what becomes of a value; `changing` are the names bound anew at every turn."""
    inner = node
    for outer in analysis.written.around(node):
        match outer:
            case flow.Call():
                return _passed(outer, inner, loop, changing)
            case flow.Assign():
                return _stored(outer, changing)
            case flow.Yield():
                return Fate.YIELDED
        if not isinstance(outer, _WRAPPINGS):
            break
        inner = outer
    return Fate.USED


def reads_of(analysis: Analysis, name: str, loop: Loop) -> list[flow.Name]:
    """Return where a variable is read in a loop's body."""
    stored = {
        (target.start, target.end)
        for statement in statements(loop.body)
        if isinstance(statement, flow.Assign)
        for target in statement.targets
    }
    return [
        node
        for node, _ in expressions(analysis.program)
        if isinstance(node, flow.Name)
        and node.id == name
        and within(loop.body, node)
        and (node.start, node.end) not in stored
    ]


def mentions(node: Expression, names: frozenset[str]) -> bool:
    """Tell whether an expression reads one of some variables."""
    pending = [node]
    while pending:
        each = pending.pop()
        if isinstance(each, flow.Name) and each.id in names:
            return True
        pending.extend(each.parts())
    return False


def _passed(call: flow.Call, inner: Node, loop: Loop, changing: frozenset[str]) -> Fate:
    if _is(call.callee, inner):
        return Fate.USED
    callee = call.callee
    name = callee.name if isinstance(callee, flow.Attribute) else getattr(callee, "id", "")
    keyword = next((each.keyword for each in call.arguments if _is(each.value, inner)), None)
    if name not in _KEEPING and keyword not in _KEEPING_KEYWORDS:
        return Fate.PASSED
    root = dotted(callee.base).partition(".")[0] if isinstance(callee, flow.Attribute) else ""
    if root in changing:
        # What the turn has made ends with it, but not the item that the loop has brought.
        return Fate.PASSED if _is_item(loop, root) else Fate.OWN
    return Fate.WAITED if _waits(loop) else Fate.KEPT


def _stored(assign: flow.Assign, changing: frozenset[str]) -> Fate:
    for target in assign.targets:
        if isinstance(target, (flow.Attribute, flow.Index)):
            place = target.index if isinstance(target, flow.Index) else target.base
            # In a place that is the same at every turn, the next turn puts another.
            if mentions(place, changing):
                return Fate.KEPT
    return Fate.USED


def _is(one: Node, other: Node) -> bool:
    return (type(one), one.start, one.end) == (type(other), other.start, other.end)


def _is_item(loop: Loop, name: str) -> bool:
    return isinstance(loop, flow.For) and mentions(loop.target, frozenset((name,)))


def _waits(loop: Loop) -> bool:
    """Tell whether the loop's body waits for what it has started."""
    for statement in statements(loop.body):
        value = statement.value if isinstance(statement, (flow.Evaluate, flow.Assign)) else None
        callee = value.callee if isinstance(value, flow.Call) else None
        if isinstance(value, flow.Await):
            return True
        if isinstance(callee, flow.Attribute) and _WAITING.fullmatch(callee.name):
            return True
    return False
