"""What comes of checks, as fixtures/verify tells it: with its own limits alone, and in bubblewrap."""

import sys
from pathlib import Path

import pytest

from sleeplsp.verify.sandbox import can_wrap
from tests.fixture_files import FIXTURES, Case, read_cases
from tests.verify.cases import checks, contents, tried, written

SUITES = ("arguments", "functions", "verdicts", "modules", "ends", "refused")
CASES = [
    pytest.param(case, id=f"{suite}: {case.name}")
    for suite in SUITES
    for case in read_cases(FIXTURES / "verify" / f"{suite}.md")
]
DANGERS = [
    pytest.param(case, id=f"{suite}: {case.name}")
    for suite in ("ends", "refused")
    for case in read_cases(FIXTURES / "verify" / f"{suite}.md")
]

needs_bubblewrap = pytest.mark.skipif(
    not can_wrap(sys.executable, ()), reason="bubblewrap is not installed, or may not be used here"
)


@pytest.mark.parametrize("case", CASES)
def test_what_comes_of_checks(case: Case, tmp_path: Path) -> None:
    _stands(case, tmp_path, may_wrap=False)


@needs_bubblewrap
@pytest.mark.parametrize("case", DANGERS)
def test_the_same_in_bubblewrap(case: Case, tmp_path: Path) -> None:
    _stands(case, tmp_path, may_wrap=True)


def _stands(case: Case, root: Path, *, may_wrap: bool) -> None:
    before = written(case, root)
    block = checks(case)
    assert tried(root, block, may_wrap=may_wrap) == block.text
    assert contents(root) == before
