"""The same operand twice: the second adds nothing, so another one was meant."""

from collections.abc import Iterator

from sleeplsp.core import flow
from sleeplsp.core.flow import Expression
from sleeplsp.core.flow.render import render
from sleeplsp.core.flow.same import same
from sleeplsp.core.insight import Severity
from sleeplsp.deduce.analysis import Analysis
from sleeplsp.deduce.checks.check import Check, Finding, Guards, Step
from sleeplsp.deduce.idioms.expected import is_asserted
from sleeplsp.deduce.idioms.repeatable import is_repeatable
from sleeplsp.deduce.idioms.tests import is_test

_GUARDS = {
    "effects": "evaluating the operand again may give something else",
    "constant": "the operands are constants, written out for the reader",
    "itself": "a variable compared with itself asks whether it is NaN, or stands for an array",
    "tested": "a test asks whether a thing equals itself",
    "changed": "an operand in between may have changed it",
}

_WORDS = {"is-not": "is not", "not-in": "not in"}

# Operators for which a repeated operand makes the result one that needs no operator.
_IDLE = frozenset(("-", "/", "//", "%", "^", "&", "|"))

_MADE_OF_PARTS = (flow.Boolean, flow.Compare, flow.Display, flow.Mapping, flow.Operation, flow.Unary)


def find(analysis: Analysis, guards: Guards) -> Iterator[Finding]:
    """Yield one finding per repeated operand."""
    written = analysis.written
    for boolean in written.of(flow.Boolean):
        yield from _repeated(boolean, guards)
    # A test may well compare something with itself.
    weak = is_test(analysis.world.ref.partition("::")[0])
    pairs: list[flow.Compare | flow.Operation] = [*written.of(flow.Compare)]
    pairs.extend(each for each in written.of(flow.Operation) if each.operator in _IDLE)
    for node in pairs:
        if same(node.left, node.right) and not _is_meant(analysis, node, guards):
            yield _finding(_WORDS.get(node.operator, node.operator), node.left, node.right, weak=weak)


def _repeated(node: flow.Boolean, guards: Guards) -> Iterator[Finding]:
    seen: dict[str, int] = {}
    for place, operand in enumerate(node.operands):
        text = render(operand)
        first = seen.setdefault(text, place)
        between = node.operands[first + 1 : place]
        if (
            first == place
            or guards("effects", holds=not is_repeatable(operand))
            or guards("constant", holds=_is_constant(operand))
            or guards("changed", holds=not all(map(is_repeatable, between)))
        ):
            continue
        yield _finding(node.operator, node.operands[first], operand, weak=False)


def _is_meant(analysis: Analysis, node: flow.Compare | flow.Operation, guards: Guards) -> bool:
    operand = node.left
    return (
        guards("effects", holds=not is_repeatable(operand))
        or guards("constant", holds=_is_constant(operand))
        or guards("itself", holds=_asks_itself(operand))
        or guards("tested", holds=is_asserted(analysis.written, node))
    )


def _is_constant(operand: Expression) -> bool:
    """Tell whether an operand is written with literals alone."""
    return isinstance(operand, flow.Constant) or (
        isinstance(operand, _MADE_OF_PARTS) and all(map(_is_constant, operand.parts()))
    )


def _asks_itself(operand: Expression) -> bool:
    return isinstance(operand, (flow.Name, flow.Index))


def _finding(operator: str, first: Expression, second: Expression, *, weak: bool) -> Finding:
    text = render(second)
    return Finding(
        start=first.start,
        end=second.end,
        message=f"both operands of `{operator}` are `{text}`",
        evidence=(
            Step(first.start, first.end, f"`{text}` stands here"),
            Step(second.start, second.end, "and again here"),
        ),
        weak=weak,
    )


CHECK = Check(
    name="duplicate-operand",
    title="The same operand twice",
    explanation=(
        "An operand repeated in `and`, `or`, a comparison or a subtraction adds nothing, so the"
        " expression is not the one that was meant."
    ),
    severity=Severity.WARNING,
    guards=_GUARDS,
    find=find,
)
