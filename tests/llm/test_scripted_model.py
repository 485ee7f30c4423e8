"""The model in memory that others' tests stand on."""

import anyio
import pytest

from sleeplsp.engine.model import Answer, Call, ModelError, RefusedError, Usage, Weight
from sleeplsp.llm.scripted.model import ALL_ABILITIES, ScriptedModel
from tests.llm.books import call_of

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


async def test_it_answers_in_turn_and_notes_what_it_was_asked() -> None:
    whole = Answer(text="two", model="m", usage=Usage(1, 0, 2), seconds=0.5)
    model = ScriptedModel(["one and more", whole, RefusedError("no")])
    heard: list[str] = []
    first = await model.answer(call_of("a"), heard.append)
    assert (first.text, "".join(heard), len(heard)) == ("one and more", "one and more", 3)
    assert await model.answer(call_of("b")) is whole
    with pytest.raises(RefusedError, match="no"):
        await model.answer(call_of("c"))
    with pytest.raises(ModelError, match="no more replies"):
        await model.answer(call_of("d"))
    assert [each.prompt.user for each in model.calls] == ["a", "b", "c", "d"]


async def test_a_function_may_hold_a_reply_back_and_a_cancelled_call_is_counted() -> None:
    gate = anyio.Event()

    async def script(call: Call) -> str:
        await gate.wait()
        return call.prompt.user.upper()

    model = ScriptedModel(script)
    async with anyio.create_task_group() as group:
        group.start_soon(model.answer, call_of("given up"))
        await anyio.wait_all_tasks_blocked()
        group.cancel_scope.cancel()
    assert model.cancelled == 1
    gate.set()
    assert (await model.answer(call_of("a"))).text == "A"


async def test_it_weighs_as_it_is_told() -> None:
    model = ScriptedModel([], weigh=lambda _, text: Weight(-float(len(text)), len(text)))
    assert await model.weigh(call_of(), "abc") == Weight(-3.0, 3)
    assert await model.abilities() is ALL_ABILITIES
    with pytest.raises(ModelError, match="weighs nothing"):
        await ScriptedModel([]).weigh(call_of(), "abc")
