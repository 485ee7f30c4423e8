"""Extracting a module's top level: bindings, star imports, exports, and the digest of its interface."""

import hashlib
from collections.abc import Iterator, Mapping

import msgspec

from sleeplsp.core import flow
from sleeplsp.core.facts import Binding, ModuleFacts
from sleeplsp.core.flow import Program
from sleeplsp.core.locals import bindings_of
from sleeplsp.core.walk import statements

Top = tuple[dict[str, tuple[Binding, ...]], tuple[tuple[str, int], ...], tuple[str, ...] | None]


def top_level(module: Program, ids: Mapping[int, str]) -> Top:
    """Return what the module's own code binds, what it imports whole, and what it exports."""
    bindings: dict[str, list[Binding]] = {}
    stars: list[tuple[str, int]] = []
    exports: tuple[str, ...] | None = None
    for statement in statements(module.body):
        if isinstance(statement, flow.Import) and statement.member == "*":
            stars.append((statement.module, statement.level))
        for name, binding in bindings_of(statement, ids):
            bindings.setdefault(name, []).append(binding)
        if isinstance(statement, flow.Assign) and _is_export_list(statement):
            items = statement.value.items if isinstance(statement.value, flow.Display) else ()
            exports = tuple(str(each.value) for each in items if isinstance(each, flow.Constant))
    for function in _programs(module):
        for name in function.outer & module.locals:
            bindings.setdefault(name, []).append(Binding("value", ""))
    return (
        {name: tuple(dict.fromkeys(each)) for name, each in bindings.items()},
        tuple(stars),
        exports,
    )


def _is_export_list(statement: flow.Assign) -> bool:
    return any(isinstance(target, flow.Name) and target.id == "__all__" for target in statement.targets)


def _programs(program: Program) -> Iterator[Program]:
    for nested in program.nested:
        yield nested
        yield from _programs(nested)


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
