"""What the name of a call tells of how it ends.

`parser.error(...)`, `self.fail(...)`, `die()` may never return; `names.append(...)` and
`logger.info(...)` hardly ever raise. Asked only of calls that lead nobody knows where: of functions
of the workspace and the library more is known. It must not know values or states.
"""

import re
from functools import lru_cache

from sleeplsp.core import flow

_WORD = re.compile("[A-Z]?[a-z]+")
_WORDS = frozenset(
    {"abort", "aborted", "bail", "die", "exit", "fail", "fatal", "never", "panic", "quit", "raise"}
    | {"reraise", "skip", "terminate", "throw", "unreachable", "usage", "xfail"}
)

# `error` tells a log as often as it leaves: where the receiver is one, it is not counted.
_ERROR_WORDS = frozenset(("error", "errors"))
_LOGS = frozenset(("log", "logger", "logging", "logs", "messages", "console", "warnings", "stderr"))


# What a function with such a name has not raised for may be relied on after it.
_DEMANDING = frozenset({"assert", "demand", "ensure", "expect", "must", "require"})


_VETTING = _DEMANDING | {"check", "validate", "verify"}


def may_leave(node: flow.Call) -> bool:
    """Tell whether a call's name says that it may not come back."""
    callee = node.callee
    words = _words(callee)
    if not words.isdisjoint(_WORDS):
        return True
    return not words.isdisjoint(_ERROR_WORDS) and not tells_a_log(callee)


def demands(node: flow.Call) -> bool:
    """Tell whether a call's name says that it raises unless something holds: `assert_has_content()`."""
    return not _words(node.callee).isdisjoint(_DEMANDING)


def vets(node: flow.Call) -> bool:
    """Tell whether a call's name says that it looks whether what it is passed is right."""
    return not _words(node.callee).isdisjoint(_VETTING)


def _words(callee: flow.Expression) -> frozenset[str]:
    if isinstance(callee, flow.Attribute):
        return _words_of(callee.name)
    return _words_of(callee.shown) if isinstance(callee, flow.Name) else frozenset()


@lru_cache(maxsize=10_000)
def _words_of(name: str) -> frozenset[str]:
    if name.lstrip("_")[:1].isupper():
        return frozenset()  # a class: `ParserError(...)` makes an object
    return frozenset(word.lower() for word in _WORD.findall(name))


# Methods that by their names add, copy, look up with a default, take text apart or tell a log.
_SELDOM_RAISES = frozenset(
    {"add", "append", "clear", "copy", "critical", "debug", "endswith", "error", "exception"}
    | {"extend", "format", "get", "info", "items", "join", "keys", "log", "lower", "lstrip"}
    | {"monotonic", "partition", "print", "replace", "rpartition", "rsplit", "rstrip", "setdefault"}
    | {"split", "splitlines", "startswith", "strip", "time", "title", "update", "upper", "values"}
    | {"warn", "warning", "write"}
)


def seldom_raises(node: flow.Call) -> bool:
    """Tell whether a call of a method hardly ever raises, by its name."""
    return isinstance(node.callee, flow.Attribute) and node.callee.name in _SELDOM_RAISES


def tells_a_log(callee: flow.Expression) -> bool:
    """Tell whether what is called is a method of something that, by its name, is a log."""
    base = callee.base if isinstance(callee, flow.Attribute) else None
    while isinstance(base, (flow.Attribute, flow.Call)):
        if isinstance(base, flow.Attribute) and base.name.strip("_").lower() in _LOGS:
            return True
        base = base.base if isinstance(base, flow.Attribute) else base.callee
    return isinstance(base, flow.Name) and base.shown.strip("_").lower() in _LOGS
