"""What is held of replies, and what is dropped."""

from collections import Counter

import pytest

from sleeplsp.core.insight import Grade
from sleeplsp.prompts.reply.held import DropReason
from tests.fixture_files import Case
from tests.prompts.reply_cases import cases, heard, held_lines

CASES = list(cases())
Files = tuple[tuple[str, str], ...]


@pytest.mark.parametrize(("suite", "case", "files"), CASES, ids=[f"{s}: {c.name}" for s, c, _ in CASES])
def test_reply(suite: str, case: Case, files: Files) -> None:
    held = heard(case, files)
    assert list(held_lines(held)) == _lines(case, "held"), suite
    assert [each.reason.value for each in held.drops] == _lines(case, "dropped")
    claims = [(each.grade, each.support) for each in held.invariants]
    claims += [(each.grade, each.support) for each in held.suspicions]
    claims += [(each.grade, each.support) for each in held.questions]
    assert {grade for grade, _ in claims} <= {Grade.SINGLE}
    assert all(support and all(each.digest for each in support) for _, support in claims)
    assert not any(each.shown for each in held.suspicions)


def test_there_is_a_case_for_every_reason() -> None:
    assert len(CASES) >= 60
    reasons = Counter(line for _, case, _ in CASES for line in _lines(case, "dropped"))
    assert {each.value for each in DropReason} <= reasons.keys()


def _lines(case: Case, word: str) -> list[str]:
    return [line for text in case.texts(word) for line in text.splitlines()]
