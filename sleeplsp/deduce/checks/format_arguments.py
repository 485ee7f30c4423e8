"""A format string and its arguments disagree: `%`, `str.format`, lazy logging, exceptions' messages."""

import re
from collections.abc import Iterator

from sleeplsp.core import flow
from sleeplsp.core.flow import Expression
from sleeplsp.core.insight import Severity
from sleeplsp.deduce.analysis import Analysis
from sleeplsp.deduce.checks.braces import brace_format
from sleeplsp.deduce.checks.check import Check, Finding, Guards, Step
from sleeplsp.deduce.checks.expected import is_expected
from sleeplsp.deduce.checks.percent import PercentFormat, percent_format
from sleeplsp.deduce.checks.wording import code, some
from sleeplsp.deduce.domain import Instance, Literal, Value
from sleeplsp.deduce.events import Event, Use

_GUARDS = {
    "starred": "arguments come through `*` or `**`: how many is not known",
    "tuple": "what stands after `%` may be a tuple or a mapping",
    "expected": "the code stands where an error is expected",
    "plain": "nothing is passed with the message, so it is not formatted",
    "braces": "the message has fields in braces: another logging library",
    "spare": "a keyword argument the template does not use does no harm",
    "formats": "the exception's class may put its arguments into the message itself",
}

_ERRORS = frozenset(("TypeError", "ValueError", "KeyError", "IndexError"))


def find(analysis: Analysis, guards: Guards) -> Iterator[Finding]:
    """Yield one finding per format string."""
    found: list[Finding | None] = []
    for event in analysis.events(Use.DIVIDE):
        if isinstance(event.node, flow.Operation) and event.node.operator == "%":
            found.append(_operation(event.node, event, guards))
    for event in analysis.events(Use.CALLED):
        node = event.node
        if isinstance(node, flow.Call) and isinstance(node.callee, flow.Attribute):
            found.append(_method(analysis, node, node.callee, event, guards))
        elif isinstance(node, flow.Call) and event.detail.startswith("builtins."):
            found.append(_message(node, event, guards))
    for each in found:
        if each is not None and not guards("expected", holds=_is_expected(analysis, each)):
            yield each


def _is_expected(analysis: Analysis, finding: Finding) -> bool:
    place = flow.Call(finding.start, finding.end, flow.Name(0, 0, ""), ())
    operation = flow.Operation(finding.start, finding.end, "", place, place)
    return any(is_expected(analysis.written, each, _ERRORS) for each in (place, operation))


def _text(value: Value) -> str | bytes | None:
    (only,) = value if len(value) == 1 else (None,)
    known = isinstance(only, Literal) and isinstance(only.value, (str, bytes))
    return only.value if known else None  # type: ignore[union-attr,return-value]  # it is a Literal


# %


def _operation(node: flow.Operation, event: Event, guards: Guards) -> Finding | None:
    template = _text(event.other)
    if template is None:
        template = _translated(node.left)
    if template is None:
        return None
    wanted = percent_format(template)
    given = node.right
    if isinstance(given, flow.Display) and given.kind == "tuple":
        starred = any(isinstance(each, flow.Star) for each in given.items)
        if guards("starred", holds=starred):
            return None
        told = _counted(wanted, len(given.items))
    elif isinstance(given, flow.Mapping):
        told = _keyed(wanted, given, guards)
    elif _is_single(event.value) or not guards(
        "tuple", holds=wanted.count != 1 or wanted.keys != ()
    ):
        told = _counted(wanted, 1)
    else:
        told = wanted.problem
    return _finding(node, node.left, given, told) if told else None


def _counted(wanted: PercentFormat, count: int) -> str:
    if wanted.problem:
        return wanted.problem
    if wanted.keys:
        return "" if wanted.count else "its placeholders are named, but what is given is no mapping"
    if wanted.count == count:
        return ""
    return f"it has {some(wanted.count, 'placeholder')} for {some(count, 'argument')}"


def _keyed(wanted: PercentFormat, given: flow.Mapping, guards: Guards) -> str:
    if wanted.problem or wanted.count:
        return wanted.problem or (_counted(wanted, 1) if not wanted.keys else "")
    keys = {each.value for each, _ in given.items if isinstance(each, flow.Constant)}
    open_ = any(each is None or not isinstance(each, flow.Constant) for each, _ in given.items)
    missing = [each for each in wanted.keys if each not in keys and each.encode() not in keys]
    if not missing or guards("starred", holds=open_):
        return ""
    return f"it asks for `{missing[0]}`, which is not among the keys"


_SINGLE = frozenset(f"builtins.{name}" for name in ("str", "int", "float", "bool", "bytes"))


def _is_single(value: Value) -> bool:
    """Tell whether a value is surely neither a tuple nor anything with items."""
    return bool(value) and all(
        isinstance(each, Literal) or (isinstance(each, Instance) and each.type in _SINGLE)
        for each in value
    )


_TRANSLATING = frozenset(("_", "gettext", "gettext_lazy", "ugettext", "ugettext_lazy", "N_"))


def _translated(node: Expression) -> str | None:
    """Return the literal that is looked up in a catalogue: its translations have its placeholders."""
    if not isinstance(node, flow.Call) or len(node.arguments) != 1:
        return None
    callee, value = node.callee, node.arguments[0].value
    name = callee.name if isinstance(callee, flow.Attribute) else getattr(callee, "id", "")
    literal = value.value if isinstance(value, flow.Constant) else None
    return literal if name in _TRANSLATING and isinstance(literal, str) else None


# str.format, logging

_LOGGING = frozenset(
    ("debug", "info", "warning", "warn", "error", "exception", "critical", "fatal", "log")
)
_LOGGER = re.compile(r"(?i)_*(log|logger|logging)_*|.*_(log|logger)")


def _method(
    analysis: Analysis, node: flow.Call, callee: flow.Attribute, event: Event, guards: Guards
) -> Finding | None:
    if callee.name == "format":
        template = _text(event.receiver) or _translated(callee.base)
        return _formatted(node, callee, template, guards) if isinstance(template, str) else None
    if (
        callee.name in _LOGGING
        and analysis.world.site(node.end) is None
        and _is_logger(event, callee)
    ):
        return _logged(node, callee, event, guards)
    return None


def _formatted(
    node: flow.Call, callee: flow.Attribute, template: str, guards: Guards
) -> Finding | None:
    wanted = brace_format(template)
    positional = sum(each.keyword is None and not each.stars for each in node.arguments)
    keywords = {each.keyword for each in node.arguments if each.keyword is not None}
    missing = [f"`{each}`" for each in sorted(wanted.numbers) if each >= positional]
    unnamed = [f"`{each}`" for each in wanted.names if each not in keywords]
    unused = [each for each in range(positional) if each not in wanted.numbers]
    starred = {each.stars for each in node.arguments}
    told = ""
    if wanted.problem:
        told = wanted.problem
    elif missing and not guards("starred", holds=1 in starred):
        told = f"it asks for {_listed(wanted.count, missing)}, but {some(positional, 'argument')} are given by position"
    elif unnamed and not guards("starred", holds=2 in starred):
        told = f"it asks for {unnamed[0]}, which is not given"
    elif unused and 1 not in starred:
        told = f"argument {unused[0] + 1} is not used"
    elif (spare := sorted(keywords.difference(wanted.names))) and not guards("spare", holds=True):
        told = f"`{spare[0]}` is not used"
    return _finding(node, callee.base, node, told) if told else None


def _listed(count: int, missing: list[str]) -> str:
    return some(count, "argument") if count else f"position {missing[0]}"


def _is_logger(event: Event, callee: flow.Attribute) -> bool:
    if event.detail:
        return event.detail.startswith("logging.")
    base = callee.base
    name = base.name if isinstance(base, flow.Attribute) else getattr(base, "id", "")
    return _LOGGER.fullmatch(name) is not None


def _logged(
    node: flow.Call, callee: flow.Attribute, event: Event, guards: Guards
) -> Finding | None:
    place = 1 if callee.name == "log" else 0
    given = [each for each in node.arguments if each.keyword is None]
    template = _text(event.arguments[place]) if len(given) > place else None
    if not isinstance(template, str) or given[place].stars:
        return None
    wanted, passed = percent_format(template), given[place + 1 :]
    if guards("plain", holds=not passed) or guards(
        "starred", holds=any(each.stars for each in passed)
    ):
        return None
    if guards("braces", holds="{" in template):
        return None
    if len(passed) == 1 and not _is_single(event.arguments[place + 1]):
        # A mapping alone is what named placeholders look into, and may have nothing that is asked for.
        value = passed[0].value
        told = _keyed(wanted, value, guards) if isinstance(value, flow.Mapping) else ""
        told = told if wanted.keys or not wanted.count else _counted(wanted, 1)
    else:
        told = _counted(wanted, len(passed))
    return _finding(node, given[place].value, node, told) if told else None


# Messages nobody formats

_PLACEHOLDER = re.compile(r"%[-#0 +]?[0-9]*(\.[0-9]+)?[srd]|%\(\w+\)s")


def _message(node: flow.Call, event: Event, guards: Guards) -> Finding | None:
    """Look at `ValueError("... %s", x)` and `print("... %s", x)`: nobody puts the argument in."""
    given = [each for each in node.arguments if each.keyword is None]
    template = _text(event.arguments[0]) if len(given) > 1 and event.arguments else None
    if not isinstance(template, str) or not isinstance(given[0].value, flow.Constant):
        return None
    prints = event.detail == "builtins.print"
    raises = event.detail.endswith(("Error", "Exception", "Warning"))
    if not prints and not raises:
        return None
    wanted = percent_format(template)
    count = wanted.count if not wanted.problem and _PLACEHOLDER.search(template) else 0
    if count != len(given) - 1 or any(each.stars for each in given):
        return None
    told = "it is never formatted: the arguments stay beside it"
    return _finding(node, given[0].value, node, told)


def _finding(node: Expression, template: Expression, arguments: Expression, told: str) -> Finding:
    return Finding(
        start=node.start,
        end=node.end,
        message=f"{code(template)} does not fit its arguments: {told}",
        evidence=(
            Step(template.start, template.end, "the format"),
            Step(arguments.start, arguments.end, told),
        ),
    )


CHECK = Check(
    name="format-arguments",
    title="A format string and its arguments disagree",
    explanation=(
        "Formatting fails when it runs: a placeholder without an argument, an argument without a placeholder,"
        " a name that is not given. In a log call the message is lost instead."
    ),
    severity=Severity.WARNING,
    guards=_GUARDS,
    find=find,
)
