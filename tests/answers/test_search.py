"""Searches, as fixtures/navigation/search.md tells them; cases are opened as `tests.opened` says."""

import pytest

from sleeplsp.answers.definitions import defined
from sleeplsp.answers.search import FOUND_MAX, Fit, Found, best, matches
from sleeplsp.core.snapshot import Snapshot
from tests.answers.told import line_of
from tests.fixture_files import FIXTURES, Case, read_cases
from tests.opened import opened, opened_case

CASES = read_cases(FIXTURES / "navigation" / "search.md")


@pytest.mark.parametrize("case", CASES, ids=[each.name for each in CASES])
def test_searches_are_as_the_fixture_says(case: Case) -> None:
    workspace, _, _ = opened_case(case)
    snapshot = workspace.snapshot
    (query,), (expected,) = case.texts("search"), case.texts("found")
    found = best([*matches(snapshot, query.strip())])
    assert "".join(_told(case, snapshot, each) for each in found) == expected


def _told(case: Case, snapshot: Snapshot, found: Found) -> str:
    symbol = defined(snapshot, found.ref)
    assert symbol is not None
    assert (symbol.path, symbol.short) == (found.path, found.name)
    return f"{symbol.kind} {symbol.ref}  {line_of(case, snapshot, symbol.name)}\n"


def test_where_nothing_is_looked_for_not_all_is_looked_through() -> None:
    names = [f"f{number:03}" for number in range(FOUND_MAX)]
    text = "".join(f"def {each}(): pass\n" for each in names)
    snapshot = opened({"a.py": text, "b.py": text, "c.py": text}, []).snapshot
    assert [len(each) for each in matches(snapshot, "")] == [FOUND_MAX]
    assert [len(each) for each in matches(snapshot, "f")] == [FOUND_MAX] * 3


def test_no_more_are_told_than_anybody_reads() -> None:
    names = [f"load_{number:03}" for number in range(FOUND_MAX + 5)]
    workspace = opened({"a.py": "".join(f"def {each}(): pass\n" for each in names)})
    found = best([*matches(workspace.snapshot, "load")])
    assert [each.name for each in found] == names[:FOUND_MAX]
    assert {each.fit for each in found} == {Fit.BEGINS}
