"""What the table says of the types of builtins holds when one tries, on random objects of them.

Texts and numbers are small enough to collide and large enough to overflow.
"""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sleeplsp.stubs import TypeshedLibrary
from sleeplsp.stubs.known import read_table

SCALARS = st.one_of(st.integers(), st.floats(), st.text(max_size=3), st.none(), st.booleans())
OBJECTS: dict[str, st.SearchStrategy[Any]] = {
    "bool": st.booleans(),
    "bytearray": st.binary(max_size=5).map(bytearray),
    "bytes": st.binary(max_size=5),
    "complex": st.complex_numbers(),
    "dict": st.dictionaries(st.integers(0, 3), SCALARS, max_size=4),
    "float": st.floats(),
    "frozenset": st.frozensets(st.integers(0, 3)),
    "int": st.integers() | st.integers(10**400, 10**401),
    "list": st.lists(st.integers(0, 3), max_size=4),
    "range": st.builds(range, st.integers(-5, 5), st.integers(-5, 5)),
    "set": st.sets(st.integers(0, 3)),
    "str": st.text(st.characters(codec=None), max_size=5),
    "tuple": st.lists(st.integers(0, 3), max_size=4).map(tuple),
}
TOTAL = read_table().total


@pytest.mark.parametrize("type_name", OBJECTS)
@given(data=st.data())
@settings(max_examples=100, deadline=None)
def test_total_methods_never_raise(library: TypeshedLibrary, type_name: str, data: st.DataObject) -> None:
    objects = OBJECTS[type_name]
    receiver = data.draw(objects)
    arguments = data.draw(st.lists(objects, min_size=2, max_size=2))
    for name in TOTAL[f"builtins.{type_name}"]:
        method = library.method(f"builtins.{type_name}", name)
        assert method is not None
        # Older Pythons lack some.
        member = getattr(receiver, name, None)
        if member is not None and not method.is_property:
            required = min(sum(not p.optional for p in each) for each in method.signatures)
            member(*arguments[:required])


CONTAINERS = ("bytearray", "dict", "list", "set")
ARGUMENTS = st.one_of(
    st.integers(0, 3),
    st.lists(st.integers(0, 3), max_size=2),
    st.sets(st.integers(0, 3), max_size=2),
    st.tuples(st.integers(0, 3), st.integers(0, 3)),
    st.dictionaries(st.integers(0, 3), st.integers(0, 3), max_size=2),
    st.just(slice(0, 1)),
)


@pytest.mark.parametrize("type_name", CONTAINERS)
@given(data=st.data())
@settings(max_examples=100, deadline=None)
def test_what_changes_a_container_is_in_the_table(
    library: TypeshedLibrary, type_name: str, data: st.DataObject
) -> None:
    before = data.draw(OBJECTS[type_name])
    arguments = data.draw(st.lists(ARGUMENTS, max_size=2))
    for name in dir(before):
        if name in {"__class__", "__init__"}:
            continue
        receiver = before.copy()
        attempt(getattr(receiver, name), arguments)
        method = library.method(f"builtins.{type_name}", name)
        if receiver != before:
            assert method is not None, name
            assert method.changes_receiver, name
        if len(receiver) != len(before):
            assert method is not None, name
            assert method.changes_size, name


@pytest.mark.parametrize(
    ("type_ref", "name", "calls"),
    [
        ("list", "sort", lambda x: x.sort()),
        ("list", "reverse", lambda x: x.reverse()),
        ("list", "append", lambda x: x.append(9)),
        ("dict", "update", lambda x: x.update({9: 9})),
        ("set", "add", lambda x: x.add(9)),
        ("bytearray", "extend", lambda x: x.extend(b"9")),
    ],
)
def test_the_common_ones_are_told_apart(
    library: TypeshedLibrary, type_ref: str, name: str, calls: Callable[[Any], None]
) -> None:
    receiver = {"list": [2, 3, 1], "dict": {1: 1}, "set": {1}, "bytearray": bytearray(b"1")}[type_ref]
    size = len(receiver)
    calls(receiver)
    method = library.method(f"builtins.{type_ref}", name)
    assert method is not None
    assert (method.changes_receiver, method.changes_size) == (True, len(receiver) != size)


def attempt(method: Any, arguments: list[object]) -> None:
    """Call a method, whatever it may say to that."""
    with suppress(TypeError, ValueError, LookupError, AttributeError, OverflowError, BufferError):
        method(*arguments)
