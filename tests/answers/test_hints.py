"""Inlay hints, as fixtures/hints/*.md tell them; cases are opened as `tests.opened` says."""

import pytest

from sleeplsp.answers.hints import HINTS_MAX, hints
from sleeplsp.core.snapshot import OpenModule, Snapshot
from tests.fixture_files import FIXTURES, Case, read_cases
from tests.opened import opened, opened_case

CASES = read_cases(FIXTURES / "hints" / "hints.md")


@pytest.mark.parametrize("case", CASES, ids=[each.name for each in CASES])
def test_hints_are_as_the_fixture_says(case: Case) -> None:
    workspace, _, _ = opened_case(case)
    snapshot = workspace.snapshot
    for block in case.blocks:
        if block.word == "hints":
            module = snapshot.modules[block.path]
            start, end = _range(case) or (0, len(module.text.source))
            assert _shown(snapshot, module, start, end) == block.text
    for text in case.texts("tooltip"):
        (hint,) = hints(snapshot, snapshot.modules["b.py"], 0, 1000)
        assert hint.tooltip + "\n" == text


def _range(case: Case) -> tuple[int, int] | None:
    """Return what is asked for: `asked` says two texts between which it stands."""
    for text in case.texts("asked"):
        code, (first, last) = case.blocks[0].text, text.split()
        return code.index(first), code.index(last)
    return None


def _shown(snapshot: Snapshot, module: OpenModule, start: int, end: int) -> str:
    shown = module.text.source.decode()
    for each in sorted(hints(snapshot, module, start, end), key=lambda each: -each.at):
        shown = f"{shown[: each.at]}«{each.label}»{shown[each.at :]}"
    return shown


def test_no_more_are_told_than_fit_on_a_screen() -> None:
    text = 'def f(x):\n    if x == "":\n        return None\n    return x.y\n' + "f(1)\n" * (HINTS_MAX + 1)
    workspace = opened({"a.py": text})
    snapshot = workspace.snapshot
    assert len(hints(snapshot, snapshot.modules["a.py"], 0, len(text))) == HINTS_MAX
