"""Which fixes pass: each is tried on the code as it would be, and withheld unless that is better."""

from collections.abc import Sequence

import pytest
from msgspec.structs import replace

from sleeplsp.core.facts import ModuleFacts
from sleeplsp.core.insight import Fix
from sleeplsp.engine.outcome import FixCounts
from sleeplsp.engine.work import Change, FunctionResult, IsCurrent, SourceFile, Sources, UnitJob, always
from sleeplsp.workers.inline import InlineWorker
from sleeplsp.workers.workbench import Workbench
from tests.check_cases import library
from tests.thinking import EditedFiles, Thinker

SUSPECTED = 'x is "a"'
ALONE = f"def find(x):\n    return {SUSPECTED}\n\ndef beside():\n    return 1\n"


class ProposingCrew(InlineWorker):
    """Proposes one text in place of the suspected one, whatever a check would propose."""

    def __init__(self, instead: str) -> None:
        super().__init__(Workbench(library()))
        self._instead = instead
        self._sources: dict[str, bytes] = {}

    def read(self, sources: Sequence[SourceFile]) -> list[ModuleFacts | str]:
        self._sources.update((each.path, each.source) for each in sources)
        return super().read(sources)

    def deduce(
        self, units: Sequence[UnitJob], sources: Sources, is_current: IsCurrent = always
    ) -> list[FunctionResult]:
        return [self._proposing(each) for each in super().deduce(units, sources, is_current)]

    def _proposing(self, result: FunctionResult) -> FunctionResult:
        source = self._sources[result.ref.partition("::")[0]]
        start = source.find(SUSPECTED.encode())
        if start < 0:
            return result
        change = Change(start, start + len(SUSPECTED), self._instead)
        fixes = tuple(replace(each, fix=Fix("Mend", ())) for each in result.suspicions)
        return replace(result, suspicions=fixes, changes=((change,),) * len(fixes))


def is_offered(files: dict[str, str], instead: str) -> bool:
    """Think about a workspace with one suspicion; tell whether its fix is offered."""
    night = Thinker(EditedFiles(files), workers=[ProposingCrew(instead)]).think()
    [suspicion] = [
        each for row in night.rows.values() for one in row.functions.values() for each in one.suspicions
    ]
    counts = night.outcome.fixes
    assert counts == (FixCounts(1, 0) if suspicion.fix is not None else FixCounts(0, 1))
    return suspicion.fix is not None


@pytest.mark.parametrize("instead", ["x == 'a'", "x is None"])
def test_a_fix_that_mends_and_breaks_nothing_is_offered(instead: str) -> None:
    assert is_offered({"a.py": ALONE}, instead)


@pytest.mark.parametrize(
    "instead",
    [
        "x is (",
        "x == 'a'\n)",
        "x is 'b'",
        "x == 'a' and y is 'b'",
        "x == 'a' or x == 'a'",
        "x == 'a'\n\ndef new(): pass",
        "x is 'a' # nothing",
    ],
)
def test_a_fix_that_does_not_parse_or_mend_or_breaks_something_is_withheld(instead: str) -> None:
    assert not is_offered({"a.py": ALONE}, instead)


RETURNS_IT = "from a import find\ndef f(x):\n    return find(x)\n"
DROPS_IT = "from a import find\ndef f(x):\n    find(x)\n    return x.a\n"
KNOWS_IT_NOT = "def f(x):\n    return x\n"


@pytest.mark.parametrize(
    ("caller", "instead"), [(RETURNS_IT, "x is not None"), (DROPS_IT, "x == 'a'"), (KNOWS_IT_NOT, "x == 'a'")]
)
def test_a_fix_that_changes_no_other_contract_is_offered(caller: str, instead: str) -> None:
    assert is_offered({"a.py": ALONE, "b.py": caller}, instead)


def test_a_fix_that_changes_another_functions_contract_is_withheld() -> None:
    assert not is_offered({"a.py": ALONE, "b.py": RETURNS_IT}, "x == 'a'")


def test_after_a_trial_the_code_is_thought_about_as_it_is() -> None:
    source = f"from b import g\ndef find(x):\n    g(x)\n    return {SUSPECTED}\n"
    files = EditedFiles({"a.py": source, "b.py": "def g(x):\n    return 1\n"})
    thinker = Thinker(files, workers=[ProposingCrew("x == 'a'")])
    assert thinker.think().outcome.fixes.offered == 1
    files.edit({"b.py": "def g(x):\n    return None\n"})
    night = thinker.think()
    assert night.deduced == {"a.py::find", "b.py::g"}
    assert night.rows["a.py"].functions["find"].suspicions
