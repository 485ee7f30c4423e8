"""Every case of drift: what is told is told, at its place, and nothing else."""

import pytest

from tests.drift_cases import DRIFT_FIXTURES, after, before, renamed, told
from tests.fixture_files import Case, read_cases

CASES = [
    pytest.param(case, id=f"{path.stem}: {case.name}") for path in DRIFT_FIXTURES for case in read_cases(path)
]


@pytest.mark.parametrize("case", CASES)
def test_tells_what_drifted_and_nothing_else(case: Case) -> None:
    assert told(before(case), after(case), renamed(case)) == "".join(case.texts("told"))


@pytest.mark.parametrize("case", CASES)
def test_what_is_as_it_was_has_not_drifted(case: Case) -> None:
    assert told(after(case), after(case), {}) == ""
