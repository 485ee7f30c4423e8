"""What is deduced again: after nothing, after edits, and by a process that comes later."""

import copy

import pytest

from tests.fixture_files import FIXTURES, Case, read_cases
from tests.thinking import EditedFiles, Thinker

CASES = {case.name: case for suite in (FIXTURES / "reuse").glob("*.md") for case in read_cases(suite)}


def test_there_are_cases() -> None:
    assert CASES


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_what_an_edit_makes_stale_is_deduced_again_and_nothing_else(case: Case) -> None:
    before = {each.path: each.text for each in case.blocks if each.word == "python"}
    after = {each.path: each.text for each in case.blocks if each.word == "edited"}
    files = EditedFiles(before)
    first = Thinker(files)
    assert first.think().outcome.deduced > 0
    assert first.think().deduced == set()
    assert Thinker(files, first.store).think().deduced == set()
    files.edit(after)
    [listed] = case.texts("deduced")
    later = Thinker(files, copy.deepcopy(first.store)).think()
    night = first.think()
    assert sorted(night.deduced) == listed.splitlines()
    assert night.outcome.deduced == len(night.deduced)
    assert later.deduced == night.deduced
    # Whatever was kept, what is known in the end is what a first look would tell.
    assert night.rows == later.rows == Thinker(files).think().rows
