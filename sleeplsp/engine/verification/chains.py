"""Chains of names, as code is written: `a.b.c`. It must not know what they mean."""

import ast


def chain_of(node: ast.AST) -> tuple[str, ...] | None:
    """Return the names of `a.b.c`; None for what is no such chain."""
    names: list[str] = []
    while isinstance(node, ast.Attribute):
        names.append(node.attr)
        node = node.value
    return (node.id, *reversed(names)) if isinstance(node, ast.Name) else None
