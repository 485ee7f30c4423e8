"""Python definitions: modules, functions, lambdas and classes as programs."""

import re
from collections.abc import Set as AbstractSet
from typing import NamedTuple

from tree_sitter import Node

from sleeplsp.core.flow import (
    Bind,
    Block,
    Closure,
    Evaluate,
    Expression,
    Opaque,
    Parameter,
    ParameterKind,
    Program,
    ProgramKind,
    Return,
    Statement,
)
from sleeplsp.core.flow import Constant as ConstantExpression
from sleeplsp.core.lower.python import expressions
from sleeplsp.core.lower.python.annotations import annotation
from sleeplsp.core.lower.python.expressions import arguments, expression, operands
from sleeplsp.core.lower.python.scope import Scope
from sleeplsp.core.lower.python.statements import block, handles


class _Head(NamedTuple):
    """What stands before the body."""

    name: str
    parameters: tuple[Parameter, ...] = ()
    decorators: tuple[Expression, ...] = ()
    returns: Expression | None = None


def module(root: Node, source: bytes) -> Program:
    """Lower a whole file."""
    scope = Scope(ProgramKind.MODULE, source)
    body, documented = _body(root, scope)
    return _program(root, root, scope, _Head("<module>"), body, docstring=documented)


def _definition(node: Node, scope: Scope) -> Statement:
    """Lower a function or class, alone or under decorators."""
    inner = node
    decorators: tuple[Expression, ...] = ()
    if node.type == "decorated_definition":
        found = node.child_by_field_name("definition")
        if found is None:
            return Evaluate(node.start_byte, node.end_byte, Opaque(node.start_byte, node.end_byte, ()))
        inner = found
        decorators = tuple(
            expression(each, scope)
            for child in node.named_children
            if child.type == "decorator"
            for each in operands(child)
        )
    if inner.type == "class_definition":
        return _class(node, inner, decorators, scope)
    return _function(node, inner, decorators, scope)


def _function(node: Node, inner: Node, decorators: tuple[Expression, ...], scope: Scope) -> Statement:
    name = _name(inner, scope)
    own = Scope(ProgramKind.FUNCTION, scope.source, scope)
    parameters = _parameters(inner.child_by_field_name("parameters"), scope, own)
    returns = annotation(inner.child_by_field_name("return_type"), scope)
    body, documented = _body(inner.child_by_field_name("body"), own)
    head = _Head(name, parameters, decorators, returns)
    program = _program(node, inner, own, head, body, docstring=documented)
    scope.close_inner(program, own)
    closure = Closure(node.start_byte, node.end_byte, program)
    defaults = tuple(each.default for each in parameters if each.default is not None)
    return Bind(
        node.start_byte,
        node.end_byte,
        scope.binds(name),
        closure,
        decorators,
        is_class=False,
        defaults=defaults,
    )


def _class(node: Node, inner: Node, decorators: tuple[Expression, ...], scope: Scope) -> Statement:
    name = _name(inner, scope)
    bases = arguments(inner.child_by_field_name("superclasses"), scope)
    own = Scope(ProgramKind.CLASS, scope.source, scope)
    body, documented = _body(inner.child_by_field_name("body"), own)
    head = _Head(name, decorators=decorators)
    program = _program(node, inner, own, head, body, docstring=documented)
    scope.close_inner(program, own)
    closure = Closure(node.start_byte, node.end_byte, program)
    return Bind(
        node.start_byte,
        node.end_byte,
        scope.binds(name),
        closure,
        decorators,
        is_class=True,
        defaults=tuple(each.value for each in bases),
        bases=bases,
    )


def _lambda(node: Node, scope: Scope) -> Expression:
    own = Scope(ProgramKind.LAMBDA, scope.source, scope)
    own.depth = scope.depth
    parameters = _parameters(node.child_by_field_name("parameters"), scope, own)
    body = node.child_by_field_name("body")
    value = expression(body, own) if body is not None else None
    returned = (Return(value.start, value.end, value),) if value is not None else ()
    program = _program(node, node, own, _Head("<lambda>", parameters), returned)
    scope.close_inner(program, own)
    return Closure(node.start_byte, node.end_byte, program)


def _program(
    node: Node, inner: Node, scope: Scope, head: _Head, body: Block, *, docstring: bool = False
) -> Program:
    named = inner.child_by_field_name("name")
    return Program(
        name=head.name,
        kind=scope.kind,
        start=node.start_byte,
        end=node.end_byte,
        name_start=named.start_byte if named is not None else -1,
        parameters=head.parameters,
        body=body,
        decorators=head.decorators,
        returns=head.returns,
        is_async=inner.child_count > 0 and inner.children[0].type == "async",
        is_generator=scope.is_generator,
        locals=_kept(scope.bound),
        inline=_kept(scope.inline & scope.bound),
        outer=_kept(scope.outer),
        outermost=_kept(scope.outermost),
        free=_kept(scope.free),
        captured=_kept(scope.visible & scope.read_inside),
        rebound=_kept(scope.rebound),
        nested=tuple(scope.nested),
        broken=scope.broken or (scope.kind is not ProgramKind.MODULE and _is_half(node, scope)),
        docstring=docstring,
    )


def _kept(names: AbstractSet[str]) -> frozenset[str]:
    """Freeze names; most sets are empty, and an empty one takes as much memory as four names."""
    return frozenset(names) if names else _NO_NAMES


_NO_NAMES: frozenset[str] = frozenset()


# What stands behind a definition up to the next line of code: the end of its last line, blank lines,
# comments, and the lines that a merge puts between two versions.
_BEHIND = re.compile(
    rb"[^\n]*\n(?:[ \t\f\r]*(?:#[^\n]*)?\n|(?:<{7}|={7}|>{7})[^\n]*\n)*(?P<indent>[ \t]*)[^\s#]"
)


def _is_half(node: Node, scope: Scope) -> bool:
    """Tell whether a definition does not parse, or whether its text goes on where its node has ended."""
    if node.has_error or scope.kind is ProgramKind.LAMBDA:
        return node.has_error
    behind = _BEHIND.match(scope.source, node.end_byte)
    return behind is not None and len(behind["indent"]) > node.start_point.column


def _name(node: Node, scope: Scope) -> str:
    name = node.child_by_field_name("name")
    return scope.text(name.start_byte, name.end_byte) if name is not None else ""


def _body(node: Node | None, scope: Scope) -> tuple[Block, bool]:
    """Lower the statements of a body, the documentation string left out."""
    statements = block(node, scope)
    first = statements[0] if statements else None
    if (
        isinstance(first, Evaluate)
        and isinstance(first.value, ConstantExpression)
        and first.value.kind == "str"
    ):
        return statements[1:], True
    return statements, False


_AFTER_STAR = ("list_splat_pattern", "keyword_separator")


def _parameters(node: Node | None, outer: Scope, own: Scope) -> tuple[Parameter, ...]:
    if node is None:
        return ()
    found: list[Parameter] = []
    kind = ParameterKind.EITHER
    for child in operands(node):
        if child.type == "positional_separator":
            found = [_as_positional(each) for each in found]
        elif child.type == "keyword_separator":
            kind = ParameterKind.KEYWORD
        else:
            parameter = _parameter(child, kind, outer, own)
            if parameter is not None:
                found.append(parameter)
                kind = ParameterKind.KEYWORD if parameter.kind is ParameterKind.REST else kind
    return tuple(found)


def _as_positional(parameter: Parameter) -> Parameter:
    kind = ParameterKind.POSITIONAL
    return Parameter(
        parameter.start,
        parameter.end,
        parameter.name,
        kind,
        parameter.default,
        parameter.annotation,
    )


def _parameter(node: Node, kind: ParameterKind, outer: Scope, own: Scope) -> Parameter | None:
    name, default, kinds = node, None, {"list_splat_pattern": ParameterKind.REST}
    kinds["dictionary_splat_pattern"] = ParameterKind.KEYWORDS
    if node.type in ("default_parameter", "typed_default_parameter"):
        found, value = node.child_by_field_name("name"), node.child_by_field_name("value")
        name = found if found is not None else node
        default = expression(value, outer) if value is not None else None
    elif node.type == "typed_parameter":
        name = operands(node)[0]
    if name.type in kinds:
        kind = kinds[name.type]
        name = operands(name)[0] if operands(name) else name
    if name.type != "identifier":
        # Python 2's tuple parameters, or broken code.
        own.broken = True
        return None
    text = own.text(name.start_byte, name.end_byte)
    own.bound.add(text)
    type_ = annotation(node.child_by_field_name("type"), outer)
    return Parameter(node.start_byte, node.end_byte, text, kind, default, type_)


expressions.handles("lambda", _lambda)
for _kind in ("function_definition", "class_definition", "decorated_definition"):
    handles(_kind, _definition)
