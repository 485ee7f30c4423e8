"""Which constants of other modules a model is told of: what stands behind each import in `fixtures`."""

import pytest

from tests.fixture_files import FIXTURES, Case, read_cases
from tests.prompts.contexts import context_of
from tests.resolution_cases import plain

CASES = {case.name: case for case in read_cases(FIXTURES / "constants" / "told.md")}


def test_there_are_cases() -> None:
    assert CASES


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_what_is_told_of_an_import_is_written_behind_it(case: Case) -> None:
    marks = (line.partition("  #> ")[2] for line in case.files["user.py"].splitlines())
    context = context_of({path: plain(text) for path, text in case.files.items()}, "user.py")
    told = [each.signature for each in context.imported]
    assert sorted(told) == sorted(each for each in marks if each not in ("", "-"))
