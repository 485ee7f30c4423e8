"""Assertions: an invariant with a check, turned into an `assert` in its function where that is right.

Or into a guard, which raises where an argument is not what it must be. What must hold of arguments stands at
the beginning, behind the docstring; all else, also of the result, before the only return. Wherever it is not
plain that the check can stand there, there is none. It must not know who offers it.
"""

import ast
import builtins
import textwrap
import warnings
from collections.abc import Iterable, Iterator

import msgspec

from sleeplsp.core.insight import Grade, Invariant
from sleeplsp.core.languages import CALLABLE_KINDS
from sleeplsp.core.snapshot import OpenModule, Snapshot
from sleeplsp.core.symbols import Symbol

RESULT = "result"
"""What a check calls the returned value."""

CHECK_CHARACTERS_MAX = 200

_PURE = frozenset(["abs", "bool", "float", "int", "isinstance", "len", "str", "type"])
"""What a check may call. An `assert` may be left out: it must do nothing else, nor use up what is passed."""

_Function = ast.FunctionDef | ast.AsyncFunctionDef


class Assertion(msgspec.Struct, frozen=True):
    """An `assert` or a guard for one invariant: lines to insert before a byte of the module's text."""

    symbol: str
    check: str
    at: int
    text: str
    grade: Grade


def assertions(snapshot: Snapshot, module: OpenModule, symbol: Symbol) -> Iterator[Assertion]:
    """Yield the assertions that can stand in a function, of what is claimed and holds."""
    yield from (made for _, made in _asserted(snapshot, module, symbol))


def guards(snapshot: Snapshot, module: OpenModule, symbol: Symbol) -> Iterator[Assertion]:
    """Yield the guards that can stand in a function: for what could be asserted of its arguments."""
    for claim, made in _asserted(snapshot, module, symbol):
        if claim.kind == "requires":
            indent = made.text[: len(made.text) - len(made.text.lstrip())]
            step = "\t" if indent.endswith("\t") else "    "
            message = f"{symbol.name} requires {made.check}"
            lines = f"{indent}if {_denied(made.check)}:\n{indent}{step}raise ValueError({message!r})\n"
            guard = msgspec.structs.replace(made, text=lines)
            if _parses(module, guard):
                yield guard


def _denied(check: str) -> str:
    """Return what says the contrary of an expression."""
    node = ast.parse(check, mode="eval").body
    contrary = {ast.IsNot: "is", ast.NotEq: "=="}
    if isinstance(node, ast.Compare) and len(node.ops) == 1 and type(node.ops[0]) in contrary:
        how = contrary[type(node.ops[0])]
        return f"{ast.unparse(node.left)} {how} {ast.unparse(node.comparators[0])}"
    return f"not ({check})"


def _asserted(
    snapshot: Snapshot, module: OpenModule, symbol: Symbol
) -> Iterator[tuple[Invariant, Assertion]]:
    claims = snapshot.claims_of(module, symbol.id)
    if claims is None or symbol.kind not in CALLABLE_KINDS or module.language.name != "python":
        return
    checked = [each for each in snapshot.fresh_invariants(claims) if each.check]
    if (
        not checked
        or not module.settled
        or not snapshot.is_as_it_was(f"{module.path}::{symbol.id}", claims.digest)
    ):
        return
    found = _Body.of(module, symbol)
    if found is None:
        return
    for each in checked:
        made = found.assertion(each)
        if made is not None and _parses(module, made):
            yield each, made


class _Body:
    """A function as Python reads it, and where its lines are in the module."""

    def __init__(self, module: OpenModule, symbol: Symbol, function: _Function) -> None:
        self._text = module.text
        self._symbol = symbol.id
        self._first_line = module.text.line_of(symbol.start)
        self._function = function

    @classmethod
    def of(cls, module: OpenModule, symbol: Symbol) -> "_Body | None":
        """Return a function that is no generator; None where the text does not say so plainly."""
        line = module.text.line_of(symbol.start)
        start = module.text.line_starts[line]
        if module.text.slice(start, symbol.start).strip():
            return None
        tree = _parsed(textwrap.dedent(module.text.slice(start, symbol.end)))
        function = tree.body[0] if tree is not None and len(tree.body) == 1 else None
        if not isinstance(function, _Function) or any(_yields(function)):
            return None
        return cls(module, symbol, function)

    def assertion(self, claim: Invariant) -> Assertion | None:
        """Return the assertion of an invariant; None where it cannot stand."""
        check = claim.check or ""
        tree = _expression(check)
        if tree is None or not _is_harmless(tree) or not self._may_hold(tree):
            return None
        names = {each.id for each in ast.walk(tree) if isinstance(each, ast.Name)}
        known = self._parameters | set(dir(builtins)) | ({RESULT} if claim.kind != "requires" else set())
        if not names <= known or not names - set(dir(builtins)):
            return None
        if claim.kind == "requires":
            return self._before(self._first_statement, check, claim)
        return self._at_return(names, check, claim)

    @property
    def _parameters(self) -> set[str]:
        arguments = self._function.args
        every = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
        every += [each for each in (arguments.vararg, arguments.kwarg) if each is not None]
        return {each.arg for each in every}

    @property
    def _first_statement(self) -> ast.stmt | None:
        """Return the statement behind the docstring."""
        first, *rest = self._function.body
        is_docstring = (
            isinstance(first, ast.Expr)
            and isinstance(first.value, ast.Constant)
            and isinstance(first.value.value, str)
        )
        return (rest[0] if rest else None) if is_docstring else first

    def _at_return(self, names: set[str], check: str, claim: Invariant) -> Assertion | None:
        """Return the assertion before the only return, which ends the function and gives a name back."""
        last = self._function.body[-1]
        returns = [each for each in _own(self._function) if isinstance(each, ast.Return)]
        if returns != [last] or not isinstance(last, ast.Return) or not isinstance(last.value, ast.Name):
            return None
        stored = {
            each.id
            for each in _own(self._function)
            if isinstance(each, ast.Name) and not isinstance(each.ctx, ast.Load)
        }
        # Of an argument that was put another value in its place, the check says nothing any more.
        if names & self._parameters & stored or (RESULT in stored and last.value.id != RESULT):
            return None
        if RESULT in names and last.value.id != RESULT:
            if RESULT in self._parameters:
                return None
            check = _renamed(check, last.value.id)
        return self._before(last, check, claim)

    def _before(self, statement: ast.stmt | None, check: str, claim: Invariant) -> Assertion | None:
        if statement is None:
            return None
        decorators = getattr(statement, "decorator_list", ())
        line = (
            min(statement.lineno, *(each.lineno for each in decorators)) if decorators else statement.lineno
        )
        others = (each for each in self._function.body if each is not statement)
        if line == self._function.lineno or any(_is_on(each, line) for each in others):
            return None
        at = self._text.line_starts[self._first_line + line - 1]
        written = self._text.line(self._first_line + line - 1).decode("utf-8", "replace")
        indent = written[: len(written) - len(written.lstrip())]
        return Assertion(self._symbol, check, at, f"{indent}assert {check}\n", claim.grade)

    def _may_hold(self, tree: ast.Expression) -> bool:
        """Tell whether what is looked into for a member surely is a container, and is not used up by it."""
        looked = [each for each in ast.walk(tree) if isinstance(each, ast.In | ast.NotIn)]
        pairs = (
            (operator, right)
            for each in ast.walk(tree)
            if isinstance(each, ast.Compare)
            for operator, right in zip(each.ops, each.comparators, strict=True)
        )
        held = [right for operator, right in pairs if isinstance(operator, ast.In | ast.NotIn)]
        return len(held) == len(looked) and all(map(self._is_container, held))

    def _is_container(self, node: ast.expr) -> bool:
        if isinstance(node, ast.Tuple | ast.List | ast.Set | ast.Dict | ast.Constant):
            return True
        indexed = (each.value for each in _own(self._function) if isinstance(each, ast.Subscript))
        return isinstance(node, ast.Name) and any(
            isinstance(each, ast.Name) and each.id == node.id != RESULT for each in indexed
        )


def _is_on(statement: ast.stmt, line: int) -> bool:
    return statement.lineno <= line <= (statement.end_lineno or statement.lineno)


def _own(function: _Function) -> Iterator[ast.AST]:
    """Yield the nodes of a function without those of what is defined in it."""
    pending: list[ast.AST] = list(function.body)
    while pending:
        node = pending.pop()
        yield node
        if not isinstance(node, _Function | ast.Lambda | ast.ClassDef):
            pending.extend(ast.iter_child_nodes(node))


def _yields(function: _Function) -> Iterable[bool]:
    return (isinstance(each, ast.Yield | ast.YieldFrom) for each in _own(function))


def _is_harmless(tree: ast.Expression) -> bool:
    """Tell whether an expression only looks: it calls what is known to change nothing, and makes no names."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr.startswith("__"):
            return False
        if isinstance(node, ast.Call) and not (isinstance(node.func, ast.Name) and node.func.id in _PURE):
            return False
        if isinstance(
            node, ast.NamedExpr | ast.Await | ast.Yield | ast.YieldFrom | ast.Lambda | ast.comprehension
        ):
            return False
    return True


def _expression(check: str) -> ast.Expression | None:
    if "\n" in check or "#" in check or len(check) > CHECK_CHARACTERS_MAX:
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            tree = ast.parse(check, mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError, Warning):
        return None
    return None if isinstance(tree.body, ast.Tuple | ast.Constant | ast.Starred) else tree


def _renamed(check: str, name: str) -> str:
    """Return a check in which the returned value has the name that it has in the code."""

    class Rename(ast.NodeTransformer):
        def visit_Name(self, node: ast.Name) -> ast.Name:
            return ast.Name(name if node.id == RESULT else node.id, node.ctx)

    return ast.unparse(Rename().visit(ast.parse(check, mode="eval")))


def _parsed(text: str) -> ast.Module | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _parses(module: OpenModule, made: Assertion) -> bool:
    """Tell whether the module still is what it was, with the assertion in it."""
    source = module.text.slice(0, made.at) + made.text + module.text.slice(made.at, len(module.text.source))
    return _parsed(source) is not None
