"""A format string and its arguments disagree: `%`, `str.format`, logging, messages."""

import re
from collections.abc import Iterator

from sleeplsp.core import flow
from sleeplsp.core.flow import Expression
from sleeplsp.core.insight import Severity
from sleeplsp.core.paths import dotted
from sleeplsp.deduce.analysis import Analysis
from sleeplsp.deduce.checks.check import Check, Finding, Guards, Step
from sleeplsp.deduce.domain import Instance, Literal, Value
from sleeplsp.deduce.events import Event, Use
from sleeplsp.deduce.idioms.braces import brace_format
from sleeplsp.deduce.idioms.expected import is_expected
from sleeplsp.deduce.idioms.percent import PercentFormat, percent_format
from sleeplsp.deduce.telling.wording import code, some

_GUARDS = {
    "starred": "arguments come through `*` or `**`: how many is not known",
    "tuple": "what stands after `%` may be a tuple or a mapping",
    "expected": "the code stands where an error is expected",
    "plain": "nothing is passed with the message, so it is not formatted",
    "braces": "the message has fields in braces: another logging library",
    "numbered": "the template chooses by number which arguments it uses",
    "spare": "a keyword argument the template does not use does no harm",
    "formats": "the exception's class may put its arguments into the message itself",
}

_ERRORS = frozenset(("TypeError", "ValueError", "KeyError", "IndexError"))


def find(analysis: Analysis, guards: Guards) -> Iterator[Finding]:
    """Yield one finding per format string."""
    for event in analysis.events(Use.DIVIDE, Use.CALLED):
        node, found = event.node, None
        if isinstance(node, flow.Operation) and node.operator == "%":
            found = _operation(node, event, guards)
        elif isinstance(node, flow.Call):
            found = _called(analysis, node, event, guards)
        if found is not None and not guards("expected", holds=is_expected(analysis.written, node, _ERRORS)):
            yield found


def _text(value: Value) -> str | bytes | None:
    (only,) = value if len(value) == 1 else (None,)
    known = isinstance(only, Literal) and isinstance(only.value, (str, bytes))
    return only.value if known else None  # type: ignore[union-attr]  # it is a Literal


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
    elif _is_single(event.value) or not guards("tuple", holds=wanted.count != 1 or wanted.keys != ()):
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
        isinstance(each, Literal) or (isinstance(each, Instance) and each.type in _SINGLE) for each in value
    )


_TRANSLATING = frozenset(("_", "gettext", "gettext_lazy", "ugettext", "ugettext_lazy", "N_"))


def _translated(node: Expression) -> str | None:
    """Return the literal that a call translates: its translations have its placeholders."""
    if not isinstance(node, flow.Call) or len(node.arguments) != 1:
        return None
    callee, value = node.callee, node.arguments[0].value
    name = callee.name if isinstance(callee, flow.Attribute) else getattr(callee, "id", "")
    literal = value.value if isinstance(value, flow.Constant) else None
    return literal if name in _TRANSLATING and isinstance(literal, str) else None


# str.format, logging

_LOGGING = frozenset(("debug", "info", "warning", "warn", "error", "exception", "critical", "fatal", "log"))
_LOGGER = re.compile(r"(?i)_*(log|logger|logging)_*|.*_(log|logger)")


def _called(analysis: Analysis, node: flow.Call, event: Event, guards: Guards) -> Finding | None:
    callee = node.callee
    if not isinstance(callee, flow.Attribute):
        return _message(node, event, guards)
    if callee.name == "format":
        template = _text(event.receiver) or _translated(callee.base)
        return _formatted(node, callee, template, guards) if isinstance(template, str) else None
    if callee.name in _LOGGING and analysis.world.site(node.end) is None and _is_logger(event, callee):
        return _logged(node, callee, event, guards)
    return None


def _formatted(node: flow.Call, callee: flow.Attribute, template: str, guards: Guards) -> Finding | None:
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
        asked = some(wanted.count, "argument") if wanted.count else f"position {missing[0]}"
        told = f"it asks for {asked}, and {some(positional, 'argument')} stand by position"
    elif unnamed and not guards("starred", holds=2 in starred):
        told = f"it asks for {unnamed[0]}, which is not given"
    elif (
        unused
        and 1 not in starred
        and not guards("numbered", holds=not wanted.count and bool(wanted.numbers))
    ):
        told = f"argument {unused[0] + 1} is not used"
    elif (spare := sorted(keywords.difference(wanted.names))) and not guards("spare", holds=True):
        told = f"`{spare[0]}` is not used"
    return _finding(node, callee.base, node, told) if told else None


def _is_logger(event: Event, callee: flow.Attribute) -> bool:
    if event.detail:
        return event.detail.startswith("logging.")
    base = callee.base
    name = base.name if isinstance(base, flow.Attribute) else getattr(base, "id", "")
    return _LOGGER.fullmatch(name) is not None


def _logged(node: flow.Call, callee: flow.Attribute, event: Event, guards: Guards) -> Finding | None:
    place = 1 if callee.name == "log" else 0
    given = [each for each in node.arguments if each.keyword is None]
    template = _text(event.arguments[place]) if len(given) > place else None
    if not isinstance(template, str) or given[place].stars:
        return None
    wanted, passed = percent_format(template), given[place + 1 :]
    if guards("plain", holds=not passed) or guards("starred", holds=any(each.stars for each in passed)):
        return None
    if guards("braces", holds="{" in template):
        return None
    if len(passed) == 1 and not _is_single(event.arguments[place + 1]):
        # A mapping alone is what named placeholders look into; it need not be asked for anything.
        value = passed[0].value
        told = _keyed(wanted, value, guards) if isinstance(value, flow.Mapping) else ""
        told = told if wanted.keys or not wanted.count else _counted(wanted, 1)
    else:
        told = _counted(wanted, len(passed))
    # A log of another library may take more than a message.
    weak = not wanted.count and not event.detail.startswith("logging.")
    return _finding(node, given[place].value, node, told, weak=weak) if told else None


# Messages nobody formats

_PLACEHOLDER = re.compile(r"%[-#0 +]?[0-9]*(\.[0-9]+)?[srd]|%\(\w+\)s")
_EXCEPTION = re.compile(r"\w+(Error|Exception|Warning)")


def _message(node: flow.Call, event: Event, guards: Guards) -> Finding | None:
    """Look at `ValueError("... %s", x)` and `print("... %s", x)`: nobody puts the argument in."""
    template = _text(event.arguments[0]) if len(node.arguments) > 1 else None
    if not isinstance(template, str) or "%" not in template:
        return None
    name = dotted(node.callee).rpartition(".")[2]
    raises = _EXCEPTION.fullmatch(name) is not None
    given = [each for each in node.arguments if each.keyword is None]
    if (
        len(given) < 2
        or given[0].value is not node.arguments[0].value
        or not (raises or event.detail == "builtins.print")
    ):
        return None
    wanted = percent_format(template)
    count = wanted.count if not wanted.problem and _PLACEHOLDER.search(template) else 0
    if count != len(given) - 1 or any(each.stars for each in given):
        return None
    if guards("formats", holds=raises and not event.detail.startswith("builtins.")):
        return None
    return Finding(
        start=node.start,
        end=node.end,
        message=f"`{name}` does not format its message: what is passed stays beside it",
        evidence=(
            Step(given[0].value.start, given[0].value.end, "a format"),
            Step(node.start, node.end, f"`{name}` takes it as it is"),
        ),
    )


def _finding(
    node: Expression,
    template: Expression,
    arguments: Expression,
    told: str,
    *,
    weak: bool = False,
) -> Finding:
    return Finding(
        start=node.start,
        end=node.end,
        message=f"{code(template)} does not fit its arguments: {told}",
        evidence=(
            Step(template.start, template.end, "the format"),
            Step(arguments.start, arguments.end, told),
        ),
        weak=weak,
    )


CHECK = Check(
    name="format-arguments",
    title="A format string and its arguments disagree",
    explanation=(
        "Formatting fails when it runs: a placeholder without an argument, an argument without a"
        " placeholder, a name that is not given. In a log call the message is lost instead."
    ),
    severity=Severity.WARNING,
    guards=_GUARDS,
    find=find,
)
