"""Portable paths: any encoder accepts them, and nothing is lost."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sleeplsp.core.spelling import native, portable

anything = st.text(st.characters(codec=None) | st.sampled_from("\\ud8c03a:05\udc80\udfff"))


@given(anything)
def test_every_path_survives_the_round_trip(path: str) -> None:
    assert native(portable(path)) == path


@given(anything)
def test_a_portable_path_can_be_encoded(path: str) -> None:
    told = portable(path)
    assert msgspec.json.decode(msgspec.json.encode(told)) == told
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(told)) == told


@given(anything)
def test_a_portable_path_can_be_part_of_a_reference(path: str) -> None:
    assert "::" not in portable(path)


@given(anything, anything)
def test_two_paths_are_never_spelled_alike(one: str, other: str) -> None:
    assert (portable(one) == portable(other)) == (one == other)


@pytest.mark.parametrize(
    ("path", "spelled"),
    [
        ("a/b.py", "a/b.py"),
        ("é/日本.py", "é/日本.py"),
        ("a\\udc80.py", "a\\u005cudc80.py"),
        ("a\udc80.py", "a\\udc80.py"),
        ("a\\b.py", "a\\b.py"),
        ("a:b::c:::d.py", "a:b:\\u003ac:\\u003a:d.py"),
    ],
)
def test_spelling(path: str, spelled: str) -> None:
    assert portable(path) == spelled
