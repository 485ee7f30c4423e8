"""Calls of `re.match` and `re.search` whose pattern matches every text, so that they never give None."""

import re

from sleeplsp.core import flow
from sleeplsp.core.flow import Expression
from sleeplsp.deduce.domain import Literal, Value
from sleeplsp.deduce.evaluation.patterns import always_matches

_MATCHING = frozenset(("re.match", "re.search"))


def surely_matches(ref: str, node: flow.Call, arguments: tuple[Value, ...]) -> bool:
    """Tell whether a call matches whatever text it is given."""
    if ref not in _MATCHING or len(arguments) < 2 or len(arguments[0]) != 1:
        return False
    (pattern,) = arguments[0]
    flags = _flags(node.arguments[2].value) if len(arguments) == 3 else 0
    if node.arguments[0].keyword is not None or not isinstance(pattern, Literal) or flags is None:
        return False
    return isinstance(pattern.value, (str, bytes)) and always_matches(pattern.value, flags)


def _flags(node: Expression) -> int | None:
    """Return the flags written as `re.DOTALL | re.X`; None for anything else."""
    if isinstance(node, flow.Operation) and node.operator == "|":
        left, right = _flags(node.left), _flags(node.right)
        return None if left is None or right is None else left | right
    flag = getattr(re, node.name, None) if isinstance(node, flow.Attribute) else None
    return int(flag) if isinstance(flag, re.RegexFlag) else None
