"""Every check on its fixtures: what must be suspected is, at its columns, and nothing else."""

from collections import Counter

import pytest

from sleeplsp.core.contract import Verdict
from sleeplsp.deduce.checks import CHECKS
from tests.check_cases import (
    CHECK_FIXTURES,
    cases,
    code_files,
    deduced,
    expected,
    guard_of,
    suspicions,
    without_marks,
)
from tests.fixture_files import Case

RAISING = {"format-arguments", "none-dereference", "possibly-unbound", "wrong-arguments"}
"""Checks whose suspicion is an exception."""

CASES = [pytest.param(check, case, id=f"{check}: {case.name}") for check, case in cases()]


@pytest.mark.parametrize(("check", "case"), CASES)
def test_suspects_what_is_marked_and_nothing_else(check: str, case: Case) -> None:
    files = code_files(case)
    found, wanted = suspicions(files), expected(files)
    assert [mark for mark, _, _ in found] == [mark for mark, _ in wanted]
    for (_, suspicion, _), (_, message) in zip(found, wanted, strict=True):
        assert message in suspicion.message
        assert suspicion.evidence, "a suspicion without evidence"
    assert bool(wanted) is not bool(guard_of(check, case)), "either marks or a guard"


@pytest.mark.parametrize(
    "case",
    [
        pytest.param(case, id=f"{check}: {case.name}")
        for check, case in cases()
        if any(block.word == "fixed" for block in case.blocks)
    ],
)
def test_offers_the_fix(case: Case) -> None:
    files = code_files(case)
    fixed = {each.path: each.text for each in case.blocks if each.word == "fixed"}
    for path, text in fixed.items():
        source = files[path].encode()
        edits = [
            (extent, edit)
            for mark, suspicion, placing in suspicions(files)
            if mark.path == path and suspicion.fix is not None
            for edit in suspicion.fix.edits
            if (extent := placing.extent(edit.place)) is not None
        ]
        assert edits, "no fix is offered"
        for (start, end), edit in sorted(edits, key=lambda each: each[0], reverse=True):
            source = source[:start] + edit.text.encode() + source[start if edit.before else end :]
        assert without_marks(source.decode()) == text


def test_nothing_is_said_never_to_raise_that_is_suspected_of_raising() -> None:
    suspected = 0
    for _, case in cases():
        for path, thought in deduced(code_files(case)).items():
            for symbol, row in thought.functions.items():
                errors = [each.message for each in row.suspicions if each.category in RAISING]
                suspected += bool(errors)
                assert not errors or row.contract.raises is not Verdict.NO, (case.name, path, symbol, errors)
    assert suspected >= 50


def test_every_check_has_fixtures() -> None:
    assert {path.stem for path in CHECK_FIXTURES} == {check.name for check in CHECKS}


def test_there_are_enough_cases_and_half_stay_silent() -> None:
    kinds = Counter(bool(guard_of(check, case)) for check, case in cases())
    assert kinds.total() >= 150
    assert kinds[True] * 2 >= kinds.total()
