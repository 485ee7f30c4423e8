"""A call of a function or class of the workspace that its parameters do not take."""

from collections.abc import Iterator, Sequence

from sleeplsp.core import flow
from sleeplsp.core.context import Callee, Site
from sleeplsp.core.facts import ParameterFacts
from sleeplsp.core.flow import Argument, ParameterKind
from sleeplsp.core.flow.same import same
from sleeplsp.core.insight import Severity
from sleeplsp.core.resolved import Kind
from sleeplsp.core.walk import expressions
from sleeplsp.deduce.analysis import Analysis
from sleeplsp.deduce.checks.check import Check, Finding, Guards, Step
from sleeplsp.deduce.evaluation.arguments import Bound, bind
from sleeplsp.deduce.events import Use
from sleeplsp.deduce.idioms.expected import is_expected
from sleeplsp.deduce.telling.describe import short
from sleeplsp.deduce.telling.wording import code, some

_GUARDS = {
    "starred": "what seems to be missing may come through `*` or `**`",
    "overridden": "a subclass has a method with other parameters in its place",
    "hook": "the method is for subclasses to write, with what parameters is not known",
    "subclass": "the class called is the object's own, which may be a subclass",
    "outside": "the class has a base outside the workspace that may make objects its own way",
    "interface": "the method has no parameter for its object, and a base that is not known may want it so",
    "rewritten": "the function's defaults or code are assigned elsewhere in the same code",
    "mangled": "a parameter of a method begins with `__` and has another name outside its class",
    "expected": "the code stands where the error is expected",
}

_BY_POSITION = (ParameterKind.POSITIONAL, ParameterKind.EITHER)


def find(analysis: Analysis, guards: Guards) -> Iterator[Finding]:
    """Yield one finding per call."""
    seen: set[int] = set()
    for event in analysis.events(Use.CALLED):
        node = event.node
        site = analysis.world.site(node.end)
        if site is None or not isinstance(node, flow.Call) or not event.certain or node.end in seen:
            continue
        seen.add(node.end)
        reached = _callees(analysis, site)
        problems = [_problem(callee, node.arguments, site, guards) for callee in reached]
        if not problems or problems[0] is None:
            continue
        if (
            guards("overridden", holds=None in problems)
            or guards("hook", holds=_is_hook(site, reached))
            or guards("subclass", holds=_is_own_class(analysis, node, site))
            or guards("interface", holds=_is_of_interface(analysis, node, site, reached[0]))
            or guards("rewritten", holds=_is_rewritten(analysis, node))
            or guards("mangled", holds=_is_mangled(reached[0]))
            or guards("outside", holds=_is_made_outside(analysis, site))
            or guards("expected", holds=is_expected(analysis.written, node, _TYPE_ERROR))
        ):
            continue
        yield _finding(node, site, reached[0], problems[0])


def _callees(analysis: Analysis, site: Site) -> list[Callee]:
    """Return the functions a call may run; none if one of them is not known."""
    found = [analysis.world.callee(ref) for ref in site.refs]
    return [each for each in found if each is not None] if None not in found else []


_TYPE_ERROR = frozenset(("TypeError",))


def _problem(
    callee: Callee, arguments: Sequence[Argument], site: Site, guards: Guards
) -> tuple[int, str] | None:
    """Return what does not fit: the argument (-1: none) and a sentence; None if all fits."""
    if not _is_bindable(callee, site):
        return None
    problem = _told(bind(callee.parameters, arguments, given=site.given), callee, arguments, site)
    plain = tuple(each for each in arguments if not each.stars)
    if problem is not None or len(plain) == len(arguments) or guards("starred", holds=True):
        return problem
    return _told(bind(callee.parameters, plain, given=site.given), callee, plain, site)


def _is_bindable(callee: Callee, site: Site) -> bool:
    """Tell whether there is a parameter for the object or class that the call gives."""
    first = callee.parameters[0].kind if callee.parameters else None
    return not site.given or first in _BY_POSITION


def _told(bound: Bound, callee: Callee, arguments: Sequence[Argument], site: Site) -> tuple[int, str] | None:
    if bound.unknown:
        place = bound.unknown[0]
        return place, f"it has no parameter `{arguments[place].keyword}`"
    if bound.extra:
        given = sum(each.keyword is None and not each.stars for each in arguments)
        taken = len(_positional(callee, site))
        told = f"it takes {some(taken, 'positional argument')}, not {given}"
        return bound.extra[0], told
    if bound.repeated:
        return -1, f"it gets `{bound.repeated[0]}` twice"
    if bound.missing:
        return -1, f"`{bound.missing[0]}` is not given"
    return None


def _positional(callee: Callee, site: Site) -> list[ParameterFacts]:
    places = [each for each in callee.parameters if each.kind in _BY_POSITION]
    return places[1:] if site.given else places


def _is_hook(site: Site, reached: list[Callee]) -> bool:
    return site.kind is Kind.METHOD and not site.exact and reached[0].hook


def _is_own_class(analysis: Analysis, node: flow.Call, site: Site) -> bool:
    """Tell whether the class is called through a variable: `cls(...)`, `type(self)(...)`."""
    if site.kind is not Kind.CLASS:
        return False
    callee = node.callee
    first = analysis.program.parameters[0].name if analysis.program.parameters else ""
    if isinstance(callee, flow.Name):
        return analysis.world.context.bound and callee.id == first
    return not isinstance(callee, flow.Attribute) or callee.name == "__class__"


_OBJECTS = frozenset(("self", "cls", "mcs", "metacls", "klass", "this"))


def _is_of_interface(analysis: Analysis, node: flow.Call, site: Site, callee: Callee) -> bool:
    """Tell whether a method is written without its object, as those of interfaces are."""
    first = callee.parameters[0].name if callee.parameters else ""
    if site.kind is not Kind.METHOD or not site.given or first.strip("_") in _OBJECTS:
        return False
    # Its caller may be one of them, and pass what it is given, which need not be of the class.
    own = analysis.program.parameters[:1]
    base = node.callee.base if isinstance(node.callee, flow.Attribute) else None
    if own and isinstance(base, flow.Name) and base.id == own[0].name not in _OBJECTS:
        return True
    _, complete = analysis.world.ancestors(site.ref.rpartition(".")[0])
    return not complete


_INNARDS = frozenset(("__defaults__", "__kwdefaults__", "__code__"))


def _is_rewritten(analysis: Analysis, node: flow.Call) -> bool:
    return any(
        isinstance(each, flow.Attribute) and each.name in _INNARDS and same(each.base, node.callee)
        for each, _ in expressions(analysis.program)
    )


def _is_mangled(callee: Callee) -> bool:
    names = (each.name for each in callee.parameters)
    return any(name.startswith("__") and not name.endswith("__") for name in names)


# Bases outside the workspace that are called as any class is.
_ORDINARY = ("builtins.", "abc.", "typing.", "collections.", "threading.", "logging.", "io.")


def _is_made_outside(analysis: Analysis, site: Site) -> bool:
    shape = analysis.world.shape(site.ref) if site.kind is Kind.CLASS else None
    if shape is None:
        return site.kind is Kind.CLASS
    outside = [each for each in shape.ancestors if "::" not in each]
    if any(".pyi::" in each for each in shape.ancestors):
        return True  # a stub in the workspace does not show how objects are made
    return not shape.complete or not all(each.startswith(_ORDINARY) for each in outside)


def _finding(node: flow.Call, site: Site, callee: Callee, problem: tuple[int, str]) -> Finding:
    place, told = problem
    what, where = short(site.ref), node.callee
    marked = node.arguments[place].value if place >= 0 else where
    return Finding(
        start=marked.start,
        end=marked.end,
        message=f"{code(where)} is called wrongly: {told}",
        evidence=(
            Step(where.start, where.end, f"this is `{what}({_signature(callee, site)})`"),
            Step(node.start, node.end, told),
        ),
    )


def _signature(callee: Callee, site: Site) -> str:
    parameters = list(callee.parameters)
    if site.given:
        del parameters[0]
    words: list[str] = []
    for place, each in enumerate(parameters):
        stars = {ParameterKind.REST: "*", ParameterKind.KEYWORDS: "**"}.get(each.kind, "")
        before = {earlier.kind for earlier in parameters[:place]}
        if each.kind is ParameterKind.KEYWORD and before.isdisjoint(
            (ParameterKind.REST, ParameterKind.KEYWORD)
        ):
            words.append("*")
        words.append(f"{stars}{each.name}{'=…' if each.optional and not stars else ''}")
        following = parameters[place + 1].kind if place + 1 < len(parameters) else None
        if each.kind is ParameterKind.POSITIONAL and following is not ParameterKind.POSITIONAL:
            words.append("/")
    return ", ".join(words)


CHECK = Check(
    name="wrong-arguments",
    title="A call does not fit the function's parameters",
    explanation=(
        "The call passes more than the function takes, leaves out what it needs, or names a"
        " parameter it does not have: it raises `TypeError` whenever it runs."
    ),
    severity=Severity.ERROR,
    precision=0.67,  # 4 of 6: benchmarks/results, precision-1 and -3
    guards=_GUARDS,
    find=find,
)
