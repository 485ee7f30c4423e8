"""Names of a module that are bound once and for all, as far as the module's own code says.

One plain statement at the top level binds them, and nothing else does, in whatever program of the module:
then what they are bound to is what they stand for, wherever they are read. Where the module's names can be
reached in a way that no statement shows, there are none. It must not know what they are bound to, nor what
other modules do.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from sleeplsp.core import flow
from sleeplsp.core.extract.modules import bound_inside
from sleeplsp.core.facts import MODULE, Binding, FunctionFacts
from sleeplsp.core.flow import Program, Statement
from sleeplsp.core.locals import bindings_of
from sleeplsp.core.walk import statements

_REACHING = frozenset(
    (
        *("builtins.exec", "builtins.eval", "builtins.globals"),
        *("sys.modules", "sys._getframe", "inspect.currentframe"),
    )
)
"""What gives the module's names, or the module itself, away to code that may bind any of them."""
_REACHING_AT_TOP = frozenset(("builtins.vars", "builtins.locals"))
"""The same, where it stands in the module's own code: in a function it gives that one's names."""
_IMPORTING = frozenset(("importlib.import_module", "builtins.__import__"))
"""The same, beside `__name__`."""


def fixed(
    module: Program, functions: Iterable[FunctionFacts], bindings: Mapping[str, tuple[Binding, ...]]
) -> tuple[str, ...]:
    """Return the names that one statement at the top level of a module without errors binds for good, sorted.

    It is an assignment of one value to the name alone, or an import of it. `functions` and `bindings` are
    what was found in the module.
    """
    if _is_broken(module) or _is_reached(functions, bindings):
        return ()
    bound = Counter(
        name for statement in statements(module.body) for name, _ in bindings_of(statement, _NO_IDS)
    )
    bound.update(module.inline)
    bound.update(bound_inside(module))
    star = max((each.start for each in statements(module.body) if _is_star(each)), default=-1)
    plain = ((name, each.start) for each in module.body for name in _plainly(each))
    return tuple(sorted(name for name, start in plain if bound[name] == 1 and star < start))


_NO_IDS: dict[int, str] = {}


def _plainly(statement: Statement) -> Iterator[str]:
    match statement:
        case flow.Assign(targets=(flow.Name(id=name),)):
            yield name
        case flow.Import(member=member) if member != "*":
            yield statement.binds


def _is_star(statement: Statement) -> bool:
    return isinstance(statement, flow.Import) and statement.member == "*"


def _is_broken(program: Program) -> bool:
    """Tell whether any code of a module was not understood: it may bind whatever it likes."""
    pending = [program]
    while pending:
        each = pending.pop()
        if each.broken:
            return True
        pending.extend(each.nested)
    return False


def _is_reached(functions: Iterable[FunctionFacts], bindings: Mapping[str, tuple[Binding, ...]]) -> bool:
    used: set[str] = set()
    for each in functions:
        named = {outside for name in each.names for outside in _outside(name, bindings)}
        used |= named
        if each.symbol == MODULE and not _REACHING_AT_TOP.isdisjoint(named):
            return True
    by_name = "builtins.__name__" in used and not _IMPORTING.isdisjoint(used)
    return by_name or not _REACHING.isdisjoint(used)


def _outside(name: str, bindings: Mapping[str, tuple[Binding, ...]]) -> Iterator[str]:
    """Yield what a name may be outside of the module: a builtin or what is imported, with one attribute."""
    if name.startswith("{"):
        imported, _, rest = name[1:].partition("}")
        _, module, member = imported.split(":")
        yield _short(f"{module}.{member}".rstrip(".") + rest)
        return
    root, dot, rest = name.partition(".")
    if root not in bindings:
        yield f"builtins.{root}"
    for each in bindings.get(root, ()):
        if each.kind == "import" and not each.level:
            yield _short(f"{each.target}.{each.member}".rstrip(".") + dot + rest)


def _short(dotted: str) -> str:
    return ".".join(dotted.split(".")[:2])
