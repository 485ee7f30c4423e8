"""Whatever was edited, in whichever order and however far a run had come: what is known is what a first look
would tell."""

import random
from collections.abc import Iterator

import pytest

from sleeplsp.core.context import Context
from sleeplsp.core.resolved import path_in
from sleeplsp.core.text import Text
from sleeplsp.engine.asking import Asked
from sleeplsp.engine.deduction import Deduction
from tests.fixture_files import FIXTURES, Case, read_cases
from tests.thinking import EditedFiles, Thinker

VARIANTS = {case.name: case.texts("python") for case in read_cases(FIXTURES / "increments" / "variants.md")}


def edits(seed: int, count: int) -> Iterator[dict[str, str]]:
    """Yield edits: one or two modules each time become another variant."""
    chosen = random.Random(seed)
    for _ in range(count):
        paths = chosen.sample(sorted(VARIANTS), chosen.choice([1, 1, 1, 2]))
        yield {path: chosen.choice(VARIANTS[path]) for path in paths}


def finish(deduction: Deduction) -> None:
    while deduction.outcome is None:
        if not deduction.step() and deduction.outcome is None:
            deduction.wait()


@pytest.mark.parametrize("seed", range(6))
def test_after_edits_on_disk(seed: int) -> None:
    files = EditedFiles({path: texts[0] for path, texts in VARIANTS.items()})
    thinker = Thinker(files)
    thinker.think()
    for edit in edits(seed, 12):
        files.edit(edit)
        assert thinker.think().rows == Thinker(files).think().rows, edit


@pytest.mark.parametrize("seed", range(6))
def test_after_edits_that_an_editor_holds_in_the_midst_of_runs(seed: int) -> None:
    files = EditedFiles({path: texts[0] for path, texts in VARIANTS.items()})
    deduction, steps = Thinker(files).deduction, random.Random(seed)
    deduction.ask(Asked())
    for edit in edits(seed, 12):
        for _ in range(steps.randrange(6)):
            if not deduction.step() and deduction.outcome is None:
                deduction.wait()
        held = {path: Text.from_str(text) for path, text in edit.items()}
        deduction.ask(Asked(held=held, scan=steps.random() < 0.2, shown=tuple(edit)))
        files.edit(edit)
        if steps.random() < 0.4:
            finish(deduction)
            assert dict(deduction.rows) == Thinker(files).think().rows, edit
    finish(deduction)
    assert dict(deduction.rows) == Thinker(files).think().rows


def test_files_that_come_and_go() -> None:
    files = EditedFiles({path: texts[0] for path, texts in VARIANTS.items()})
    thinker = Thinker(files)
    thinker.think()
    files.remove("base.py")
    assert thinker.think().rows == Thinker(files).think().rows
    files.edit(
        {"base.py": VARIANTS["base.py"][1], "new.py": "from top import show\n\ndef f():\n    show(1)\n"}
    )
    assert thinker.think().rows == Thinker(files).think().rows


def test_a_workspace_that_is_emptied_and_filled_again() -> None:
    files = EditedFiles({path: texts[0] for path, texts in VARIANTS.items()})
    thinker = Thinker(files)
    thinker.think()
    for path in VARIANTS:
        files.remove(path)
    assert thinker.think().rows == {}
    files.edit({path: texts[1] for path, texts in VARIANTS.items()})
    assert thinker.think().rows == Thinker(files).think().rows


CONCERNS = {case.name: case for case in read_cases(FIXTURES / "increments" / "concerns.md")}


@pytest.mark.parametrize("case", CONCERNS.values(), ids=CONCERNS)
def test_an_edit_concerns_the_modules_that_looked_at_what_it_changes(case: Case) -> None:
    files = {each.path: each.text for each in case.blocks if each.word == "python"}
    edit = {each.path: each.text for each in case.blocks if each.word == "edited"}
    [concerned] = case.texts("concerned")
    deduction = Thinker(EditedFiles(files)).deduction
    deduction.run()
    looked_at: set[str] = set()
    context = deduction.knowledge.context

    def watched(ref: str) -> Context:
        looked_at.add(path_in(ref))
        return context(ref)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(deduction.knowledge, "context", watched)
        deduction.ask(Asked(held={path: Text.from_str(text) for path, text in edit.items()}, scan=False))
        finish(deduction)
    assert sorted(looked_at) == concerned.splitlines()
