"""Generations that come with one call: each is a row of its own, and the call is counted once."""

import pytest
from msgspec.structs import replace

from sleeplsp.core.insight import Votes
from sleeplsp.engine.model import Answer, Call, DeadlineError, Phase, Usage
from sleeplsp.llm.scripted.model import Scripted
from tests.engine.reflection.nights import SUSPECTED, Begin
from tests.reflecting import NOTHING, POLICY, STANDS, Thoughtful, by_phase

USAGE = Usage(prompt=100, completion=20)


def several(*texts: str) -> Answer:
    return Answer(text=texts[0], others=texts[1:], model="m", usage=USAGE, seconds=1.0)


def differing(text: str, count: int) -> list[str]:
    """Return a reply so many times, by letters another each time."""
    return [text + " " * number for number in range(count)]


def all_at_once(call: Call) -> Scripted:
    return STANDS if call.phase is Phase.CRITIC else several(*differing(SUSPECTED, call.replies))


def generations(one: Thoughtful) -> list[Call]:
    calls = one.model.calls
    return [each for each in calls if each.path == "store.py" and each.phase is Phase.SLEEP]


def test_what_is_made_in_any_case_comes_with_one_call(night: Begin) -> None:
    one = night(all_at_once)
    one.sleep(shown=["store.py"])
    assert [each.replies for each in generations(one)] == [2]
    insight = one.reflection.known.insights["store.py"]
    assert insight.generations == 2
    assert insight.suspicions[0].votes == Votes(2, 2)
    later = night(by_phase(NOTHING), store=one.thinker.store)
    assert later.sleep(shown=["store.py"]).calls == 0


def test_what_the_call_took_is_counted_once(night: Begin) -> None:
    one = night(lambda call: several(*differing(NOTHING, call.replies)))
    reflected = one.sleep(shown=["store.py"])
    assert (reflected.calls, reflected.prompt_tokens) == (2, 200)  # of two modules
    assert one.reflection.known.studies["store.py"].usage == USAGE
    assert one.reflection.known.studies["store.py"].seconds == 1.0


def test_a_deep_look_asks_for_all_that_are_missing(night: Begin) -> None:
    one = night(all_at_once)
    one.sleep(shown=["store.py"])
    deeper = night(all_at_once, store=one.thinker.store)
    deeper.sleep(shown=["store.py"], deeper=["store.py"])
    assert [each.replies for each in generations(deeper)] == [1, 1]  # the third, and the pass that knows all
    anew = night(all_at_once)
    anew.sleep(shown=["store.py"], deeper=["store.py"])
    assert [each.replies for each in generations(anew)] == [3, 1]


@pytest.mark.parametrize(
    "texts", [("no JSON", NOTHING), (NOTHING, "no JSON"), (NOTHING,), (NOTHING, NOTHING)]
)
def test_one_that_cannot_be_read_did_not_come_or_is_the_same_is_asked_for_alone(
    night: Begin, texts: tuple[str, ...]
) -> None:
    one = night(lambda call: several(*texts) if call.replies > 1 else NOTHING)
    reflected = one.sleep(shown=["store.py"])
    assert [each.replies for each in generations(one)] == [2, 1]
    assert one.reflection.known.insights["store.py"].generations == 2
    assert not reflected.failed


def test_where_none_can_be_read_the_module_is_given_up(night: Begin) -> None:
    one = night(lambda call: several(*["no JSON"] * call.replies))
    reflected = one.sleep(shown=["store.py"])
    assert [each.replies for each in generations(one)] == [2, 2]
    assert "store.py" in reflected.failed


def test_more_than_were_wanted_are_left(night: Begin) -> None:
    one = night(lambda _: several(*differing(NOTHING, 7)))
    one.sleep(shown=["store.py"])
    assert one.reflection.known.insights["store.py"].generations == 2


def slow_for_several(call: Call) -> Scripted:
    return NOTHING if call.replies == 1 else DeadlineError("it was not done within 60 s")


def test_where_several_take_too_long_one_is_asked_for_from_then_on(night: Begin) -> None:
    one = night(slow_for_several, policy=replace(POLICY, calls_max=1))
    reflected = one.sleep(shown=["store.py"])
    assert [each.replies for each in one.model.calls] == [2, 1, 1, 1]
    assert (reflected.modules, reflected.calls, reflected.failed) == (2, len(one.model.calls), {})
    assert one.reflection.known.insights["store.py"].generations == 2
    asked = len(one.model.calls)
    one.sleep(deeper=["store.py"])
    assert {each.replies for each in one.model.calls[asked:]} == {1}


def test_one_that_takes_too_long_is_not_asked_for_again(night: Begin) -> None:
    one = night(lambda _: DeadlineError("it was not done within 60 s"), policy=replace(POLICY, calls_max=1))
    reflected = one.sleep(shown=["store.py"])
    assert [each.replies for each in one.model.calls] == [2, 1, 1]
    assert set(reflected.failed) == {"store.py", "use.py"}
