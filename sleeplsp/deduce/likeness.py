"""Whether values can be equal, by their classes alone.

Classes whose objects may equal one another are of one *kind* (numbers; sets and views of keys). Objects
of two kinds are never equal. A class that may compare by rules of its own is of no kind. It must not be
known here where values come from, nor how sure it is that they are what they seem.
"""

from sleeplsp.deduce.domain import (
    Alternative,
    Entity,
    EntityKind,
    Instance,
    Literal,
    Nothing,
    type_name,
)
from sleeplsp.deduce.world import World

_OF_CLASSES: dict[str, str] = {
    **dict.fromkeys(("bool", "int", "float", "complex"), "number"),
    "str": "text",
    **dict.fromkeys(("bytes", "bytearray", "memoryview"), "bytes"),
    "list": "list",
    "tuple": "tuple",
    **dict.fromkeys(("set", "frozenset"), "set"),
    "dict": "mapping",
    "range": "range",
    "slice": "slice",
    "type": "class",
    **dict.fromkeys(("map", "filter", "zip", "enumerate", "reversed"), "iterator"),
}
_KINDS = {
    **{f"builtins.{name}": kind for name, kind in _OF_CLASSES.items()},
    **dict.fromkeys(("decimal.Decimal", "fractions.Fraction"), "number"),
    **dict.fromkeys(("_collections_abc.dict_keys", "_collections_abc.dict_items"), "set"),
    "_collections_abc.dict_values": "view",
    **dict.fromkeys((f"collections.{name}" for name in ("OrderedDict", "defaultdict", "Counter")), "mapping"),
    "types.NoneType": "none",
    "types.GeneratorType": "iterator",
    "types.AsyncGeneratorType": "iterator",
    "re.Pattern": "pattern",
    "re.Match": "match",
}
_OF_ENTITIES = {EntityKind.FUNCTION: "function", EntityKind.CLASS: "class", EntityKind.MODULE: "module"}


def kind_of(alternative: Alternative) -> str:
    """Return the kind of an alternative, '' if it may equal objects of other classes."""
    match alternative:
        case Literal() | Instance() | Nothing():
            return _KINDS.get(type_name(alternative), "")
        case Entity(kind=kind):
            return _OF_ENTITIES[kind]
    return ""


def kind_of_class(alternative: Alternative, world: World) -> str:
    """Return the class of an object of the workspace as its kind; '' if it has rules of its own."""
    if not isinstance(alternative, Instance) or not alternative.exact:
        return ""
    shape = world.shape(alternative.type)
    if shape is None or not shape.complete or "__eq__" in shape.members:
        return ""
    outside = {each for each in shape.ancestors if "::" not in each}
    return alternative.type if outside <= {"builtins.object"} else ""
