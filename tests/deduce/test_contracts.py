"""Contracts of small functions: what is claimed of each is what stands above it, in fixtures/contracts."""

import pytest

from tests.contract_cases import CONTRACT_FIXTURES, MARK, claimed, plain
from tests.fixture_files import Case, read_cases

CASES = [
    pytest.param(case, id=f"{path.stem}: {case.name}")
    for path in CONTRACT_FIXTURES
    for case in read_cases(path)
]


@pytest.mark.parametrize("case", CASES)
def test_claims_what_is_written_above_each_function(case: Case) -> None:
    files = case.files
    assert claimed({path: plain(text) for path, text in files.items()}) == files


def test_every_field_has_a_suite_of_functions() -> None:
    assert {"returns", "raises", "mutates", "pure", "requires", "cycles"} <= {
        path.stem for path in CONTRACT_FIXTURES
    }
    assert sum(path.read_text().count(MARK) for path in CONTRACT_FIXTURES) >= 250
