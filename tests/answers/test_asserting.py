"""Assertions that are offered, as fixtures/asserting tells them."""

import ast
from collections.abc import Callable, Iterable

import pytest

from sleeplsp.answers.asserting import Assertion, assertions, guards
from sleeplsp.core.snapshot import OpenModule, Snapshot
from sleeplsp.core.symbols import Symbol
from tests.fixture_files import FIXTURES, Case, read_cases
from tests.opened import opened_case

CASES = read_cases(FIXTURES / "asserting" / "asserting.md")
GUARDS = read_cases(FIXTURES / "asserting" / "guards.md")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_file_with_all_its_assertions(case: Case) -> None:
    _stands(case, "asserted", assertions)


@pytest.mark.parametrize("case", GUARDS, ids=lambda case: case.name)
def test_a_file_with_all_its_guards(case: Case) -> None:
    _stands(case, "guarded", guards)


def _stands(
    case: Case, word: str, make: Callable[[Snapshot, OpenModule, Symbol], Iterable[Assertion]]
) -> None:
    workspace, _, _ = opened_case(case)
    module = workspace.snapshot.modules["a.py"]
    found = [each for symbol in module.symbols for each in make(workspace.snapshot, module, symbol)]
    source = module.text.source
    for each in sorted(found, key=lambda each: -each.at):
        source = source[: each.at] + each.text.encode() + source[each.at :]
    (expected,) = (each.text for each in case.blocks if each.word == word)
    assert source.decode() == expected
    ast.parse(source)
