"""Hovers, as fixtures/hover/*.md tell them.

A case is a small workspace, thought about and open. `$0` is where the mouse is. `hover` is what is
shown: nothing if it is empty. A file that comes a second time, as `edited`, is what its editor makes
of it before the hover, with the mouse where it is then; `settled` is the same once typing has paused.
`closed` names files that are not open, `changed` those that change on disk.
"""

import pytest

from sleeplsp.answers.hover import hover
from sleeplsp.core.markdown import unmarked
from tests.core.test_markdown import MARKDOWN
from tests.fixture_files import FIXTURES, Case, read_cases
from tests.opened import opened, retype

CURSOR = "$0"
LANGUAGES = ("python", "go")


CASES = [
    pytest.param(case, id=f"{path.stem}: {case.name}")
    for path in sorted((FIXTURES / "hover").glob("*.md"))
    for case in read_cases(path)
]


def hovered(case: Case) -> str:
    files = {each.path: each.text for each in case.blocks if each.word in LANGUAGES}
    path = next(path for path, text in files.items() if CURSOR in text)
    before, _, behind = files[path].partition(CURSOR)
    files[path] = before + behind
    closed = {name for text in case.texts("closed") for name in text.split()}
    workspace = opened(files, [each for each in files if each not in closed])
    for block in case.blocks:
        if block.word in ("edited", "settled"):
            text = block.text
            if CURSOR in text:
                before, _, behind = text.partition(CURSOR)
                text = before + behind
            retype(workspace, block.path, text)
        if block.word == "settled":
            workspace.settle(block.path)
    workspace.touch(name for text in case.texts("changed") for name in text.split())
    shown = hover(workspace.snapshot, path, len(before.encode()))
    if shown is None:
        return ""
    offset = len(before.encode())
    assert shown.start <= offset <= shown.end, "a hover is about what is under the mouse"
    return shown.markdown + "\n"


@pytest.mark.parametrize("case", CASES)
def test_the_hover_is_as_the_fixture_says(case: Case) -> None:
    (expected,) = case.texts("hover")
    markdown = hovered(case)
    assert markdown == expected
    assert markdown.count("\n") < 30
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
