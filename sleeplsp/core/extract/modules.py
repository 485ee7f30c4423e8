"""Extracting a module's top level: bindings, star imports, exports, and the digest of its interface."""

import hashlib
from collections.abc import Iterator, Mapping

import msgspec

from sleeplsp.core import flow
from sleeplsp.core.facts import ANY, Binding, ModuleFacts
from sleeplsp.core.flow import Program
from sleeplsp.core.locals import bindings_of
from sleeplsp.core.paths import annotated
from sleeplsp.core.walk import statements

Top = tuple[dict[str, tuple[Binding, ...]], tuple[tuple[str, int], ...], tuple[str, ...] | None]


def top_level(module: Program, ids: Mapping[int, str]) -> Top:
    """Return what the module's own code binds, what it imports whole, and what it exports."""
    bindings: dict[str, list[Binding]] = {}
    stars: list[tuple[str, int]] = []
    exports: tuple[str, ...] | None = None
    for statement in statements(module.body):
        exports = _exported(statement, exports)
        if isinstance(statement, flow.Import) and statement.member == "*":
            stars.append((statement.module, statement.level))
        for name, binding in bindings_of(statement, ids):
            bindings.setdefault(name, []).append(binding)
    for statement in statements(module.body):
        if isinstance(statement, flow.Declare) and isinstance(statement.target, flow.Name):
            # Something else will bind it, or it is a stub.
            bindings.setdefault(statement.target.id, [Binding("value", annotated(statement.annotation))])
    for name in sorted(module.inline | set(bound_inside(module))):
        bindings.setdefault(name, []).append(Binding("value", ""))
    return (
        {name: tuple(dict.fromkeys(each)) for name, each in bindings.items()},
        tuple(stars),
        exports,
    )


def _exported(statement: flow.Statement, before: tuple[str, ...] | None) -> tuple[str, ...] | None:
    """Return `__all__` after a statement, `ANY` among it where not all of it can be read."""
    match statement:
        case flow.Assign(targets=targets, value=value) if any(map(_is_list, targets)):
            listed = _listed(value)
            # Another list may be the one of another branch.
            return listed if before is None or before == listed else (*before, *listed, ANY)
        case flow.Augment(target=target, value=value) if _is_list(target):
            return (*(before or ()), *_listed(value))
        case flow.Evaluate(value=flow.Call(callee=flow.Attribute(base=base))) if _is_list(base):
            return (*(before or ()), ANY)
    return before


def _is_list(node: flow.Expression) -> bool:
    return isinstance(node, flow.Name) and node.id == "__all__"


def _listed(node: flow.Expression) -> tuple[str, ...]:
    match node:
        case flow.Display(items=items):
            return tuple(name for item in items for name in _listed(item))
        case flow.Constant(kind="str", known=True):
            return (str(node.value),)
        case flow.Operation(operator="+"):
            return (*_listed(node.left), *_listed(node.right))
    return (ANY,)


def bound_inside(module: Program) -> Iterator[str]:
    """Yield the names that programs in a module bind by `global`, once for each."""
    pending = list(module.nested)
    while pending:
        program = pending.pop()
        yield from program.outermost
        pending.extend(program.nested)


def interface(facts: ModuleFacts) -> str:
    """Return the digest of what other modules can see."""
    functions = [
        (
            each.symbol,
            each.owner,
            each.parameters,
            each.decorators,
            each.is_async,
            each.is_generator,
            each.returns,
            each.hook,
        )
        for each in facts.functions
    ]
    visible = (
        facts.language,
        functions,
        facts.classes,
        sorted(facts.bindings.items()),
        facts.stars,
        facts.exports,
    )
    return hashlib.blake2b(msgspec.msgpack.encode(visible), digest_size=12).hexdigest()
