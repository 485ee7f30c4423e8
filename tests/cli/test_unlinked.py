"""A model's text on a terminal: no links, however it is cut into pieces."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sleeplsp.cli.unlinked import Unlinking, unlinked

PIECES = st.lists(
    st.sampled_from(
        ["[", "]", "(", ")", "!", "a", " ", "\n", ":", "/", "http", "mailto", "://x.y", "](", "`"]
    )
)


@pytest.mark.parametrize(
    ("told", "shown"),
    [
        ("See [the docs](https://a.b/c).", "See the docs (https: //a.b/c)."),
        ("![logo](https://a.b/c.png)", "logo (https: //a.b/c.png)"),
        ("[x](command:y) <file:///etc/passwd>", "x (command:y) <file: ///etc/passwd>"),
        ("at mailto:a@b.c", "at mailto: a@b.c"),
        ("`table[key](1)` and `xs[0]`, {a: 1}", "`table[key](1)` and `xs[0]`, {a: 1}"),
        ("a // b, x[1:], done!", "a // b, x[1:], done!"),
    ],
)
def test_links_are_plain_text(told: str, shown: str) -> None:
    assert unlinked(told) == shown


@given(PIECES)
def test_nothing_is_a_link_however_it_comes(pieces: list[str]) -> None:
    unlinking = Unlinking()
    shown = "".join([*map(unlinking.hear, pieces), unlinking.end()])
    assert "://" not in shown
    assert shown == unlinked("".join(pieces))


def test_what_is_no_link_is_shown_as_it_comes() -> None:
    unlinking = Unlinking()
    assert [unlinking.hear(each) for each in ("It is ", "`a", "` [", "x] so")] == [
        "It is ",
        "`a",
        "` ",
        "[x] so",
    ]
