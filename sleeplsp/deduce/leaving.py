"""Calls that, by their names, may never return: `parser.error(...)`, `self.fail(...)`, `die()`.

Asked only of calls that lead nobody knows where; for functions of the workspace and the library it
is known. After such a call nothing is certain. It must not know values or states.
"""

import re

from sleeplsp.core import flow

_WORD = re.compile("[A-Z]?[a-z]+")
_WORDS = frozenset(
    {"abort", "aborted", "bail", "die", "exit", "fail", "fatal", "never", "panic", "quit", "raise"}
    | {"reraise", "skip", "terminate", "throw", "unreachable", "usage", "xfail"}
)

# `error` tells a log as often as it leaves: where the receiver is one, it is not counted.
_ERROR_WORDS = frozenset(("error", "errors"))
_LOGS = frozenset(("log", "logger", "logging", "logs", "messages", "console", "warnings", "stderr"))


def may_leave(node: flow.Call) -> bool:
    """Tell whether a call's name says that it may not come back."""
    callee = node.callee
    name = callee.name if isinstance(callee, flow.Attribute) else ""
    if isinstance(callee, flow.Name):
        name = callee.shown
    words = {word.lower() for word in _WORD.findall(name)}
    if not words.isdisjoint(_WORDS):
        return True
    return not words.isdisjoint(_ERROR_WORDS) and not _tells_a_log(callee)


def _tells_a_log(callee: flow.Expression) -> bool:
    base = callee.base if isinstance(callee, flow.Attribute) else None
    while isinstance(base, (flow.Attribute, flow.Call)):
        if isinstance(base, flow.Attribute) and base.name.strip("_").lower() in _LOGS:
            return True
        base = base.base if isinstance(base, flow.Attribute) else base.callee
    return isinstance(base, flow.Name) and base.shown.strip("_").lower() in _LOGS
