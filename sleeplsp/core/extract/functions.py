"""Extracting functions: signature, calls, names used, whether the body is a mere hook."""

from collections.abc import Iterator

from sleeplsp.core import flow
from sleeplsp.core.facts import CallSite, Default, FunctionFacts, ParameterFacts, Path
from sleeplsp.core.flow import Program, ProgramKind
from sleeplsp.core.paths import Names, annotated, dotted, path_of
from sleeplsp.core.walk import parts_of, statements


def function_facts(program: Program, symbol: str, owner: str, around: str, names: Names) -> FunctionFacts:
    """Return the facts of one program: a function, a class body or a module's own code."""
    walked = list(statements(program.body))
    returned = [each.value for each in walked if isinstance(each, flow.Return)]
    receiver = program.parameters[0].name if owner and program.parameters else ""
    calls, used = _uses(program, walked, names)
    return FunctionFacts(
        symbol=symbol,
        owner=owner,
        around=around,
        parameters=tuple(_parameter(each) for each in program.parameters),
        decorators=tuple(decorator(each) for each in program.decorators),
        is_async=program.is_async,
        is_generator=program.is_generator,
        returns=annotated(program.returns),
        returns_self=bool(receiver and returned)
        and all(isinstance(value, flow.Name) and value.id == receiver for value in returned),
        hook=program.kind is ProgramKind.FUNCTION and is_hook(program),
        broken=program.broken,
        calls=calls,
        names=used,
    )


def _uses(
    program: Program, walked: list[flow.Statement], names: Names
) -> tuple[tuple[CallSite, ...], tuple[Path, ...]]:
    """Collect the calls of a program (its lambdas included) and the dotted names of the module it uses."""
    calls: list[CallSite] = []
    used: dict[str, None] = {}
    pending = [part for statement in walked for part in parts_of(statement)]
    _collect(pending, names, calls, used)
    for annotation in _annotations(program, walked):
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
                used[chain_of(chain, names)] = None
                continue
        elif isinstance(node, flow.Call):
            callee = path_of(node, names)[:-2]  # without "()"
            calls.append(CallSite(node.end, _name_start(node.callee), node.callee.end, callee))
        elif isinstance(node, flow.Closure):
            if node.program.kind is ProgramKind.LAMBDA:
                inside = [part for each in node.program.body for part in parts_of(each)]
                _collect(inside, _inside(node.program, names), calls, used)
                pending.extend(node.defaults)
            continue
        pending.extend(node.parts())


def _name_start(callee: flow.Expression) -> int:
    return callee.name_start if isinstance(callee, flow.Attribute) else callee.start


def chain_of(chain: str, names: Names) -> Path:
    """Return a chain of attributes on a name of the module or on an import of the program, else ''."""
    root, dot, rest = chain.partition(".")
    local = names.local.get(root, "")
    if local.startswith("{"):
        return local + dot + rest
    return "" if local or root in names.hidden or "#" in root else chain


def _inside(program: Program, names: Names) -> Names:
    local = {name: path for name, path in names.local.items() if name not in program.locals}
    return Names(local, names.hidden | program.locals)


def _annotations(program: Program, walked: list[flow.Statement]) -> Iterator[flow.Expression | None]:
    yield program.returns
    yield from (parameter.annotation for parameter in program.parameters)
    for statement in walked:
        if isinstance(statement, (flow.Assign, flow.Declare)):
            yield statement.annotation


def _annotation_names(node: flow.Expression | None) -> dict[str, None]:
    if node is None:
        return {}
    pending = [node]
    found: dict[str, None] = {}
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
    return ParameterFacts(parameter.name, parameter.kind, optional, default, annotated(parameter.annotation))


def _default(node: flow.Expression | None) -> Default:
    if node is None:
        return Default.ABSENT
    if not isinstance(node, flow.Constant) or not node.known:
        return Default.OTHER
    if node.kind == "none":
        return Default.NONE
    return Default.TRUE if node.value or node.kind == "ellipsis" else Default.FALSE


def decorator(node: flow.Expression) -> Path:
    """Return the path of a decorator, with `()` if it is called."""
    return dotted(node.callee) + "()" if isinstance(node, flow.Call) and dotted(node.callee) else dotted(node)


def is_hook(program: Program) -> bool:
    """Tell whether a body does nothing or says that it is not implemented: others are meant to."""
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
