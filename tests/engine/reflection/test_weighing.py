"""How predictable questions are, where the endpoint tells."""

from sleeplsp.engine.model import (
    Call,
    Weight,
)
from sleeplsp.llm.scripted.model import ScriptedModel
from tests.engine.reflection.nights import FILES, Begin, reply
from tests.reflecting import POLICY, Thoughtful, by_phase
from tests.thinking import EditedFiles

ASKED = reply(
    questions=[
        {
            "symbol": "mean",
            "question": "Why is `total` kept apart?",
            "answer": "It is added up once, before the count is taken.",
        },
        {
            "symbol": "mean",
            "question": "What happens if `values` is empty?",
            "answer": "The division by `len(values)` fails, which is 0.",
        },
    ]
)


def weigh(call: Call, text: str) -> Weight:
    """Find one question as likely without the code, the other only with it."""
    knows = "def mean" in call.prompt.user
    return Weight(-1.0 if "apart" in text or knows else -3.0, 8)


def test_questions_that_the_code_makes_likelier_come_first(files: EditedFiles) -> None:
    one = Thoughtful(files, ScriptedModel(by_phase(ASKED), weigh=weigh))
    one.sleep(shown=["store.py"])
    one.close()
    questions = one.reflection.known.insights["store.py"].questions
    assert [each.question for each in questions] == [
        "What happens if `values` is empty?",
        "Why is `total` kept apart?",
    ]
    assert one.reflection.known.studies["store.py"].predictability == 1.0
    assert one.reflection.known.gains["store.py"] == 1.0
    assert len(one.model.weighed) == 4


def test_what_was_weighed_is_not_weighed_again(files: EditedFiles) -> None:
    one = Thoughtful(files, ScriptedModel(by_phase(ASKED), weigh=weigh))
    one.sleep(shown=["store.py"])
    before = one.reflection.known.studies["store.py"]
    one.model.calls.clear()
    one.model.weighed.clear()
    files.edit({"store.py": f"# more\n{FILES['store.py']}"})
    one.sleep(shown=["store.py"])
    one.close()
    assert not one.model.calls
    assert not one.model.weighed
    assert one.reflection.known.studies["store.py"] == before
    assert one.reflection.known.gains["store.py"] == 1.0


def test_an_endpoint_that_weighs_nothing_is_asked_once_and_nothing_is_lost(night: Begin) -> None:
    one = night(by_phase(ASKED))
    reflected = one.sleep(shown=["store.py", "use.py"])
    assert reflected.known == 2
    assert len(one.model.weighed) <= POLICY.calls_max
    assert one.reflection.known.gains == {}
