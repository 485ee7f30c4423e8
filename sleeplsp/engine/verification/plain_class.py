"""Plain classes: fields and values that are written out, and no method, so that using one runs nothing of it.

Pure, on Python's own trees. It must not know where the class stands.
"""

import ast
from collections.abc import Callable, Iterator

from sleeplsp.engine.verification.body import Use, meant, uses_in
from sleeplsp.engine.verification.chains import chain_of
from sleeplsp.engine.verification.written import is_written_out

_DECORATORS = frozenset(("dataclasses.dataclass", "enum.unique", "typing.final"))
_FIELD = "dataclasses.field"
_FACTORY = "default_factory"
_AUTO = "enum.auto"

NameOf = Callable[[tuple[str, ...]], str]
"""Gives the dotted name of what lies outside of the workspace; '' for all else."""


def uses_of(found: ast.ClassDef, name_of: NameOf) -> list[Use] | None:
    """Return what a class needs of its module: bases, and what its fields are; None if it is not plain."""
    if found.keywords or not all(_is_decorator(each, name_of) for each in found.decorator_list):
        return None
    bases = [chain_of(each) for each in found.bases]
    uses = [Use(each) for each in bases if each is not None]
    if len(uses) < len(bases):
        return None
    for each in found.body:
        further = _of_statement(each, name_of)
        if further is None:
            return None
        uses += further
    return uses


def _is_decorator(node: ast.expr, name_of: NameOf) -> bool:
    called = node.func if isinstance(node, ast.Call) else node
    chain = chain_of(called)
    given = (each.value for each in node.keywords) if isinstance(node, ast.Call) else ()
    is_known = chain is not None and name_of(chain) in _DECORATORS
    return is_known and all(isinstance(each, ast.Constant) for each in given)


def _of_statement(node: ast.stmt, name_of: NameOf) -> list[Use] | None:
    match node:
        case ast.Pass() | ast.Expr(value=ast.Constant()):
            return []
        case ast.Assign(targets=targets, value=value) if all(isinstance(each, ast.Name) for each in targets):
            return _of_value(value, name_of)
        case ast.AnnAssign(target=ast.Name(), annotation=annotation, value=given):
            of_value = _of_value(given, name_of)
            written = meant(annotation)
            return [*of_value, *_annotated(written)] if of_value is not None else None
    return None


def _of_value(value: ast.expr | None, name_of: NameOf) -> list[Use] | None:
    """Return what a field's value needs; None if it is not written out."""
    if isinstance(value, ast.Call) and name_of(chain_of(value.func) or ("",)) == _FIELD and not value.args:
        factories = [each.value for each in value.keywords if each.arg == _FACTORY]
        others = [each.value for each in value.keywords if each.arg != _FACTORY]
        chains = [chain_of(each) for each in factories]
        if None in chains or not all(is_written_out(each, lambda _chain: False) for each in others):
            return None
        return [Use(each, is_called=True) for each in chains if each is not None]
    return [] if is_written_out(value, lambda chain: name_of(chain) == _AUTO) else None


def _annotated(annotation: ast.expr | None) -> Iterator[Use]:
    return uses_in([annotation], set(), set()) if annotation is not None else iter(())
