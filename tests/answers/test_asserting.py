"""Assertions that are offered, as fixtures/asserting tells them."""

import ast

import pytest

from sleeplsp.answers.asserting import assertions
from tests.fixture_files import FIXTURES, Case, read_cases
from tests.opened import opened_case

CASES = read_cases(FIXTURES / "asserting" / "asserting.md")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_file_with_all_its_assertions(case: Case) -> None:
    workspace, _, _ = opened_case(case)
    module = workspace.snapshot.modules["a.py"]
    found = [each for symbol in module.symbols for each in assertions(workspace.snapshot, module, symbol)]
    source = module.text.source
    for each in sorted(found, key=lambda each: -each.at):
        source = source[: each.at] + each.text.encode() + source[each.at :]
    (expected,) = (each.text for each in case.blocks if each.word == "asserted")
    assert source.decode() == expected
    ast.parse(source)
