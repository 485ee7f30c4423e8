"""Which questions the code makes likely, not which are likely anyway."""

from sleeplsp.core.insight import Question
from sleeplsp.prompts.predictability import Weighed, predictability, question_prompts, ranked
from sleeplsp.prompts.sleep import slices
from tests.prompts.contexts import read_context


def test_both_prompts_differ_in_the_code_alone() -> None:
    context = read_context("secret_name.py", "def unusual_thing():\n    return 1\n")
    (part,) = slices(context, 12_000)
    with_code, without = question_prompts(context, part)
    assert "unusual_thing" in with_code.user
    assert "secret_name" in with_code.user
    assert "unusual_thing" not in without.user
    assert "secret_name" not in without.user
    assert with_code.system == without.system
    assert with_code.user.endswith(without.user)


def test_a_short_common_question_does_not_rank_first() -> None:
    common, telling, odd = (
        Question(symbol="f", question=each, answer="a") for each in ("Why?", "Which row wins?", "Who is it?")
    )
    weighed = (Weighed(common, -0.5, -0.6), Weighed(odd, -4.0, -3.0), Weighed(telling, -2.0, -5.0))
    assert ranked(weighed) == (telling, common, odd)
    assert ranked(reversed(weighed)) == (telling, common, odd)
    assert abs(predictability(weighed) - 0.7) < 1e-9
    assert predictability(()) == 0.0
