"""The body of a function: what it uses of its module, and whether it changes only what it has made itself.

Pure, on Python's own trees. It must not know what a name of the module means.
"""

import ast
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property

import msgspec

from sleeplsp.engine.verification.chains import chain_of
from sleeplsp.engine.verification.known_pure import CHANGING, COPY, METHODS, REPLACE
from sleeplsp.engine.verification.written import is_written_out

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
    """A function as it is written.

    `is_global` tells of names that mean something in its module, or everywhere; `is_fresh` what gives a new
    container when it is called.
    """

    def __init__(
        self,
        function: ast.FunctionDef,
        is_global: Callable[[str], bool],
        is_fresh: Callable[[tuple[str, ...]], bool],
    ) -> None:
        self._function = function
        self._is_global = is_global
        self._is_fresh = is_fresh
        self._nodes = [node for each in function.body for node in ast.walk(each)]
        self._passed = {each.arg for each in parameters(function)}

    @property
    def is_quiet(self) -> bool:
        """Whether it changes nothing that it has not made itself, as far as it shows."""
        defaults = (*self._function.args.defaults, *self._function.args.kw_defaults)
        return (
            all(is_written_out(each, lambda _chain: False) for each in defaults)
            # Elsewhere in the function such a name may be the one that means something else.
            and not any(map(self._is_global, self._inner))
            and all(map(self._is_quiet, self._nodes))
        )

    @property
    def uses(self) -> Iterator[Use]:
        """What it uses that is not its own: in its body, and in the annotations of what it is passed."""
        called = {id(each.func) for each in self._nodes if isinstance(each, ast.Call)}
        yield from uses_in(self._function.body, called, self._own)
        for each in parameters(self._function):
            if (annotation := meant(each.annotation)) is not None:
                yield from uses_in([annotation], set(), set())

    @cached_property
    def _own(self) -> set[str]:
        """Its parameters, and all names that are bound in it."""
        return self._passed | self._assigned.keys() | self._bound_otherwise

    @cached_property
    def _inner(self) -> set[str]:
        """Names that are bound in comprehensions and lambdas, and mean what they mean only there."""
        loops = [each.target for each in self._nodes if isinstance(each, ast.comprehension)]
        targets = (node for each in loops for node in ast.walk(each))
        lambdas = [each.args for each in self._nodes if isinstance(each, ast.Lambda)]
        passed = {each.arg for args in lambdas for each in _arguments(args)}
        return passed | {each.id for each in targets if isinstance(each, ast.Name)}

    @cached_property
    def _assigned(self) -> dict[str, list[ast.expr]]:
        """Names that plain assignments bind, with all that they are bound to."""
        found: dict[str, list[ast.expr]] = {}
        for each in self._nodes:
            match each:
                case ast.Assign(targets=targets, value=value):
                    names = [target.id for target in targets if isinstance(target, ast.Name)]
                case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
                    names = [name]
                case _:
                    continue
            for name in names:
                found.setdefault(name, []).append(value)
        return found

    @cached_property
    def _bound_otherwise(self) -> set[str]:
        """Names that anything else binds: loops, comprehensions, lambdas, handlers, patterns, unpacking."""
        plain = {
            id(target)
            for each in self._nodes
            if isinstance(each, ast.Assign | ast.AnnAssign | ast.AugAssign)
            for target in (each.targets if isinstance(each, ast.Assign) else [each.target])
        }
        stored = (e for e in self._nodes if isinstance(e, ast.Name) and not isinstance(e.ctx, ast.Load))
        found = self._inner | {each.id for each in stored if id(each) not in plain}
        for each in self._nodes:
            match each:
                case ast.ExceptHandler(name=str() as name) | ast.MatchAs(name=str() as name):
                    found.add(name)
                case ast.MatchStar(name=str() as name) | ast.MatchMapping(rest=str() as name):
                    found.add(name)
        return found

    def _makes(self, value: ast.expr) -> bool:
        """Tell whether a value is a container that is made here."""
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
                return self._is_bound_to(name, lambda e: isinstance(e, ast.Constant) or self._makes(e))
            case ast.Call(func=ast.Attribute(value=value, attr=name)):
                return self._may_be_called(node, value, name)
            case ast.Call(func=ast.Name(id=name)):
                return name not in self._own
            case ast.Call():
                return False
        return not isinstance(node, _FORBIDDEN)

    def _may_be_called(self, call: ast.Call, on: ast.expr, name: str) -> bool:
        """Tell whether a method may be; what is called of a name of the module is one of its uses."""
        chain = chain_of(on)
        if chain is not None and chain[0] not in self._own:
            return True
        if name == REPLACE:
            return len(call.args) > 1
        if name == COPY:
            return not (call.args or call.keywords)
        return name in METHODS or (name in CHANGING and self._is_made(on))

    def _is_made(self, node: ast.expr) -> bool:
        """Tell whether something is a container of its own; what lies in it may be another's."""
        return isinstance(node, ast.Name) and self._is_bound_to(node.id, self._makes)

    def _is_bound_to(self, name: str, is_such: Callable[[ast.expr], bool]) -> bool:
        """Tell whether a name is bound by plain assignments alone, and to such values."""
        is_plain = name not in self._passed and name not in self._bound_otherwise
        values = self._assigned.get(name, [])
        return is_plain and bool(values) and all(map(is_such, values))


def uses_in(roots: Iterable[ast.AST], called: set[int], own: set[str]) -> Iterator[Use]:
    """Yield the names used below some nodes that are not `own`; `called` are ids of what is called."""
    pending = list(roots)
    while pending:
        node = pending.pop()
        chain = chain_of(node) if isinstance(node, ast.Attribute | ast.Name) else None
        if chain is None:
            pending.extend(ast.iter_child_nodes(node))
        elif chain[0] not in own:
            yield Use(chain, is_called=id(node) in called)


def meant(annotation: ast.expr | None) -> ast.expr | None:
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
