"""Extracting facts: a module's program and symbols -> ModuleFacts.

Reads flow programs only, so it serves every language that has a lowering. It must not know a grammar,
and must not follow an import.
"""

import hashlib
from collections.abc import Iterator

import msgspec

from sleeplsp.core import flow
from sleeplsp.core.facts import (
    MODULE,
    Binding,
    CallSite,
    ClassFacts,
    Default,
    FunctionFacts,
    ModuleFacts,
    ParameterFacts,
    Path,
)
from sleeplsp.core.flow import Program, ProgramKind
from sleeplsp.core.locals import bindings_of, local_paths
from sleeplsp.core.paths import Names, annotated, dotted, join_paths, path_of
from sleeplsp.core.symbols import Symbol
from sleeplsp.core.walk import parts_of, statements


def extract(facts: ModuleFacts, module: Program) -> ModuleFacts:
    """Complete the facts of a module (path, digest, symbols) by what its program says."""
    extraction = _Extraction(facts.symbols)
    extraction.program(module, MODULE, owner="", around="", hidden=frozenset())
    bindings, stars, exports = _top_level(module, extraction)
    complete = msgspec.structs.replace(
        facts,
        functions=tuple(extraction.functions),
        classes=tuple(extraction.classes),
        bindings=bindings,
        stars=stars,
        exports=exports,
    )
    return msgspec.structs.replace(complete, interface=_interface(complete))


def symbol_ids(symbols: tuple[Symbol, ...]) -> dict[int, str]:
    """Return the id of the symbol whose name stands at an offset."""
    return {symbol.name_start: symbol.id for symbol in symbols}


class _Extraction:
    """Functions and classes found so far."""

    def __init__(self, symbols: tuple[Symbol, ...]) -> None:
        self.ids = symbol_ids(symbols)
        self.functions: list[FunctionFacts] = []
        self.classes: list[ClassFacts] = []
        self._locals: dict[int, dict[str, Path]] = {}

    def id_of(self, program: Program) -> str:
        return self.ids.get(program.name_start, "")

    def locals_of(self, program: Program, owner: str) -> dict[str, Path]:
        """Return the paths of a program's locals, worked out once."""
        if program.start not in self._locals:
            self._locals[program.start] = local_paths(program, _receiver(program, owner), self.ids)
        return self._locals[program.start]

    def program(
        self, program: Program, symbol: str, *, owner: str, around: str, hidden: frozenset[str]
    ) -> None:
        """Extract one program and all nested in it; lambdas count as part of what they stand in."""
        local = self.locals_of(program, owner)
        names = Names(
            local,
            hidden | (program.locals if program.kind is not ProgramKind.MODULE else frozenset()),
        )
        if program.kind is ProgramKind.CLASS:
            names = Names(local, hidden)
        self.functions.append(_function(program, symbol, owner, around, names))
        inner_hidden = (
            hidden if program.kind in (ProgramKind.CLASS, ProgramKind.MODULE) else names.hidden
        )
        self._nested(program, symbol, owner, inner_hidden)

    def _nested(self, program: Program, symbol: str, owner: str, hidden: frozenset[str]) -> None:
        inside_class = program.kind is ProgramKind.CLASS
        around = symbol if program.kind is ProgramKind.FUNCTION else ""
        for nested in program.nested:
            inner = self.id_of(nested)
            if nested.kind is ProgramKind.LAMBDA:
                self._nested(nested, symbol, owner, hidden | nested.locals)
            elif inner and nested.kind is ProgramKind.CLASS:
                bind = _bind_of(program, nested)
                self.classes.append(
                    _class(nested, inner, symbol if symbol != MODULE else "", bind, self)
                )
                self.program(nested, inner, owner="", around=around, hidden=hidden)
            elif inner:
                self.program(
                    nested,
                    inner,
                    owner=symbol if inside_class else "",
                    around=around,
                    hidden=hidden,
                )


def _function(
    program: Program, symbol: str, owner: str, around: str, names: Names
) -> FunctionFacts:
    returned = [each.value for each in statements(program.body) if isinstance(each, flow.Return)]
    receiver = program.parameters[0].name if owner and program.parameters else ""
    calls, used = _uses(program, names)
    return FunctionFacts(
        symbol=symbol,
        owner=owner,
        around=around,
        parameters=tuple(_parameter(each) for each in program.parameters),
        decorators=tuple(_decorator(each) for each in program.decorators),
        is_async=program.is_async,
        is_generator=program.is_generator,
        returns=annotated(program.returns),
        returns_self=bool(receiver and returned)
        and all(isinstance(value, flow.Name) and value.id == receiver for value in returned),
        hook=program.kind is ProgramKind.FUNCTION and _is_hook(program),
        calls=calls,
        names=used,
    )


def _uses(program: Program, names: Names) -> tuple[tuple[CallSite, ...], tuple[Path, ...]]:
    """Collect the calls of a program (its lambdas included) and the dotted names of the module it uses."""
    calls: list[CallSite] = []
    used: dict[str, None] = {}
    pending = [part for statement in statements(program.body) for part in parts_of(statement)]
    _collect(pending, names, calls, used)
    for annotation in _annotations(program):
        used.update(_annotation_names(annotation))
    used.pop("", None)
    return tuple(calls), tuple(used)


def _collect(
    pending: list[flow.Expression], names: Names, calls: list[CallSite], used: dict[str, None]
) -> None:
    while pending:
        node = pending.pop()
        kind = type(node)
        if kind is flow.Constant:
            continue
        if kind is flow.Name or kind is flow.Attribute:
            if chain := dotted(node):
                used[_chain(chain, names)] = None
                continue
        elif isinstance(node, flow.Call):
            calls.append(
                CallSite(node.end, node.callee.end, path_of(node, names)[:-2])
            )  # the callee's, without "()"
        elif isinstance(node, flow.Closure):
            if node.program.kind is ProgramKind.LAMBDA:
                inside = [part for each in node.program.body for part in parts_of(each)]
                _collect(inside, _inside(node.program, names), calls, used)
            continue
        pending.extend(node.parts())


def _chain(chain: str, names: Names) -> Path:
    """Return a chain of attributes on a name of the module or on an import of the program, else ''."""
    root, dot, rest = chain.partition(".")
    local = names.local.get(root, "")
    if local.startswith("{"):
        return local + dot + rest
    return "" if local or root in names.hidden or "#" in root else chain


def _inside(program: Program, names: Names) -> Names:
    local = {name: path for name, path in names.local.items() if name not in program.locals}
    return Names(local, names.hidden | program.locals)


def _annotations(program: Program) -> Iterator[flow.Expression | None]:
    yield program.returns
    yield from (parameter.annotation for parameter in program.parameters)
    for statement in statements(program.body):
        if isinstance(statement, (flow.Assign, flow.Declare)):
            yield statement.annotation


def _annotation_names(node: flow.Expression | None) -> dict[str, None]:
    if node is None:
        return {}
    pending, found = [node], {}
    while pending:
        each = pending.pop()
        if chain := dotted(each):
            found[chain] = None
        else:
            pending.extend(each.parts())
    return found


def _parameter(parameter: flow.Parameter) -> ParameterFacts:
    collects = parameter.kind in (flow.ParameterKind.REST, flow.ParameterKind.KEYWORDS)
    optional = parameter.default is not None or collects
    default = _default(parameter.default)
    return ParameterFacts(
        parameter.name, parameter.kind, optional, default, annotated(parameter.annotation)
    )


def _default(node: flow.Expression | None) -> Default:
    if node is None:
        return Default.ABSENT
    if not isinstance(node, flow.Constant) or not node.known:
        return Default.OTHER
    if node.kind == "none":
        return Default.NONE
    return Default.TRUE if node.value or node.kind == "ellipsis" else Default.FALSE


def _decorator(node: flow.Expression) -> Path:
    return (
        dotted(node.callee) + "()"
        if isinstance(node, flow.Call) and dotted(node.callee)
        else dotted(node)
    )


def _is_hook(program: Program) -> bool:
    body = tuple(each for each in program.body if not _is_ellipsis(each))
    if not body:
        return True
    if len(body) > 1:
        return False
    only = body[0]
    if isinstance(only, flow.Raise):
        value = only.value.callee if isinstance(only.value, flow.Call) else only.value
        return value is not None and dotted(value) in ("NotImplementedError", "NotImplemented")
    if isinstance(only, flow.Return):
        value = only.value
        return value is None or (isinstance(value, flow.Constant) and value.kind == "none")
    return False


def _is_ellipsis(statement: flow.Statement) -> bool:
    return (
        isinstance(statement, flow.Evaluate)
        and isinstance(statement.value, flow.Constant)
        and statement.value.kind in ("ellipsis", "str")
    )


def _receiver(program: Program, owner: str) -> dict[str, Path]:
    """Return the path of a method's first parameter."""
    if not owner or not program.parameters:
        return {}
    decorators = {dotted(each).rpartition(".")[2] for each in program.decorators}
    if "staticmethod" in decorators:
        return {}
    implicit = program.name in ("__new__", "__init_subclass__", "__class_getitem__")
    first = program.parameters[0].name
    return {first: "$cls" if implicit or "classmethod" in decorators else "$self"}


def _bind_of(program: Program, nested: Program) -> flow.Bind | None:
    for statement in statements(program.body):
        if isinstance(statement, flow.Bind) and statement.start == nested.start:
            return statement
    return None


def _class(
    program: Program, symbol: str, around: str, bind: flow.Bind | None, found: _Extraction
) -> ClassFacts:
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
    metaclass = next(
        (dotted(each.value) or "?" for each in bases if each.keyword == "metaclass"), ""
    )
    return ClassFacts(
        symbol=symbol,
        around=around,
        bases=tuple(_base(each) for each in bases if each.keyword is None),
        metaclass=metaclass,
        decorators=tuple(_decorator(each) for each in program.decorators),
        members=members,
        attributes={
            name: "" if name in members else join_paths(paths)
            for name, paths in attributes.items()
            if name not in kept
        },
        plain=plain,
    )


def _base(argument: flow.Argument) -> Path:
    value = argument.value
    return dotted(value.base) if isinstance(value, flow.Index) else dotted(value)


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


def _assigned_through_self(
    method: Program, owner: str, found: _Extraction
) -> Iterator[tuple[str, Path]]:
    if method.kind is not ProgramKind.FUNCTION or not method.parameters:
        return
    receiver = method.parameters[0].name
    names = Names(found.locals_of(method, owner), method.locals)
    for statement in statements(method.body):
        match statement:
            case flow.Assign(targets=targets, value=value, annotation=annotation):
                nothing = isinstance(value, flow.Constant) and value.kind == "none"
                for target in targets:
                    if (name := _of_self(target, receiver)) and not (
                        nothing and annotation is None
                    ):
                        yield name, annotated(annotation) or path_of(value, names)
            case flow.Declare(target=target, annotation=annotation):
                if name := _of_self(target, receiver):
                    yield name, annotated(annotation)
            case flow.Augment(target=target) | flow.For(target=target):
                if name := _of_self(target, receiver):
                    yield name, ""


def _of_self(node: flow.Expression, receiver: str) -> str:
    if (
        isinstance(node, flow.Attribute)
        and isinstance(node.base, flow.Name)
        and node.base.id == receiver
    ):
        return node.name
    return ""


Top = tuple[dict[str, tuple[Binding, ...]], tuple[tuple[str, int], ...], tuple[str, ...] | None]


def _top_level(module: Program, found: _Extraction) -> Top:
    bindings: dict[str, list[Binding]] = {}
    stars: list[tuple[str, int]] = []
    exports: tuple[str, ...] | None = None
    for statement in statements(module.body):
        if isinstance(statement, flow.Import) and statement.member == "*":
            stars.append((statement.module, statement.level))
        for name, binding in bindings_of(statement, found.ids):
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
    return any(
        isinstance(target, flow.Name) and target.id == "__all__" for target in statement.targets
    )


def _programs(program: Program) -> Iterator[Program]:
    for nested in program.nested:
        yield nested
        yield from _programs(nested)


def _interface(facts: ModuleFacts) -> str:
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
