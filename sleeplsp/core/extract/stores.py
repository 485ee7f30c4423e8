"""What a program stores into under the names of others: `limits.LIMIT = 3`, `setattr(limits, "LIMIT", 3)`.

It must not know what such a name stands for: a module, a class, an object.
"""

from collections.abc import Container, Iterator

from sleeplsp.core import flow
from sleeplsp.core.extract.functions import chain_of
from sleeplsp.core.facts import ANY, Path
from sleeplsp.core.flow import Expression, Program, Statement
from sleeplsp.core.paths import Names, dotted
from sleeplsp.core.walk import expressions, statements

_SETTERS = ("setattr", "delattr")


def stores(program: Program, used: Container[Path], names: Names) -> Iterator[Path]:
    """Yield the chains of attributes that one program stores into and that begin with a name of the module.

    `used` are the names of the module it uses. A chain ends with `*` where any attribute may be meant.
    """
    for statement in statements(program.body):
        for target in _targets(statement):
            for chain in _chains(target):
                if found := chain_of(chain, names):
                    yield found
    if any(each in used for each in _SETTERS):
        for node, _ in expressions(program):
            if isinstance(node, flow.Call) and (chain := _set(node)) and (found := chain_of(chain, names)):
                yield found


def _targets(statement: Statement) -> tuple[Expression, ...]:
    match statement:
        case flow.Assign(targets=targets) | flow.Delete(targets=targets):
            return targets
        case flow.Augment(target=target) | flow.For(target=target):
            return (target,)
        case flow.With(items=items):
            return tuple(each.target for each in items if each.target is not None)
    return ()


def _chains(target: Expression) -> Iterator[str]:
    match target:
        case flow.Attribute():
            if chain := dotted(target):
                yield chain
        case flow.Index(base=flow.Attribute(name="__dict__", base=base)):
            if chain := dotted(base):
                yield f"{chain}.{ANY}"
        case flow.Display(items=items):
            for each in items:
                yield from _chains(each)
        case flow.Star(value=value):
            yield from _chains(value)


def _set(call: flow.Call) -> str:
    """Return the chain that `setattr` or `delattr` stores into; '' for any other call."""
    if dotted(call.callee) not in _SETTERS or len(call.arguments) < 2:
        return ""
    base, name = dotted(call.arguments[0].value), call.arguments[1].value
    if not base:
        return ""
    known = name.value if isinstance(name, flow.Constant) and name.known else None
    return f"{base}.{known if isinstance(known, str) else ANY}"
