"""Which claims can be tried, as fixtures/verification/eligible.md tells it."""

import pytest

from sleeplsp.core.insight import Grade, Invariant
from sleeplsp.engine.verification.eligible import eligible
from sleeplsp.engine.verification.reach import Reach
from tests.fixture_files import FIXTURES, Case, read_cases
from tests.thinking import EditedFiles, Thinker

CASES = read_cases(FIXTURES / "verification" / "eligible.md")


def claims_of(case: Case) -> list[Invariant]:
    claims = []
    for line in case.texts("claims")[0].splitlines():
        about, _, check = line.partition(": ")
        symbol, kind = about.split()
        claims.append(
            Invariant(symbol=symbol, kind=kind, sentence="It does.", check=check, grade=Grade.SINGLE)
        )
    return claims


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_what_can_be_tried(case: Case) -> None:
    thinker = Thinker(EditedFiles(case.files))
    thinker.think()
    reach = Reach(thinker.deduction.knowledge, thinker.deduction.text_of)
    found = eligible("a.py", reach, claims_of(case))
    assert [each.claim.check for each in found] == case.texts("tried")[0].splitlines()
