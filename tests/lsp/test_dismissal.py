"""Dismissals in an editor: with a reason they are the repository's, without one until the server ends."""

from pathlib import Path
from typing import Any

import pytest

from sleeplsp.core.baseline import FILE, read
from tests.lsp.client import Editor, Json, editing
from tests.lsp.test_actions import LITERALS

pytestmark = pytest.mark.anyio

CODE = 'def run(text):\n    return text is "gratis"\n'
CAPABILITIES: Json = {
    "textDocument": {"codeAction": LITERALS},
    "workspace": {"didChangeWatchedFiles": {"dynamicRegistration": True}},
}


@pytest.fixture
def uri(tmp_path: Path) -> str:
    (tmp_path / "main.py").write_text(CODE)
    return (tmp_path / "main.py").as_uri()


async def dismissing(editor: Editor, uri: str) -> Json:
    """Return the command that dismisses what is suspected."""
    span = {"start": {"line": 1, "character": 12}, "end": {"line": 1, "character": 12}}
    params = {"textDocument": {"uri": uri}, "range": span, "context": {"diagnostics": []}}
    found: list[Json] = await editor.request("textDocument/codeAction", params)
    (command,) = (each["command"] for each in found if each["title"].startswith("Dismiss"))
    return {"command": command["command"], "arguments": command["arguments"]}


async def opened(editor: Editor, uri: str) -> None:
    editor.answers["client/registerCapability"] = lambda _: None
    await editor.open(uri, CODE)
    assert len(await editor.diagnostics(uri)) == 1


async def test_a_reason_is_kept_in_the_file_of_the_repository(cache: Path, tmp_path: Path, uri: str) -> None:
    async with editing(cache, tmp_path, capabilities=CAPABILITIES) as editor:
        editor.handled = frozenset({"client/registerCapability"})
        await opened(editor, uri)
        asked: list[Any] = []

        def choose(params: Json) -> Json:
            asked.append(params)
            chosen: Json = params["actions"][1]
            return chosen

        editor.answers["window/showMessageRequest"] = choose
        assert await editor.request("workspace/executeCommand", await dismissing(editor, uri)) is True
        assert await editor.diagnostics(uri) == []
        assert len(asked) == 1
        (entry,) = read((tmp_path / FILE).read_text("utf-8"))[0].entries
        assert (entry.path, entry.category, entry.reason) == ("main.py", "literal-identity", "it is meant so")
        # Who takes the entry away sees the suspicion again; who brings it back does not.
        for text, count in (("", 1), ((tmp_path / FILE).read_text("utf-8"), 0)):
            (tmp_path / FILE).write_text(text, "utf-8")
            changed = {"changes": [{"uri": (tmp_path / FILE).as_uri(), "type": 2}]}
            await editor.notify("workspace/didChangeWatchedFiles", changed)
            assert len(await editor.diagnostics(uri)) == count
    async with editing(cache, tmp_path, capabilities=CAPABILITIES) as editor:
        editor.handled = frozenset({"client/registerCapability"})
        await editor.open(uri, CODE + "\n\n# Stays dismissed.\n")
        assert await editor.hover_comes(uri, 0, 5)
        assert "identity" not in (await editor.hover(uri, 1, 12) or "")


async def test_who_says_no_reason_dismisses_nothing(cache: Path, tmp_path: Path, uri: str) -> None:
    async with editing(cache, tmp_path, capabilities=CAPABILITIES) as editor:
        editor.handled = frozenset({"client/registerCapability", "window/showMessageRequest"})
        await opened(editor, uri)
        command = await dismissing(editor, uri)
        editor.answers["window/showMessageRequest"] = lambda _: None
        assert await editor.request("workspace/executeCommand", command) is False
        assert await dismissing(editor, uri) == command
        # Until the server ends: nothing is written.
        editor.answers["window/showMessageRequest"] = lambda asked: asked["actions"][-1]
        assert await editor.request("workspace/executeCommand", command) is True
        assert await editor.diagnostics(uri) == []
        assert not (tmp_path / FILE).exists()


async def test_a_command_may_say_the_reason(cache: Path, tmp_path: Path, uri: str) -> None:
    async with editing(cache, tmp_path, capabilities=CAPABILITIES) as editor:
        editor.handled = frozenset({"client/registerCapability"})
        await opened(editor, uri)
        command = await dismissing(editor, uri)
        command["arguments"].append("gratis is interned")
        assert await editor.request("workspace/executeCommand", command) is True
        assert await editor.diagnostics(uri) == []
        assert "gratis is interned" in (tmp_path / FILE).read_text("utf-8")


async def test_a_broken_file_is_told_and_left(cache: Path, tmp_path: Path, uri: str) -> None:
    (tmp_path / FILE).write_text("[[dismissed]", "utf-8")
    async with editing(cache, tmp_path, capabilities=CAPABILITIES) as editor:
        editor.handled = frozenset({"client/registerCapability"})
        assert FILE in (await editor.expect("window/logMessage"))["message"]
        await opened(editor, uri)
        command = await dismissing(editor, uri)
        command["arguments"].append("so")
        await editor.request("workspace/executeCommand", command)
        assert "mend it first" in (await editor.expect("window/showMessage"))["message"]
        assert (tmp_path / FILE).read_text("utf-8") == "[[dismissed]"
