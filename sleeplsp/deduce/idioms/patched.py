"""Where a test has put something else in the place of what the code names.

It must not know which checks ask.
"""

import re

from sleeplsp.core import flow
from sleeplsp.core.flow import Expression
from sleeplsp.deduce.analysis import Analysis
from sleeplsp.deduce.written import Node, within

_PATCH = re.compile(r"(.*_)?(monkey)?patch(ed|er|ing)?(_.*)?")


def is_patched(analysis: Analysis, node: Node) -> bool:
    """Tell whether a `with` around a node, or a decorator of the function, patches something."""
    if any(_patches(each) for each in analysis.program.decorators):
        return True
    return any(
        isinstance(outer, flow.With)
        and within(outer.body, node)
        and any(_patches(item.context) for item in outer.items)
        for outer in analysis.written.around(node)
    )


def _patches(node: Expression) -> bool:
    """Tell whether it is `patch(...)`, `mock.patch.object(...)`, `monkeypatch.context()` or the like."""
    while isinstance(node, (flow.Call, flow.Attribute)):
        if isinstance(node, flow.Attribute) and _PATCH.fullmatch(node.name):
            return True
        node = node.callee if isinstance(node, flow.Call) else node.base
    return isinstance(node, flow.Name) and _PATCH.fullmatch(node.id) is not None
