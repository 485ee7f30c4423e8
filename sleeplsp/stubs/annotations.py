"""Annotations of a stub, from syntax tree to the short text of `rows`; nothing is resolved.

Special forms (`Optional`, `Literal`, ...) are told by their own name; stubs never rename them. What
cannot be put in short becomes '', which says nothing.
"""

import ast

COROUTINES = frozenset({"Coroutine", "CoroutineType"})

_TRANSPARENT = frozenset({"Annotated", "ClassVar", "Final", "Required", "NotRequired", "ReadOnly"})
_GUARDS = frozenset({"TypeGuard", "TypeIs"})


def brief(node: ast.expr | None) -> str:
    """Return the short text of an annotation."""
    return "|".join(dict.fromkeys(_alternatives(node)))


def awaited(node: ast.expr | None) -> ast.expr | None:
    """Return what awaiting gives, if the annotation says that the result is a coroutine."""
    if not isinstance(node, ast.Subscript) or last_name(node.value) not in COROUTINES:
        return None
    return node.slice.elts[-1] if isinstance(node.slice, ast.Tuple) and node.slice.elts else None


def dotted(node: ast.expr | None) -> str:
    """Return `a.b.c` for names and attributes of names, '' for everything else."""
    match node:
        case ast.Name(id=name):
            return name
        case ast.Attribute(value=value, attr=name):
            owner = dotted(value)
            return f"{owner}.{name}" if owner else ""
    return ""


def last_name(node: ast.expr | None) -> str:
    """Return the `c` of `a.b.c`, of `c[...]` and of `c(...)`; '' for everything else."""
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case ast.Subscript(value=value) | ast.Call(func=value):
            return last_name(value)
    return ""


def literal_type(node: ast.expr | None) -> str:
    """Return the short text of the type of a constant expression; an enum member is of its enum."""
    match node:
        case ast.Constant(value=None):
            return "None"
        case ast.Constant(value=value) if value is not Ellipsis:
            return f":builtins.{type(value).__name__}"
        case ast.UnaryOp(operand=ast.Constant(value=value)) if not isinstance(value, str):
            return f":builtins.{type(value).__name__}"
        case ast.Attribute(value=owner):
            return dotted(owner)
        case ast.Tuple():
            return ":builtins.tuple"
        case ast.List():
            return ":builtins.list"
    return ""


def _alternatives(node: ast.expr | None) -> list[str]:
    match node:
        case ast.Constant(value=None):
            return ["None"]
        case ast.Constant(value=str(text)):
            return _alternatives(_parsed(text))
        case ast.BinOp(left=left, op=ast.BitOr(), right=right):
            return [*_alternatives(left), *_alternatives(right)]
        case ast.Subscript(value=head, slice=inner):
            return _subscripted(last_name(head), head, inner)
    return [dotted(node)]


def _subscripted(name: str, head: ast.expr, inner: ast.expr) -> list[str]:
    arguments = inner.elts if isinstance(inner, ast.Tuple) else [inner]
    if name == "Optional":
        return [*_alternatives(inner), "None"]
    if name == "Union":
        return [each for argument in arguments for each in _alternatives(argument)]
    if name == "Literal":
        return [_literal(argument) for argument in arguments]
    if name in _TRANSPARENT:
        return _alternatives(arguments[0])
    if name in _GUARDS:
        return [":builtins.bool"]
    return [dotted(head)]


def _literal(node: ast.expr) -> str:
    if isinstance(node, ast.Constant) and isinstance(node.value, bool):
        return str(node.value)
    return literal_type(node)


def _parsed(text: str) -> ast.expr | None:
    try:
        return ast.parse(text, mode="eval").body
    except SyntaxError:
        return None
