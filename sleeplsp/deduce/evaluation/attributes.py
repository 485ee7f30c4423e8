"""What reading an attribute gives and runs, by the class of its object. It must not know states."""

from sleeplsp.deduce.domain import (
    ANYTHING,
    UNKNOWN,
    Alternative,
    Entity,
    EntityKind,
    Given,
    Instance,
    Value,
    of,
)
from sleeplsp.deduce.world import World

# What None itself has: reading these is no mistake.
OF_NONE = frozenset(name for name in dir(None))

_HOOKS = ("__getattr__", "__getattribute__", "__get__")


def value_of(world: World, base: Alternative, name: str) -> Value:
    """Return what an attribute of an object, a class or a module may be."""
    if isinstance(base, Entity):
        return world.member(base, name)
    if isinstance(base, (Instance, Given)) and base.type:
        return _of_type(world, base.type, name)
    return ANYTHING


def is_plain(world: World, base: Alternative, name: str) -> bool:
    """Tell whether reading an attribute runs no code: a class of the workspace without descriptors."""
    if not isinstance(base, (Instance, Given)) or not base.type:
        return False
    shape = world.shape(base.type)
    if shape is None or not shape.complete or name in shape.properties:
        return False
    outside = [each for each in shape.ancestors if "::" not in each and each != "builtins.object"]
    return shape.members.isdisjoint(_HOOKS) and not outside and isinstance(base, Instance) and base.exact


def is_property(world: World, base: Value, name: str) -> bool:
    """Tell whether an attribute is known to run code when read: what is stored may not come back."""
    types = [each.type for each in base if isinstance(each, (Instance, Given)) and each.type]
    shapes = [shape for each in types if (shape := world.shape(each)) is not None]
    if any(name in shape.properties for shape in shapes):
        return True
    lines = (*types, *(each for shape in shapes for each in shape.ancestors))
    methods = (world.library_method(each, name) for each in lines)
    return any(method is not None and method.is_property for method in methods)


def _of_type(world: World, type_: str, name: str) -> Value:
    if type_ == "builtins.super":
        return ANYTHING  # it stands for the attributes of other classes
    method = world.library_method(type_, name)
    if method is None:
        plain = world.library.attribute_type(type_, name) if "::" not in type_ else ""
        return of(Instance(plain)) if plain else ANYTHING
    if not method.is_property:
        return of(Entity(EntityKind.FUNCTION, method.ref))
    unclear = (UNKNOWN,) if method.anything or method.none else ()
    return frozenset((*(Instance(each) for each in method.types), *unclear)) or ANYTHING
