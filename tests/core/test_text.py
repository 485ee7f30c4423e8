"""Text: any bytes, any line end, offsets that lead back to themselves."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sleeplsp.core.text import Text, decode_slice, looks_binary, read_text

_ANY_STR = st.text(st.characters(exclude_categories=()))
_LINES = st.text(st.sampled_from("ab é😀\ud800\r\n\x00"))


@pytest.mark.parametrize(
    ("raw", "characters"),
    [
        (b"", ""),
        (b"\xef\xbb\xbfx", "x"),
        ("naïve".encode(), "naïve"),
        ("naïve".encode("latin-1"), "naïve"),
        (b"# coding: cp1251\n\xef\xe4", "# coding: cp1251\nпд"),
        (b"#!x\n# -*- coding: iso-8859-15 -*-\n\xa4", "#!x\n# -*- coding: iso-8859-15 -*-\n€"),
        (b"\n\n# coding: cp1251\n\xef", "\n\n# coding: cp1251\nï"),
        (b"# coding: no-such\n\xef", "# coding: no-such\nï"),
        (b"# coding: utf-8\n\xff", "# coding: utf-8\nÿ"),
        (b"\xef\xbb\xbf\xff", "ÿ"),
        (b"a\x00b\xff", "a\x00bÿ"),
    ],
)
def test_bytes_are_read_as_the_characters_they_mean(raw: bytes, characters: str) -> None:
    text = read_text(raw)
    assert text.slice(0, len(text.source)) == characters
    assert text == Text.from_str(characters)


@pytest.mark.parametrize(
    "codec",
    [
        *(
            "unicode_escape",
            "raw_unicode_escape",
            "utf-7",
            "utf-16",
            "utf-32",
            "cp037",
            "undefined",
        ),
        *("rot13", "hex", "zlib", "idna", "punycode", "mbcs", "utf-8-sig", "charmap", "unknown"),
    ],
)
@given(rest=st.binary(max_size=40))
@example(rest=rb"\q\x41")
def test_no_coding_line_is_too_odd(codec: str, rest: bytes) -> None:
    text = read_text(b"# coding: " + codec.encode() + b"\n\xff" + rest)
    assert text.slice(0, len(text.source)) != ""


@given(st.binary())
def test_any_bytes_are_a_text_at_the_same_offsets(raw: bytes) -> None:
    text = read_text(raw)
    assert len(text.parsed) == len(text.source)
    assert text.parsed.decode("utf-8").count("\r") == text.parsed.count(b"\r\n")
    assert b"\x00" not in text.parsed


@given(_ANY_STR)
def test_an_editors_string_comes_back(characters: str) -> None:
    text = Text.from_str("\ufeff" + characters)
    assert text.slice(0, len(text.source)) == characters
    assert len(text.parsed) == len(text.source)
    text.parsed.decode("utf-8")


@given(_LINES)
def test_lines_are_those_of_the_protocol(characters: str) -> None:
    text = Text.from_str(characters)
    lines = characters.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    assert len(text.line_starts) == len(lines)
    assert [decode_slice(text.line(each)) for each in range(len(lines))] == lines


@given(_LINES)
def test_offsets_and_columns_lead_back_to_each_other(characters: str) -> None:
    text = Text.from_str(characters)
    for line, start in enumerate(text.line_starts):
        for column in range(len(decode_slice(text.line(line))) + 1):
            offset = text.offset_at(line, column)
            assert start <= offset
            assert (text.line_of(offset), text.column_of(offset)) == (line, column)


@pytest.mark.parametrize(
    ("line", "column", "offset"),
    [(0, 0, 0), (0, 1, 2), (0, 99, 3), (1, 0, 5), (1, 9, 6), (9, 0, 6), (0, -1, 0), (-1, 1, 0)],
)
def test_positions_outside_of_the_text_are_clamped(line: int, column: int, offset: int) -> None:
    assert Text.from_str("éa\r\nb").offset_at(line, column) == offset


def test_a_line_that_is_not_there_is_empty() -> None:
    text = Text(b"a\nb")
    assert [text.line(each) for each in (-1, 0, 1, 2)] == [b"", b"a", b"b", b""]


def test_an_offset_past_the_end_is_on_the_last_line() -> None:
    assert Text(b"a\nb").line_of(99) == 1
    assert Text(b"").line_of(0) == 0


def test_replacing_makes_another_text() -> None:
    text = Text(b"abc")
    assert text.replaced(1, 2, b"xyz") == Text(b"axyzc") != text
    assert len({text, text.replaced(0, 0, b""), Text(b"abc")}) == 1
    assert text != b"abc"


def test_a_slice_may_cut_a_character() -> None:
    assert Text.from_str("é").slice(0, 1) == "\ufffd"


@pytest.mark.parametrize(
    ("raw", "binary"),
    [
        (b"", False),
        (b"text\twith\nlines\x0c\x1b[0m", False),
        ("naïve".encode("latin-1"), False),
        (b"one \x00 stray NUL", False),
        (b"\x00" * 100, True),
        (b"ab\x00\x01", True),
        (b"ab" * 10_000 + b"\x00" * 20_000, False),
    ],
)
def test_binary_files_hold_many_control_bytes(raw: bytes, binary: bool) -> None:  # noqa: FBT001
    assert looks_binary(raw) == binary
