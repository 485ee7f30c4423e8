"""A model's sleep over a workspace: what it is asked, in which order, and what is kept of it."""

from itertools import takewhile

import pytest
from msgspec.structs import replace

from sleeplsp.core.insight import Grade, Votes
from sleeplsp.engine.model import (
    Phase,
)
from tests.engine.reflection.nights import STORE, SUSPECTED, USE, Begin, reply
from tests.reflecting import NOTHING, POLICY, REFUTED, STANDS, by_phase
from tests.thinking import EditedFiles


def test_modules_with_functions_are_thought_about_and_then_never_again(night: Begin) -> None:
    one = night(by_phase(NOTHING))
    reflected = one.sleep()
    assert set(one.paths()) == {"store.py", "use.py"}
    assert (reflected.modules, reflected.known, reflected.left) == (2, 2, 0)
    assert reflected.calls == len(one.model.calls) > 0
    assert reflected.prompt_tokens > 0
    assert one.sleep().calls == 0
    later = night(by_phase(NOTHING), store=one.thinker.store)
    reflected = later.sleep()
    assert (reflected.calls, reflected.known) == (0, 2)
    assert later.reflection.known.insights == one.reflection.known.insights


def test_what_is_stored_outlives_a_process_that_was_killed(night: Begin) -> None:
    one = night(by_phase(NOTHING))
    one.deduce()
    one.reflection.ask(())
    while not one.reflection.known.insights:
        one.go_on()
    made = len(one.model.calls)
    later = night(by_phase(NOTHING), store=one.thinker.store)
    assert made > 0
    assert later.sleep().calls + made <= 4 + POLICY.calls_max


def test_an_edited_function_has_its_module_thought_about_and_no_other(
    night: Begin, files: EditedFiles
) -> None:
    one = night(by_phase(NOTHING))
    one.sleep()
    one.model.calls.clear()
    files.edit({"store.py": STORE.replace("return best", "return best or None")})
    one.sleep()
    assert set(one.paths()) == {"store.py"}
    assert one.reflection.known.insights["use.py"].older is False


def test_comments_and_layout_cost_nothing(night: Begin, files: EditedFiles) -> None:
    one = night(by_phase(SUSPECTED))
    one.sleep(shown=["store.py"])
    one.model.calls.clear()
    files.edit({"store.py": "# more\n\n" + STORE.replace("# values are numbers", "# numbers, all of them")})
    assert one.sleep(shown=["store.py"]).calls == 0
    (suspicion,) = one.reflection.known.insights["store.py"].suspicions
    assert suspicion.shown


def test_functions_in_another_order_cost_nothing(night: Begin, files: EditedFiles) -> None:
    one = night(by_phase(SUSPECTED))
    one.sleep(shown=["store.py"])
    one.model.calls.clear()
    mean, largest = STORE.split("\n\n\n")
    files.edit({"store.py": f"{largest}\n\n\n{mean}\n"})
    assert one.sleep(shown=["store.py"]).calls == 0
    (suspicion,) = one.reflection.known.insights["store.py"].suspicions
    assert suspicion.shown


def test_an_edit_of_what_a_module_uses_makes_it_older_and_costs_nothing(
    night: Begin, files: EditedFiles
) -> None:
    one = night(by_phase(NOTHING))
    one.sleep()
    one.model.calls.clear()
    files.edit({"store.py": STORE.replace("return total / len(values)", "return None")})
    one.sleep()
    assert set(one.paths()) == {"store.py"}
    assert one.reflection.known.insights["use.py"].older


def test_another_value_of_an_imported_constant_has_its_module_thought_about(
    night: Begin, files: EditedFiles
) -> None:
    files.edit(
        {
            "limits.py": "LEAST = 3\nMOST = 9\n",
            "use.py": USE.replace("\n\n\n", "\nfrom limits import LEAST\n\n\n", 1).replace(
                "mean(s", "LEAST + mean(s"
            ),
        }
    )
    one = night(by_phase(NOTHING))
    one.sleep()
    one.model.calls.clear()
    files.edit({"limits.py": "LEAST = 3  # the least\nMOST = 10\n"})
    one.sleep()
    assert not set(one.paths()) - {"limits.py"}
    one.model.calls.clear()
    files.edit({"limits.py": "LEAST = 4\nMOST = 10\n"})
    one.sleep()
    assert "use.py" in one.paths()
    assert "store.py" not in one.paths()
    assert "LEAST = 4" in one.model.calls[-1].prompt.user


def test_what_agrees_and_is_not_refuted_is_shown(night: Begin) -> None:
    one = night(by_phase(SUSPECTED))
    one.sleep(shown=["store.py"])
    assert one.paths(Phase.CRITIC) == ["store.py"]
    (suspicion,) = one.reflection.known.insights["store.py"].suspicions
    assert suspicion.shown
    assert suspicion.grade is Grade.AGREED
    assert suspicion.votes == Votes(2, 2)


@pytest.mark.parametrize(
    "verdict", [REFUTED, "I think so", reply()], ids=["refuted", "words", "another form"]
)
def test_what_the_critic_does_not_confirm_is_dropped_and_counted(night: Begin, verdict: str) -> None:
    one = night(by_phase(SUSPECTED, verdict))
    reflected = one.sleep(shown=["store.py"])
    assert one.reflection.known.insights["store.py"].suspicions == ()
    assert reflected.drops["refuted by the critic"] == 1


def test_a_category_that_nobody_acts_on_is_not_criticised_nor_shown(night: Begin) -> None:
    one = night(by_phase(SUSPECTED), policy=replace(POLICY, dull=frozenset({"wrong-boundary"})))
    one.sleep(shown=["store.py"])
    assert not one.paths(Phase.CRITIC)
    (suspicion,) = one.reflection.known.insights["store.py"].suspicions
    assert not suspicion.shown


def test_while_generations_disagree_there_are_more(night: Begin) -> None:
    told = iter([SUSPECTED, NOTHING, SUSPECTED])
    one = night(lambda call: next(told) if call.phase is Phase.SLEEP and call.path == "store.py" else STANDS)
    one.thinker.files.remove("use.py")
    one.sleep(shown=["store.py"])
    assert one.paths() == ["store.py"] * 3
    (suspicion,) = one.reflection.known.insights["store.py"].suspicions
    assert suspicion.votes == Votes(2, 3)


def test_generations_differ_at_their_end_alone(night: Begin) -> None:
    one = night(by_phase(SUSPECTED))
    one.sleep(shown=["store.py"])
    sleeps = [each for each in one.model.calls if each.path == "store.py" and each.phase is Phase.SLEEP]
    first, second = (each.prompt for each in sleeps)
    assert first.system == second.system
    assert first.user != second.user
    same = takewhile(lambda pair: pair[0] == pair[1], zip(first.user, second.user, strict=False))
    assert len([*same]) > 0.8 * len(first.user)
    assert len({each.key for each in one.model.calls}) == len(one.model.calls)


def test_what_is_open_comes_first(night: Begin) -> None:
    one = night(by_phase(NOTHING))
    one.sleep(shown=["use.py"])
    assert one.paths()[0] == "use.py"
    assert one.progress[0].cause == "it is open"


def test_deeper_makes_all_generations_and_a_pass_that_knows_them(night: Begin) -> None:
    one = night(by_phase(SUSPECTED))
    one.sleep(shown=["store.py"])
    one.model.calls.clear()
    one.sleep(deeper=["store.py"])
    sleeps = [each for each in one.model.calls if each.phase is Phase.SLEEP]
    assert len(sleeps) == 2  # the third generation, and the later pass
    assert "len(values)` is 0" in sleeps[-1].prompt.user
    assert one.sleep().calls == 0


def test_again_asks_anew_whatever_is_known(night: Begin) -> None:
    one = night(by_phase(NOTHING))
    one.sleep()
    before = {each.key for each in one.model.calls}
    one.model.calls.clear()
    one.sleep(again=["use.py"])
    assert set(one.paths()) == {"use.py"}
    assert before.isdisjoint(each.key for each in one.model.calls)
