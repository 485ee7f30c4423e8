"""What a program's own names are bound to: paths of locals, bindings of a module.

Flow-insensitive: a name that is ever bound to two kinds of things has no path.
"""

from collections.abc import Iterator, Mapping

from sleeplsp.core import flow
from sleeplsp.core.facts import Binding, Path
from sleeplsp.core.flow import Program, ProgramKind, Statement
from sleeplsp.core.paths import Names, annotated, join_paths, path_of
from sleeplsp.core.walk import statements


def local_paths(program: Program, receiver: Mapping[str, Path], ids: Mapping[int, str]) -> dict[str, Path]:
    """Return the paths of a program's locals; a module's names are not locals."""
    if program.kind is ProgramKind.MODULE:
        return {}
    known = {each.name: [receiver.get(each.name) or _parameter(each)] for each in program.parameters}
    names = Names({name: paths[0] for name, paths in known.items()}, program.locals)
    for name, path in _bound(program, names, ids):
        known.setdefault(name, []).append(path)
    return {
        name: path
        for name, paths in known.items()
        if name not in program.rebound and (path := join_paths(paths))
    }


def bindings_of(statement: Statement, ids: Mapping[int, str]) -> Iterator[tuple[str, Binding]]:
    """Yield the names a statement of a module body binds, and to what."""
    match statement:
        case flow.Import(member="*"):
            return
        case flow.Import():
            whole = statement.member is None
            # `import a.b` binds `a`; `import a.b as c` binds the module a.b itself.
            module = (
                statement.module if statement.aliased or not whole else statement.module.partition(".")[0]
            )
            yield (
                statement.binds,
                Binding("import", module, statement.member or "", statement.level),
            )
        case flow.Bind(name=name, value=flow.Closure(program=program)):
            symbol = ids.get(program.name_start, "")
            yield name, Binding("symbol", symbol) if symbol else Binding("value", "")
        case flow.Assign(targets=targets, value=value, annotation=annotation):
            path = annotated(annotation) or path_of(value, Names({}, frozenset()))
            for target in targets:
                alone = isinstance(target, flow.Name)
                for name in _names(target):
                    symbol = ids.get(target.start, "") if alone and isinstance(value, flow.Closure) else ""
                    yield (
                        name,
                        Binding("symbol", symbol) if symbol else Binding("value", path if alone else ""),
                    )
        case _:
            for name in _others(statement):
                yield name, Binding("value", "")


def imported(statement: flow.Import) -> Path:
    """Return the path of what an import inside a function binds."""
    if statement.member == "*":
        return ""
    if statement.member is not None:
        return f"{{{statement.level}:{statement.module}:{statement.member}}}"
    module = statement.module if statement.aliased else statement.module.partition(".")[0]
    return f"{{0:{module}:}}"


def _parameter(parameter: flow.Parameter) -> Path:
    if parameter.kind in (flow.ParameterKind.REST, flow.ParameterKind.KEYWORDS):
        return ""
    return annotated(parameter.annotation)


def _bound(program: Program, names: Names, ids: Mapping[int, str]) -> Iterator[tuple[str, Path]]:
    for statement in statements(program.body):
        match statement:
            case flow.Assign(targets=targets, value=value, annotation=annotation):
                if isinstance(value, flow.Constant) and value.kind == "none" and annotation is None:
                    continue
                path = annotated(annotation, program.locals) or path_of(value, names)
                for target in targets:
                    alone = isinstance(target, flow.Name)
                    yield from ((name, path if alone else "") for name in _names(target))
            case flow.Declare(target=flow.Name(id=name), annotation=annotation):
                yield name, annotated(annotation, program.locals)
            case flow.Bind(name=name, value=flow.Closure(program=inner), decorators=decorators):
                symbol = ids.get(inner.name_start, "")
                yield name, f":{symbol}:" if symbol and not decorators else ""
            case flow.With(items=items):
                for item in items:
                    if item.target is not None:
                        entered = path_of(item.context, names)
                        path = f"{entered}^" if entered and isinstance(item.target, flow.Name) else ""
                        yield from ((name, path) for name in _names(item.target))
            case flow.Import():
                yield statement.binds, imported(statement)
            case _:
                yield from ((name, "") for name in _others(statement))
    yield from ((name, "") for name in program.inline)


def _others(statement: Statement) -> Iterator[str]:
    match statement:
        case flow.For(target=target) | flow.Augment(target=target):
            yield from _names(target)
        case flow.Delete(targets=targets):
            for target in targets:
                yield from _names(target)
        case flow.Try(handlers=handlers):
            yield from (handler.name for handler in handlers if handler.name is not None)
        case flow.With(items=items):
            yield from (name for item in items if item.target is not None for name in _names(item.target))
        case flow.Match(cases=cases, variable=variable):
            yield variable
            yield from (name.id for case in cases for name in case.binds)


def _names(target: flow.Expression) -> Iterator[str]:
    match target:
        case flow.Name(id=name):
            yield name
        case flow.Display(items=items):
            for item in items:
                yield from _names(item)
        case flow.Star(value=value):
            yield from _names(value)
