"""Markdown: what a reader sees is what was said, whatever it was. A real parser is the judge."""

from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from sleeplsp.core.markdown import code, plain, sentence, unmarked

MARKDOWN = MarkdownIt("gfm-like", {"linkify": False}).disable("linkify")
PIECES = [*"`|<>*_[]()!#+-=.~&;\\\"' \n\tab1é:/", "&lt;", "<b>", "```", "](x:", "1. ", "http://x.y"]
CODE = st.lists(st.sampled_from(PIECES), max_size=12).map("".join)


def seen(markdown: str) -> list[tuple[str, str]]:
    """Return the kind and content of what stands in a paragraph; `text` parts are joined."""
    blocks = MARKDOWN.parse(markdown)
    kinds = [each.type for each in blocks]
    assert kinds == ["paragraph_open", "inline", "paragraph_close"], (markdown, kinds)
    found: list[tuple[str, str]] = []
    for token in blocks[1].children or []:
        kind, content = _seen(token)
        if found and found[-1][0] == kind == "text":
            found[-1] = (kind, found[-1][1] + content)
        else:
            found.append((kind, content))
    return [each for each in found if each != ("text", "")]


def _seen(token: Token) -> tuple[str, str]:
    if token.type == "text_special":  # an escaped character
        return "text", token.content
    return token.type, token.content


@given(CODE)
def test_a_code_span_holds_any_code(text: str) -> None:
    assert seen(f"x {code(text)} y") == [
        ("text", "x "),
        ("code_inline", " ".join(text.split()) or " "),
        ("text", " y"),
    ]


@given(CODE)
def test_plain_text_is_read_as_it_stands(text: str) -> None:
    flat = " ".join(text.split())
    assert seen(f"{plain(text)} end") == [("text", f"{flat} end".lstrip())]
    assert seen(f"so {plain(text)} end") == [("text", f"so {flat} end")]


@given(st.lists(st.tuples(CODE, CODE), max_size=4))
def test_a_sentence_is_code_and_text_and_nothing_else(parts: list[tuple[str, str]]) -> None:
    told = "so " + "".join(f"{text} `{source}` " for text, source in parts) + "it is."
    kinds = {kind for kind, _ in seen(sentence(told))}
    assert kinds <= {"text", "code_inline"}


def test_the_code_of_a_sentence_is_what_stands_between_backquotes() -> None:
    assert seen(sentence("`a_b` may be `None | <b>`, _so_ it *is*.")) == [
        ("code_inline", "a_b"),
        ("text", " may be "),
        ("code_inline", "None | <b>"),
        ("text", ", _so_ it *is*."),
    ]


def test_a_sentence_without_markdown() -> None:
    assert unmarked("`a` may be\n `None`: a lone ` stays") == "a may be None: a lone ` stays"


def test_words_are_not_escaped_without_need() -> None:
    assert plain("non-empty: it's 3.5 (or more)!") == "non-empty: it's 3.5 (or more)!"
