"""A list, dictionary or set changes size while a loop goes over it, and the loop goes on."""

from collections.abc import Iterator

import msgspec

from sleeplsp.core import flow
from sleeplsp.core.flow import Expression
from sleeplsp.core.flow.render import render
from sleeplsp.core.flow.same import same
from sleeplsp.core.insight import Severity
from sleeplsp.deduce.analysis import Analysis
from sleeplsp.deduce.checks.check import Check, Finding, Guards, Replacement, Step
from sleeplsp.deduce.domain import Value, type_name
from sleeplsp.deduce.events import Event, Use
from sleeplsp.deduce.idioms.closures import mentions
from sleeplsp.deduce.idioms.expected import is_expected
from sleeplsp.deduce.idioms.iterated import ContainerLoop, container_loop, goes_on, is_rebound
from sleeplsp.deduce.written import Node, within

_GUARDS = {
    "copy": "the loop goes over a copy",
    "leaves": "control leaves the loop after the change",
    "queue": "the list grows: the loop is meant to reach what is added",
    "existing": "the key is there already, so nothing is added",
    "rebound": "the name is bound to something else within the loop",
    "expected": "the code stands where the error is expected",
    "unclear": "neither its type nor its use says that it is a list, dictionary or set",
}

_CONTAINERS = {
    "builtins.list": "list",
    "builtins.bytearray": "list",
    "builtins.set": "set",
    "builtins.dict": "dictionary",
    "collections.OrderedDict": "dictionary",
    "collections.defaultdict": "dictionary",
    "collections.Counter": "dictionary",
    "collections.deque": "deque",
}
_GROWS_LIST = frozenset(("append", "extend", "insert", "__iadd__"))
_TAKES_ITEM = frozenset(("remove", "discard", "pop"))


class _Change(msgspec.Struct, frozen=True):
    """One change of size.

    `weak`: only if a key is new, which the text does not say; or if the container is of a class that
    minds, which nothing says: an element of a tree, a property, a class of one's own may go over a copy.
    """

    node: Node
    block: int
    grows: bool
    weak: bool


def find(analysis: Analysis, guards: Guards) -> Iterator[Finding]:
    """Yield one finding per change."""
    for statement in analysis.written.of(flow.For):
        loop = None if statement.is_async else container_loop(statement)
        changes = [] if loop is None else list(_changes(analysis, loop, guards))
        if loop is None or not changes:
            continue
        if guards("copy", holds=loop.copy) or guards("rebound", holds=is_rebound(loop)):
            continue
        for change in changes:
            if guards("leaves", holds=not goes_on(analysis, loop, change.block)) or guards(
                "expected", holds=is_expected(analysis.written, change.node, _RUNTIME_ERROR)
            ):
                continue
            yield _finding(loop, change)


_RUNTIME_ERROR = frozenset(("RuntimeError",))


def _changes(analysis: Analysis, loop: ContainerLoop, guards: Guards) -> Iterator[_Change]:
    name = render(loop.container)
    seen: set[tuple[int, int]] = set()
    for use in (Use.CALLED, Use.STORE_ITEM, Use.STORE):
        for block, event in analysis.uses.get(use, ()):
            if not event.certain or not within(loop.statement.body, event.node):
                continue
            base, value = _changed(event)
            if base is None or render(base) != name or (event.node.start, event.node.end) in seen:
                continue
            seen.add((event.node.start, event.node.end))
            change = _change(analysis, loop, block, event, value, guards)
            if change is not None:
                yield change


def _changed(event: Event) -> tuple[Expression | None, Value]:
    """Return what an event may change the size of, and its value."""
    node = event.node
    if isinstance(node, flow.Call) and isinstance(node.callee, flow.Attribute):
        return node.callee.base, event.receiver
    if isinstance(node, flow.Index) and event.use is Use.STORE_ITEM:
        return node.base, event.value
    if isinstance(node, flow.Augment):
        return node.target, event.other
    return None, frozenset()


def _change(
    analysis: Analysis, loop: ContainerLoop, block: int, event: Event, value: Value, guards: Guards
) -> _Change | None:
    node = event.node
    kind = _kind(value)
    if isinstance(node, flow.Call) and isinstance(node.callee, flow.Attribute):
        return _called(analysis, loop, block, node, value, guards)
    if isinstance(node, flow.Augment):
        grows = (kind, node.operator) in (("set", "|"), ("dictionary", "|"), ("list", "+"))
        if not grows or guards("queue", holds=kind == "list"):
            return None
        return _Change(node, block, grows=True, weak=True)
    if not isinstance(node, flow.Index) or isinstance(node.index, flow.Slice):
        return None
    if isinstance(analysis.written.statement(node), flow.Delete):
        clear = bool(kind) or (_is_untyped(value) and _is_item(loop, node.index))
        if guards("unclear", holds=not clear):
            return None
        return _Change(node, block, grows=False, weak=not kind)
    clear = kind == "dictionary" or (loop.view and _is_untyped(value))
    if guards("unclear", holds=not clear) or guards(
        "existing", holds=_is_there(analysis, loop, block, node.index)
    ):
        return None
    sure = bool(kind) and mentions(node.index, frozenset((loop.item,)))
    return _Change(node, block, grows=True, weak=not sure)


def _called(
    analysis: Analysis,
    loop: ContainerLoop,
    block: int,
    node: flow.Call,
    value: Value,
    guards: Guards,
) -> _Change | None:
    kind, name = _kind(value), node.callee.name  # type: ignore[attr-defined]  # an Attribute
    first = node.arguments[0].value if node.arguments else None
    if kind:
        types = {type_name(each) for each in value}
        methods = [analysis.world.library_method(each, name) for each in types]
        if not all(method is not None and method.changes_size for method in methods):
            return None
    else:
        clear = _is_untyped(value) and first is not None and _is_item(loop, first)
        if name not in _TAKES_ITEM or guards("unclear", holds=not clear):
            return None
    grows = name in ("add", "setdefault", "update", *_GROWS_LIST)
    if guards("queue", holds=kind == "list" and name in _GROWS_LIST):
        return None
    if grows and first is not None and guards("existing", holds=_is_there(analysis, loop, block, first)):
        return None
    if not grows:
        return _Change(node, block, grows=False, weak=not kind)
    sure = first is not None and name != "update" and mentions(first, frozenset((loop.item,)))
    return _Change(node, block, grows=grows, weak=not sure)


def _kind(value: Value) -> str:
    """Return what kind of container a value surely is, '' when that is not known."""
    kinds = {_CONTAINERS.get(type_name(each), "") for each in value}
    return kinds.pop() if len(kinds) == 1 else ""


def _is_untyped(value: Value) -> bool:
    """Tell whether nothing is known of a value's class; if something is, it is no container."""
    return all(type_name(each) == "" for each in value)


def _is_item(loop: ContainerLoop, node: Expression) -> bool:
    target = loop.statement.target
    names = [target, *(target.items if isinstance(target, flow.Display) else ())]
    return isinstance(node, flow.Name) and any(
        isinstance(each, flow.Name) and each.id == node.id for each in names
    )


def _is_there(analysis: Analysis, loop: ContainerLoop, block: int, key: Expression) -> bool:
    """Tell whether a key is in the container: the loop's own, or looked for before."""
    while isinstance(key, flow.Call) and isinstance(key.callee, (flow.Name, flow.Attribute)):
        if render(key.callee).rpartition(".")[2] != "cast" or len(key.arguments) != 2:
            break
        key = key.arguments[1].value  # the very same
    if isinstance(key, flow.Name) and key.id == loop.item:
        return True
    return any(
        holds is (test.operator == "in") and same(test.left, key) and same(test.right, loop.container)
        for test, holds in analysis.decisions_before(block)
        if isinstance(test, flow.Compare) and test.operator in ("in", "not-in")
    )


def _finding(loop: ContainerLoop, change: _Change) -> Finding:
    name, iterable = render(loop.container), loop.statement.iterable
    verb = "grows" if change.grows else "loses items"
    return Finding(
        start=change.node.start,
        end=change.node.end,
        message=f"`{name}` {verb} here while the loop goes over it",
        evidence=(
            Step(iterable.start, iterable.end, f"the loop goes over `{name}` itself"),
            Step(change.node.start, change.node.end, f"`{name}` changes size"),
            Step(iterable.start, iterable.end, "the next turn fails, or an item is passed over"),
        ),
        fix_title="Go over a copy",
        fix=(
            Replacement(iterable.start, iterable.start, "list("),
            Replacement(iterable.end, iterable.end, ")"),
        ),
        weak=change.weak,
    )


CHECK = Check(
    name="mutated-while-iterated",
    title="A container changes size while a loop goes over it",
    explanation=(
        "A dictionary or set that changes size during a loop over it raises at the next turn; a"
        " list that loses items makes the loop pass over others."
    ),
    severity=Severity.WARNING,
    guards=_GUARDS,
    find=find,
)
