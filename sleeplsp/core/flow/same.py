"""Whether two pieces of a program are written alike: the same tokens, layout and place apart.

What may differ without being seen (a literal too long to keep, code that was not understood) is
never alike. It must not know what the code does.
"""

import msgspec

from sleeplsp.core.flow.expressions import Constant, Name, Opaque

_PLACES = frozenset(("start", "end", "name_start"))


def same(one: object, other: object) -> bool:
    """Tell whether two nodes, or two tuples of nodes, are written alike."""
    if type(one) is not type(other) or isinstance(one, Opaque):
        return False
    if isinstance(one, tuple) and isinstance(other, tuple):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, Name) and isinstance(other, Name):
        return one.shown == other.shown
    if isinstance(one, Constant) and isinstance(other, Constant):
        # `1`, `1.0` and `True` compare equal, and so do `0.0` and `-0.0`.
        known = one.known and other.known
        return known and (one.kind, repr(one.value)) == (other.kind, repr(other.value))
    if isinstance(one, msgspec.Struct):
        fields = (each for each in one.__struct_fields__ if each not in _PLACES)
        return all(same(getattr(one, each), getattr(other, each)) for each in fields)
    return one == other
