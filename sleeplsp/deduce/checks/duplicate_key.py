"""The same key twice in one dictionary, or the same item in one set: the earlier value is lost."""

from collections.abc import Iterator

from sleeplsp.core import flow
from sleeplsp.core.flow import Expression
from sleeplsp.core.flow.render import render
from sleeplsp.core.insight import Severity
from sleeplsp.deduce.analysis import Analysis
from sleeplsp.deduce.checks.check import Check, Finding, Guards, Step
from sleeplsp.deduce.idioms.repeatable import is_repeatable
from sleeplsp.deduce.telling.wording import code

_GUARDS = {
    "same-value": "both entries say the same, so nothing is lost",
    "effects": "evaluating the key again may give another one",
    "table": "so many keys come twice that the table is meant to be so",
    "overlaid": "a `**` in between puts other values in, and the later entry wins over them",
}


_LOST_MAX = 4
"""Entries lost in one dictionary by mistake; more are in generated tables."""


def find(analysis: Analysis, guards: Guards) -> Iterator[Finding]:
    """Yield one finding per entry that is lost."""
    for mapping in analysis.written.of(flow.Mapping):
        lost = list(_lost(mapping, guards))
        if not guards("table", holds=len(lost) > _LOST_MAX):
            yield from lost
    for display in analysis.written.of(flow.Display):
        if display.kind == "set":
            yield from _repeated(display, guards)


def _lost(mapping: flow.Mapping, guards: Guards) -> Iterator[Finding]:
    seen: dict[object, int] = {}
    for place, (key, value) in enumerate(mapping.items):
        if key is None:
            continue
        first = seen.get(_identity(key))
        seen[_identity(key)] = place
        if first is None:
            continue
        earlier, lost = mapping.items[first]
        overlaid = any(each is None for each, _ in mapping.items[first:place])
        if (
            earlier is None
            or guards("same-value", holds=render(lost) == render(value))
            or guards("effects", holds=not is_repeatable(key))
            or guards("overlaid", holds=overlaid)
        ):
            continue
        yield Finding(
            start=earlier.start,
            end=earlier.end,
            message=f"the value of {code(earlier)} is lost: the same key comes again",
            evidence=(
                Step(earlier.start, lost.end, "this entry is replaced"),
                Step(key.start, value.end, "by this one, which has the same key"),
            ),
        )


def _repeated(display: flow.Display, guards: Guards) -> Iterator[Finding]:
    seen: dict[object, Expression] = {}
    for item in display.items:
        first = seen.setdefault(_identity(item), item)
        if first is item or guards("effects", holds=not is_repeatable(item)):
            continue
        yield Finding(
            start=item.start,
            end=item.end,
            message=f"{code(item)} is in the set already",
            evidence=(
                Step(first.start, first.end, "it stands here"),
                Step(item.start, item.end, "and again here"),
            ),
            weak=True,
        )


def _identity(key: Expression) -> object:
    """Return what tells keys apart: equal numbers are one key, whatever their type."""
    if isinstance(key, flow.Constant) and isinstance(key.value, (bool, int, float, complex)):
        return key.value
    return render(key)


CHECK = Check(
    name="duplicate-key",
    title="The same key twice in a dictionary",
    explanation=(
        "A dictionary keeps one value for each key: of two entries with the same key the first is"
        " lost, which is seldom what was meant."
    ),
    severity=Severity.WARNING,
    guards=_GUARDS,
    find=find,
)
