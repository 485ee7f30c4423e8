"""What a model wrote on several lines: it keeps its shape, and becomes nothing that could lead anywhere."""

import re
import textwrap

from hypothesis import example, given
from hypothesis import strategies as st

from sleeplsp.core.prose import prose
from tests.core.test_markdown import MARKDOWN, PIECES

SHAPES = [
    "\n",
    "\n\n",
    "- ",
    "  * ",
    "12) ",
    "# ",
    "~~~\n",
    "```py\n",
    "````\n",
    "    ",
    "---\n",
    "> ",
    "[a](b)\n",
    "|a|b|\n|-|-|\n",
]
TEXTS = st.lists(st.sampled_from([*PIECES, *SHAPES]), max_size=24).map("".join)

OURS = {"paragraph", "heading", "bullet_list", "ordered_list", "list_item"}
INLINE = {"text", "text_special", "code_inline", "softbreak", "strong_open", "strong_close"}

SAID = """\
    # What it does

    It reads `a_b`, and
    *writes* <b>nothing</b>: [see](command:x).

    1. First:
       - one of them
       - another
    2. Then.

    ```python
    def f():
        if x:

            return `1`
    ```
    That is all.
    ----
"""
TOLD = """\
    **What it does**

    It reads `a_b`, and
    \\*writes\\* \\<b\\>nothing\\</b\\>: \\[see\\](command:x).

    1. First:
        - one of them
        - another
    2. Then.

    ```python
    def f():
        if x:

            return `1`
    ```

    That is all.
"""


def test_paragraphs_lists_headings_and_code_keep_their_shape() -> None:
    told = "\n".join(line.rstrip() for line in prose(textwrap.dedent(SAID)).splitlines())
    assert told == textwrap.dedent(TOLD).strip()


def test_code_may_hold_fences_and_need_not_end() -> None:
    assert prose("~~~\n```\nx\n~~~~\ny") == "````\n```\nx\n````\n\ny"
    assert prose("```<b>\nx") == "```\nx\n```", "that is no name of a language"
    assert prose("```js\nx") == "```js\nx\n```"


def test_what_is_cut_says_so() -> None:
    assert prose("a\nb\nc", lines_max=2) == "a\nb\n\n…"
    assert prose("```\na\nb", lines_max=2) == "```\na\n```\n\n…"


@given(TEXTS)
@example("```\n<b>\n```")
@example("- a\n      b\n\n      c")
def test_it_becomes_nothing_else(text: str) -> None:
    for token in MARKDOWN.parse(prose(text)):
        kind = token.type.removesuffix("_open").removesuffix("_close")
        assert kind in {*OURS, "inline", "fence"}, (kind, prose(text))
        assert kind != "fence" or re.fullmatch(r"([A-Za-z][\w+#-]*)?", token.info)
        for each in token.children or ():
            assert each.type in INLINE, (each.type, prose(text))


@given(TEXTS)
def test_no_word_is_lost(text: str) -> None:
    def words(said: str) -> list[str]:
        return "".join(each if each.isalnum() else " " for each in said).split()

    parsed = MARKDOWN.parse(prose(text))
    shown = " ".join(
        each.content for token in parsed for each in (token.children or [token]) if each.type != "softbreak"
    )
    said = re.sub(r"^\s*(```|~~~).*", "", text, flags=re.MULTILINE)  # names of languages
    lost = set(words(said)) - set(words(shown))
    assert not {each for each in lost if not each.isdigit()}
