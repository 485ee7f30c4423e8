"""A list, dictionary or set changes size while a loop goes over it, and the loop goes on."""

from collections.abc import Iterator

import msgspec

from sleeplsp.core import flow
from sleeplsp.core.flow import Expression
from sleeplsp.core.flow.render import render
from sleeplsp.core.insight import Severity
from sleeplsp.core.paths import dotted
from sleeplsp.core.walk import statements
from sleeplsp.deduce import cfg
from sleeplsp.deduce.analysis import Analysis
from sleeplsp.deduce.checks.check import Check, Finding, Guards, Replacement, Step
from sleeplsp.deduce.domain import Value, type_name
from sleeplsp.deduce.events import Event, Use
from sleeplsp.deduce.written import Node, within

_GUARDS = {
    "copy": "the loop goes over a copy",
    "leaves": "control leaves the loop after the change",
    "queue": "the list grows: the loop is meant to reach what is added",
    "existing": "the key is there already, so nothing is added",
    "rebound": "the name is bound to something else within the loop",
    "unclear": "neither its type nor its use says that it is a list, dictionary or set",
}

_COPIES = frozenset(("list", "tuple", "sorted", "set", "frozenset", "dict", "deepcopy", "copy"))
_VIEWS = frozenset(("items", "keys", "values"))
_THROUGH = frozenset(("enumerate", "iter", "zip", "map", "filter"))
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


class _Loop(msgspec.Struct, frozen=True):
    """A loop over a container that has a name."""

    statement: flow.For
    container: Expression
    view: bool
    """It goes over `.items()`, `.keys()` or `.values()`."""

    @property
    def item(self) -> str:
        """The variable that holds the key, the item or (of `enumerate`) the index; '' if none."""
        target = self.statement.target
        if isinstance(target, flow.Display) and target.items:
            target = target.items[0]
        return target.id if isinstance(target, flow.Name) else ""


class _Change(msgspec.Struct, frozen=True):
    """One change of size. `weak`: only if a key is new, which the text does not say."""

    node: Node
    block: int
    grows: bool
    weak: bool


def find(analysis: Analysis, guards: Guards) -> Iterator[Finding]:
    """Yield one finding per change."""
    for statement in analysis.written.of(flow.For):
        loop = None if statement.is_async else _loop(statement, guards)
        if loop is None:
            continue
        changes = list(_changes(analysis, loop, guards))
        if not changes or guards("rebound", holds=_is_rebound(loop)):
            continue
        for change in changes:
            if not guards("leaves", holds=not _goes_on(analysis, loop, change.block)):
                yield _finding(loop, change)


def _loop(statement: flow.For, guards: Guards) -> _Loop | None:
    node, view = statement.iterable, False
    while not dotted(node):
        if isinstance(node, flow.Index) and isinstance(node.index, flow.Slice):
            copied, inner = True, node.base
        elif not isinstance(node, flow.Call):
            return None
        else:
            copied, inner = _iterated(node)
            view = view or (inner is not None and _is_view(node))
        if inner is None or guards("copy", holds=copied):
            return None
        node = inner
    return _Loop(statement, node, view)


def _iterated(call: flow.Call) -> tuple[bool, Expression | None]:
    """Return whether a call copies, and what it copies or goes through."""
    callee = call.callee
    given = call.arguments[0].value if call.arguments else None
    if isinstance(callee, flow.Name):
        known = callee.id in _COPIES or callee.id in _THROUGH
        return callee.id in _COPIES, given if known else None
    if isinstance(callee, flow.Attribute) and not call.arguments:
        known = callee.name in _VIEWS or callee.name == "copy"
        return callee.name == "copy", callee.base if known else None
    return False, None


def _is_view(call: flow.Call) -> bool:
    return isinstance(call.callee, flow.Attribute) and call.callee.name in _VIEWS


def _changes(analysis: Analysis, loop: _Loop, guards: Guards) -> Iterator[_Change]:
    name = render(loop.container)
    seen: set[tuple[int, int]] = set()
    for use in (Use.CALLED, Use.STORE_ITEM, Use.STORE):
        for block, event in analysis.uses.get(use, ()):
            if not event.certain or not within(loop.statement.body, event.node):
                continue
            base, value = _changed(event)
            if base is None or render(base) != name or _span(event.node) in seen:
                continue
            seen.add(_span(event.node))
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
    analysis: Analysis, loop: _Loop, block: int, event: Event, value: Value, guards: Guards
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
        clear = bool(kind) or _is_item(loop, node.index)
        if guards("unclear", holds=not clear):
            return None
        # What only looks like a dictionary may well go over a list of its keys.
        weak = not kind and isinstance(loop.container, flow.Attribute)
        return _Change(node, block, grows=False, weak=weak)
    if guards("unclear", holds=kind != "dictionary" and not loop.view) or guards(
        "existing", holds=_is_there(analysis, loop, block, node.index)
    ):
        return None
    return _Change(node, block, grows=True, weak=not _mentions(node.index, loop.item))


def _called(
    analysis: Analysis, loop: _Loop, block: int, node: flow.Call, value: Value, guards: Guards
) -> _Change | None:
    kind, name = _kind(value), node.callee.name  # type: ignore[attr-defined]  # an Attribute
    first = node.arguments[0].value if node.arguments else None
    if kind:
        types = {type_name(each) for each in value}
        methods = [analysis.world.library_method(each, name) for each in types]
        if not all(method is not None and method.changes_size for method in methods):
            return None
    else:
        clear = name in _TAKES_ITEM and first is not None and _is_item(loop, first)
        if name not in _TAKES_ITEM or guards("unclear", holds=not clear):
            return None
    grows = name in ("add", "setdefault", "update", *_GROWS_LIST)
    if guards("queue", holds=kind == "list" and name in _GROWS_LIST):
        return None
    if (
        grows
        and first is not None
        and guards("existing", holds=_is_there(analysis, loop, block, first))
    ):
        return None
    if not grows:
        weak = not kind and name == "pop" and isinstance(loop.container, flow.Attribute)
        return _Change(node, block, grows=False, weak=weak)
    sure = first is not None and name != "update" and _mentions(first, loop.item)
    return _Change(node, block, grows=grows, weak=not sure)


def _kind(value: Value) -> str:
    """Return what kind of container a value surely is, '' when that is not known."""
    kinds = {_CONTAINERS.get(type_name(each), "") for each in value}
    return kinds.pop() if len(kinds) == 1 else ""


def _is_item(loop: _Loop, node: Expression) -> bool:
    target = loop.statement.target
    names = [target, *(target.items if isinstance(target, flow.Display) else ())]
    return isinstance(node, flow.Name) and any(
        isinstance(each, flow.Name) and each.id == node.id for each in names
    )


def _is_there(analysis: Analysis, loop: _Loop, block: int, key: Expression) -> bool:
    """Tell whether a key is in the container: the loop's own, or looked for before."""
    if isinstance(key, flow.Name) and key.id == loop.item:
        return True
    wanted = f"{render(key)} in {render(loop.container)}"
    return any(
        holds is (test.operator == "in") and wanted == render(test).replace(" not in ", " in ")
        for test, holds in analysis.decisions_before(block)
        if isinstance(test, flow.Compare) and test.operator in ("in", "not-in")
    )


def _mentions(node: Expression, name: str) -> bool:
    pending = [node]
    while pending:
        each = pending.pop()
        if isinstance(each, flow.Name) and each.id == name:
            return True
        pending.extend(each.parts())
    return False


def _is_rebound(loop: _Loop) -> bool:
    """Tell whether the container's name, or a name it begins with, is bound within the loop."""
    name = dotted(loop.container)
    bound = [loop.statement.target]
    for statement in statements(loop.statement.body):
        match statement:
            case flow.Assign(targets=targets):
                bound.extend(targets)
            case flow.For(target=target):
                bound.append(target)
            case flow.With(items=items):
                bound.extend(item.target for item in items if item.target is not None)
    while bound:
        target = bound.pop()
        bound.extend(target.parts() if isinstance(target, (flow.Display, flow.Star)) else ())
        if (stored := dotted(target)) and f"{name}.".startswith(f"{stored}."):
            return True
    return False


def _goes_on(analysis: Analysis, loop: _Loop, start: int) -> bool:
    """Tell whether control can come from a block to the loop's next turn."""
    graph = analysis.graph
    heads: dict[int, str] = {}
    for number, block in enumerate(graph.blocks):
        exit_ = block.exit
        if isinstance(exit_, cfg.Turn) and (exit_.start, exit_.end) == _span(loop.statement):
            heads[number] = exit_.iterable.id if isinstance(exit_.iterable, flow.Name) else ""
    seen, pending = {start}, [start]
    while pending:
        number = pending.pop()
        if number not in analysis.ends:
            continue
        for target in graph.blocks[number].targets():
            if target in heads:
                return True
            # Where the iterable is evaluated a loop of its own begins.
            if target not in seen and not _begins(graph.blocks[target], heads):
                seen.add(target)
                pending.append(target)
    return False


def _span(node: Node) -> tuple[int, int]:
    return node.start, node.end


def _begins(block: cfg.Block, heads: dict[int, str]) -> bool:
    names = set(heads.values())
    return any(
        isinstance(target, flow.Name) and target.id in names
        for step in block.steps
        if isinstance(step, flow.Assign)
        for target in step.targets
    )


def _finding(loop: _Loop, change: _Change) -> Finding:
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
        "A dictionary or set that changes size during a loop over it raises at the next turn; a list that"
        " loses items makes the loop pass over others."
    ),
    severity=Severity.WARNING,
    guards=_GUARDS,
    find=find,
)
