"""What a value is by how it is written. It must not know where it comes from."""

from sleeplsp.answers.why.complaint import EMPTY, NONE
from sleeplsp.core import flow
from sleeplsp.core.flow import Expression

_LITERALS = {"str": "str", "int": "int", "float": "float", "bool": "bool", "bytes": "bytes", "none": NONE}


_MADE_BY = {
    each: each for each in ("list", "dict", "set", "frozenset", "tuple", "str", "bytes", "int", "float")
}
_MADE_BY |= {"sorted": "list", "len": "int", "repr": "str", "isinstance": "bool", "range": "range"}
"""What builtins give; hardly anybody gives another function such a name."""


def type_of(node: Expression) -> str:
    """Return the type a value has by how it is written; '' if that says nothing."""
    match node:
        case flow.Constant(kind=kind):
            return _LITERALS.get(kind, "")
        case flow.Format():
            return "str"
        case flow.Display(kind=kind):
            return kind
        case flow.Mapping():
            return "dict"
        case flow.Comprehension(kind=kind):
            return kind
        case flow.Closure():
            return "function"
        case flow.Compare() | flow.Not():
            return "bool"
        case flow.Call(callee=flow.Name(id=name)):
            return _MADE_BY.get(name, "")
    return ""


def could_be(value: Expression, was: str) -> bool:
    """Tell whether a value may be of a type, or be empty, by how it is written."""
    written = type_of(value)
    if was == EMPTY:
        return not written or is_short(value) or written not in (NONE, "bool", "int")
    return not was or not written or written == was


def is_short(value: Expression) -> bool:
    """Tell whether a value is written out, with nothing in it or one thing."""
    match value:
        case flow.Display(items=items):
            return len(items) < 2
        case flow.Mapping(items=items):
            return not items
        case flow.Constant(value=text):
            return text in ("", b"")
    return False
