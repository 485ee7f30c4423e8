"""Classes that annotations name."""

from sleeplsp.core.flow import Expression
from sleeplsp.core.paths import annotated
from sleeplsp.deduce.domain import Entity, EntityKind
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


# Annotations that admit other classes too: by convention (an int for a float), or any at all.
_PROMOTED = frozenset(
    ("builtins.float", "builtins.complex", "builtins.bytes", "builtins.object", "typing.Any")
)
