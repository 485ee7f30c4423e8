"""A flow program written down: one statement a line, nested programs where they are bound.

Names that only the lowering knows (a comprehension's variable) are written with their number as `x'1`,
code that was not understood as `unknown(...)` around the parts of it that run. It is for people to read,
in fixtures, and says everything that the reasoner reads but spans.
"""

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from sleeplsp.core import flow
from sleeplsp.core.flow import Expression, ParameterKind, Program, ProgramKind, Statement

INDENT = "    "

NAME_SETS = ("locals", "inline", "outer", "free", "captured", "rebound")


def written(program: Program) -> str:
    """Return a whole module's program."""
    return "".join(f"{line}\n" for line in (*_notes(program), *_block(program.body)))


def names(program: Program, around: str = "") -> Iterator[str]:
    """Yield a line for a program and each nested one: what its names are, empty sets left out."""
    name = f"{around}.{program.name}" if around else program.name
    sets = ((each, sorted(map(_plain, getattr(program, each)))) for each in NAME_SETS)
    yield " ".join([f"{name}:", *(f"{each}={','.join(found)}" for each, found in sets if found)])
    for nested in program.nested:
        yield from names(nested, "" if program.kind is ProgramKind.MODULE else name)


def expression(node: Expression) -> str:
    """Return an expression as `render` writes it, with what belongs to places made readable."""
    return flow.render(_readable(node))


def _readable(node: Any) -> Any:
    match node:
        case flow.Name():
            return flow.Name(node.start, node.end, _plain(node.id))
        case flow.Opaque():
            inner = tuple(flow.Argument(_readable(each)) for each in node.inner)
            return flow.Call(node.start, node.end, flow.Name(node.start, node.end, "unknown"), inner)
        case flow.Constant(known=False):
            return flow.Name(node.start, node.end, f"<{node.kind}>")
        case flow.Closure():
            return flow.Name(node.start, node.end, f"({_lambda(node.program)})")
        case tuple():
            return tuple(map(_readable, node))
        case msgspec.Struct():
            fields = {each: _readable(getattr(node, each)) for each in node.__struct_fields__}
            return type(node)(**fields)
    return node


def _plain(name: str) -> str:
    return name.replace("#", "'")


def _lambda(program: Program) -> str:
    body = " ".join(_block(program.body)).removeprefix("return ")
    head = f"lambda {', '.join(_parameters(program))}".rstrip()
    return "  ".join([f"{head}: {body}", *_notes(program)])


def _notes(program: Program) -> Iterator[str]:
    for note in ("broken", "docstring", "is_generator"):
        if getattr(program, note):
            yield f"# {note.removeprefix('is_')}"


def _parameters(program: Program) -> Iterator[str]:
    kinds = [each.kind for each in program.parameters]
    for i, each in enumerate(program.parameters):
        if each.kind is ParameterKind.KEYWORD and not {ParameterKind.REST, ParameterKind.KEYWORD} & {
            *kinds[:i]
        }:
            yield "*"
        stars = {ParameterKind.REST: "*", ParameterKind.KEYWORDS: "**"}.get(each.kind, "")
        default = f" = {expression(each.default)}" if each.default is not None else ""
        yield f"{stars}{each.name}{_annotated(each.annotation)}{default}"
        if each.kind is ParameterKind.POSITIONAL and kinds[i + 1 : i + 2] != [ParameterKind.POSITIONAL]:
            yield "/"


def _annotated(annotation: Expression | None) -> str:
    return f": {expression(annotation)}" if annotation is not None else ""


def _block(body: Iterable[Statement]) -> Iterator[str]:
    for each in body:
        yield from statement(each)


def _indented(body: Iterable[Statement]) -> Iterator[str]:
    lines = list(_block(body))
    yield from (INDENT + line for line in lines or ["pass"])


def statement(node: Statement) -> Iterator[str]:
    """Yield the lines of a statement, its blocks indented."""
    match node:
        case flow.Bind():
            yield from _definition(node)
        case flow.If():
            yield f"if {expression(node.test)}:"
            yield from _indented(node.then)
            yield from _orelse(node.orelse)
        case flow.While():
            yield f"while {expression(node.test)}:"
            yield from _indented(node.body)
            yield from _orelse(node.orelse)
        case flow.For():
            yield f"{_async(node)}for {expression(node.target)} in {expression(node.iterable)}:"
            yield from _indented(node.body)
            yield from _orelse(node.orelse)
        case flow.Try():
            yield from _try(node)
        case flow.With():
            yield f"{_async(node)}with {', '.join(map(_item, node.items))}:"
            yield from _indented(node.body)
        case flow.Match():
            yield f"match {_plain(node.variable)} := {expression(node.subject)}:"
            for case in node.cases:
                yield from (INDENT + line for line in _case(case))
        case _:
            yield _simple(node)


def _async(node: flow.For | flow.With) -> str:
    return "async " if node.is_async else ""


def _orelse(body: flow.Block) -> Iterator[str]:
    if body:
        yield "else:"
        yield from _indented(body)


def _definition(node: flow.Bind) -> Iterator[str]:
    yield from (f"@{expression(each)}" for each in node.decorators)
    assert isinstance(node.value, flow.Closure)
    program = node.value.program
    word = f"{'async ' if program.is_async else ''}{'class' if node.is_class else 'def'}"
    head = ", ".join(map(_argument, node.bases)) if node.is_class else ", ".join(_parameters(program))
    returns = f" -> {expression(program.returns)}" if program.returns is not None else ""
    yield f"{word} {node.name}({head}){returns}:"
    yield from (INDENT + line for line in _notes(program))
    yield from _indented(program.body)


def _argument(argument: flow.Argument) -> str:
    prefix = f"{argument.keyword}=" if argument.keyword else "*" * argument.stars
    return prefix + expression(argument.value)


def _try(node: flow.Try) -> Iterator[str]:
    yield "try:"
    yield from _indented(node.body)
    for handler in node.handlers:
        types = ", ".join(map(expression, handler.types))
        name = f" as {handler.name}" if handler.name else ""
        yield f"except{'*' if handler.star else ''} {types}{name}".rstrip() + ":"
        yield from _indented(handler.body)
    yield from _orelse(node.orelse)
    if node.final:
        yield "finally:"
        yield from _indented(node.final)


def _item(item: flow.WithItem) -> str:
    return expression(item.context) + (f" as {expression(item.target)}" if item.target is not None else "")


def _case(case: flow.Case) -> Iterator[str]:
    """Write a case: its tests, `...` if they do not say it all, and what it binds."""
    tests = [expression(each) for each in case.tests] + ([] if case.total else ["..."])
    bound = [_plain(each.id) + ("=whole" if each is case.whole else "") for each in case.binds]
    binds = f" binds {', '.join(bound)}" if bound else ""
    guard = f" if {expression(case.guard)}" if case.guard is not None else ""
    yield f"case {' and '.join(tests) or 'always'}{binds}{guard}:"
    yield from _indented(case.body)


def _simple(node: Statement) -> str:
    match node:
        case flow.Evaluate():
            return expression(node.value)
        case flow.Assign():
            first, *rest = map(expression, node.targets)
            return " = ".join([first + _annotated(node.annotation), *rest, expression(node.value)])
        case flow.Declare():
            return expression(node.target) + _annotated(node.annotation)
        case flow.Augment():
            return f"{expression(node.target)} {node.operator}= {expression(node.value)}"
        case flow.Import():
            member = f" member {node.member}" if node.member is not None else ""
            alias = " aliased" if node.aliased else ""
            return f"import {'.' * node.level}{node.module}{member} binds {node.binds}{alias}"
        case flow.Delete():
            return f"del {', '.join(map(expression, node.targets))}"
        case flow.Return():
            return f"return {expression(node.value) if node.value is not None else ''}".rstrip()
        case flow.Raise():
            cause = f" from {expression(node.cause)}" if node.cause is not None else ""
            return f"raise {expression(node.value) if node.value is not None else ''}".rstrip() + cause
        case flow.Assert():
            message = f", {expression(node.message)}" if node.message is not None else ""
            return f"assert {expression(node.test)}{message}"
    return type(node).__name__.lower()
