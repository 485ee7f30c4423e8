"""Growing effort: a first look at everything, a deeper one where the first was cut off and it pays."""

import pytest

from sleeplsp.deduce.effort import DEEPEST, FIRST
from sleeplsp.engine.asking import Asked
from tests.thinking import EditedFiles, Thinker

# Every way to the last line has to be walked to see that none of them comes there with None.
WINDING = """\
def winding(a, b):
    v = None if a else 1
    n = 0
{turns}
    if not a:
        return v.real
    return n
"""
TURNS = "\n".join(f"    if b[{each}]:\n        n = {each}" for each in range(10))
TWO_CALLERS = "\n\ndef one(x):\n    return winding(x, x)\n\ndef two(x):\n    return winding(x, x)\n"


def effort_of(files: EditedFiles) -> tuple[int, bool, Thinker]:
    thinker = Thinker(files)
    row = thinker.think().rows["a.py"].functions["winding"]
    return row.effort, row.cut, thinker


def test_what_nobody_calls_is_left_at_the_first_look() -> None:
    effort, cut, _ = effort_of(EditedFiles({"a.py": WINDING.format(turns=TURNS)}))
    assert (effort, cut) == (FIRST, True)


def test_what_is_short_needs_no_more_than_a_first_look() -> None:
    effort, cut, _ = effort_of(EditedFiles({"a.py": WINDING.format(turns="") + TWO_CALLERS}))
    assert (effort, cut) == (FIRST, False)


def test_what_many_call_is_thought_about_more_and_the_store_knows_it() -> None:
    files = EditedFiles({"a.py": WINDING.format(turns=TURNS) + TWO_CALLERS})
    effort, cut, thinker = effort_of(files)
    assert (effort, cut) == (DEEPEST, False)
    assert Thinker(files, thinker.store).think().outcome.deduced == 0


@pytest.mark.parametrize("shown", [True, False])
def test_what_somebody_looks_at_is_thought_about_more(*, shown: bool) -> None:
    deduction = Thinker(EditedFiles({"a.py": WINDING.format(turns=TURNS)})).deduction
    deduction.ask(Asked(shown=("a.py",) if shown else ()))
    while deduction.outcome is None:
        if not deduction.step() and deduction.outcome is None:
            deduction.wait()
    assert deduction.rows["a.py"].functions["winding"].effort == (DEEPEST if shown else FIRST)
