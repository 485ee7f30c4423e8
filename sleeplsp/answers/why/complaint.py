"""What Python complains of, read off an exception's class and message.

The sentences are those of CPython 3.8 to 3.14. What is not among them is no complaint. It must not know
the code that was complained of.
"""

import re
from collections.abc import Callable
from enum import StrEnum

import msgspec

NONE = "NoneType"
COROUTINE = "coroutine"
EMPTY = "empty"
"""In the place of a type: the value holds too little."""


class Kind(StrEnum):
    """What failed."""

    ATTRIBUTE = "attribute"
    INDEX = "index"
    CALL = "call"
    ITERATE = "iterate"
    UNPACK = "unpack"
    OPERATE = "operate"
    COMPARE = "compare"
    CONTAIN = "contain"
    AWAIT = "await"
    ENTER = "enter"
    KEY = "key"
    """A mapping does not hold what it was asked for."""
    POSITION = "position"
    """A sequence is shorter."""
    ARGUMENTS = "arguments"
    """What was called takes other arguments."""
    UNBOUND = "unbound"
    DIVIDE = "divide"
    ARGUMENT = "argument"
    """What was called does not take such a value."""


class Complaint(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """One complaint."""

    kind: Kind
    was: str = ""
    """The type that a value had and should not have had, or EMPTY; '' if it is not told."""
    name: str = ""
    """The attribute, variable, argument or operator it is about; for a key, how it is written."""
    other: str = ""
    """The type of the other operand."""
    called: str = ""
    """The function that was called, as far as it is named."""


_Make = Callable[[re.Match[str]], Complaint]


def _of(kind: Kind) -> _Make:
    def make(found: re.Match[str]) -> Complaint:
        told = {name: text or "" for name, text in found.groupdict().items()}
        return Complaint(kind=kind, **told)

    return make


def _empty(kind: Kind) -> _Make:
    return lambda _found: Complaint(kind=kind, was=EMPTY)


_T = r"'(?P<was>[\w.]+)'"
_RULES: tuple[tuple[str, str, _Make], ...] = (
    (
        "AttributeError",
        rf"{_T} object has no attribute '(?P<name>\w+)'(?: and no __dict__.*)?",
        _of(Kind.ATTRIBUTE),
    ),
    (
        "AttributeError",
        r"(?:type object|module) '[^']+' has no attribute '(?P<name>\w+)'",
        _of(Kind.ATTRIBUTE),
    ),
    ("TypeError", rf"{_T} object is not subscriptable", _of(Kind.INDEX)),
    ("TypeError", rf"{_T} object does(?: not|n't) support item (?:assignment|deletion)", _of(Kind.INDEX)),
    ("TypeError", rf"{_T} object is not callable", _of(Kind.CALL)),
    ("TypeError", r"cannot unpack non-iterable (?P<was>[\w.]+) object", _of(Kind.UNPACK)),
    ("TypeError", rf"argument of type {_T} is not (?:iterable|a container or iterable)", _of(Kind.CONTAIN)),
    ("TypeError", rf"argument of type {_T} is not iterable", _of(Kind.CONTAIN)),
    ("TypeError", rf"(?:.* )?{_T} object is not (?:iterable|an iterator)", _of(Kind.ITERATE)),
    ("TypeError", r"Value after \* must be an iterable, not (?P<was>\w+)", _of(Kind.ITERATE)),
    (
        "TypeError",
        r"unsupported operand type\(s\) for (?P<name>[^:]+): '(?P<was>[\w.]+)' and '(?P<other>[\w.]+)'",
        _of(Kind.OPERATE),
    ),
    ("TypeError", r"bad operand type for unary (?P<name>\S+): '(?P<was>\w+)'", _of(Kind.OPERATE)),
    ("TypeError", r'can only concatenate (?P<other>\w+) \(not "(?P<was>\w+)"\) to \w+', _of(Kind.OPERATE)),
    ("TypeError", r"(?P<other>%\S) format: a real number is required, not (?P<was>\w+)", _of(Kind.OPERATE)),
    (
        "TypeError",
        r"'(?P<name>[<>]=?)' not supported between instances of '(?P<was>[\w.]+)' and '(?P<other>[\w.]+)'",
        _of(Kind.COMPARE),
    ),
    ("TypeError", r"object (?P<was>\w+) can't be used in 'await' expression", _of(Kind.AWAIT)),
    ("TypeError", rf"{_T} object can't be awaited", _of(Kind.AWAIT)),
    ("TypeError", rf"{_T} object does not support the (?:asynchronous )?context manager.*", _of(Kind.ENTER)),
    ("AttributeError", r"(?P<name>__a?enter__)", _of(Kind.ENTER)),
    (
        "TypeError",
        r"(?P<called>[\w.<>]+)\(\) got an unexpected keyword argument '(?P<name>\w+)'.*",
        _of(Kind.ARGUMENTS),
    ),
    (
        "TypeError",
        r"(?P<called>[\w.<>]+)\(\) missing \d+ required [-\w]+ arguments?: '(?P<name>\w+)'.*",
        _of(Kind.ARGUMENTS),
    ),
    (
        "TypeError",
        r"(?P<called>[\w.<>]+)\(\) takes .*positional arguments? but .*",
        _of(Kind.ARGUMENTS),
    ),
    (
        "TypeError",
        r"(?P<called>[\w.<>]+)\(\) got multiple values for (?:keyword )?argument '(?P<name>\w+)'",
        _of(Kind.ARGUMENTS),
    ),
    (
        "TypeError",
        r"(?P<called>[\w.]+)\(\) argument must be .*, not '?(?P<was>\w+)'?",
        _of(Kind.ARGUMENT),
    ),
    ("TypeError", r"(?:.*[^\w])?(?:not|got|found) '?(?P<was>NoneType)'?(?: found)?", _of(Kind.ARGUMENT)),
    (
        "TypeError",
        r"'(?P<was>\w+)' object cannot be interpreted as an integer",
        _of(Kind.ARGUMENT),
    ),
    ("TypeError", r"must be .*, not '?(?P<was>\w+)'?", _of(Kind.ARGUMENT)),
    ("TypeError", r"expected .*, (?:got|not) '?(?P<was>\w+)'?", _of(Kind.ARGUMENT)),
    ("TypeError", r"(?:a )?.* is required, not '?(?P<was>\w+)'?", _of(Kind.ARGUMENT)),
    ("ValueError", r"not enough values to unpack \(expected .*", _empty(Kind.UNPACK)),
    ("ValueError", r"too many values to unpack \(expected .*", lambda _found: Complaint(kind=Kind.UNPACK)),
    ("KeyError", r"(?P<name>.+)", _of(Kind.KEY)),
    ("IndexError", r".*(?:index|pop) .*", _empty(Kind.POSITION)),
    ("UnboundLocalError", r".*'(?P<name>\w+)'.*", _of(Kind.UNBOUND)),
    ("NameError", r"(?:cannot access free variable|free variable) '(?P<name>\w+)'.*", _of(Kind.UNBOUND)),
    ("NameError", r"name '(?P<name>\w+)' is not defined.*", _of(Kind.UNBOUND)),
    ("ZeroDivisionError", r".*", lambda _found: Complaint(kind=Kind.DIVIDE)),
)
_COMPILED = tuple((name, re.compile(pattern), make) for name, pattern, make in _RULES)


def complaint(exception: str, message: str) -> Complaint | None:
    """Return what is complained of; None if the sentence is none of Python's."""
    said = re.sub(r"\. Did you (?:mean|forget).*$", "", message.strip())
    for name, pattern, make in _COMPILED:
        if name == exception and (found := pattern.fullmatch(said)) is not None:
            return make(found)
    return None
