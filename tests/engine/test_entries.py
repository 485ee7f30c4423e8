"""Entries for a journal: what is kept of reasons, and what workspaces and suspicions are called."""

import pytest

from sleeplsp.core.insight import Place, Severity, Suspicion
from sleeplsp.engine.entries import REASON_CHARACTERS_MAX, root_digest, suspects, without_quotations
from tests.fixture_files import FIXTURES, Case, read_cases

CASES = {case.name: case for case in read_cases(FIXTURES / "journal" / "reasons.md")}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_what_is_noted_of_a_reason(case: Case) -> None:
    [told], [kept] = case.texts("told"), case.texts("kept")
    assert without_quotations(told) == kept.strip()


def test_a_reason_is_short() -> None:
    assert len(without_quotations("word " * 1000)) == REASON_CHARACTERS_MAX


def test_a_workspace_is_called_by_a_digest() -> None:
    names = {root_digest(each) for each in ("/a", "/b", "", "/\udcff")}
    assert len(names) == 4
    assert all(len(each) == 16 and int(each, 16) >= 0 for each in names)


def test_what_edited_code_is_suspected_of_is_about_the_same() -> None:
    one, other, elsewhere = suspects("a.py", [suspicion("1"), suspicion("2"), suspicion("3", "g")])
    assert (one.id, one.check) == ("1", "none-dereference")
    assert one.about == other.about != elsewhere.about
    assert suspects("b.py", [suspicion("1")])[0].about != one.about


def suspicion(name: str, symbol: str = "f") -> Suspicion:
    return Suspicion(
        category="none-dereference",
        symbol=symbol,
        place=Place(f"a.py::{symbol}", 0, 0),
        quote="secret.upper",
        message="`secret` may be `None`",
        severity=Severity.WARNING,
        evidence=(),
        id=name,
    )
