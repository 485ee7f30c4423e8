"""Claims of a model beside deduced ones, as fixtures/insights/joining.md tells them."""

from collections.abc import Iterator

import pytest

from sleeplsp.core.located import ModuleClaims
from tests.fixture_files import FIXTURES, Case, read_cases
from tests.opened import opened_case

CASES = read_cases(FIXTURES / "insights" / "joining.md")


def told(claims: ModuleClaims) -> Iterator[str]:
    if claims.summary:
        yield f"summary: {claims.summary}"
    for symbol, each in sorted(claims.symbols.items()):
        yield from (f"{symbol}: invariant: {one.grade}: {one.sentence}" for one in each.invariants)
        suspected = (located.suspicion for located in each.suspicions)
        yield from (f"{symbol}: suspicion: {one.grade}: {one.message}" for one in suspected)
        yield from (f"{symbol}: question: {one.grade}: {one.question}" for one in each.questions)
    for ref, linked in claims.linked.items():
        if ref.startswith(f"{claims.path}::"):
            continue
        yield from (f"{claims.path} -> {ref}: {one.sentence}" for one in linked.invariants)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_what_is_taken_up(case: Case) -> None:
    workspace, _, _ = opened_case(case)
    modules = workspace.snapshot.modules.values()
    lines = [line for each in modules if each.claims is not None for line in told(each.claims)]
    assert lines == case.texts("told")[0].splitlines()
