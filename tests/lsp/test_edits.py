"""Random edits through the server's handler; `benchmarks/edits.py` makes ten thousand of them."""

import random

import pytest
from lsprotocol import types

from sleeplsp.core.languages import languages
from sleeplsp.core.syntax import is_whole
from sleeplsp.core.text import Text
from tests.fixture_files import FIXTURES, read_cases
from tests.random_edits import ENCODINGS, Editor, run, server_for, standard_library, tree_difference

SEED = 20250
URI = "file:///a.py"


def test_random_edits_of_python_files_leave_the_text_and_the_tree_right() -> None:
    files = standard_library(6, random.Random(SEED), bytes_max=8_000)
    tally = run(files, 240, SEED)
    assert tally.wrong == []
    assert tally.whole > tally.edits / 3, "too few texts parsed to say much about trees"


def test_random_edits_of_every_language_leave_the_text_and_the_tree_right() -> None:
    files = {}
    for path in sorted((FIXTURES / "languages").glob("*.md")):
        case = max(read_cases(path), key=lambda each: len(each.blocks[0].text))
        block = case.blocks[0]
        if block.word in languages():
            files[f"{path.stem}{languages()[block.word].suffixes[0]}"] = block.text
    assert len(files) >= 5
    tally = run(files, 40 * len(files), SEED)
    assert tally.wrong == []
    assert tally.whole > tally.edits / 4, "too few texts parsed to say much about trees"


@pytest.mark.parametrize(
    ("before", "at", "inserted"),
    [
        ("# c\rx = 1\n", 4, "\n"),  # a lone return becomes half of a line end
        ("# c\r\nx = 1\n", 3, "\r"),
        ("x = 1\r", 6, "\n"),
        ("x = '''\r'''\n", 8, "\n"),
    ],
)
def test_a_line_end_that_is_joined_or_parted_is_parsed_anew(before: str, at: int, inserted: str) -> None:
    server, editor = server_for("utf-16"), Editor(URI, before, "utf-16")
    server.documents.open(types.TextDocumentItem(URI, "python", 1, before))
    server.documents.edit(editor.change(at, at, inserted))
    found = server.documents.find(URI)
    assert found is not None
    assert found[1].text.source == editor.characters.encode()
    assert is_whole(found[1].tree)
    assert tree_difference(found[1]) == ""


@pytest.mark.parametrize(
    ("before", "start", "end", "inserted"),
    [
        ("x = 1\n", 0, 0, "\ufeff"),
        ("", 0, 0, "\ufeff"),
        ("\ufeffx = 1\n", 0, 0, "y = 1\n"),  # the mark is a character like others then
        ("\ufeffx = 1\n", 0, 0, "\ufeff"),
        ("\ufeffx = 1\n", 0, 1, ""),
        ("\ufeffx = 1\n", 0, 3, "y"),
        ("\ufeffx = 1\n", 1, 1, "y"),
        ("y\ufeffx = 1\n", 0, 1, ""),  # and comes to stand at the top
        ("\ufeff\ufeffx = 1\n", 0, 1, ""),
    ],
)
@pytest.mark.parametrize("encoding", ENCODINGS)
def test_a_mark_at_the_top_is_no_part_of_the_text(
    before: str, start: int, end: int, inserted: str, encoding: str
) -> None:
    server, editor = server_for(encoding), Editor(URI, before, encoding)
    server.documents.open(types.TextDocumentItem(URI, "python", 1, before))
    for edit in ((start, end, inserted), (0, 0, ""), (1, 1, "é")):
        server.documents.edit(editor.change(*edit))
        found = server.documents.find(URI)
        assert found is not None
        assert found[1].text == Text.from_str(editor.characters)
        assert found[0].marked == editor.characters.startswith("\ufeff")
