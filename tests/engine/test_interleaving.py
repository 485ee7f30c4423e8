"""Edits while workers are at it: whatever is answered too late, nothing of it is believed."""

import random
import threading
from collections.abc import Sequence

import pytest

from sleeplsp.core.facts import ModuleFacts
from sleeplsp.core.text import Text
from sleeplsp.engine.asking import Asked
from sleeplsp.engine.deduction import Deduction
from sleeplsp.engine.work import FunctionResult, IsCurrent, SourceFile, Sources, UnitJob, always
from sleeplsp.workers.inline import InlineWorker
from sleeplsp.workers.workbench import Workbench
from tests.check_cases import library
from tests.engine.test_increments import VARIANTS, edits
from tests.thinking import EditedFiles, Thinker


class HeldWorker(InlineWorker):
    """Begins with nothing before it is let."""

    def __init__(self, *, heeds: bool) -> None:
        super().__init__(Workbench(library()))
        self.turn = threading.Semaphore(0)
        self._has_begun = False
        self._heeds = heeds
        """It gives up what is outdated; or else finishes it, as one does that is recalled too late."""

    def read(self, sources: Sequence[SourceFile]) -> list[ModuleFacts | str]:
        if not self._has_begun:  # what it reads to deduce is of the same turn
            self.turn.acquire()
        return super().read(sources)

    def deduce(
        self, units: Sequence[UnitJob], sources: Sources, is_current: IsCurrent = always
    ) -> list[FunctionResult]:
        self.turn.acquire()
        self._has_begun = True
        results = super().deduce(units, sources, is_current if self._heeds else always)
        self._has_begun = False
        return results


def go_on(deduction: Deduction, worker: HeldWorker) -> None:
    """Do one thing: a step, or let the worker finish one thing and open its mail."""
    if not deduction.step() and deduction.outcome is None:
        worker.turn.release()
        deduction.wait()


@pytest.mark.parametrize("heeds", [True, False], ids=["recalled", "recalled too late"])
@pytest.mark.parametrize("seed", range(12))
def test_what_is_edited_while_a_worker_is_at_it(seed: int, *, heeds: bool) -> None:
    files = EditedFiles({path: texts[0] for path, texts in VARIANTS.items()})
    worker, steps = HeldWorker(heeds=heeds), random.Random(seed)
    deduction = Thinker(files, workers=[worker]).deduction
    deduction.ask(Asked())
    for edit in edits(seed, 14):
        for _ in range(steps.randrange(5)):
            go_on(deduction, worker)
        if deduction.outcome is None:
            deduction.step()  # something is handed out, and the edit comes before it is begun
        deduction.ask(Asked(held={path: Text.from_str(text) for path, text in edit.items()}, scan=False))
        files.edit(edit)
    while deduction.outcome is None:
        go_on(deduction, worker)
    assert dict(deduction.rows) == Thinker(files).think().rows


TORN = {
    "a.py": "import b\n\ndef f(x):\n    if x:\n        b.g(x - 1)\n    return x()()\n",
    "b.py": "import a\nimport c\n\ndef g(x):\n    a.f(x)\n    return c.c(x)\n",
    "c.py": "def c(x):\n    return 1\n",
}


def test_an_edit_that_tears_a_circle_apart_while_a_worker_is_at_it() -> None:
    files, worker = EditedFiles(dict(TORN)), HeldWorker(heeds=True)
    deduction = Thinker(files, workers=[worker]).deduction

    def finish() -> None:
        while deduction.outcome is None:
            go_on(deduction, worker)

    def edit(path: str, before: str, after: str) -> None:
        text = TORN[path].replace(before, after)
        files.edit({path: text})
        deduction.ask(Asked(held={path: Text.from_str(text)}, scan=False))

    deduction.ask(Asked())
    finish()
    edit("c.py", "return 1", "return None")
    go_on(deduction, worker)
    go_on(deduction, worker)
    deduction.step()
    assert not deduction.is_decided("b.py")
    edit("a.py", "b.g(", "x(")
    finish()
    assert dict(deduction.rows) == Thinker(files).think().rows
