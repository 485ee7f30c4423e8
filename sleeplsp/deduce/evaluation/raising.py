"""What a step may raise by itself, and whether it is likely enough to build a suspicion on.

Nearly everything in a dynamic language may raise; a path that needs `self.name` to fail, or
`list.append`, proves little. A handler that asks for just that error makes it likely again. It must
not be known here where exceptions go: that is the graph's and the handlers'.
"""

import msgspec

from sleeplsp.core import flow
from sleeplsp.core.flow import Expression, ProgramKind
from sleeplsp.deduce import cfg
from sleeplsp.deduce.domain import Entity, EntityKind
from sleeplsp.deduce.evaluation.evaluate import Evaluator
from sleeplsp.deduce.evaluation.leaving import seldom_raises
from sleeplsp.deduce.evaluation.types import are_plain


class Raising(msgspec.Struct, frozen=True, gc=False):
    """Exceptions a step may raise: their classes, None for any. No classes: it raises nothing.

    `known`: it is written, or told of what is called, that it raises; of most calls nothing is.
    """

    classes: tuple[str, ...] | None
    likely: bool
    known: bool = False


ANY = Raising(None, likely=True)
NOTHING = Raising((), likely=False)
SELDOM = Raising(None, likely=False)

_ATTRIBUTE = ("builtins.AttributeError",)
_NAME = ("builtins.NameError",)
_ITEM = ("builtins.IndexError", "builtins.KeyError", "builtins.TypeError")
_OPERATION = ("builtins.TypeError", "builtins.ValueError", "builtins.ZeroDivisionError")
_CONVERSION = ("builtins.OverflowError", "builtins.TypeError", "builtins.ValueError")

# Builtins that raise only these; those of the second group hardly ever do.
_CONVERTS = frozenset(("int", "float", "complex", "chr", "ord", "bytes", "bytearray", "max", "min"))
_HARDLY_RAISES = frozenset(
    {"abs", "bool", "callable", "dict", "enumerate", "format", "frozenset", "globals", "hasattr"}
    | {
        "hash",
        "id",
        "isinstance",
        "issubclass",
        "len",
        "list",
        "locals",
        "object",
        "print",
        "range",
    }
    | {"repr", "reversed", "set", "slice", "sorted", "str", "super", "tuple", "type", "vars", "zip"}
)


def raising(step: cfg.Step, evaluator: Evaluator) -> Raising:
    """Return what a step may raise."""
    match step:
        case flow.Evaluate(value=value):
            plain = isinstance(value, flow.Name)
            return _together([_NAME_ERROR] if plain else [_of(value, evaluator)])
        case flow.Assign(targets=targets, value=value):
            return _together([_of(value, evaluator), *_stores(targets, value, evaluator)])
        case flow.Augment(target=target, value=value):
            found = [
                _of(target, evaluator),
                _of(value, evaluator),
                Raising(_OPERATION, likely=False),
            ]
            return _together(found)
        case flow.Delete(targets=targets):
            return _together([_NAME_ERROR, *(_of(target, evaluator) for target in targets)])
        case flow.Import():
            return Raising(("builtins.ImportError",), likely=True, known=True)
        case flow.Declare(target=target):
            return NOTHING if isinstance(target, flow.Name) else SELDOM
        case cfg.Unbind() | cfg.Catch():
            return NOTHING
        case flow.Bind(is_class=is_class, decorators=decorators):
            plain = not is_class and not decorators
            known = plain and are_plain(step, evaluator.program.locals, evaluator.world)
            return NOTHING if known else SELDOM
        case cfg.Release():
            return SELDOM
    return ANY


def deciding(exit_: cfg.Exit, evaluator: Evaluator) -> Raising:
    """Return what deciding where to go next may raise: asking a condition, taking an item."""
    match exit_:
        case cfg.Branch(test=test):
            return _of(test, evaluator)
        case cfg.Turn():
            return SELDOM
    return NOTHING


def _together(parts: list[Raising]) -> Raising:
    likely = any(each.likely for each in parts)
    if any(each.classes is None for each in parts):
        return ANY if likely else SELDOM
    classes = {name for each in parts if each.classes is not None for name in each.classes}
    return Raising(tuple(sorted(classes)), likely) if classes else NOTHING


_NAME_ERROR = Raising(_NAME, likely=False)
_SELDOM_TAKEN = Raising(("builtins.AttributeError", "builtins.TypeError"), likely=False)


def _stores(targets: tuple[Expression, ...], value: Expression, evaluator: Evaluator) -> list[Raising]:
    """Return what storing raises: nothing for names, and for names unpacked from as many values."""
    found = []
    for target in targets:
        if isinstance(target, flow.Name):
            continue
        if not isinstance(target, flow.Display):
            found += [_SELDOM_TAKEN, *(_of(part, evaluator) for part in target.parts())]
            continue
        same = isinstance(value, flow.Display) and len(value.items) == len(target.items)
        if not same:
            found.append(Raising(("builtins.TypeError", "builtins.ValueError"), likely=True))
        found += _stores(target.items, target, evaluator)
    return found


def _of(node: Expression, evaluator: Evaluator) -> Raising:
    """Return what evaluating an expression raises, its parts included."""
    parts = []
    pending = [node]
    while pending:
        each = pending.pop()
        found = _alone(each, evaluator)
        if found is not NOTHING:
            parts.append(found)
        pending.extend(each.parts())
    return _together(parts) if parts else NOTHING


def _alone(node: Expression, evaluator: Evaluator) -> Raising:
    match node:
        case flow.Name(id=name):
            safe = evaluator.program.kind in (ProgramKind.FUNCTION, ProgramKind.LAMBDA)
            return NOTHING if evaluator.tracks(name) and safe else _NAME_ERROR
        case flow.Attribute():
            return Raising(_ATTRIBUTE, likely=False)
        case flow.Index(index=index):
            return Raising(_ITEM, likely=not isinstance(index, flow.Slice))
        case flow.Call():
            return _call(node, evaluator)
        case flow.Operation() | flow.Unary() | flow.Compare():
            identity = isinstance(node, flow.Compare) and node.operator in ("is", "is-not")
            return NOTHING if identity else Raising(_OPERATION, likely=False)
        case flow.Await() | flow.Yield():
            return ANY
        case flow.Not() | flow.Star() | flow.Format() | flow.Opaque():
            return SELDOM
        case flow.Closure(defaults=defaults):
            return NOTHING if all(isinstance(each, flow.Constant) for each in defaults) else SELDOM
        case flow.Mapping(items=items):
            return Raising(("builtins.TypeError",), likely=False) if items else NOTHING
    return NOTHING


def _call(node: flow.Call, evaluator: Evaluator) -> Raising:
    found = _called(node, evaluator)
    # Unpacking may run an object's own code.
    return _together([found, SELDOM]) if any(each.stars for each in node.arguments) else found


def _called(node: flow.Call, evaluator: Evaluator) -> Raising:
    name = _builtin(node.callee, evaluator)
    if name in _CONVERTS:
        return Raising(_CONVERSION, likely=True)
    if name == "getattr":
        return Raising(_ATTRIBUTE, likely=len(node.arguments) < 3)
    if name in _HARDLY_RAISES:
        return Raising(_CONVERSION, likely=False)
    return SELDOM if seldom_raises(node) else ANY


def _builtin(callee: Expression, evaluator: Evaluator) -> str:
    if not isinstance(callee, flow.Name) or evaluator.tracks(callee.id):
        return ""
    value = evaluator.world.name(callee.id)
    (only,) = value if len(value) == 1 else (None,)
    known = isinstance(only, Entity) and only.kind is not EntityKind.MODULE
    return only.ref.removeprefix("builtins.") if known and isinstance(only, Entity) else ""
