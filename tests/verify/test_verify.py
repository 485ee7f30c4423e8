"""What comes of checks, as fixtures/verify tells it: with its own limits alone, and in bubblewrap."""

import sys
from pathlib import Path

import pytest

from sleeplsp.verify.process import CALL_SECONDS_MAX
from sleeplsp.verify.sandbox import can_wrap
from tests.fixture_files import FIXTURES, Case, read_cases
from tests.verify.cases import SHORT_CALL_SECONDS, checks, contents, modules, tried, written


@pytest.fixture(autouse=True)
def secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the user's own environment may hold."""
    monkeypatch.setenv("SOME_API_KEY", "secret")
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")


def cases(*suites: str) -> list[object]:
    return [
        pytest.param(case, suite == "ends", id=f"{suite}: {case.name}")
        for suite in suites
        for case in read_cases(FIXTURES / "verify" / f"{suite}.md")
    ]


needs_bubblewrap = pytest.mark.skipif(
    not can_wrap(sys.executable, ()), reason="bubblewrap is not installed, or may not be used here"
)


@pytest.mark.parametrize(
    ("case", "is_short"), cases("arguments", "functions", "verdicts", "modules", "ends", "deaths", "refused")
)
def test_what_comes_of_checks(case: Case, is_short: bool, tmp_path: Path) -> None:  # noqa: FBT001 - a value
    _stands(case, tmp_path, is_short=is_short, may_wrap=False)


@needs_bubblewrap
@pytest.mark.parametrize(("case", "is_short"), cases("deaths", "refused"))
def test_the_same_in_bubblewrap(case: Case, is_short: bool, tmp_path: Path) -> None:  # noqa: FBT001 - as above
    _stands(case, tmp_path, is_short=is_short, may_wrap=True)


def _stands(case: Case, root: Path, *, is_short: bool, may_wrap: bool) -> None:
    before = written(case, root)
    block = checks(case)
    seconds = SHORT_CALL_SECONDS if is_short else CALL_SECONDS_MAX
    found = tried(root, block, led_to=modules(case), may_wrap=may_wrap, call_seconds_max=seconds)
    assert found == block.text
    assert contents(root) == before
