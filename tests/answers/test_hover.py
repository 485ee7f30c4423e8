"""Hovers, as fixtures/hover/*.md tell them.

Cases are opened as `tests.opened` says; `hover` is what is shown: nothing if it is empty.
"""

import re

import pytest

from sleeplsp.answers.hover import hover
from sleeplsp.answers.wanted import Levels
from sleeplsp.core.markdown import unmarked
from tests.core.test_markdown import MARKDOWN
from tests.fixture_files import FIXTURES, Case, read_cases
from tests.opened import CURSOR, opened_case

HOVERS = {
    f"{path.stem}: {case.name}": case
    for path in sorted((FIXTURES / "hover").glob("*.md"))
    for case in read_cases(path)
}
CASES = [pytest.param(case, id=name) for name, case in HOVERS.items()]
BESIDE = [pytest.param(case, id=name) for name, case in HOVERS.items() if case.texts("hover-beside-marks")]

ADDRESS = re.compile(r"\w://|\bwww\.\w|\w@\w|[\u202a-\u202e\u2066-\u2069]", re.IGNORECASE)


def hovered(case: Case, marked_beside: Levels | None = None) -> str:
    workspace, path, offset = opened_case(case)
    shown = hover(workspace.snapshot, path, offset, marked_beside=marked_beside)
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


@pytest.mark.parametrize("case", BESIDE)
def test_what_is_marked_beside_the_hover_is_not_told_twice(case: Case) -> None:
    (expected,) = case.texts("hover-beside-marks")
    assert hovered(case, {}) == expected
    (alone,) = case.texts("hover")
    check = re.findall(r"· `([a-z-]+)` ·", alone)[0]
    assert hovered(case, {check: "off"}) == alone, "it is not marked"


@pytest.mark.parametrize("case", CASES)
def test_the_hover_repeats_neither_signature_nor_docstring(case: Case) -> None:
    shown = unmarked(hovered(case))
    for text in case.files.values():
        for line in text.splitlines():
            said = line.strip().strip('"')
            is_signature = said.startswith(("def ", "class ", "async def "))
            if is_signature or line.strip().startswith('"""'):
                assert said.replace(CURSOR, "") not in shown
