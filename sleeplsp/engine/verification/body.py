"""The body of a function: what it uses of its module, and whether it changes only what it has made itself.

Pure, on Python's own trees. It must not know what a name of the module means.
"""

import ast
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property

import msgspec

from sleeplsp.engine.verification.known_pure import CHANGING, METHODS, REPLACE

_SCOPES = ast.Global, ast.Nonlocal, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef
_FORBIDDEN = (
    *_SCOPES,
    *(ast.Import, ast.ImportFrom, ast.With, ast.AsyncWith, ast.AsyncFor, ast.Await, ast.Yield, ast.YieldFrom),
)
_COMPREHENSIONS = ast.ListComp | ast.SetComp | ast.DictComp
_DISPLAYS = ast.List | ast.Set | ast.Dict


class Use(msgspec.Struct, frozen=True):
    """A name of the module, or an attribute of one, that a function uses."""

    chain: tuple[str, ...]
    """`a.b.c`, as its names."""
    is_called: bool = False


class Body:
    """A function as it is written; `is_fresh` tells what gives a new container when it is called."""

    def __init__(self, function: ast.FunctionDef, is_fresh: Callable[[tuple[str, ...]], bool]) -> None:
        self._function = function
        self._is_fresh = is_fresh
        self._nodes = [node for each in function.body for node in ast.walk(each)]

    @property
    def is_quiet(self) -> bool:
        """Whether it changes nothing that it has not made itself, as far as it shows."""
        return all(self._is_quiet(each) for each in self._nodes)

    @property
    def uses(self) -> Iterator[Use]:
        """What it uses that is not its own: in its body, and in the annotations of what it is passed."""
        called = {id(each.func) for each in self._nodes if isinstance(each, ast.Call)}
        yield from _uses(self._function.body, called, self._own)
        for each in parameters(self._function):
            if (annotation := _meant(each.annotation)) is not None:
                yield from _uses([annotation], set(), set())

    @cached_property
    def _own(self) -> set[str]:
        """Its parameters, and the names that it binds."""
        stored = {e.id for e in self._nodes if isinstance(e, ast.Name) and not isinstance(e.ctx, ast.Load)}
        handled = {e.name for e in self._nodes if isinstance(e, ast.ExceptHandler) and e.name}
        matched = {e.name for e in self._nodes if isinstance(e, ast.MatchAs | ast.MatchStar) and e.name}
        lambdas = [each.args for each in self._nodes if isinstance(each, ast.Lambda)]
        passed = {each.arg for args in lambdas for each in _arguments(args)}
        return stored | handled | matched | passed | {each.arg for each in parameters(self._function)}

    @cached_property
    def _made(self) -> set[str]:
        """Names that are bound to new containers, and to nothing else."""
        bound: dict[str, list[bool]] = {}
        for each in self._nodes:
            if isinstance(each, ast.Assign):
                targets, value = each.targets, each.value
            elif isinstance(each, ast.AnnAssign) and each.value is not None:
                targets, value = [each.target], each.value
            else:
                continue
            for target in targets:
                if isinstance(target, ast.Name):
                    bound.setdefault(target.id, []).append(self._makes(value))
        assigned = {name for name, made in bound.items() if all(made)}
        return assigned - self._bound_otherwise - {each.arg for each in parameters(self._function)}

    @cached_property
    def _bound_otherwise(self) -> set[str]:
        """Names that loops, handlers, patterns and the like bind."""
        plain = {
            id(target)
            for each in self._nodes
            if isinstance(each, ast.Assign | ast.AnnAssign | ast.AugAssign)
            for target in (each.targets if isinstance(each, ast.Assign) else [each.target])
        }
        names = [
            each for each in self._nodes if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store)
        ]
        return {each.id for each in names if id(each) not in plain}

    def _makes(self, value: ast.expr) -> bool:
        if isinstance(value, _DISPLAYS | _COMPREHENSIONS):
            return True
        chain = chain_of(value.func) if isinstance(value, ast.Call) else None
        return chain is not None and chain[0] not in self._own and self._is_fresh(chain)

    def _is_quiet(self, node: ast.AST) -> bool:
        match node:
            case ast.Attribute(attr=name, ctx=context):
                return isinstance(context, ast.Load) and not name.startswith("__")
            case ast.Subscript(value=value, ctx=context):
                return isinstance(context, ast.Load) or self._is_made(value)
            case ast.AugAssign(target=ast.Name(id=name)):
                # Of a list that was passed, `+=` changes that very list.
                return name not in {each.arg for each in parameters(self._function)} and self._adds(name)
            case ast.Call(func=ast.Attribute(value=value, attr=name)):
                return self._is_method(node, value, name)
            case ast.Call(func=ast.Name(id=name)):
                return name not in self._own
            case ast.Call():
                return False
        return not isinstance(node, _FORBIDDEN)

    def _is_method(self, call: ast.Call, on: ast.expr, name: str) -> bool:
        chain = chain_of(on)
        if chain is not None and chain[0] not in self._own:
            return True  # a name of the module: whether it may be called is said of its use
        if name == REPLACE:
            return len(call.args) > 1 or bool(call.keywords)
        return name in METHODS or (name in CHANGING and self._is_made(on))

    def _is_made(self, node: ast.expr) -> bool:
        """Tell whether something is a container of its own; what lies in it may be another's."""
        return isinstance(node, ast.Name) and node.id in self._made

    def _adds(self, name: str) -> bool:
        """Tell whether a name that is added to is bound to what was made here, or to what cannot change."""
        values = [
            each.value
            for each in self._nodes
            if isinstance(each, ast.Assign)
            for target in each.targets
            if isinstance(target, ast.Name) and target.id == name
        ]
        return bool(values) and all(self._makes(each) or isinstance(each, ast.Constant) for each in values)


def annotated(found: ast.ClassDef) -> Iterator[Use]:
    """Yield what the annotations of a class's own fields name."""
    for each in found.body:
        if isinstance(each, ast.AnnAssign) and (annotation := _meant(each.annotation)) is not None:
            yield from _uses([annotation], set(), set())


def chain_of(node: ast.AST) -> tuple[str, ...] | None:
    """Return the names of `a.b.c`; None for what is no such chain."""
    names: list[str] = []
    while isinstance(node, ast.Attribute):
        names.append(node.attr)
        node = node.value
    return (node.id, *reversed(names)) if isinstance(node, ast.Name) else None


def _uses(roots: Iterable[ast.AST], called: set[int], own: set[str]) -> Iterator[Use]:
    pending = list(roots)
    while pending:
        node = pending.pop()
        chain = chain_of(node) if isinstance(node, ast.Attribute | ast.Name) else None
        if chain is None:
            pending.extend(ast.iter_child_nodes(node))
        elif chain[0] not in own:
            yield Use(chain, is_called=id(node) in called)


def _meant(annotation: ast.expr | None) -> ast.expr | None:
    """Return an annotation; of one that is written as a string, what it says."""
    if isinstance(annotation, ast.Constant) and isinstance(annotation.value, str):
        try:
            return ast.parse(annotation.value, mode="eval").body
        except (SyntaxError, ValueError):
            return ast.Name("")  # means nothing: it is allowed nowhere
    return annotation


def parameters(function: ast.FunctionDef) -> list[ast.arg]:
    """Return all that a function can be passed."""
    return list(_arguments(function.args))


def _arguments(args: ast.arguments) -> Iterator[ast.arg]:
    yield from (*args.posonlyargs, *args.args, *args.kwonlyargs)
    yield from (each for each in (args.vararg, args.kwarg) if each is not None)
