"""The deducer that starts ahead: whether it can or not, whoever needs one is told the truth."""

import sys

import pytest

from sleeplsp.cli import spare


@pytest.fixture(autouse=True)
def _none_ahead(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spare, "_ahead", [])


def test_the_one_that_started_ahead_is_given_away_once() -> None:
    spare.start_ahead()
    first, second = spare.start(), spare.start()
    assert first.pid != second.pid
    for each in (first, second):
        _, _ = each.communicate()  # nobody needs it: it ends
        assert each.returncode == 0


def test_where_none_can_start_it_is_told_when_one_is_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    spare.start_ahead()
    with pytest.raises(OSError, match="nowhere"):
        spare.start()
