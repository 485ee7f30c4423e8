"""The baseline: what it hides, how it goes with the code, and that a file of it stays as people wrote it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from sleeplsp.core.baseline import (
    NO_BASELINE,
    Dismissal,
    added,
    baseline_of,
    digest_of,
    dismissal_of,
    read,
    without,
)
from sleeplsp.core.insight import Place, Severity, Suspicion

SUSPICION = Suspicion(
    category="none-dereference",
    symbol="run",
    place=Place("a.py::run", 3, 4),
    quote="load(key).upper",
    message="",
    severity=Severity.WARNING,
    evidence=(),
    id="0123456789abcdef",
)
ENTRY = dismissal_of(SUSPICION, "it is  never\nempty")


def always(_path: str) -> bool:
    return True


def never(_path: str) -> bool:
    return False


def test_an_entry_hides_its_suspicion_by_the_id() -> None:
    baseline = baseline_of([ENTRY])
    assert ENTRY.reason == "it is never empty"
    assert baseline.hides(SUSPICION, always) == ENTRY
    assert baseline.hides(replace(SUSPICION, id="another"), always) is None
    assert NO_BASELINE.hides(SUSPICION, always) is None


def test_an_entry_moves_with_the_code_to_another_file_once_its_own_is_gone() -> None:
    baseline = baseline_of([ENTRY])
    moved = replace(SUSPICION, id="another", place=Place("b.py::run", 9, 9), quote="load(key) .upper")
    assert baseline.hides(moved, never) == ENTRY
    assert baseline.hides(moved, always) is None, "a copy of the code is another suspicion"
    for other in (
        replace(moved, symbol="walk"),
        replace(moved, category="unused-result"),
        replace(moved, quote="load(name).upper"),
        replace(moved, place=SUSPICION.place),
    ):
        assert baseline.hides(other, never) is None


@given(st.lists(st.text(), min_size=5, max_size=5), st.text())
def test_what_was_added_is_read_again(names: list[str], reason: str) -> None:
    entry = Dismissal(
        id=names[0], category=names[1], path=names[2], symbol=names[3], quote=names[4], reason=reason
    )
    text = added("", entry)
    assert read(text) == (baseline_of([entry]), ())
    assert added(text, entry) == text


def test_a_file_stays_as_it_was_written_but_for_what_is_added_and_taken_away() -> None:
    fields = "".join(f'{name} = "1"\n' for name in ("id", "category", "path", "symbol", "quote", "reason"))
    written = f"# Ours.\n\n[[dismissed]]\n{fields}"
    more = added(written, ENTRY)
    assert more.startswith(written)
    assert [each.id for each in read(more)[0].entries] == ["1", ENTRY.id]
    assert without(more, {ENTRY.id}).rstrip("\n") == written.rstrip("\n")
    assert without(more, {"2"}) == more
    assert without(more, {"1", ENTRY.id}).strip() == "# Ours."


@pytest.mark.parametrize(
    ("text", "entries"),
    [
        ("dismissed = 1", 0),
        ("[[dismissed]", 0),
        ("[[dismissed]]\nid = 1", 0),
        ("[[dismissed]]\nid = 'a'", 0),
        ("[dismissed]\nid = 'a'", 0),
        ("x = " + "[" * 5_000, 0),
        (added("", ENTRY) + "\n[[dismissed]]\nid = 2\n", 1),
    ],
)
def test_what_makes_no_sense_is_left_out_and_told(text: str, entries: int) -> None:
    found, warnings = read(text)
    assert len(found.entries) == entries
    assert len(warnings) == 1
    assert "\n" not in warnings[0]


def test_of_two_entries_for_one_suspicion_the_first_counts() -> None:
    second = replace(ENTRY, reason="no")
    assert baseline_of([ENTRY, second]).hides(SUSPICION, always) == ENTRY
    assert digest_of("a  b\n") == digest_of("ab")
