"""Redaction: planted keys go, and nothing else does."""

import re
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sleeplsp.prompts.redacted import MARK, Secret, placeholder, redacted
from sleeplsp.redact import redact
from sleeplsp.redact.expressions import groups
from tests.fixture_files import FIXTURES, Case, read_cases

PLANTED = read_cases(FIXTURES / "redact" / "planted.md")
GIVEN = [
    (block.word, line)
    for case in read_cases(FIXTURES / "redact" / "given.md")
    for block in case.blocks
    for line in block.text.splitlines()
]
KEPT = [
    (case.name, line)
    for case in read_cases(FIXTURES / "redact" / "kept.md")
    for line in case.texts("python")[0].splitlines()
]


@pytest.mark.parametrize("case", PLANTED, ids=lambda case: case.name)
def test_a_planted_key_is_taken_out(case: Case) -> None:
    marked = case.texts("python")[0].replace("·", "")
    before, _, rest = marked.partition("⟦")
    key, _, behind = rest.partition("⟧")
    kind = case.texts("found")[0].strip()
    found = redact(before + key + behind)
    assert found.text == before + placeholder(kind) + behind
    assert found.found == (Secret(kind, before.count("\n"), len(before), len(before + key)),)


@pytest.mark.parametrize(("kind", "line"), GIVEN)
def test_what_a_name_is_given_is_taken_out(kind: str, line: str) -> None:
    """Every marked value, whole, and nothing beside."""
    said = re.sub("⟦.*?⟧", placeholder(kind), line)
    assert redact(re.sub("[⟦⟧]", "", line)).text == said


@pytest.mark.parametrize(("name", "line"), KEPT)
def test_what_is_no_secret_stays(name: str, line: str) -> None:
    assert redact(line).found == (), name


def test_all_kinds_have_a_case() -> None:
    assert len(PLANTED) >= 40
    assert len({each.texts("found")[0] for each in PLANTED}) >= 20


def test_the_code_around_still_parses_and_lines_are_told() -> None:
    text = "import os\n\npassword = 'hunter2'\nother = 1\npwd = 'swordfish'\n"
    found = redact(text)
    compile(found.text, "redacted", "exec")
    assert [each.line for each in found.found] == [2, 4]


PIECES = st.sampled_from(
    [
        *(each.texts("python")[0].replace("·", "") for each in PLANTED),
        *(re.sub("[⟦⟧]", "", line) for _, line in GIVEN),
        "password = ",
        '"',
        "'",
        "\n",
        "x",
        " ",
    ]
)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.one_of(PIECES, st.text(max_size=20)), max_size=6).map("".join))
def test_any_text_is_redacted_once_and_for_all(text: str) -> None:
    found = redact(text)
    spans = [(each.start, each.end) for each in found.found]
    assert spans == sorted(spans)
    assert all(one[1] <= two[0] for one, two in pairwise(spans))
    assert found == redacted(text, found.found)
    again = redact(found.text)
    assert all(MARK not in found.text[each.start : each.end] for each in again.found)


@pytest.mark.parametrize("text", ["(" * 9 + "'swordfish'" + ")" * 9, "a = " * 4 + "'swordfish'"])
def test_an_expression_that_is_made_to_take_time_is_given_up(text: str) -> None:
    assert list(groups(text, 0, with_tables=True)) == []
    assert len(list(groups(text[4:], 0, with_tables=True))) == 1
