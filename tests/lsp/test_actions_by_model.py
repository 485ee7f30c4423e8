"""Actions on what a model has found out in idle time: assert, ask, think deeper; at a real endpoint."""

from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import anyio
import pytest

from sleeplsp.llm.scripted.endpoint import ScriptedEndpoint
from sleeplsp.llm.scripted.script import Script, Step
from tests.lsp.client import WAIT_S, Editor, Json, Refused, editing, replaced
from tests.lsp.test_actions import COMMANDS_ONLY, PLAIN, VSCODE, applied

pytestmark = pytest.mark.anyio

CODE = '''\
def rate(country, table):
    """Return a rate."""
    return table.lookup(country)


def both(first, second, table):
    return rate(first, table), rate(second, table)
'''
ASSERT = "Assert country != ''"
GUARD = "Guard: country != ''"
GUARDED = CODE.replace(
    "    return",
    """    if country == '':
        raise ValueError("rate requires country != ''")
    return""",
    1,
)
ASSERTED = CODE.replace("    return", "    assert country != ''\n    return", 1)
ANSWER = "No: `lookup` gives a share, such as 0.19 for 19 percent."
REPLY: Json = {
    "summary": "Rates of countries. Nothing is kept.",
    "invariants": [
        {
            "symbol": "rate",
            "kind": "requires",
            "sentence": "Looks up no empty country.",
            "check": "country != ''",
            "evidence": [],
        }
    ],
    "suspicions": [],
    "questions": [{"symbol": "rate", "question": "Is the rate a percentage?", "answer": ANSWER}],
    "retracted": [],
}


@pytest.fixture
def uri(tmp_path: Path) -> str:
    (tmp_path / "rates.py").write_text(CODE)
    return (tmp_path / "rates.py").as_uri()


@pytest.fixture
async def options() -> AsyncIterator[Json]:
    async with ScriptedEndpoint(Script(step=(Step(value=REPLY, times=0),))).listening() as endpoint:
        yield {"endpoint": endpoint.url, "model": "scripted"}


async def offered(
    editor: Editor, uri: str, *only: str, automatic: bool = False, at: Sequence[int] = (0, 5)
) -> dict[str, Json]:
    place = {"line": at[0], "character": at[1]}
    span = {"start": place, "end": place}
    context: Json = {"diagnostics": [], "triggerKind": 2 if automatic else 1}
    if only:
        context["only"] = [*only]
    params = {"textDocument": {"uri": uri}, "range": span, "context": context}
    found: list[Json] | None = await editor.request("textDocument/codeAction", params)
    return {each["title"]: each for each in found or ()}


async def learned(editor: Editor, uri: str) -> dict[str, Json]:
    """Open the file and wait until what the model has found out is offered."""
    await editor.open(uri, CODE)
    actions: dict[str, Json] = {}
    with anyio.fail_after(WAIT_S):
        while ASSERT not in actions:
            actions = await offered(editor, uri)
    return actions


async def test_what_a_model_has_found_out_can_be_asserted_and_asked(
    cache: Path, tmp_path: Path, uri: str, options: Json
) -> None:
    async with editing(cache, tmp_path, capabilities=VSCODE, options=options) as editor:
        actions = await learned(editor, uri)
        assert [*actions] == [
            ASSERT,
            GUARD,
            "Ask: Is the rate a percentage?",
            "Think about this file again",
            "Think deeper about this file",
        ]
        assert await offered(editor, uri, automatic=True) == {}, "no light bulb at every name"
        assert [*await offered(editor, uri, "refactor.rewrite")] == [ASSERT]
        assert [*await offered(editor, uri, "quickfix")] == []
        guard = await editor.request(
            "codeAction/resolve", (await offered(editor, uri, "sleeplsp.guard"))[GUARD]
        )
        assert applied(CODE, guard["edit"]["documentChanges"][0]["edits"][0]) == GUARDED
        inside = [*await offered(editor, uri, at=(2, 8))]
        assert inside == [ASSERT, "Ask: Is the rate a percentage?"], "on its name alone"
        chosen = await editor.request("codeAction/resolve", actions[ASSERT])
        assert chosen["tags"] == [1], "a model has made it"
        (change,) = chosen["edit"]["documentChanges"]
        assert applied(CODE, change["edits"][0]) == ASSERTED
        (annotation,) = chosen["edit"]["changeAnnotations"].values()
        assert annotation["needsConfirmation"]
        ask = actions["Ask: Is the rate a percentage?"]["command"]
        found = await editor.request("workspace/executeCommand", ask)
        assert (found["source"], found["answer"], found["tokens"]) == ("anticipated", ANSWER, 0)
        message = (await editor.expect("window/showMessage"))["message"]
        assert message == "Is the rate a percentage?\n\n" + ANSWER.replace("`", "")
        hover = await editor.hover(uri, 0, 5)
        assert hover is not None
        assert "Looks up no empty country" in hover
        # Of code that has changed there is nothing to assert.
        await editor.change(uri, replaced(2, 4, 4, "table = table or {}; "))
        with pytest.raises(Refused):
            await editor.request("codeAction/resolve", actions[ASSERT])
        assert ASSERT not in await offered(editor, uri)
        deeper = actions["Think deeper about this file"]["command"]
        await editor.request("workspace/executeCommand", deeper)


async def test_in_other_forms(cache: Path, tmp_path: Path, uri: str, options: Json) -> None:
    async with editing(cache, tmp_path, capabilities=PLAIN, options=options) as editor:
        edit = (await learned(editor, uri))[ASSERT]["edit"]
        assert applied(CODE, edit["changes"][uri][0]) == ASSERTED
    async with editing(cache, tmp_path, capabilities=COMMANDS_ONLY, options=options) as editor:
        asked: list[Json] = []

        def apply(params: Json) -> Json:
            asked.append(params)
            return {"applied": True}

        editor.answers["workspace/applyEdit"] = apply
        command = (await learned(editor, uri))[ASSERT]
        run = {"command": command["command"], "arguments": command["arguments"]}
        await editor.request("workspace/executeCommand", run)
        assert applied(CODE, asked[0]["edit"]["changes"][uri][0]) == ASSERTED
