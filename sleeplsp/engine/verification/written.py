"""Which values are written out: literals, containers of such, and what well-known makers make of them.

Pure, on Python's own trees. It must not know where a value stands.
"""

import ast
from collections.abc import Callable

from sleeplsp.engine.verification.chains import chain_of

IsMaker = Callable[[tuple[str, ...]], bool]


def is_written_out(node: ast.expr | None, is_maker: IsMaker) -> bool:
    """Tell whether a value is written out, so that making and using it runs nothing of anybody's.

    `is_maker` tells of what is called whether it makes a value of such values and does nothing else.
    """
    match node:
        case None | ast.Constant():
            return True
        case ast.UnaryOp(operand=operand):
            return is_written_out(operand, is_maker)
        case ast.BinOp(left=left, right=right):
            return is_written_out(left, is_maker) and is_written_out(right, is_maker)
        case ast.Tuple(elts=items) | ast.List(elts=items) | ast.Set(elts=items):
            return all(is_written_out(each, is_maker) for each in items)
        case ast.Dict(keys=keys, values=values):
            return all(is_written_out(each, is_maker) for each in (*keys, *values))
        case ast.Call(func=called, args=args, keywords=keywords):
            chain = chain_of(called)
            given = (*args, *(each.value for each in keywords))
            return chain is not None and is_maker(chain) and all(is_written_out(e, is_maker) for e in given)
    return False
