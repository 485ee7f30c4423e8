"""Where an error is expected: tests of errors, and code that catches what it provokes.

It must not know which checks ask.
"""

import re

from sleeplsp.core import flow
from sleeplsp.core.flow import Expression
from sleeplsp.deduce.written import Node, Written, within

# Names of context managers that wait for an error or a warning, in every test library.
_EXPECTING = re.compile(r"(?i).*(raises|warn|suppress|deprecated_call).*")

_ASSERTING = frozenset(("check", "verify", "eq_", "ok_"))
"""Functions that assert, beside those whose names begin so."""


def is_expected(written: Written, node: Node, exceptions: frozenset[str]) -> bool:
    """Tell whether a node stands where one of these exceptions, or any error at all, is waited for.

    A handler counts if it names one of `exceptions`; one for every exception does not.
    """
    for outer in written.around(node):
        if isinstance(outer, flow.With) and within(outer.body, node):
            if any(_EXPECTING.fullmatch(_last_name(item.context)) for item in outer.items):
                return True
        elif isinstance(outer, flow.Try) and within(outer.body, node):
            caught = {_last_name(type_) for handler in outer.handlers for type_ in handler.types}
            if not caught.isdisjoint(exceptions):
                return True
    return False


def is_asserted(written: Written, node: Node) -> bool:
    """Tell whether a node is part of what a test asserts."""
    for outer in written.around(node):
        if isinstance(outer, flow.Assert):
            return True
        name = _last_name(outer).lower() if isinstance(outer, flow.Call) else ""
        if name.startswith("assert") or name in _ASSERTING:
            return True
    return False


def _last_name(node: Expression) -> str:
    """Return the last name of `a.b.c` or of what is called in `a.b.c(...)`."""
    if isinstance(node, flow.Call):
        node = node.callee
    if isinstance(node, flow.Attribute):
        return node.name
    return node.id if isinstance(node, flow.Name) else ""
