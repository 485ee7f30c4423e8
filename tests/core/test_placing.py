"""Places and positions: tokens of a symbol to bytes and back, bytes to lines and columns."""

import pytest

from sleeplsp.core.insight import Place
from sleeplsp.core.languages import languages
from sleeplsp.core.located import Position, position
from sleeplsp.core.placing import Placing
from sleeplsp.core.reading import read
from sleeplsp.core.text import Text

SOURCE = """\
# Grüße 🎉
import os

class Käse:
    grün = "é🎉"  # beside

    def reif(self, x):
        return x.größe + "🎉"

    @property
    def alt(self): return 1

def f(a, b):

    return a if b else f(
        b, a)
"""

FORMS = {
    "plain": SOURCE,
    "CRLF": SOURCE.replace("\n", "\r\n"),
    "lone CR": SOURCE.replace("\n", "\r"),
    "BOM": "\ufeff" + SOURCE,
    "no end": SOURCE.rstrip("\n"),
}


def placing_of(characters: str) -> Placing:
    return read("a.py", languages()["python"], Text.from_str(characters)).placing


@pytest.mark.parametrize("characters", FORMS.values(), ids=FORMS)
@pytest.mark.parametrize(
    ("symbol", "first", "last", "code"),
    [
        ("f", 0, 1, "def f"),
        ("f", 9, 9, "a"),
        ("f", 13, 18, "f(\n        b, a)"),
        ("Käse.reif", 0, 1, "def reif"),
        ("Käse.reif", 8, 15, 'return x.größe + "🎉"'),
        ("Käse.alt", 0, 1, "@property"),
        # A class leaves its members out, the module its functions and classes.
        ("Käse", 0, 1, "class Käse"),
        ("Käse", 3, 4, "grün ="),
        ("<module>", 0, 1, "import os"),
    ],
)
def test_a_place_is_the_same_code_however_lines_end(
    characters: str, symbol: str, first: int, last: int, code: str
) -> None:
    placing = placing_of(characters)
    extent = placing.extent(Place(f"a.py::{symbol}", first, last))
    assert extent is not None
    assert placing.quote(*extent).replace("\r\n", "\n").replace("\r", "\n") == code
    assert placing.place(symbol, *extent) == Place(f"a.py::{symbol}", first, last)


@pytest.mark.parametrize("characters", FORMS.values(), ids=FORMS)
def test_every_run_of_tokens_is_placed_and_found_again(characters: str) -> None:
    placing = placing_of(characters)
    for symbol in ("<module>", "Käse", "Käse.reif", "Käse.alt", "f"):
        count = 0
        while (last := placing.extent(Place(f"a.py::{symbol}", count, count))) is not None:
            for first in range(count + 1):
                place = Place(f"a.py::{symbol}", first, count)
                extent = placing.extent(place)
                assert extent is not None
                assert extent[1] == last[1]
                assert placing.place(symbol, *extent) == place
            count += 1
        assert count > 0


def test_what_holds_no_token_has_no_place() -> None:
    placing = placing_of(SOURCE)
    source = SOURCE.encode()
    comment, blank = source.index(b"# beside"), source.index(b"\n\nclass") + 1
    assert placing.place("Käse", comment, comment + 8) is None
    assert placing.place("<module>", blank, blank) is None
    assert placing.place("nowhere", 0, 5) is None
    member = source.index(b"def reif")
    assert placing.place("Käse", member, member + 3) is None


@pytest.mark.parametrize(
    "place",
    [
        Place("a.py::f", 0, 10_000),
        Place("a.py::f", -1, 0),
        Place("a.py::f", 3, 2),
        Place("a.py::gone", 0, 0),
        Place("b.py::f", 0, 0),
    ],
)
def test_a_place_that_is_gone_has_no_extent(place: Place) -> None:
    assert placing_of(SOURCE).extent(place) is None


@pytest.mark.parametrize("characters", FORMS.values(), ids=FORMS)
def test_a_position_counts_lines_and_columns_in_every_unit(characters: str) -> None:
    text = Text.from_str(characters)
    line, column = 0, ""
    for offset, following in _walk(characters.removeprefix("\ufeff")):
        assert position(text, offset) == Position(
            line, len(column), len(column.encode()), len(column.encode("utf-16-le")) // 2
        )
        if following in ("\n", "\r\n", "\r"):
            line, column = line + 1, ""
        else:
            column += following


def _walk(characters: str) -> list[tuple[int, str]]:
    """Return each offset with the character, or the whole line end, that stands there."""
    found, offset = [], 0
    for piece in characters.replace("\r\n", "\0"):
        whole = "\r\n" if piece == "\0" else piece
        found.append((offset, whole))
        offset += len(whole.encode())
    return found
