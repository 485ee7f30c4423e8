"""Making paths (see `core.facts`): what an expression refers to, as far as one function's text says.

A local variable has a path when everything ever assigned to it is of one kind; `None` beside it does
not count. This module must not look into other modules.
"""

from collections.abc import Container, Mapping

from sleeplsp.core import flow
from sleeplsp.core.facts import Path

NAMED_MAX = 12
"""Steps of one path; a longer one is no path."""


class Names:
    """What names mean inside one program: paths of its locals, and which names are the module's."""

    def __init__(self, local: Mapping[str, Path], hidden: frozenset[str]) -> None:
        self.local = local
        self.hidden = hidden
        """Names bound in an enclosing function, or here without a path."""


def path_of(node: flow.Expression, names: Names) -> Path:
    """Return the path of an expression, or ''."""
    steps: list[str] = []
    while len(steps) < NAMED_MAX:
        match node:
            case flow.Attribute():
                steps.append(f".{node.name}")
                node = node.base
            case flow.Call():
                if _is_super(node):
                    return "$super" + "".join(reversed(steps))
                steps.append("()")
                node = node.callee
            case flow.Await():
                steps.append("~")
                node = node.value
            case flow.Name():
                root = names.local.get(node.id, "" if node.id in names.hidden else node.id)
                return root + "".join(reversed(steps)) if root and "#" not in root else ""
            case _:
                return ""
    return ""


def dotted(node: flow.Expression) -> str:
    """Return `a.b.c` for a chain of plain attributes on a name, else ''."""
    if isinstance(node, flow.Attribute):
        return node.chain
    return node.id if isinstance(node, flow.Name) else ""


def annotated(node: flow.Expression | None, hidden: Container[str] = ()) -> Path:
    """Return the path of an instance of what an annotation names; None beside it is left out.

    A name in `hidden` is no name of the module.
    """
    found = {path for path in _classes(node) if path != "None"} if node is not None else set()
    named = found.pop() if len(found) == 1 else ""
    return f"{named}!" if named and named.partition(".")[0] not in hidden else ""


def _classes(node: flow.Expression) -> list[Path]:
    match node:
        case flow.Constant(kind="none"):
            return ["None"]
        case flow.Operation(operator="|"):
            return _classes(node.left) + _classes(node.right)
        case flow.Index():
            base = dotted(node.base).rpartition(".")[2]
            if base == "Optional":
                return _classes(node.index)
            if base == "Union" and isinstance(node.index, flow.Display):
                return [path for item in node.index.items for path in _classes(item)]
            if base in ("Annotated", "Final", "ClassVar", "Required", "NotRequired", "ReadOnly"):
                inner = node.index.items[0] if isinstance(node.index, flow.Display) else node.index
                return _classes(inner)
            if base in ("Type", "type", "Literal", "Callable"):
                return [""]
            return [dotted(node.base)]
    return [dotted(node)]


def _is_super(node: flow.Call) -> bool:
    return isinstance(node.callee, flow.Name) and node.callee.id == "super" and len(node.arguments) in (0, 2)


def join_paths(paths: list[Path]) -> Path:
    """Return the one path all of these are, '' when they differ or one is unknown."""
    distinct = set(paths)
    return distinct.pop() if len(distinct) == 1 else ""
