"""Hovers, as fixtures/hover/*.md tell them.

Cases are opened as `tests.opened` says; `hover` is what is shown: nothing if it is empty.
"""

import re

import pytest

from sleeplsp.answers.hover import hover
from sleeplsp.core.markdown import unmarked
from tests.core.test_markdown import MARKDOWN
from tests.fixture_files import FIXTURES, Case, read_cases
from tests.opened import CURSOR, opened_case

CASES = [
    pytest.param(case, id=f"{path.stem}: {case.name}")
    for path in sorted((FIXTURES / "hover").glob("*.md"))
    for case in read_cases(path)
]

ADDRESS = re.compile(r"\w://|\bwww\.\w|\w@\w|[\u202a-\u202e\u2066-\u2069]", re.IGNORECASE)


def hovered(case: Case) -> str:
    workspace, path, offset = opened_case(case)
    shown = hover(workspace.snapshot, path, offset)
    if shown is None:
        return ""
    assert shown.start <= offset <= shown.end, "a hover is about what is under the mouse"
    return shown.markdown + "\n"


@pytest.mark.parametrize("case", CASES)
def test_the_hover_is_as_the_fixture_says(case: Case) -> None:
    (expected,) = case.texts("hover")
    markdown = hovered(case)
    assert markdown == expected
    assert markdown.count("\n") < 30
    assert not ADDRESS.search(re.sub(r"(`+)(?!`).*?(?<!`)\1(?!`)", "", markdown)), (
        "editors make links of these"
    )
    for token in MARKDOWN.parse(markdown):
        kinds = {each.type for each in token.children or ()}
        assert not kinds & {"html_inline", "link_open", "image"}, "no code becomes Markdown"
        assert token.type != "html_block"


@pytest.mark.parametrize("case", CASES)
def test_the_hover_repeats_neither_signature_nor_docstring(case: Case) -> None:
    shown = unmarked(hovered(case))
    for text in case.files.values():
        for line in text.splitlines():
            said = line.strip().strip('"')
            is_signature = said.startswith(("def ", "class ", "async def "))
            if is_signature or line.strip().startswith('"""'):
                assert said.replace(CURSOR, "") not in shown
