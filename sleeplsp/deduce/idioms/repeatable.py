"""Whether evaluating an expression again gives the same and does nothing: what repetition rests on.

Reading a name, an attribute or an item is taken to be repeatable; a call only if it is of one of a
few functions that look and change nothing. It must not know values.
"""

from sleeplsp.core import flow
from sleeplsp.core.flow import Expression

_LOOKS = frozenset(("isinstance", "issubclass", "callable", "hasattr", "len", "type", "isinstance#builtin"))
_LOOKS_AT_TEXT = frozenset(
    (
        "startswith",
        "endswith",
        "lower",
        "upper",
        "strip",
        "isdigit",
        "isalpha",
        "isspace",
        "casefold",
    )
)
_ACTS = (flow.Await, flow.Yield, flow.Walrus, flow.Opaque, flow.Closure, flow.Comprehension)


def is_repeatable(expression: Expression) -> bool:
    """Tell whether an expression may be evaluated twice without a difference."""
    pending = [expression]
    while pending:
        node = pending.pop()
        if isinstance(node, _ACTS) or (isinstance(node, flow.Call) and not _looks_only(node)):
            return False
        pending.extend(node.parts())
    return True


def _looks_only(call: flow.Call) -> bool:
    callee = call.callee
    if isinstance(callee, flow.Name):
        return callee.id in _LOOKS
    return isinstance(callee, flow.Attribute) and callee.name in _LOOKS_AT_TEXT
