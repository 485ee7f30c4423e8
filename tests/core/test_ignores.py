"""Comments that silence a check: put where a comment can stand, and found there again."""

import pytest

from sleeplsp.core.ignores import comment_place, is_ignored, with_ignore
from sleeplsp.core.languages import languages
from sleeplsp.core.symbols import outline
from sleeplsp.core.syntax import is_whole, parse
from sleeplsp.core.text import Text

PYTHON = languages()["python"]
CHECK = "none-dereference"

CODE = [
    "$x.y\n",
    "$x.y",
    "$x.y   \n",
    "$x.y  # noqa\n",
    "$x.y \\\n    .z\n",
    "f($x.y,\n  1)\n",
    "$'''{}\n{}'''.format(1)\n",
    "a = $'''one\ntwo''' + \\\n  b\nc = 1\n",
    "a = '''\n''' + $x.y\n",
    "$x.y\r\nz\r\n",
    "é = '😀'; $x.y\n",
    "a = f'''{\n$x.y}'''\n",
    "if a: # note\n    $x.y\n",
    "$x.y  # sleeplsp: ignore[self-assignment]\n",
    "$x.y  # sleeplsp: ignore[]\n",
    "$x.y  # sleeplsp: ignore[a,b ]\n",
]


def ignored(source: str) -> tuple[Text, int, int, Text]:
    """Return the text, where the suspicion and its comment stand, and the text with the comment."""
    start = len(source.partition("$")[0].encode())
    text = Text.from_str(source.replace("$", "", 1))
    comment_at = comment_place(PYTHON, text, parse(PYTHON, text), start)
    at, comment = with_ignore(text, start, comment_at, CHECK)
    return text, start, comment_at, text.replaced(at, at, comment.encode())


@pytest.mark.parametrize("source", CODE)
def test_the_comment_silences_and_changes_no_code(source: str) -> None:
    text, start, comment_at, after = ignored(source)
    assert not is_ignored(text, start, comment_at, CHECK)
    tree = parse(PYTHON, after)
    assert is_whole(tree) == is_whole(parse(PYTHON, text))
    before = outline(PYTHON, text, parse(PYTHON, text)).module.digest
    assert outline(PYTHON, after, tree).module.digest == before, "a comment is no code"
    again = comment_place(PYTHON, after, tree, start)
    assert is_ignored(after, start, again, CHECK)
    assert is_ignored(after, start, comment_at, CHECK), "also before the text is read afresh"


def test_a_second_check_joins_the_first_in_its_brackets() -> None:
    *_, after = ignored("$x.y  # sleeplsp: ignore[self-assignment]\n")
    assert after.source == b"x.y  # sleeplsp: ignore[self-assignment, none-dereference]\n"


@pytest.mark.parametrize(
    ("comment", "expected"),
    [
        ("# sleeplsp: ignore", True),
        ("#sleeplsp:ignore", True),
        ("# sleeplsp: ignore[none-dereference]", True),
        ("# sleeplsp: ignore[ a , none-dereference ]", True),
        ("# noqa # sleeplsp: ignore[none-dereference]", True),
        ("# sleeplsp: ignore[other]", False),
        ("# sleeplsp: ignore[]", False),
        ("# sleeplsp", False),
        ("# ignore", False),
    ],
)
def test_what_a_comment_silences(comment: str, expected: bool) -> None:  # noqa: FBT001  # a case, not a flag
    text = Text.from_str(f"x.y  {comment}\nz\n")
    assert is_ignored(text, 0, 3, CHECK) is expected
    assert not is_ignored(text, len(text.source) - 2, len(text.source) - 1, CHECK)


def test_a_comment_on_any_line_of_the_code_counts() -> None:
    text = Text.from_str("f(\n  a,  # sleeplsp: ignore\n)\ng()\n")
    assert is_ignored(text, 0, text.source.index(b")"), CHECK)
    assert not is_ignored(text, 0, 1, CHECK)


def test_where_no_line_takes_a_comment_the_search_ends() -> None:
    text = Text.from_str("x = '''" + "\n" * 5000)
    assert comment_place(PYTHON, text, parse(PYTHON, text), 0) <= len(text.source)


@pytest.mark.parametrize(
    ("comment", "silent"),
    [
        ("# type: ignore", True),
        ("# type: ignore  # why", True),
        ("# pyright:ignore[reportOptionalMemberAccess]", True),
        ("# type: ignore[no-any-return, union-attr]", True),
        ("# type: ignore[no-any-return]", False),
        ("# type: Store", False),
    ],
)
def test_what_tells_a_type_checker_to_ignore_the_same_silences(comment: str, silent: bool) -> None:  # noqa: FBT001
    text = Text.from_str(f"x.y  {comment}\n")
    assert is_ignored(text, 0, comment_place(PYTHON, text, parse(PYTHON, text), 0), CHECK) is silent
