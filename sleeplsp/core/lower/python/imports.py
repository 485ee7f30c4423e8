"""Python imports: one Import for each name they bind."""

from tree_sitter import Node

from sleeplsp.core.flow import Import
from sleeplsp.core.lower.python.scope import Scope
from sleeplsp.core.lower.python.statements import Lowered, child_of, handles


def _import(node: Node, scope: Scope) -> Lowered:
    return tuple(_imported(name, "", 0, scope, whole=True) for name in node.children_by_field_name("name"))


def _import_from(node: Node, scope: Scope) -> Lowered:
    module, level = "", 0
    where = node.child_by_field_name("module_name")
    if node.type == "future_import_statement":
        module = "__future__"
    elif where is not None:
        text = "".join(scope.text(where.start_byte, where.end_byte).split())
        module = text.lstrip(".")
        level = len(text) - len(module)
    found = [
        _imported(name, module, level, scope, whole=False) for name in node.children_by_field_name("name")
    ]
    if child_of(node, "wildcard_import") is not None:
        found.append(Import(node.start_byte, node.end_byte, "*", module, "*", level, aliased=False))
    return tuple(found)


def _imported(node: Node, module: str, level: int, scope: Scope, *, whole: bool) -> Import:
    name, alias = node.child_by_field_name("name"), node.child_by_field_name("alias")
    spelled = name if name is not None else node
    text = "".join(scope.text(spelled.start_byte, spelled.end_byte).split())
    bound = scope.text(alias.start_byte, alias.end_byte) if alias is not None else text.partition(".")[0]
    scope.binds(bound)
    start, end, aliased = node.start_byte, node.end_byte, alias is not None
    return Import(start, end, bound, text if whole else module, None if whole else text, level, aliased)


handles("import_statement", _import)
handles("import_from_statement", _import_from)
handles("future_import_statement", _import_from)
