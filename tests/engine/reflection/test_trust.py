"""A model of which much is plainly wrong is not believed in the rest."""

import pytest

from sleeplsp.engine.model import Call
from sleeplsp.engine.reflection.trust import is_trusted
from tests.engine.reflection.nights import Begin, reply
from tests.reflecting import Thoughtful

SENTENCES = (
    "With equal values it is one of them.",
    "Its sign is that of the total.",
    "One value is its mean.",
)
GOOD = [{"symbol": "mean", "kind": "returns", "sentence": each, "check": ""} for each in SENTENCES]
WRONG = [
    {"symbol": f"gone_{n}", "kind": "returns", "sentence": "It is never negative here.", "check": ""}
    for n in range(10)
]


def told(one: Thoughtful) -> list[str]:
    insight = one.reflection.known.insights["store.py"]
    return [each.sentence for each in insight.invariants]


@pytest.mark.parametrize(("wrong", "said"), [(0, 1), (10, 0)], ids=["sound", "unsound"])
def test_what_one_generation_alone_says_is_told_of_a_sound_model(night: Begin, wrong: int, said: int) -> None:
    number = 0

    def script(call: Call) -> str:
        nonlocal number
        if call.path != "store.py":
            return reply()
        number += 1
        return reply(invariants=[GOOD[number % 3], *WRONG[:wrong]])

    one = night(script)
    reflected = one.sleep(shown=["store.py"])
    assert reflected.is_trusted is (wrong == 0)
    assert bool(told(one)) is bool(said)


@pytest.mark.parametrize(
    ("kept", "drops", "trusted"),
    [
        (0, {}, True),
        (5, {"no such symbol": 14}, True),
        (5, {"no such symbol": 15}, False),
        (30, {"no such symbol": 19}, True),
        (30, {"no such symbol": 21}, False),
        (30, {"said twice": 100}, True),
        (1, {"refuted by the critic": 30}, False),
    ],
)
def test_trust(kept: int, drops: dict[str, int], *, trusted: bool) -> None:
    assert is_trusted(kept, drops) is trusted
