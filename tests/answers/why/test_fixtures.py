"""Tracebacks explained, as fixtures/why/*.md tell it: files, what was pasted, and all that is told of it."""

import pytest

from sleeplsp.answers.why.telling import lines, markdown
from tests.core.test_markdown import MARKDOWN
from tests.fixture_files import FIXTURES, Case, read_cases
from tests.why_cases import found_in

CASES = [
    pytest.param(case, id=f"{path.stem}: {case.name}")
    for path in sorted((FIXTURES / "why").glob("*.md"))
    for case in read_cases(path)
]


@pytest.mark.parametrize("case", CASES)
def test_a_traceback_is_explained_as_the_fixture_says(case: Case) -> None:
    (pasted,), (expected,) = case.texts("pasted"), case.texts("why")
    found = found_in(case.files, pasted)
    assert "".join(f"{each}\n" for each in (lines(found) if found is not None else ())) == expected
    if found is None:
        return
    for step in found.steps:  # what is told of a line stands on that line
        assert case.files[step.path].splitlines()[step.line - 1].strip() == step.code


@pytest.mark.parametrize("case", CASES)
def test_nothing_pasted_becomes_markdown(case: Case) -> None:
    (pasted,) = case.texts("pasted")
    found = found_in(case.files, pasted)
    if found is None:
        return
    for token in MARKDOWN.parse(markdown(found)):
        kinds = {each.type for each in token.children or ()}
        assert not kinds & {"html_inline", "link_open", "image"}
        assert token.type != "html_block"
