"""A mutable default of a parameter is changed: the change is there at the next call."""

from collections.abc import Iterator

from sleeplsp.core import flow
from sleeplsp.core.contract import Verdict
from sleeplsp.core.flow import Expression, Parameter, ProgramKind
from sleeplsp.core.flow.render import render
from sleeplsp.core.insight import Severity
from sleeplsp.core.paths import dotted
from sleeplsp.deduce.analysis import Analysis
from sleeplsp.deduce.checks.check import Check, Finding, Guards, Replacement, Step
from sleeplsp.deduce.domain import Given, Value
from sleeplsp.deduce.evaluation.arguments import bind
from sleeplsp.deduce.events import Event, Use
from sleeplsp.deduce.telling.describe import short
from sleeplsp.deduce.telling.wording import code
from sleeplsp.deduce.written import Node

_GUARDS = {
    "copied": "what is changed is not the default itself: the name was bound to something else",
    "filled": "the change needs something to be in it, and the default is empty",
    "memory": "the default is meant to remember: it is asked before it is filled, or named so",
    "cell": "the default is a list with items of its own, kept as a variable between calls",
}

_MADE = {
    "list": "builtins.list",
    "dict": "builtins.dict",
    "set": "builtins.set",
    "bytearray": "builtins.bytearray",
    "deque": "collections.deque",
    "defaultdict": "collections.defaultdict",
    "OrderedDict": "collections.OrderedDict",
    "Counter": "collections.Counter",
}
_MEMORY = ("cache", "memo", "seen", "registry", "state", "static")


def find(analysis: Analysis, guards: Guards) -> Iterator[Finding]:
    """Yield one finding per parameter."""
    if analysis.program.kind is not ProgramKind.FUNCTION:
        return
    for parameter in analysis.program.parameters:
        type_ = _mutable(parameter.default)
        if not type_ or guards("memory", holds=_remembers(analysis, parameter)):
            continue
        change = next(_changes(analysis, parameter, type_, guards), None)
        if change is not None:
            yield _finding(analysis, parameter, *change, weak=False)
        elif (kept := _kept(analysis, parameter)) is not None:
            yield _finding(analysis, parameter, kept, "it leaves the function here", weak=True)


def _mutable(default: Expression | None) -> str:
    """Return the class of a default that can change, '' for any other."""
    match default:
        case flow.Display(kind=kind) | flow.Comprehension(kind=kind):
            return _MADE.get(kind, "")
        case flow.Mapping():
            return "builtins.dict"
        case flow.Call(callee=callee):
            return _MADE.get(dotted(callee).rpartition(".")[2], "")
    return ""


def _remembers(analysis: Analysis, parameter: Parameter) -> bool:
    """Tell whether a default is there to keep things between calls, as a cache does."""
    name = parameter.name
    if name.startswith("_") or any(each in name.lower() for each in _MEMORY):
        return True
    asked = {
        render(each.left)
        for each in analysis.written.of(flow.Compare)
        if each.operator in ("in", "not-in") and render(each.right) == name
    }
    stored = {
        render(event.node.index)
        for event in analysis.events(Use.STORE_ITEM)
        if isinstance(event.node, flow.Index)
        and render(event.node.base) == name
        and not isinstance(analysis.written.statement(event.node), flow.Delete)
    }
    return not asked.isdisjoint(stored)


def _changes(
    analysis: Analysis, parameter: Parameter, type_: str, guards: Guards
) -> Iterator[tuple[Node, str]]:
    for use in (Use.CALLED, Use.STORE_ITEM, Use.STORE):
        for block, event in analysis.uses.get(use, ()):
            changed = _changed(analysis, event, parameter.name, type_)
            if changed is None:
                continue
            value, told = changed
            if (
                guards("copied", holds=not _is_given(value, parameter.name))
                or guards("filled", holds=_needs_items(analysis, block, parameter, event.node))
                or guards("cell", holds=_is_cell(parameter, event.node))
            ):
                continue
            yield event.node, told


def _changed(analysis: Analysis, event: Event, name: str, type_: str) -> tuple[Value, str] | None:
    """Return the value that an event changes through a name, and how."""
    node = event.node
    if isinstance(node, flow.Call):
        if isinstance(node.callee, flow.Attribute) and _is_name(node.callee.base, name):
            method = analysis.world.library_method(type_, node.callee.name)
            changes = method is not None and method.changes_receiver
            return (event.receiver, f"`{name}` is changed here") if changes else None
        return _passed(analysis, event, node, name)
    if isinstance(node, flow.Index) and event.use is Use.STORE_ITEM and _is_name(node.base, name):
        return event.value, f"`{name}` is changed here"
    if isinstance(node, flow.Augment) and _is_name(node.target, name):
        grows = (type_, node.operator) in _GROWN_BY
        return (event.other, f"`{name}` is extended in place here") if grows else None
    return None


_GROWN_BY = frozenset(
    (("builtins.list", "+"), ("builtins.set", "|"), ("builtins.dict", "|"), ("builtins.list", "*"))
)


def _passed(analysis: Analysis, event: Event, node: flow.Call, name: str) -> tuple[Value, str] | None:
    """Look whether a function of the workspace changes what is passed."""
    site = analysis.world.site(node.end)
    callee = analysis.world.callee(site.refs[0]) if site is not None and len(site.refs) == 1 else None
    if site is None or callee is None or callee.is_async or callee.is_generator:
        return None
    bound = bind(callee.parameters, node.arguments, given=site.given)
    for parameter, verdict in analysis.world.contract(site.refs[0]).mutates:
        place = bound.by_name.get(parameter)
        if verdict is not Verdict.YES or place is None:
            continue
        if _is_name(node.arguments[place].value, name):
            return event.arguments[place], f"`{short(site.refs[0])}()` changes `{name}`"
    return None


def _is_name(node: Expression, name: str) -> bool:
    return isinstance(node, flow.Name) and node.id == name


def _is_given(value: Value, name: str) -> bool:
    return bool(value) and all(isinstance(each, Given) and each.name == name for each in value)


# What these change is not changed when nothing is in it.
_TAKING = frozenset(
    (
        "clear",
        "difference_update",
        "discard",
        "intersection_update",
        "pop",
        "popitem",
        "popleft",
        "remove",
        "reverse",
        "sort",
    )
)


def _needs_items(analysis: Analysis, block: int, parameter: Parameter, node: Node) -> bool:
    """Tell whether there is a change only when something is in the parameter's value."""
    if not _is_empty(parameter.default):
        return False
    if isinstance(node, flow.Call) and isinstance(node.callee, flow.Attribute):
        if _is_name(node.callee.base, parameter.name) and node.callee.name in _TAKING:
            return True
    elif isinstance(analysis.written.statement(node), flow.Delete):
        return True
    return any(holds and _is_name(test, parameter.name) for test, holds in analysis.decisions_before(block))


def _is_empty(default: Expression | None) -> bool:
    if isinstance(default, flow.Call):
        return not default.arguments or dotted(default.callee).endswith("defaultdict")
    return isinstance(default, (flow.Display, flow.Mapping)) and not default.items


def _is_cell(parameter: Parameter, node: Node) -> bool:
    default = parameter.default
    return isinstance(default, flow.Display) and bool(default.items) and isinstance(node, flow.Index)


def _kept(analysis: Analysis, parameter: Parameter) -> Node | None:
    """Return where the default itself is stored in an attribute or returned."""
    for event in analysis.events(Use.RETURN, Use.STORE_ATTRIBUTE):
        value = event.value if event.use is Use.RETURN else event.other
        if _is_given(value, parameter.name):
            return event.node
    return None


def _finding(analysis: Analysis, parameter: Parameter, where: Node, told: str, *, weak: bool) -> Finding:
    default = parameter.default if parameter.default is not None else where
    shown = code(default) if isinstance(default, Expression) else ""
    return Finding(
        start=default.start,
        end=default.end,
        message=f"all calls share this {shown}: {told}",
        evidence=(
            Step(default.start, default.end, "made once, when the function is defined"),
            Step(where.start, where.end, told),
        ),
        fix_title="Make a new one in every call",
        fix=_fix(analysis, parameter),
        weak=weak,
    )


def _fix(analysis: Analysis, parameter: Parameter) -> tuple[Replacement, ...]:
    """Replace the default by None and make the value as the first thing in the body."""
    program, default = analysis.program, parameter.default
    if default is None or not program.body:
        return ()
    first = program.body[0].start
    before = analysis.quoter.text(program.start, first)
    line = before[max(before.rfind("\n"), before.rfind("\r")) + 1 :]
    definition = analysis.quoter.text(program.name_start, first)
    if line.strip() or "\n" not in definition:
        return ()
    newline = "\r\n" if "\r\n" in before else "\n"
    step = "\t" if line.startswith("\t") else "    "
    made = analysis.quoter.text(default.start, default.end)
    told = f"if {parameter.name} is None:{newline}{line}{step}{parameter.name} = {made}{newline}{line}"
    return Replacement(default.start, default.end, "None"), Replacement(first, first, told)


CHECK = Check(
    name="mutable-default",
    title="A mutable default is changed",
    explanation=(
        "A default is made once, when the function is defined, and shared by all calls. What one"
        " call puts into it is still there in the next."
    ),
    severity=Severity.WARNING,
    guards=_GUARDS,
    find=find,
    scripts=False,
)
