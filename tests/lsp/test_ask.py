"""The command `sleeplsp.ask`: of what is at hand, of files that nobody has open, else of a model."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import anyio
import pytest

from sleeplsp.journal.ledger import DiskLedger
from sleeplsp.llm.scripted.endpoint import ScriptedEndpoint
from sleeplsp.llm.scripted.script import Script, Step
from tests.core.test_markdown import MARKDOWN
from tests.lsp.client import WAIT_S, Editor, Json, Refused, editing

pytestmark = pytest.mark.anyio

STORE = "def load(key, table):\n    if key not in table:\n        return None\n    return table[key]\n"
MAIN = "from store import load\n\n\ndef shout(key, table):\n    return load(key, table).upper()\n"
HARD = "is the key in load compared exactly?"
PROGRESS: Json = {"window": {"workDoneProgress": True}}


@pytest.fixture
def uri(tmp_path: Path) -> str:
    (tmp_path / "store.py").write_text(STORE)
    (tmp_path / "main.py").write_text(MAIN)
    return (tmp_path / "main.py").as_uri()


@pytest.fixture
async def endpoint() -> AsyncIterator[ScriptedEndpoint]:
    steps = (
        Step(when="compared exactly", text="Yes: `dict` does. [x](command:y)"),
        Step(when="why is it slow", hold=True),
        Step(when="why is it broken", status=400, times=0),
        Step(when="of no value", text="It gives 0, as it stands."),
    )
    async with ScriptedEndpoint(Script(step=steps)).listening() as found:
        yield found


async def ask(editor: Editor, *arguments: object, command: str = "sleeplsp.ask") -> Any:
    return await editor.request("workspace/executeCommand", {"command": command, "arguments": [*arguments]})


async def answered(editor: Editor, *arguments: object) -> Json:
    """Ask until there is an answer: each request gives the server a moment to learn more."""
    found: Json = {"answer": None}
    with anyio.fail_after(WAIT_S):
        while found["answer"] is None:
            found = await ask(editor, *arguments)
    return found


def options(endpoint: ScriptedEndpoint) -> Json:
    return {"endpoint": endpoint.url, "model": "scripted", "sleep": False}


async def test_what_is_known_answers_without_a_model(cache: Path, tmp_path: Path, uri: str) -> None:
    async with editing(cache, tmp_path) as editor:
        await editor.open(uri, MAIN)
        assert len(await editor.diagnostics(uri)) == 1
        # At a call, of a file that is not open: the process that knows all modules answers.
        found = await answered(editor, uri, [4, 12], "can it return None?")
        assert found["question"] == "Can `load` return `None`?"
        assert (found["source"], found["tokens"]) == ("deduced", 0)
        assert found["symbol"] == "store.py::load"
        assert found["markdown"].endswith("\n\n*deduced · `store.py::load`*")
        named = await answered(editor, uri, None, "who calls load?")
        assert "main.py::shout" in named["answer"]
        near = await ask(editor, uri, {"line": 3, "character": 4}, "how fast is it?")
        assert (near["answer"], near["unasked"]) == (None, "none is named")
        await ask(editor, uri, None, "who calls load?", command="sleeplsp.tell")
        message = await editor.expect("window/showMessage")
        assert message["message"].startswith("Who calls load?")


async def test_else_a_model_answers_in_pieces(
    cache: Path, tmp_path: Path, uri: str, endpoint: ScriptedEndpoint
) -> None:
    async with editing(cache, tmp_path, capabilities=PROGRESS, options=options(endpoint)) as editor:
        editor.handled = frozenset({"window/workDoneProgress/create", "$/progress"})
        editor.answers["window/workDoneProgress/create"] = lambda _: None
        await editor.open(uri, MAIN)
        assert len(await editor.diagnostics(uri)) == 1
        found = await answered(editor, uri, None, HARD, 1)
        assert found["answer"] == "Yes: `dict` does. [x](command:y)"
        assert found["source"] == "model"
        assert found["tokens"] > 0
        assert "store.py::load" in found["stoodOn"]
        for token in MARKDOWN.parse(found["markdown"]):
            assert not {each.type for each in token.children or ()} & {"link_open", "image", "html_inline"}
        told = [params["value"] for method, params in editor.dealt_with if method == "$/progress"]
        titles = [each["title"] for each in told if each["kind"] == "begin"]
        assert any("compared exactly" in each for each in titles)
        assert any("Yes" in each.get("message", "") for each in told if each["kind"] == "report")
        with pytest.raises(Refused, match=r"400|not accept"):
            await ask(editor, uri, None, "why is it broken, what load gives?")


async def test_a_recording_is_told_as_one(
    cache: Path, tmp_path: Path, uri: str, endpoint: ScriptedEndpoint
) -> None:
    settings, found = {**options(endpoint), "replay": str(cache / "tape")}, []
    for _ in range(2):  # the first is recorded, and answers the second
        async with editing(cache, tmp_path, options=settings) as editor:
            await editor.open(uri, MAIN)
            assert len(await editor.diagnostics(uri)) == 1
            found.append(await answered(editor, uri, None, HARD, 1))
    assert [each["replayed"] for each in found] == [False, True]
    assert found[0]["answer"] == found[1]["answer"]
    assert [" · of a recording, no tokens" in each["markdown"] for each in found] == [False, True]
    assert len(endpoint.counts.calls) == 1


async def test_an_editor_that_gives_it_a_name_hears_each_piece(
    cache: Path, tmp_path: Path, uri: str, endpoint: ScriptedEndpoint
) -> None:
    async with editing(cache, tmp_path, capabilities=PROGRESS, options=options(endpoint)) as editor:
        editor.answers["window/workDoneProgress/create"] = lambda _: None
        editor.handled = frozenset({"window/workDoneProgress/create", "$/progress", "sleeplsp/answer"})
        await editor.open(uri, MAIN)
        assert len(await editor.diagnostics(uri)) == 1
        found = await answered(editor, uri, None, HARD, None, "mine")
        pieces = [params for method, params in editor.dealt_with if method == "sleeplsp/answer"]
        assert len(pieces) > 1
        assert {each["token"] for each in pieces} == {"mine"}
        assert "".join(each["text"] for each in pieces) == found["answer"]
        told = [params["value"] for method, params in editor.dealt_with if method == "$/progress"]
        assert not any("compared exactly" in each.get("title", "") for each in told), "it shows them itself"
        with pytest.raises(Refused, match="token"):
            await ask(editor, uri, None, HARD, None, ["mine"])


async def test_a_request_that_is_cancelled_ends_the_call(
    cache: Path, tmp_path: Path, uri: str, endpoint: ScriptedEndpoint
) -> None:
    async with editing(cache, tmp_path, options=options(endpoint)) as editor:
        await editor.open(uri, MAIN)
        assert len(await editor.diagnostics(uri)) == 1
        arguments = {"command": "sleeplsp.ask", "arguments": [uri, [3, 6], "why is it slow?"]}
        number = await editor.ask("workspace/executeCommand", arguments)
        with anyio.fail_after(WAIT_S):
            await endpoint.until(lambda counts: len(counts.calls) == 1)
        await editor.notify("$/cancelRequest", {"id": number})
        with pytest.raises(Refused):
            await editor.answer(number)
        with anyio.fail_after(WAIT_S):
            await endpoint.until(lambda counts: counts.aborted == 1)


async def test_progress_that_is_cancelled_ends_the_call(
    tmp_path_factory: pytest.TempPathFactory, tmp_path: Path, uri: str, endpoint: ScriptedEndpoint
) -> None:
    settings, cache = options(endpoint), tmp_path_factory.mktemp("books of its own")
    async with editing(cache, tmp_path, capabilities=PROGRESS, options=settings) as editor:
        editor.answers["window/workDoneProgress/create"] = lambda _: None
        editor.handled = frozenset({"window/workDoneProgress/create", "$/progress"})
        await editor.open(uri, MAIN)
        assert len(await editor.diagnostics(uri)) == 1
        arguments = {"command": "sleeplsp.ask", "arguments": [uri, [3, 6], "why is it slow?"]}
        number = await editor.ask("workspace/executeCommand", arguments)
        with anyio.fail_after(WAIT_S):
            await endpoint.until(lambda counts: len(counts.calls) == 1)
        told = [params for method, params in editor.dealt_with if method == "$/progress"]
        (bar,) = [each for each in told if "why is it slow" in each["value"].get("title", "")]
        await editor.notify("window/workDoneProgress/cancel", {"token": bar["token"]})
        with pytest.raises(Refused, match="cancelled"):
            await editor.answer(number)
        with anyio.fail_after(WAIT_S):
            await endpoint.until(lambda counts: counts.aborted == 1)
    books = DiskLedger(cache / "state").books()
    assert books.under_way == 0, "settled, and not left for lost"
    assert books.tokens_today > 0


EDITED = STORE.replace("return None", "return 0")


async def test_of_code_that_has_changed_nothing_old_is_told(cache: Path, tmp_path: Path, uri: str) -> None:
    store = uri.replace("main.py", "store.py")
    async with editing(cache, tmp_path) as editor:
        await editor.open(uri, MAIN)
        await editor.open(store, STORE)
        assert (await answered(editor, store, [0, 5], "can it return None?"))["source"] == "deduced"
        await editor.request("workspace/executeCommand", {"command": "sleeplsp.pause"})
        await editor.change(store, {"text": EDITED})
        for question in (uri, [4, 12], "can it return None?"), (uri, None, "can load return None?"):
            found = await ask(editor, *question)
            assert (found["answer"], found["changed"]) == (None, True)
        await ask(editor, store, [0, 5], "can it return None?", command="sleeplsp.tell")
        message = (await editor.expect("window/showMessage"))["message"]
        assert message.startswith("the code has changed")
        # What rests on it goes as well, of a module that is as it was.
        found = await ask(editor, uri, None, "what does shout raise?")
        assert found["answer"] is None
        await editor.change(store, {"text": STORE})
        assert (await answered(editor, store, [0, 5], "can it return None?"))["source"] == "deduced"
        editor.told.clear()


async def test_a_question_is_about_the_code_as_it_stands_in_the_editor(
    cache: Path, tmp_path: Path, uri: str, endpoint: ScriptedEndpoint
) -> None:
    store = uri.replace("main.py", "store.py")
    async with editing(cache, tmp_path, options=options(endpoint)) as editor:
        await editor.open(uri, MAIN)
        await editor.open(store, STORE)
        assert len(await editor.diagnostics(uri)) == 1
        await editor.request("workspace/executeCommand", {"command": "sleeplsp.pause"})
        await editor.change(store, {"text": EDITED})
        found = await ask(editor, store, [0, 5], "can it return None, of no value?")
        assert (found["source"], found["answer"]) == ("model", "It gives 0, as it stands.")
        (sent,) = endpoint.counts.calls
        assert "return 0" in repr(sent)
        assert "    return None" not in repr(sent)
        assert "May return" not in repr(sent), "what was known of the old code"
        editor.told.clear()


async def test_what_makes_no_sense_is_refused(cache: Path, tmp_path: Path, uri: str) -> None:
    async with editing(cache, tmp_path) as editor:
        await editor.open(uri, MAIN)
        for arguments in (
            [],
            [uri],
            [uri, None, ""],
            [uri, None, 3],
            [uri, "x", "why?"],
            [uri, None, "why?", 9],
            [uri, [1, -5], "why?"],
            [uri, [1, 2**31], "why?"],
            ["file:///nowhere.py", None, "why?"],
            [3, None, "why?"],
        ):
            with pytest.raises(Refused):
                await ask(editor, *arguments)
        assert (await ask(editor, uri, [10**9, 10**9], "why?"))["answer"] is None
        await editor.diagnostics(uri)
