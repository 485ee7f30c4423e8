"""Parsing: fresh, again after edits, how well it went, and queries over it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sleeplsp.core.languages import Language, languages
from sleeplsp.core.syntax import (
    broken_nodes,
    captures,
    edit_between,
    is_whole,
    matches,
    operators,
    parse,
    reparse,
)
from sleeplsp.core.text import Text

_PYTHON = languages()["python"]
_SOURCE = "def f(a):\n    return 'é'\n\n\nclass A:\n    x = 1\n"


@pytest.mark.parametrize("language", languages().values(), ids=languages())
@settings(max_examples=30, deadline=None)
@given(source=st.binary(max_size=200))
def test_any_text_has_a_tree(language: Language, source: bytes) -> None:
    text = Text.from_str(source.decode("utf-8", "surrogateescape"))
    tree = parse(language, text)
    assert tree.root_node.end_byte <= len(text.source)
    assert is_whole(tree) == (broken_nodes(tree) == 0)


@pytest.mark.parametrize(
    ("source", "broken"),
    [
        ("", 0),
        ("x = 1\n", 0),
        ("x = \n", 1),
        ("def f(:\n  x\n", 1),
        ("x = \ndef f(): pass\ny = \n", 2),
    ],
)
def test_broken_nodes_measure_how_far_a_text_is_from_parsing(source: str, broken: int) -> None:
    tree = parse(_PYTHON, Text.from_str(source))
    assert min(broken_nodes(tree), 2) == broken
    assert is_whole(tree) == (broken == 0)


@settings(max_examples=200, derandomize=True, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.integers(0, 60),
            st.integers(0, 9),
            st.sampled_from(["x", "\n", "é", "(", "", "\r", "\r\n"]),
        ),
        max_size=4,
    )
)
def test_parsing_again_is_parsing_afresh_where_the_text_is_whole(
    changes: list[tuple[int, int, str]],
) -> None:
    before = text = Text.from_str(_SOURCE)
    tree = parse(_PYTHON, before)
    edits = []
    for start, removed, inserted in changes:
        # Edits come at the borders of characters, as an editor's do.
        characters = text.slice(0, len(text.source))
        offset = len(characters[:start].encode())
        end = len(characters[: start + removed].encode())
        after = text.replaced(offset, end, inserted.encode())
        edits.append(edit_between(text, offset, end, after, len(inserted.encode())))
        text = after
    old = str(tree.root_node)
    again, fresh = reparse(_PYTHON, text, tree, edits), parse(_PYTHON, text)
    if is_whole(fresh):
        assert str(again.root_node) == str(fresh.root_node)
    assert str(tree.root_node) == old
    assert tree.root_node.end_byte == len(before.source)


@pytest.mark.parametrize(
    ("start", "end", "insert", "offsets", "points"),
    [
        (4, 5, b"x\ny", (4, 5, 7), [(1, 1), (1, 2), (2, 1)]),
        (0, 0, b"", (0, 0, 0), [(0, 0), (0, 0), (0, 0)]),
        # A carriage return before the edit may read otherwise after it.
        (3, 3, b"\n", (2, 3, 4), [(0, 2), (1, 0), (1, 0)]),
    ],
)
def test_an_edit_is_described_in_bytes_and_in_rows_of_the_parsed_text(
    start: int,
    end: int,
    insert: bytes,
    offsets: tuple[int, int, int],
    points: list[tuple[int, int]],
) -> None:
    before = Text.from_str("é\rab\n")
    edit = edit_between(before, start, end, before.replaced(start, end, insert), len(insert))
    assert edit[:3] == offsets
    assert [tuple(each) for each in edit[3:]] == points


def test_a_query_captures_nodes_of_the_whole_text_or_of_a_part() -> None:
    text = Text.from_str(_SOURCE)
    tree = parse(_PYTHON, text)
    query = "(identifier) @name (class_definition) @class"
    found = captures(_PYTHON, query, tree)
    assert {text.slice(*each.byte_range) for each in found["name"]} == {"f", "a", "A", "x"}
    part = captures(_PYTHON, query, tree, 0, 10)
    assert {text.slice(*each.byte_range) for each in part["name"]} == {"f", "a"}
    assert "class" not in part
    assert [pattern for pattern, _ in matches(_PYTHON, query, tree)] == [0, 0, 1, 0, 0]


def test_operators_are_the_grammars_and_the_longest_comes_first() -> None:
    found = operators(_PYTHON)
    assert {"**=", "->", ":=", "//"} <= set(found)
    assert not {"(", "not in", '"""'} & set(found)
    assert [len(each) for each in found] == sorted((len(each) for each in found), reverse=True)


@pytest.mark.parametrize("language", languages().values(), ids=languages())
def test_a_tangled_text_is_as_one_that_has_just_begun(language: Language) -> None:
    tree = parse(language, Text(b"(" * 50_000))
    assert tree.root_node.descendant_count < 10
    assert not is_whole(tree)
    assert broken_nodes(tree) > 0


def test_a_long_list_whose_bracket_is_missing_is_not_tangled() -> None:
    source = b"x = [\n" + b"    'an entry',\n" * 10_000 + b"def f():\n    pass\n"
    tree = parse(_PYTHON, Text(source))
    assert not is_whole(tree)
    assert tree.root_node.descendant_count > 10_000


def test_deep_trees_are_measured_without_recursion() -> None:
    assert is_whole(parse(_PYTHON, Text(b"x = " + b"(" * 20_000 + b")" * 20_000)))
    assert broken_nodes(parse(_PYTHON, Text(b"x = " + b"(" * 20_000))) > 0
