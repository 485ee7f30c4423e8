"""What names and calls of a workspace refer to: what is written behind each line, in fixtures/resolution."""

import pytest

from tests.fixture_files import FIXTURES, Case, read_cases
from tests.resolution_cases import plain, resolved

SUITES = sorted((FIXTURES / "resolution").glob("*.md"))
CASES = {f"{suite.stem}: {case.name}": case for suite in SUITES for case in read_cases(suite)}


def test_there_are_cases() -> None:
    assert CASES


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_every_call_reaches_what_is_written_behind_its_line(case: Case) -> None:
    assert resolved({path: plain(text) for path, text in case.files.items()}) == case.files
