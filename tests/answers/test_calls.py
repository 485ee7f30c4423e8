"""Calls, as fixtures/navigation/calls.md tells them.

Cases are opened as `tests.opened` says.
"""

import pytest

from sleeplsp.answers.calls import REFERENCES_MAX, Related, at, incoming, outgoing, references
from sleeplsp.answers.definitions import Where
from sleeplsp.core.snapshot import Snapshot
from tests.answers.told import line_of
from tests.fixture_files import FIXTURES, Case, read_cases
from tests.opened import opened, opened_case

CASES = read_cases(FIXTURES / "navigation" / "calls.md")


@pytest.mark.parametrize("case", CASES, ids=[each.name for each in CASES])
def test_calls_are_as_the_fixture_says(case: Case) -> None:
    workspace, path, offset = opened_case(case)
    snapshot = workspace.snapshot
    found = at(snapshot, path, offset)
    assert (found == []) == bool(case.texts("nothing"))
    for expected in case.texts("references"):
        assert _lines(case, snapshot, references(snapshot, found[0].ref)) == expected
    for word, answer in (("incoming", incoming), ("outgoing", outgoing)):
        for expected in case.texts(word):
            assert _told(case, snapshot, answer(snapshot, found[0].ref)) == expected


def _told(case: Case, snapshot: Snapshot, found: list[Related]) -> str:
    return "".join(
        f"{each.symbol.kind} {each.symbol.ref}\n{_lines(case, snapshot, each.names, '  ')}" for each in found
    )


def _lines(case: Case, snapshot: Snapshot, found: list[Where] | tuple[Where, ...], before: str = "") -> str:
    return "".join(f"{before}{line_of(case, snapshot, each)}\n" for each in found)


def test_no_more_are_told_than_anybody_reads() -> None:
    text = "def f(): pass\n" + "f()\n" * (REFERENCES_MAX + 1)
    snapshot = opened({"a.py": text}, []).snapshot
    assert len(references(snapshot, "a.py::f")) == REFERENCES_MAX
    (found,) = incoming(snapshot, "a.py::f")
    assert len(found.names) == REFERENCES_MAX
