"""Extracting classes: bases, members, and the kinds of values its attributes are assigned."""

from collections.abc import Iterator
from typing import Protocol

from sleeplsp.core import flow
from sleeplsp.core.extract.functions import decorator
from sleeplsp.core.facts import ClassFacts, Path
from sleeplsp.core.flow import Program, ProgramKind
from sleeplsp.core.paths import Names, annotated, dotted, join_paths, path_of
from sleeplsp.core.walk import statements


class Definitions(Protocol):
    """What is known of the other definitions of the module."""

    def id_of(self, program: Program) -> str:
        """Return the id of a program's symbol, '' if it has none."""
        ...

    def locals_of(self, program: Program, owner: str) -> dict[str, Path]:
        """Return the paths of a program's locals."""
        ...


def class_facts(
    program: Program, symbol: str, around: str, bind: flow.Bind | None, names: Names, found: Definitions
) -> ClassFacts:
    """Return the facts of one class; `bind` is the statement that defines it, where names mean `names`."""
    members: dict[str, tuple[str, ...]] = {}
    for nested in program.nested:
        if inner := found.id_of(nested):
            members[nested.name] = (*members.get(nested.name, ()), inner)
    attributes: dict[str, list[Path]] = {}
    for name, path in _class_level(program):
        attributes.setdefault(name, []).append(path)
    plain = tuple(attributes)
    kept = members.keys() - _assigned(program)
    for nested in program.nested:
        for name, path in _assigned_through_self(nested, symbol, found):
            attributes.setdefault(name, []).append(path)
            # `self.run = ...` beside `def run`; a decorated one may be a property that takes it.
            if all(not each.decorators for each in program.nested if each.name == name):
                kept.discard(name)
    bases = bind.bases if bind else ()
    metaclass = next((dotted(each.value) or "?" for each in bases if each.keyword == "metaclass"), "")
    return ClassFacts(
        symbol=symbol,
        around=around,
        bases=tuple(_base(each, names) for each in bases if each.keyword is None),
        metaclass=metaclass,
        decorators=tuple(decorator(each) for each in program.decorators),
        members=members,
        attributes={
            name: "" if name in members else join_paths(paths)
            for name, paths in attributes.items()
            if name not in kept
        },
        plain=plain,
    )


def _base(argument: flow.Argument, names: Names) -> Path:
    value = argument.value.base if isinstance(argument.value, flow.Index) else argument.value
    return path_of(value, names) if dotted(value) else ""


def _class_level(program: Program) -> Iterator[tuple[str, Path]]:
    names = Names({}, program.locals)
    for statement in statements(program.body):
        match statement:
            case flow.Assign(targets=targets, value=value, annotation=annotation):
                for target in targets:
                    if isinstance(target, flow.Name):
                        yield target.id, annotated(annotation) or path_of(value, names)
            case flow.Declare(target=flow.Name(id=name), annotation=annotation):
                yield name, annotated(annotation)


def _assigned(program: Program) -> set[str]:
    """Return the names assigned in a class body itself."""
    return {
        target.id
        for statement in statements(program.body)
        if isinstance(statement, flow.Assign)
        for target in statement.targets
        if isinstance(target, flow.Name)
    }


def _assigned_through_self(method: Program, owner: str, found: Definitions) -> Iterator[tuple[str, Path]]:
    if method.kind is not ProgramKind.FUNCTION or not method.parameters:
        return
    receiver = method.parameters[0].name
    names = Names(found.locals_of(method, owner), method.locals)
    for statement in statements(method.body):
        match statement:
            case flow.Assign(targets=targets, value=value, annotation=annotation):
                nothing = isinstance(value, flow.Constant) and value.kind == "none"
                for target in targets:
                    if (name := _of_self(target, receiver)) and not (nothing and annotation is None):
                        yield name, annotated(annotation) or path_of(value, names)
            case flow.Declare(target=target, annotation=annotation):
                if name := _of_self(target, receiver):
                    yield name, annotated(annotation)
            case flow.Augment(target=target) | flow.For(target=target):
                if name := _of_self(target, receiver):
                    yield name, ""


def _of_self(node: flow.Expression, receiver: str) -> str:
    if isinstance(node, flow.Attribute) and isinstance(node.base, flow.Name) and node.base.id == receiver:
        return node.name
    return ""
