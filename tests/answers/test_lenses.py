"""Code lenses, as fixtures/lenses/*.md tell them; cases are opened as `tests.opened` says."""

import pytest

from sleeplsp.answers.lenses import lenses
from sleeplsp.answers.wanted import wanted_marks
from tests.fixture_files import FIXTURES, Case, read_cases
from tests.opened import opened_case

CASES = read_cases(FIXTURES / "lenses" / "lenses.md")


@pytest.mark.parametrize("case", CASES, ids=[each.name for each in CASES])
def test_lenses_are_as_the_fixture_says(case: Case) -> None:
    workspace, _, _ = opened_case(case)
    (expected,) = case.texts("lenses")
    snapshot = workspace.snapshot
    module = snapshot.modules["a.py"]
    marks = [mark for mark, _ in wanted_marks(snapshot, module, {})]
    found = lenses(snapshot, module, marks)
    told = (
        f"{module.text.line_of(each.start) + 1}: [{module.text.slice(each.start, each.end)}]: {each.title}\n"
        for each in found
    )
    assert "".join(told) == expected
    assert all(each.symbol in module.digests for each in found)
