"""Which of its parameters a program changes."""

from sleeplsp.core import flow
from sleeplsp.core.contract import Verdict
from sleeplsp.core.flow import ProgramKind
from sleeplsp.core.insight import Evidence
from sleeplsp.deduce.analysis import Analysis
from sleeplsp.deduce.domain import Given, Instance, Value
from sleeplsp.deduce.evaluation.arguments import bind
from sleeplsp.deduce.events import Event, Use

Mutations = tuple[tuple[tuple[str, Verdict], ...], tuple[Evidence, ...]]


def mutations(analysis: Analysis) -> Mutations:
    """Return per parameter whether it is changed, and one step of evidence for each that is."""
    changed: dict[str, Evidence | None] = {}
    for event in analysis.events(Use.STORE_ATTRIBUTE, Use.STORE_ITEM):
        if event.other or isinstance(event.node, (flow.Attribute, flow.Index)):
            _note(analysis, event.value, event.node, "changed here", changed)
    for event in analysis.events(Use.CALLED):
        _called(analysis, event, changed)
    for event in analysis.events(Use.STORE):
        if isinstance(event.node, flow.Augment) and isinstance(event.node.target, flow.Name):
            lists = frozenset(
                each for each in event.other if isinstance(each, Given) and each.type in _GROWING
            )
            _note(analysis, lists, event.node, "extended in place here", changed)
    first = (
        analysis.program.parameters[0].name
        if analysis.world.context.bound and analysis.program.parameters
        else ""
    )
    own = analysis.program.name == "__init__" and first  # making an object is not changing it
    quiet = "act" not in analysis.risks and analysis.program.kind is ProgramKind.FUNCTION
    names = [each.name for each in analysis.program.parameters]
    unknown = Verdict.NO if quiet else Verdict.UNKNOWN
    verdicts = tuple((name, Verdict.YES if name in changed else unknown) for name in names if name != own)
    return verdicts, tuple(step for name, step in changed.items() if step is not None and name != own)


_GROWING = frozenset(("builtins.list", "builtins.set", "builtins.dict", "builtins.bytearray"))


def _called(analysis: Analysis, event: Event, changed: dict[str, Evidence | None]) -> None:
    node = event.node
    if not isinstance(node, flow.Call):
        return
    method = analysis.world.library_function(event.detail) if event.detail else None
    if method is not None and method.changes_receiver and isinstance(node.callee, flow.Attribute):
        _note(analysis, event.receiver, node, "changed here", changed)
    site = analysis.world.site(node.end)
    if site is None or len(site.refs) != 1:
        return
    callee = analysis.world.callee(site.refs[0])
    contract = analysis.world.contract(site.refs[0])
    if callee is None or callee.is_async or callee.is_generator:
        return
    bound = bind(callee.parameters, node.arguments, given=site.given)
    for name, verdict in contract.mutates:
        if verdict is Verdict.YES and (index := bound.by_name.get(name)) is not None:
            _note(analysis, event.arguments[index], node, f"`{name}` is changed by this call", changed)


def _note(
    analysis: Analysis,
    value: Value,
    node: flow.Expression | flow.Statement,
    sentence: str,
    changed: dict[str, Evidence | None],
) -> None:
    """Note a change of a value that is surely one parameter's."""
    owners = {each.name for each in value if isinstance(each, Given)}
    others = any(not isinstance(each, (Given, Instance)) for each in value)
    if len(owners) == 1 and not others and len(value) == 1:
        changed.setdefault(owners.pop(), analysis.quoter.evidence(node.start, node.end, sentence))
