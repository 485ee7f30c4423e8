"""Positions and URIs: against a model that counts units one character at a time."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lsprotocol import types

from sleeplsp.core.located import spot
from sleeplsp.core.text import Text
from sleeplsp.lsp.convert import Columns, path_of, spot_range, uri_of
from tests.random_edits import ENCODINGS, units

CHARACTERS = st.sampled_from([*"aé€😀\U0010ffff\ud800\u2028\f\x00\t ", "\n", "\r\n", "\r"])
TEXTS = st.lists(CHARACTERS, max_size=30).map("".join)


def positions(characters: str, encoding: str) -> list[tuple[int, int, int]]:
    """Return line, character and byte offset of every place where a cursor can be."""
    found = []
    line = column = at = 0
    rest = characters
    while rest:
        found.append((line, column, at))
        end = next((each for each in ("\r\n", "\n", "\r") if rest.startswith(each)), "")
        taken = end or rest[0]
        at += units(taken, "utf-8")
        line, column = (line + 1, 0) if end else (line, column + units(taken, encoding))
        rest = rest[len(taken) :]
    return [*found, (line, column, at)]


@given(TEXTS, st.sampled_from(ENCODINGS))
def test_every_place_of_a_cursor_goes_there_and_back(characters: str, encoding: str) -> None:
    columns = Columns(Text.from_str(characters), encoding)
    for line, character, at in positions(characters, encoding):
        assert columns.offset(types.Position(line, character)) == at
        assert columns.position(at) == types.Position(line, character)


@given(TEXTS, st.sampled_from(ENCODINGS))
def test_a_mark_in_the_editors_copy_is_counted_on_the_first_line_alone(text: str, encoding: str) -> None:
    columns = Columns(Text.from_str(text), encoding, marked=True)
    mark = units("\ufeff", encoding)
    for line, character, at in positions(text, encoding):
        there = types.Position(line, character + mark if line == 0 else character)
        assert columns.offset(there) == at
        assert columns.position(at) == there
    assert columns.offset(types.Position(0, 0)) == 0


@given(TEXTS, st.sampled_from(ENCODINGS), st.integers(0, 40), st.integers(0, 80))
def test_a_position_out_of_range_is_the_nearest_there_is(
    characters: str, encoding: str, line: int, character: int
) -> None:
    columns = Columns(Text.from_str(characters), encoding)
    there = positions(characters, encoding)
    at = columns.offset(types.Position(line, character))
    if line > there[-1][0]:
        assert at == there[-1][2]
    else:
        before = [each for each in there if each[0] == line and each[1] <= character]
        assert at == before[-1][2]


@pytest.mark.parametrize(("encoding", "inside"), [("utf-8", (1, 2, 3)), ("utf-16", (1,))])
def test_a_position_inside_of_a_character_is_before_it(encoding: str, inside: tuple[int, ...]) -> None:
    columns = Columns(Text.from_str("😀x"), encoding)
    assert [columns.offset(types.Position(0, each)) for each in inside] == [0] * len(inside)


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_an_offset_out_of_range_is_the_nearest_there_is(encoding: str) -> None:
    columns = Columns(Text.from_str("é\n"), encoding)
    assert columns.position(-1) == types.Position(0, 0)
    assert columns.position(99) == types.Position(1, 0)


@given(TEXTS, st.sampled_from(ENCODINGS))
def test_a_located_span_is_the_same_range(characters: str, encoding: str) -> None:
    text = Text.from_str(characters)
    for _, _, at in positions(characters, encoding):
        located = spot_range(spot("a.py", text, 0, at), encoding)
        assert located == Columns(text, encoding).range(0, at)


@pytest.mark.parametrize(
    ("uri", "path"),
    [
        ("file:///home/me/a%20b.py", "/home/me/a b.py"),
        ("file://localhost/a.py", "/a.py"),
        ("file:///c%3A/x/a.py", "c:/x/a.py"),
        ("file:///C:/x/a.py", "c:/x/a.py"),
        ("file:///%C3%A9.py", "/é.py"),
        ("file:///%FF.py", "/\udcff.py"),
        ("file:///a%23b.py", "/a#b.py"),
    ],
)
def test_the_file_that_a_uri_names(uri: str, path: str) -> None:
    assert path_of(uri) == Path(path)


@pytest.mark.parametrize(
    "uri",
    [
        "untitled:Untitled-1",
        "git:/a.py?x",
        "http://a/b.py",
        "file://",
        "file:",
        "file:///a%00.py",
        "file://elsewhere/a.py",
        "http://[",
        "",
        "x",
    ],
)
def test_a_uri_that_names_no_file(uri: str) -> None:
    assert path_of(uri) is None


@pytest.mark.parametrize("name", ["a b", "a#b", "a?b", "é", "a%20b", "\udcff", "a:b", "[x]", "100%"])
def test_the_uri_of_a_file_names_that_file(name: str) -> None:
    path = Path("/folder") / name
    assert path_of(uri_of(path)) == path


def test_the_uri_of_a_file_on_a_drive() -> None:
    assert uri_of(Path("C:/x/a.py")) == "file:///C:/x/a.py"
