"""What a library says, as one line for the tables of `fixtures/stubs`.

`builtins.` is left out of names. A call is written as in code: `_` is an argument, `None` one that
may be None, `type()` before a dot an object of that type.
"""

import re

from sleeplsp.deduce.library import (
    Argument,
    Library,
    LibraryFunction,
    LibraryValue,
    returns,
)

_OBJECT = re.compile(r"(?P<type>[\w.]+)\(\)\.(?P<name>\w+)(?:\((?P<arguments>.*)\))?")
_CALL = re.compile(r"(?P<ref>[\w.]+)\((?P<arguments>.*)\)")

_FLAGS = (
    "pure",
    "total",
    "changes_receiver",
    "changes_size",
    "resource",
    "is_static",
)


def name(library: Library, ref: str) -> str:
    """Say what kind of thing a reference is and where it is defined."""
    canonical = library.canonical(ref)
    return ", ".join([library.kind(ref) or "unknown"] + [canonical] * (canonical != ref))


def value(library: Library, ref: str) -> str:
    """Say what a variable is an instance of."""
    return _short(library.value_type(ref)) or "unknown"


def call(library: Library, text: str) -> str:
    """Say what calling a function or class gives."""
    asked = _CALL.fullmatch(text)
    assert asked, text
    return _called(library.function(asked["ref"]), asked["arguments"])


def member(library: Library, text: str) -> str:
    """Say what a method gives, or what an attribute or property is."""
    asked = _OBJECT.fullmatch(text)
    assert asked, text
    type_ref, attribute, arguments = asked["type"], asked["name"], asked["arguments"]
    method = library.method(type_ref, attribute)
    if arguments is not None:
        return _called(method, arguments)
    if method is not None:
        return ("property: " if method.is_property else "method: ") + _called(method, "")
    found = library.attribute(type_ref, attribute)
    return "unknown" if found is None else _either(found, ())


def klass(library: Library, ref: str) -> str:
    """Say what is known of a class."""
    found = library.klass(ref)
    if found is None:
        return "unknown"
    swallows = {True: "swallows", False: "lets exceptions pass", None: ""}[found.swallows]
    said = [
        " < ".join(_short(each) for each in found.bases[1:]) or "root",
        "always true" * found.always_true,
        swallows,
        "immutable" * found.immutable,
        "and more" * (not found.complete),
    ]
    return ", ".join(each for each in said if each)


SAYS = {"Names": name, "Values": value, "Calls": call, "Objects": member, "Classes": klass}
"""What is said of the rows below each heading."""


def _called(function: LibraryFunction | None, arguments: str) -> str:
    if function is None:
        return "unknown"
    said = [_result(function, arguments)]
    said += [flag.replace("is_", "") for flag in _FLAGS if getattr(function, flag)]
    if function.raises:
        raised = "raises " + " ".join(_short(each) for each in function.raises)
        unless = " ".join(str(each) for each in function.raises_unless)
        said.append(f"{raised} unless {unless}" if unless else raised)
    if not function.keeps_arguments:
        said.append("keeps nothing")
    return "async " * function.is_async + ", ".join(said)


def _result(function: LibraryFunction, arguments: str) -> str:
    if function.never_returns:
        return "never returns"
    if function.always_none:
        return "procedure"
    passed = [each.strip().rpartition("=") for each in arguments.split(",") if each.strip()]
    keywords = tuple(keyword for keyword, _, _ in passed if keyword)
    positional = len(passed) - len(keywords)
    nones: frozenset[Argument] = frozenset(
        keyword or index for index, (keyword, _, text) in enumerate(passed) if text == "None"
    )
    return _either(*returns(function, positional, keywords, nones))


def _either(found: LibraryValue, passed: tuple[Argument, ...]) -> str:
    said = [_short(each) for each in found.types]
    said += [f"argument {each}" for each in passed]
    return " or ".join(said + ["anything"] * found.anything + ["None"] * found.none)


def _short(ref: str) -> str:
    return ref.removeprefix("builtins.")
