"""Classes that annotations name."""

from sleeplsp.core.flow import Bind, Closure, Constant, Expression, Name
from sleeplsp.core.paths import annotated
from sleeplsp.deduce.domain import ANYTHING, Entity, EntityKind
from sleeplsp.deduce.world import World


def annotated_type(annotation: Expression | None, world: World) -> str:
    """Return the reference of the one class an annotation names (None beside it apart), '' if not one.

    Only concrete classes count: an abstract one, a protocol or an alias says too little.
    """
    path = annotated(annotation)
    if not path:
        return ""
    root, *rest = path[:-1].split(".")
    value = world.name(root)
    for part in rest:
        (only,) = value if len(value) == 1 else (None,)
        if not isinstance(only, Entity):
            return ""
        value = world.member(only, part)
    (only,) = value if len(value) == 1 else (None,)
    if not isinstance(only, Entity) or only.kind is not EntityKind.CLASS or only.ref in _PROMOTED:
        return ""
    return only.ref


def are_plain(definition: Bind, locals_: frozenset[str], world: World) -> bool:
    """Tell whether evaluating a nested function's annotations surely does nothing but find classes.

    `locals_` are those of the program it is defined in: they may not be bound yet.
    """
    if not isinstance(definition.value, Closure):
        return False
    program = definition.value.program
    annotations = (program.returns, *(each.annotation for each in program.parameters))
    return all(each is None or _is_plain(each, locals_, world) for each in annotations)


def _is_plain(annotation: Expression, locals_: frozenset[str], world: World) -> bool:
    if not isinstance(annotation, Name):
        return isinstance(annotation, Constant)
    quoted = annotation.end - annotation.start != len(annotation.id.encode())
    if quoted or annotation.id in locals_:
        return quoted
    builtin = world.library.kind(f"builtins.{annotation.id}") == "class"
    return builtin or world.name(annotation.id) is not ANYTHING


# Annotations that admit other classes too: by convention (an int for a float), or any at all.
_PROMOTED = frozenset(
    ("builtins.float", "builtins.complex", "builtins.bytes", "builtins.object", "typing.Any")
)
