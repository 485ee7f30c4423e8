"""Checks of invariants: Python expressions that can be executed, and ask something.

Only names that are there may be read, and of the builtins those that change nothing. It must not know what
an invariant says.
"""

import ast

from sleeplsp.core.facts import MODULE
from sleeplsp.prompts.reply.ground import Ground
from sleeplsp.prompts.reply.held import DropReason
from sleeplsp.prompts.sameness import compiles, parsed

RESULT = "result"
"""What a check calls the returned value."""

_BUILTIN_NAMES = (
    "abs all any bool bytes callable chr complex dict divmod enumerate float frozenset hasattr hash int "
    "isinstance issubclass iter len list max min next object ord pow range repr reversed round set slice "
    "sorted str sum tuple type zip BaseException Exception ArithmeticError KeyError IndexError "
    "LookupError OSError TypeError ValueError "
)
BUILTINS = frozenset(_BUILTIN_NAMES.split())

NODES_MAX = 200

_FORBIDDEN = (ast.Lambda, ast.Await, ast.Yield, ast.YieldFrom, ast.NamedExpr)


def checked(ground: Ground, symbol: str, check: str) -> DropReason | None:
    """Return why a check of a symbol cannot be used; None if it can."""
    tree = parsed(check) if ground.is_python else None
    if tree is None or not compiles(tree):
        return DropReason.CHECK_BROKEN
    nodes = list(ast.walk(tree))
    if len(nodes) > NODES_MAX or any(isinstance(each, _FORBIDDEN) for each in nodes):
        return DropReason.CHECK_BROKEN
    if any(isinstance(each, ast.Attribute) and each.attr.startswith("__") for each in nodes):
        return DropReason.CHECK_NAMES
    names = [each for each in nodes if isinstance(each, ast.Name)]
    bound = {each.id for each in names if isinstance(each.ctx, ast.Store)}
    known = _names(ground, symbol) | bound
    read = {each.id for each in names} - bound
    if not read <= known | BUILTINS:
        return DropReason.CHECK_NAMES
    return DropReason.CHECK_IDLE if not read - BUILTINS or _is_idle(tree.body) else None


def _names(ground: Ground, symbol: str) -> frozenset[str]:
    facts = ground.functions.get(symbol)
    own = {each.name for each in facts.parameters} if facts is not None else set()
    own |= {RESULT} if symbol != MODULE else set()
    return frozenset(own | ground.context.facts.bindings.keys())


def _is_idle(node: ast.expr) -> bool:
    """Tell whether an expression is true whatever its names stand for."""
    match node:
        case ast.Constant():
            return True
        case ast.BoolOp():
            return (
                any(map(_is_idle, node.values))
                if isinstance(node.op, ast.Or)
                else all(map(_is_idle, node.values))
            )
        case ast.Compare(left=left, comparators=[right]):
            return ast.dump(left) == ast.dump(right)
        case ast.Call(func=ast.Name(id="isinstance"), args=[_, ast.Name(id="object")]):
            return True
    return False
