"""Words for decisions and values: the sentences evidence is made of. Code stands in backquotes."""

import re

from sleeplsp.core import flow
from sleeplsp.core.flow.render import render
from sleeplsp.core.insight import Evidence
from sleeplsp.deduce.domain import Nothing, given_name
from sleeplsp.deduce.paths.trail import Decision, Witness
from sleeplsp.deduce.telling.quoting import Quoter

_NAMELESS = re.compile(r"(?<![\w'\"%])%\d+\b")

STEPS_MAX = 5
"""Decisions told of one path: the last ones before the effect."""


def decisions(witness: Witness, quoter: Quoter, *, after: int = -1) -> list[Evidence]:
    """Return the decisions of a path as steps of evidence; those that end before `after` are left out."""
    told = [each for each in witness.decisions if each.end > after and not _is_obvious(each)]
    steps = (quoter.evidence(each.start, each.end, sentence(each)) for each in told[-STEPS_MAX:])
    return [step for step in steps if step is not None]


def sentence(decision: Decision) -> str:
    """Say what a decision was."""
    match decision.kind:
        case "turn":
            return "the loop takes an item"
        case "end":
            return "the loop ends" if decision.turns else "the loop has nothing to go through"
        case "raised":
            return "this raises an exception"
        case "caught":
            return "the exception is caught here"
        case "stopped":
            return "the context manager stops the exception"
    return f"when {condition(decision.node, holds=decision.holds)}"


def condition(test: object, *, holds: bool) -> str:
    """Say a condition as code that is true: `x is None`, `not ready`."""
    if not isinstance(test, flow.Expression):
        return "this happens"
    while isinstance(test, flow.Not):
        test, holds = test.operand, not holds
    if isinstance(test, flow.Name) and test.id.startswith("%"):
        return "the condition holds" if holds else "the condition does not hold"
    if isinstance(test, flow.Opaque):
        return "the case is taken" if holds else "the case is not taken"
    if isinstance(test, flow.Compare) and not holds:
        operator = _OPPOSITE[test.operator]
        return f"`{_shown(flow.Compare(test.start, test.end, operator, test.left, test.right))}`"
    text = _shown(test)
    if holds:
        return f"`{text}`"
    return f"`not ({text})`" if isinstance(test, (flow.Boolean, flow.Conditional)) else f"`not {text}`"


def _shown(expression: flow.Expression) -> str:
    """Return an expression as code; what has no name in the code, as a comprehension, is left out."""
    return _NAMELESS.sub("…", render(expression))


def origin(nothing: Nothing) -> str:
    """Say how a value came to be None."""
    if given_name(nothing):
        return "here it is known to be `None`"
    match nothing.origin:
        case "literal":
            return "`None` is assigned here"
        case "test":
            return "here it is known to be `None`"
        case "default":
            return "it is left out here, and `None` by default"
        case "bare":
            return "`return` without a value gives `None`"
        case "end":
            return "the end of the body gives `None`"
    return f"`{short(nothing.origin)}()` may return `None`"


def short(ref: str) -> str:
    """Return the readable end of a reference: `pkg/mod.py::Class.method` -> `Class.method`."""
    name = ref.partition("::")[2] or ref.removeprefix("builtins.")
    return name.partition("#")[0]


def _is_obvious(decision: Decision) -> bool:
    node = decision.node
    return (
        decision.kind == "passed"
        or isinstance(node, flow.Opaque)
        or (isinstance(node, flow.Name) and node.id.startswith("%"))
    )


_OPPOSITE = {
    "is": "is-not",
    "is-not": "is",
    "==": "!=",
    "!=": "==",
    "in": "not-in",
    "not-in": "in",
    "<": ">=",
    ">=": "<",
    ">": "<=",
    "<=": ">",
}
