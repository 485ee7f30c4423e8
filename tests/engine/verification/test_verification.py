"""Trying what a model claims: what is told then, what is stored, what waits and why."""

import threading
from collections.abc import Callable, Iterator

import pytest

from sleeplsp.core.insight import Grade
from sleeplsp.engine.outcome import Verified
from sleeplsp.engine.verification.ports import Result, UnverifiableError
from tests.engine.reflection.nights import reply
from tests.thinking import EditedFiles
from tests.verifying import EVEN, FILES, LONG, LOW, NAMES, POSITIVE, SIZES, ScriptedVerifier, Tried, claim

Begin = Callable[..., Tried]


@pytest.fixture
def files() -> EditedFiles:
    return EditedFiles(FILES)


@pytest.fixture
def verifier() -> ScriptedVerifier:
    return ScriptedVerifier({POSITIVE: Result.REFUTED})


@pytest.fixture
def begin(files: EditedFiles, verifier: ScriptedVerifier) -> Iterator[Begin]:
    opened: list[Tried] = []

    def begin(**more: object) -> Tried:
        opened.append(Tried(files, verifier, **more))  # type: ignore[arg-type]
        return opened[-1]

    yield begin
    for each in opened:
        each.close()


def test_what_holds_is_told_as_tested_and_what_does_not_is_not_told(begin: Begin) -> None:
    one = begin()
    one.sleep()
    claims = one.claims("sizes.py")
    assert claims.keys() == {EVEN, LOW}
    assert {(each.grade, each.runs) for each in claims.values()} == {(Grade.TESTED, 100)}
    assert all(each.is_by_model for each in claims.values()), "its words are a model's all the same"
    assert one.verified == Verified(state="on", waiting=0, tested=3, refuted=1, open=0)


def test_nothing_is_called_unless_the_user_lets_it(begin: Begin, verifier: ScriptedVerifier) -> None:
    one = begin(is_allowed=False)
    one.sleep()
    assert verifier.asked == []
    assert one.claims("sizes.py").keys() == {EVEN, POSITIVE, LOW}
    assert one.verified == Verified(state="off", waiting=4, tested=0, refuted=0, open=0)


def test_verdicts_are_kept_and_hold_where_nothing_may_be_called(
    begin: Begin, verifier: ScriptedVerifier
) -> None:
    one = begin()
    one.sleep()
    verifier.asked.clear()
    one.sleep()
    later = begin(store=one.night.thinker.store, is_allowed=False)
    later.sleep()
    assert verifier.asked == []
    assert later.claims("sizes.py") == one.claims("sizes.py")
    assert later.verified == Verified(state="off", waiting=0, tested=3, refuted=1, open=0)


def test_an_edit_has_those_claims_tried_again_that_rest_on_it(
    begin: Begin, verifier: ScriptedVerifier, files: EditedFiles
) -> None:
    one = begin()
    one.sleep()
    assert {each.ref for each in one.claims("names.py")[LONG].support} == {
        "names.py::label",
        "sizes.py::double",
    }
    verifier.asked.clear()
    files.edit({"names.py": NAMES.replace("items", "pieces")})
    one.sleep()
    assert {path for path, _, _ in verifier.asked} == {"names.py"}
    verifier.asked.clear()
    files.edit({"sizes.py": SIZES.replace("x * 2", "2 * x")})
    one.sleep()
    assert ("names.py", "label", LONG) in verifier.asked
    assert ("sizes.py", "double", EVEN) in verifier.asked


def test_another_value_of_a_constant_is_an_edit(
    verifier: ScriptedVerifier, begin: Begin, files: EditedFiles
) -> None:
    sizes = SIZES.replace("x * 2", "x * STEP")
    files.edit({"sizes.py": f"STEP = 2\n\n\n{sizes}"})
    one = begin()
    one.sleep()
    verifier.asked.clear()
    files.edit({"sizes.py": f"STEP = 3\n\n\n{sizes}"})
    one.sleep()
    assert ("sizes.py", "double", EVEN) in verifier.asked
    assert ("names.py", "label", LONG) in verifier.asked


CALLERS = """\
from enum import Enum

from sizes import Named, Unit, double


class Sized(Named):
    size: int


def sized(thing: Sized) -> int:
    return thing.size


def of(unit: Unit) -> int:
    return unit.value


def ordered(items: list[int]) -> list[int]:
    return sorted(items, key=double)


def same(x: int) -> int:
    return x + x
"""
MADE = """\
from dataclasses import dataclass
from enum import Enum


@dataclass
class Named:
    name: str = "a"


class Unit(Enum):
    ONE = 1


def double(x: int) -> int:
    return x * 2
"""


@pytest.mark.parametrize(
    ("check", "edit"),
    [
        ("same: result == double(x)", ("x * 2", "2 * x")),
        ("ordered: len(result) == len(items)", ("x * 2", "2 * x")),
        ("sized: result == thing.size", ('"a"', '"b"')),
        ("of: result == unit.value", ("ONE = 1", "ONE = 2")),
    ],
    ids=["the check calls it", "it is handed on", "a base", "a parameter's class"],
)
def test_whatever_a_call_leads_to_is_what_its_verdict_rests_on(
    verifier: ScriptedVerifier, begin: Begin, files: EditedFiles, check: str, edit: tuple[str, str]
) -> None:
    name, _, expression = check.partition(": ")
    files.edit({"sizes.py": MADE, "names.py": CALLERS})
    one = begin(script=reply(invariants=[claim(name, "The result is an even number.", expression)]))
    one.sleep()
    asked = ("names.py", name, expression)
    assert asked in verifier.asked
    assert verifier.modules[name] >= {"names.py", "sizes.py"}
    verifier.asked.clear()
    one.sleep()
    assert asked not in verifier.asked
    files.edit({"sizes.py": MADE.replace(*edit)})
    one.sleep()
    assert asked in verifier.asked


def test_a_name_that_is_passed_on_from_elsewhere_is_an_edit(
    verifier: ScriptedVerifier, begin: Begin, files: EditedFiles
) -> None:
    passed = "from {} import double\n"
    files.edit({"other.py": SIZES, "facade.py": passed.format("sizes")})
    files.edit({"names.py": NAMES.replace("from sizes", "from facade")})
    one = begin()
    one.sleep()
    verifier.asked.clear()
    files.edit({"facade.py": passed.format("other")})
    one.sleep()
    assert ("names.py", "label", LONG) in verifier.asked


def test_comments_and_layout_leave_verdicts_as_they_are(
    begin: Begin, verifier: ScriptedVerifier, files: EditedFiles
) -> None:
    one = begin()
    one.sleep()
    verifier.asked.clear()
    files.edit({"sizes.py": "# sizes\n" + SIZES})
    one.sleep()
    assert verifier.asked == []
    assert one.claims("sizes.py")[EVEN].grade is Grade.TESTED


def test_what_cannot_be_said_is_tried_once_and_told_as_before(
    begin: Begin, verifier: ScriptedVerifier
) -> None:
    verifier.script[EVEN] = Result.OPEN
    one = begin()
    one.sleep()
    assert one.claims("sizes.py")[EVEN].grade is Grade.AGREED
    assert one.verified == Verified(state="on", waiting=0, tested=2, refuted=1, open=1)
    verifier.asked.clear()
    one.sleep()
    assert verifier.asked == []
    later = begin(store=one.night.thinker.store)
    later.sleep()
    assert [check for _, _, check in verifier.asked] == [EVEN], "another process may know more"


def test_where_nobody_can_call_anything_it_is_said_why(begin: Begin, verifier: ScriptedVerifier) -> None:
    verifier.error = UnverifiableError("no Python that has hypothesis: pip install hypothesis")
    one = begin()
    one.sleep()
    assert one.verified == Verified(
        state="unavailable", why=str(verifier.error), waiting=4, tested=0, refuted=0, open=0
    )
    verifier.error = None
    one.sleep()
    assert one.verified == Verified(state="on", waiting=0, tested=3, refuted=1, open=0)


def test_a_mistake_of_ours_ends_no_run(
    begin: Begin, verifier: ScriptedVerifier, caplog: pytest.LogCaptureFixture
) -> None:
    verifier.error = IndexError("out of range")
    one = begin()
    one.sleep()
    assert one.verified == Verified(state="on", waiting=0, tested=0, refuted=0, open=4)
    assert "cannot be tested" in caplog.text


def test_a_pause_lets_go_of_what_is_under_way(begin: Begin, verifier: ScriptedVerifier) -> None:
    verifier.hold = threading.Event()
    verifier.script = dict.fromkeys((EVEN, POSITIVE, LOW, LONG), Result.OPEN)  # nothing was found by then
    one = begin()
    one.begin()
    while not verifier.asked:
        if not one.reasoner.step(one.progress.append):
            one.night.deduction.wait(0.05)
    one.reasoner.pause()
    assert one.night.deduction.wait(60.0), "it goes on in spite of the pause"
    verifier.hold, verifier.script = None, {}
    one.sleep()
    assert one.verified == Verified(state="on", waiting=0, tested=4, refuted=0, open=0)


def test_what_is_edited_meanwhile_has_no_verdict(
    begin: Begin, verifier: ScriptedVerifier, files: EditedFiles
) -> None:
    verifier.during = lambda: files.edit({"sizes.py": SIZES.replace("x * 2", "x * 3")})
    one = begin()
    one.sleep()
    assert all(each.grade is not Grade.TESTED for each in one.claims("sizes.py").values())


def test_what_is_not_on_the_disk_waits(begin: Begin, verifier: ScriptedVerifier) -> None:
    one = begin()
    one.sleep(held={"sizes.py": SIZES.replace("max(x, low)", "max(low, x)")})
    assert verifier.asked == [], "and so does what calls it"
    one.sleep()
    assert {path for path, _, _ in verifier.asked} == {"names.py", "sizes.py"}


def test_how_far_it_is_is_told(begin: Begin) -> None:
    one = begin()
    one.sleep()
    told = [(each.stage, each.done, each.total, each.path) for each in one.progress]
    assert told[-2:] == [("verifying", 0, 2, "names.py"), ("verifying", 1, 2, "sizes.py")]
