"""What fails while a workspace is thought about: it is told, the others go on, and it is never stored."""

from collections.abc import Iterable, Sequence

import pytest

from sleeplsp.cache.memory import MemoryStore
from sleeplsp.core.contract import UNKNOWN_CONTRACT
from sleeplsp.core.facts import ModuleFacts
from sleeplsp.core.row import address
from sleeplsp.core.text import Text, text_digest
from sleeplsp.engine.work import FunctionResult, IsCurrent, SourceFile, Sources, UnitJob, always
from sleeplsp.workers.inline import InlineWorker
from sleeplsp.workers.workbench import Workbench
from tests.check_cases import library
from tests.thinking import EditedFiles, Thinker

FILES = {
    "bad.py": "def g():\n    return None\n\ndef beside():\n    return 1\n",
    "caller.py": "from bad import g\n\ndef f():\n    return g()\n",
    "good.py": "def h():\n    return 1\n",
}


class FailingCrew(InlineWorker):
    """Fails at one function, or at one module, for as long as it is told to."""

    def __init__(self, *, function: str = "", module: str = "") -> None:
        super().__init__(Workbench(library()))
        self.function = function
        self.module = module

    def read(self, sources: Sequence[SourceFile]) -> list[ModuleFacts | str]:
        answers = zip(sources, super().read(sources), strict=True)
        return ["no paper" if source.path == self.module else answer for source, answer in answers]

    def deduce(
        self, units: Sequence[UnitJob], sources: Sources, is_current: IsCurrent = always
    ) -> list[FunctionResult]:
        return [self._spoilt(each) for each in super().deduce(units, sources, is_current)]

    def _spoilt(self, result: FunctionResult) -> FunctionResult:
        if result.ref != self.function:
            return result
        return FunctionResult(
            ref=result.ref,
            contract=UNKNOWN_CONTRACT,
            invariants=(),
            suspicions=(),
            changes=(),
            complete=False,
            failure="no ink",
        )


class SpoiltStore(MemoryStore):
    """Gives back what another store holds, but for some rows."""

    def __init__(self, whole: MemoryStore, prefix: str, damage: bytes | None) -> None:
        super().__init__()
        self._whole = whole
        self._prefix = prefix
        self._damage = damage

    def get_many(self, keys: Iterable[str]) -> dict[str, bytes]:
        found = self._whole.get_many(keys)
        spoilt = [key for key in found if key.startswith(self._prefix)]
        for key in spoilt:
            del found[key]
        if self._damage is not None:
            found.update(dict.fromkeys(spoilt, self._damage))
        return found


def stored(thinker: Thinker) -> set[str]:
    """Return the modules of which the store holds a row."""
    keys = {
        path: address(path, text_digest(Text.from_str(text)), "test")
        for path, text in thinker.files.files.items()
    }
    found = thinker.store.get_many(keys.values())
    return {path for path, key in keys.items() if key in found}


def test_a_function_that_fails_marks_its_module_and_the_others_go_on() -> None:
    thinker = Thinker(EditedFiles(FILES), workers=[FailingCrew(function="bad.py::g")])
    night = thinker.think()
    assert night.outcome.failed == {"bad.py": "no ink"}
    assert {path: row.failure for path, row in night.rows.items()} == {
        "bad.py": "no ink",
        "caller.py": "",
        "good.py": "",
    }
    assert night.rows["bad.py"].functions["beside"].complete
    assert stored(thinker) == {"caller.py", "good.py"}


def test_a_module_that_cannot_be_read_is_told_and_the_others_go_on() -> None:
    thinker = Thinker(EditedFiles(FILES), workers=[FailingCrew(module="bad.py")])
    night = thinker.think()
    assert night.outcome.failed == {"bad.py": "no paper"}
    assert night.rows.keys() == {"caller.py", "good.py"}
    assert stored(thinker) == {"caller.py", "good.py"}


@pytest.mark.parametrize("what", ["function", "module"])
def test_what_failed_is_tried_again_by_the_same_process(what: str) -> None:
    crew = FailingCrew(function="bad.py::g") if what == "function" else FailingCrew(module="bad.py")
    thinker = Thinker(EditedFiles(FILES), workers=[crew])
    thinker.think()
    again = thinker.think()
    assert "bad.py" in again.outcome.failed
    assert stored(thinker) == {"caller.py", "good.py"}
    crew.function = crew.module = ""
    mended = thinker.think()
    assert mended.outcome.failed == {}
    assert "bad.py::g" in mended.deduced
    assert "caller.py::f" in mended.deduced
    assert mended.rows == Thinker(EditedFiles(FILES)).think().rows
    assert stored(thinker) == set(FILES)
    assert thinker.think().deduced == set()


def test_a_file_that_is_taken_away_leaves_no_row_and_its_callers_are_deduced_again() -> None:
    files = EditedFiles(FILES)
    thinker = Thinker(files)
    thinker.think()
    files.remove("bad.py")
    night = thinker.think()
    assert night.outcome.failed == {}
    assert night.rows.keys() == {"caller.py", "good.py"}
    assert night.deduced == {"caller.py::f"}


def test_a_file_that_is_listed_and_cannot_be_read_any_more_fails_alone() -> None:
    files = EditedFiles(FILES)
    first = Thinker(files)
    first.think()
    files.edit({"caller.py": FILES["caller.py"].replace("g()", "g(1)")})
    del files.files["caller.py"]
    night = first.think()
    assert night.rows.keys() == {"bad.py", "good.py"}


@pytest.mark.parametrize("damage", [b"", b"\x00", b"not msgpack at all", None])
def test_rows_that_are_damaged_or_gone_are_made_again(damage: bytes | None) -> None:
    files = EditedFiles(FILES)
    first = Thinker(files)
    whole = first.think()
    for spoilt in ("row/", "manifest/"):
        store = SpoiltStore(first.store, spoilt, damage)
        night = Thinker(files, store).think()
        assert night.rows == whole.rows
        assert night.outcome.failed == {}
        assert bool(night.deduced) is (spoilt == "row/")


def test_another_recipe_finds_nothing() -> None:
    files = EditedFiles(FILES)
    first = Thinker(files)
    whole = first.think()
    other = Thinker(files, first.store, recipe="another").think()
    assert other.deduced == whole.deduced
    assert Thinker(files, first.store).think().deduced == set()
