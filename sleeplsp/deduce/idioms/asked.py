"""Where the code itself asks whether a name is bound, or is ready for it not to be.

It must not know which checks ask.
"""

from sleeplsp.core import flow
from sleeplsp.deduce.analysis import Analysis
from sleeplsp.deduce.idioms.expected import is_expected
from sleeplsp.deduce.paths.trail import Decision
from sleeplsp.deduce.written import Node

_UNBOUND_ERRORS = frozenset(("NameError", "UnboundLocalError"))
_NAMESPACES = frozenset(("locals", "globals", "vars", "dir"))


def is_asked(analysis: Analysis, node: Node, name: str, path: tuple[Decision, ...]) -> bool:
    """Tell whether the read at a node waits for an unbound name, or a test on the path names it."""
    if is_expected(analysis.written, node, _UNBOUND_ERRORS):
        return True
    tests = [each.node for each in path if isinstance(each.node, flow.Expression)]
    return any(_names(test, name) for test in tests)


def _names(test: flow.Expression, name: str) -> bool:
    """Tell whether a test has the name as a text, or looks at all names."""
    pending = [test]
    while pending:
        node = pending.pop()
        if isinstance(node, flow.Constant) and node.value == name:
            return True
        if isinstance(node, flow.Call) and _is_namespace(node.callee):
            return True
        pending.extend(node.parts())
    return False


def _is_namespace(callee: flow.Expression) -> bool:
    return isinstance(callee, flow.Name) and callee.id in _NAMESPACES
