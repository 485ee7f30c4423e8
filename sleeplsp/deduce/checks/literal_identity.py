"""`is` with a literal: whether two equal values are one object is the interpreter's choice."""

import re
from collections.abc import Iterator

from sleeplsp.core import flow
from sleeplsp.core.flow import Expression
from sleeplsp.core.flow.render import render
from sleeplsp.core.insight import Severity
from sleeplsp.deduce.analysis import Analysis
from sleeplsp.deduce.checks.check import Check, Finding, Guards, Replacement, Step
from sleeplsp.deduce.checks.expected import is_expected

_GUARDS = {
    "singleton": "there is only one such object: `None`, `True`, `False`, `...`",
    "exploring": "both sides are literals: the code asks how the interpreter keeps them",
    "expected": "the code stands where a warning or an error is expected",
}

_EQUALS = {"is": "==", "is-not": "!="}
_OPERATOR = re.compile(r"\bis(\s+not)?\b")


def find(analysis: Analysis, guards: Guards) -> Iterator[Finding]:
    """Yield one finding per comparison."""
    for node in analysis.written.of(flow.Compare):
        if node.operator not in _EQUALS:
            continue
        literal = next((each for each in (node.right, node.left) if _is_literal(each)), None)
        if literal is None:
            continue
        other = node.left if literal is node.right else node.right
        if (
            guards("singleton", holds=_is_singleton(literal))
            or guards("exploring", holds=_is_literal(other) and not _is_singleton(other))
            or guards("expected", holds=is_expected(analysis.written, node, _WARNINGS))
        ):
            continue
        yield _finding(analysis, node, literal)


_WARNINGS = frozenset(("SyntaxWarning", "AssertionError"))


def _finding(analysis: Analysis, node: flow.Compare, literal: Expression) -> Finding:
    word, equals = node.operator.replace("-", " "), _EQUALS[node.operator]
    what = "equal" if node.operator == "is" else "unequal"
    return Finding(
        start=node.start,
        end=node.end,
        message=f"`{word}` asks whether `{_short(literal)}` is the same object; `{equals}` asks whether they are {what}",
        evidence=(
            Step(literal.start, literal.end, _made(literal)),
            Step(node.start, node.end, f"`{word}` compares identity, not value"),
        ),
        fix_title=f"Compare with `{equals}`",
        fix=_fix(analysis, node, equals),
    )


def _made(literal: Expression) -> str:
    if isinstance(literal, flow.Constant):
        return "an equal value may or may not be this very object"
    return (
        "this makes a new object"
        if not _is_empty_tuple(literal)
        else "an equal value may or may not be this very object"
    )


def _is_empty_tuple(node: Expression) -> bool:
    return isinstance(node, flow.Display) and node.kind == "tuple" and not node.items


def _short(literal: Expression) -> str:
    text = render(literal)
    return text if len(text) <= _LITERAL_MAX else f"{text[:_LITERAL_MAX]}…"


_LITERAL_MAX = 40
"""Characters of a literal in the message."""


def _fix(analysis: Analysis, node: flow.Compare, equals: str) -> tuple[Replacement, ...]:
    start = node.left.end
    between = analysis.quoter.text(start, node.right.start)
    found = _OPERATOR.search(between)
    if found is None or not between.isascii() or "#" in between:
        return ()
    return (Replacement(start + found.start(), start + found.end(), equals),)


def _is_literal(node: Expression) -> bool:
    return isinstance(node, (flow.Constant, flow.Display, flow.Mapping))


def _is_singleton(node: Expression) -> bool:
    return isinstance(node, flow.Constant) and node.kind in ("none", "bool", "ellipsis")


CHECK = Check(
    name="literal-identity",
    title="`is` with a literal",
    explanation=(
        "`is` tells whether two objects are one and the same. For strings, numbers and tuples that depends"
        " on how the interpreter keeps them, so the answer may change with its version or with the value."
    ),
    severity=Severity.WARNING,
    guards=_GUARDS,
    find=find,
)
