"""Answers that are there before the question, as fixtures/ask/deduced.md tells: what was deduced."""

import pytest

from sleeplsp.answers.ask.answering import answer, nearest
from sleeplsp.answers.ask.subject import subjects
from sleeplsp.core.snapshot import Snapshot
from tests.fixture_files import FIXTURES, Case, read_cases
from tests.opened import opened_case

CASES = read_cases(FIXTURES / "ask" / "deduced.md")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_deduced_claims_answer_what_they_surely_answer(case: Case) -> None:
    workspace, _, _ = opened_case(case)
    (lines,) = case.texts("answers")
    told = [
        f"[{at}] {asked} -> {_told(workspace.snapshot, at, asked)}".rstrip() for at, asked in _asked(lines)
    ]
    assert told == lines.splitlines()


def test_other_wordings_help_to_find_a_question() -> None:
    case = next(each for each in CASES if each.name.startswith("Other wordings"))
    snapshot = opened_case(case)[0].snapshot
    asked = "Is the order relevant?"
    assert _told(snapshot, "a.py::find", asked) == ""
    near = nearest(snapshot, asked, subjects(snapshot, asked, "a.py", case.files["a.py"].index("find")))
    assert [each.text for each in near][:1] == ["Which item is preferred?"]


def _asked(lines: str) -> list[tuple[str, str]]:
    found = (line[1:].partition("] ") for line in lines.splitlines())
    return [(at, rest.partition(" ->")[0]) for at, _, rest in found]


def _told(snapshot: Snapshot, at: str, asked: str) -> str:
    path, _, symbol = at.partition("::")
    module = snapshot.modules.get(path)
    offset = -1
    if module is not None:
        offset = next(each.name_start for each in module.symbols if each.id == symbol)
    found = answer(snapshot, asked, subjects(snapshot, asked, path, offset))
    return f"{found.question} | {found.answer}".replace("\n", " ") if found is not None else ""
