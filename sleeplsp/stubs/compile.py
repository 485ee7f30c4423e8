"""From the names of a stub module with their syntax trees to its row; nothing is resolved.

The trees are dropped afterwards. Files and other modules must not be known here.
"""

import ast
from collections.abc import Iterable, Sequence

import msgspec
from typeshed_client import ImportedName, NameDict, NameInfo, OverloadedName

from sleeplsp.core.flow import ParameterKind
from sleeplsp.stubs.annotations import awaited, brief, dotted, last_name, literal_type
from sleeplsp.stubs.rows import (
    Binding,
    Definition,
    StubAlias,
    StubClass,
    StubFunction,
    StubImport,
    StubModule,
    StubParameter,
    StubSignature,
    StubValue,
    StubVariable,
    packed,
)
from sleeplsp.stubs.typeshed import STAR

_Function = ast.FunctionDef | ast.AsyncFunctionDef

_PROPERTIES = frozenset(
    {"property", "cached_property", "abstractproperty", "DynamicClassAttribute"}
    # How enum and functools spell `property` where a class has an attribute of that name.
    | {"_magic_enum_attr", "_builtins_property"}
)
_CONTEXT_MANAGERS = {
    "contextmanager": ":contextlib._GeneratorContextManager",
    "asynccontextmanager": ":contextlib._AsyncGeneratorContextManager",
}


def compile_module(names: NameDict) -> StubModule:
    """Return the row of a module."""
    variables = frozenset(name for name, each in names.items() if _is_type_variable(each.ast))
    stars = [each.ast for name, each in names.items() if name.startswith(STAR)]
    rest = {name: each for name, each in names.items() if not name.startswith(STAR)}
    return StubModule(
        names=_packed(rest, variables, in_class=False),
        stars=tuple(".".join(star.module_name) for star in stars if isinstance(star, ImportedName)),
        public=_public(names["__all__"]) if "__all__" in names else None,
    )


def _packed(names: NameDict, variables: frozenset[str], *, in_class: bool) -> dict[str, msgspec.Raw]:
    found = ((name, _definition(each, variables, in_class=in_class)) for name, each in names.items())
    return {name: packed(each) for name, each in found if each is not None}


def _definition(named: NameInfo, variables: frozenset[str], *, in_class: bool) -> Definition | None:
    trees = _trees(named)
    # Of an import and a definition of the same name, the definition says more.
    tree = next((each for each in trees if isinstance(each, ast.AST)), trees[0])
    match tree:
        case ImportedName(module_name=module, name=name):
            return StubImport(".".join(module), name or "", named.is_exported)
        case ast.ClassDef():
            return _class(tree, named.child_nodes or {}, variables)
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            overloads = [each for each in trees if isinstance(each, _Function)]
            return _function(overloads, variables, in_class=in_class)
        case ast.Assign(value=value):
            return _assigned(value)
        case ast.AnnAssign():
            return _annotated(tree)
    return None


def _trees(named: NameInfo) -> Sequence[ast.AST | ImportedName]:
    return named.ast.definitions if isinstance(named.ast, OverloadedName) else [named.ast]


def _is_type_variable(tree: object) -> bool:
    return (
        isinstance(tree, ast.Assign)
        and isinstance(tree.value, ast.Call)
        and last_name(tree.value).lstrip("_") == "TypeVar"
    )


def _public(named: NameInfo) -> tuple[str, ...] | None:
    """Return the names in `__all__`, None if it is another module's."""
    lists = [getattr(tree, "value", tree) for tree in _trees(named)]
    if not any(isinstance(each, (ast.List, ast.Tuple)) for each in lists):
        return None
    constants = (c for each in lists for c in getattr(each, "elts", ()) if isinstance(c, ast.Constant))
    return tuple(str(each.value) for each in constants)


def _class(tree: ast.ClassDef, names: NameDict, variables: frozenset[str]) -> StubClass:
    metaclasses = {last_name(each.value) for each in tree.keywords if each.arg == "metaclass"}
    decorators = {last_name(each) for each in tree.decorator_list}
    bases = tuple(brief(base) for base in tree.bases)
    return StubClass(
        bases=bases,
        parameters=tuple(dict.fromkeys(_arguments(tree.bases))),
        opaque=bool(metaclasses - {"ABCMeta", "type"}) or "dataclass" in decorators,
        members=_packed(names, variables, in_class=True) | _enum_members(bases, names),
    )


def _arguments(bases: Sequence[ast.expr]) -> Iterable[str]:
    """Yield the names in the type arguments of bases."""
    given = (base.slice for base in bases if isinstance(base, ast.Subscript))
    return (node.id for each in given for node in ast.walk(each) if isinstance(node, ast.Name))


def _enum_members(bases: tuple[str, ...], names: NameDict) -> dict[str, msgspec.Raw]:
    """Return what an enum assigns, as its members: `A = B` in it is no alias of a thing outside."""
    if not any(base.endswith(("Enum", "Flag")) for base in bases):
        return {}
    member = packed(StubValue("", assigned=True))
    return {name: member for name, each in names.items() if isinstance(each.ast, ast.Assign)}


def _assigned(value: ast.expr) -> Definition | None:
    match value:
        case ast.Name() | ast.Attribute() | ast.Subscript() | ast.BinOp():
            return StubAlias(brief(value))
        case ast.Call(args=[_, *constraints]) if last_name(value).lstrip("_") == "TypeVar":
            return StubVariable("|".join(brief(each) for each in constraints))
        case ast.Call(args=[_, base]) if last_name(value) == "NewType":
            return StubAlias(brief(base))
        case ast.Call(func=func):
            return StubValue(dotted(func), assigned=True)
    return StubValue(literal_type(value), assigned=True)


def _annotated(tree: ast.AnnAssign) -> Definition:
    name = last_name(tree.annotation)
    if name == "TypeAlias":
        return StubAlias(brief(tree.value))
    if name == "Final" and not isinstance(tree.annotation, ast.Subscript):
        # `X: Final = Enum.X`: the name of another thing. Else the constant says its type.
        named = isinstance(tree.value, (ast.Name, ast.Attribute))
        return StubAlias(dotted(tree.value)) if named else StubValue(literal_type(tree.value))
    return StubValue(brief(tree.annotation))


def _function(trees: Sequence[_Function], variables: frozenset[str], *, in_class: bool) -> StubFunction:
    decorators = {last_name(each) for tree in trees for each in tree.decorator_list}
    binding = _binding(decorators, trees[0].name) if in_class else Binding.INSTANCE
    if binding is Binding.PROPERTY:
        trees = trees[:1]  # setters and deleters follow the getter
    drops_first = in_class and (binding is not Binding.STATIC or trees[0].name == "__new__")
    wrapper = next((_CONTEXT_MANAGERS[each] for each in decorators if each in _CONTEXT_MANAGERS), "")
    return StubFunction(
        signatures=tuple(_signature(tree, variables, wrapper, drops_first=drops_first) for tree in trees),
        binding=binding,
        is_async=any(_is_async(tree) for tree in trees) and not wrapper,
    )


def _binding(decorators: set[str], name: str) -> Binding:
    if decorators & _PROPERTIES:
        return Binding.PROPERTY
    if "staticmethod" in decorators:
        return Binding.STATIC
    if "classmethod" in decorators or name in {"__init_subclass__", "__class_getitem__", "__new__"}:
        return Binding.CLASS
    return Binding.INSTANCE


def _is_async(tree: _Function) -> bool:
    return isinstance(tree, ast.AsyncFunctionDef) or awaited(tree.returns) is not None


def _signature(
    tree: _Function, variables: frozenset[str], wrapper: str, *, drops_first: bool
) -> StubSignature:
    given = awaited(tree.returns)
    returns = wrapper or brief(tree.returns if given is None else given)
    parameters = list(_parameters(tree.args))
    if drops_first:
        returns = _with_self(returns, tree.args, variables)
        # `def f(*args)` takes its object among the rest.
        parameters = parameters[bool(tree.args.posonlyargs or tree.args.args) :]
    wanted = {"None", *returns.split("|")}
    return StubSignature(
        tuple(p if p.annotation in wanted else _without_annotation(p) for p in parameters), returns
    )


def _parameters(arguments: ast.arguments) -> Iterable[StubParameter]:
    by_position = [*arguments.posonlyargs, *arguments.args]
    required = len(by_position) - len(arguments.defaults)
    for index, each in enumerate(by_position):
        only = index < len(arguments.posonlyargs)
        kind = ParameterKind.POSITIONAL if only else ParameterKind.EITHER
        yield StubParameter(each.arg, kind, index >= required, brief(each.annotation))
    if arguments.vararg:
        rest = arguments.vararg
        yield StubParameter(rest.arg, ParameterKind.REST, optional=True, annotation=brief(rest.annotation))
    for each, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
        optional = default is not None
        yield StubParameter(each.arg, ParameterKind.KEYWORD, optional, brief(each.annotation))
    if arguments.kwarg:
        rest = arguments.kwarg
        yield StubParameter(
            rest.arg, ParameterKind.KEYWORDS, optional=True, annotation=brief(rest.annotation)
        )


def _with_self(returns: str, arguments: ast.arguments, variables: frozenset[str]) -> str:
    """Write `Self` for the receiver's type variable (`self: _S`, `cls: type[_S]`)."""
    first = next(iter([*arguments.posonlyargs, *arguments.args]), None)
    annotation = first.annotation if first else None
    if isinstance(annotation, ast.Subscript) and last_name(annotation) in {"type", "Type"}:
        annotation = annotation.slice
    receiver = dotted(annotation)
    if receiver not in variables and receiver.rpartition(".")[2] != "Self":  # `_typeshed.Self`
        return returns
    return "|".join("Self" if each == receiver else each for each in returns.split("|"))


def _without_annotation(parameter: StubParameter) -> StubParameter:
    return StubParameter(parameter.name, parameter.kind, parameter.optional)
