"""No check and no guard is idle: switched off, some fixture notices.

A silent case counts only if switching off the one guard it names makes it loud.
"""

import pytest

from sleeplsp.deduce.checks import CHECKS
from tests.check_cases import cases, code_files, guard_of, suspicions
from tests.fixture_files import Case

SILENT = [
    pytest.param(check, case, id=f"{check}: {case.name}") for check, case in cases() if guard_of(check, case)
]
GUARDS = {
    name if name.startswith("narrow:") else f"{check.name}:{name}"
    for check in CHECKS
    for name in check.guards
}


@pytest.mark.parametrize(("check", "case"), SILENT)
def test_a_silent_case_is_loud_without_its_guard(check: str, case: Case) -> None:
    found = suspicions(code_files(case), frozenset((guard_of(check, case),)))
    assert any(suspicion.category == check for _, suspicion, _ in found)


@pytest.mark.parametrize("guard", sorted(GUARDS))
def test_every_guard_has_a_case(guard: str) -> None:
    assert any(guard_of(check, case) == guard for check, case in cases())


@pytest.mark.parametrize("check", [check.name for check in CHECKS])
def test_a_check_switched_off_is_missed(check: str) -> None:
    loud = [case for name, case in cases() if name == check and not guard_of(name, case)]
    assert loud
    for case in loud:
        files = code_files(case)
        assert len(suspicions(files, frozenset((check,)))) < len(suspicions(files))
