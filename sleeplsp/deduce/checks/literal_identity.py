"""`is` with a literal: whether two equal values are one object is the interpreter's choice."""

import re
from collections.abc import Iterator

from sleeplsp.core import flow
from sleeplsp.core.flow import Expression
from sleeplsp.core.insight import Severity
from sleeplsp.deduce.analysis import Analysis
from sleeplsp.deduce.checks.check import Check, Finding, Guards, Replacement, Step
from sleeplsp.deduce.idioms.expected import is_expected
from sleeplsp.deduce.telling.wording import quoted

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
    written = quoted(analysis.quoter.text(literal.start, literal.end))
    word, equals = node.operator.replace("-", " "), _EQUALS[node.operator]
    return Finding(
        start=node.start,
        end=node.end,
        message=f"`{word}` asks for the very object {written}; `{equals}` asks for its value",
        evidence=(
            Step(literal.start, literal.end, _made(literal)),
            Step(node.start, node.end, f"`{word}` compares identity, not value"),
        ),
        fix_title=f"Compare with `{equals}`",
        fix=_fix(analysis, node, equals),
    )


def _made(literal: Expression) -> str:
    fresh = isinstance(literal, flow.Mapping) or (
        isinstance(literal, flow.Display) and not (literal.kind == "tuple" and not literal.items)
    )
    return "this makes a new object" if fresh else "an equal value may be another object than this"


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
        "`is` tells whether two objects are one and the same. For strings, numbers and tuples that"
        " depends on how the interpreter keeps them: the answer may change with its version."
    ),
    severity=Severity.WARNING,
    guards=_GUARDS,
    find=find,
)
