"""Cases of drift: a small workspace before and after an edit, and what is told of it.

In `fixtures/drift/*.md` every heading is a case. `python` blocks are the files before, `after` blocks those
that the edit leaves otherwise, `gone` blocks those that it removes; a `renamed` block says `old.py new.py`. A
`told` block says what is told, with the place of the mark and below it the callers:

    store.py:3:16: warning: `load()` may return `None` now when `not key`; its only caller relies on a value
        main.py:4:11: `main` relies on a value here

A case without one must stay silent.
"""

from collections.abc import Iterator

from sleeplsp.cache.memory import MemoryStore
from sleeplsp.core.insight import Evidence, Place
from sleeplsp.engine.deduction import Deduction
from sleeplsp.engine.drift.base import base_of
from sleeplsp.engine.drift.drifted import Drifted, lost_in
from sleeplsp.engine.drift.keeper import drift_of
from sleeplsp.engine.locate import Locator
from sleeplsp.workers.inline import InlineWorker
from sleeplsp.workers.workbench import Workbench
from tests.check_cases import TextFiles, deduced, library
from tests.fixture_files import FIXTURES, Case

DRIFT_FIXTURES = sorted((FIXTURES / "drift").glob("*.md"))


def before(case: Case) -> dict[str, str]:
    """Return the files of a case before the edit."""
    return {each.path: each.text for each in case.blocks if each.word == "python"}


def after(case: Case) -> dict[str, str]:
    """Return the files of a case after it."""
    edited = {each.path: each.text for each in case.blocks if each.word == "after"}
    gone = {each.path for each in case.blocks if each.word == "gone"}
    gone.update(renamed(case).values())
    return {path: text for path, text in {**before(case), **edited}.items() if path not in gone}


def renamed(case: Case) -> dict[str, str]:
    """Return path now -> path then."""
    pairs = (line.split() for text in case.texts("renamed") for line in text.splitlines())
    return {new: old for old, new in pairs}


def told(then: dict[str, str], now: dict[str, str], moved: dict[str, str]) -> str:
    """Return what is told of an edit, as a `told` block says it."""
    base = base_of("base", deduced(then), moved)
    worker = InlineWorker(Workbench(library()))
    deduction = Deduction("/", TextFiles(now), MemoryStore(), lambda: [worker], "test")
    assert not deduction.run().failed
    locator = Locator(deduction.text_of)
    lost = {path: lost_in(base, row, lambda: deduction.index) for path, row in deduction.rows.items()}
    lines: list[str] = []
    for each, suspicion in drift_of(base, lost, deduction):
        lines.append(f"{_at(suspicion.place, locator)}: {suspicion.severity}: {suspicion.message}")
        lines += _callers(each, suspicion.evidence[len(each.change.evidence) :], locator)
        assert suspicion.shown is (suspicion.severity == "warning")
        assert all(support.digest for support in suspicion.support)
    return "".join(f"{line}\n" for line in lines)


def _callers(each: Drifted, evidence: tuple[Evidence, ...], locator: Locator) -> Iterator[str]:
    assert len(evidence) == len(each.callers)
    for step in evidence:
        yield f"    {_at(step.place, locator)}: {step.sentence}"


def _at(place: Place, locator: Locator) -> str:
    found = locator.spot(place)
    assert found is not None, place
    return f"{found.path}:{found.start.line + 1}:{found.start.character + 1}"
