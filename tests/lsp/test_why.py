"""The command `sleeplsp.why`: a pasted traceback is explained from files that nobody has open."""

from contextlib import suppress
from pathlib import Path
from typing import Any

import anyio
import pytest

from tests.core.test_markdown import MARKDOWN
from tests.lsp.client import WAIT_S, Editor, Json, Refused, editing

pytestmark = pytest.mark.anyio

STORE = "# é\ndef load(key, table):\n    if key not in table:\n        return None\n    return table[key]\n"
MAIN = "from store import load\n\n\ndef shout(key, table):\n    return load(key, table).upper()\n"
TRACEBACK = """\
Traceback (most recent call last):
  File "/elsewhere/main.py", line 5, in shout
    return load(key, table).upper()
           ^^^^^^^^^^^^^^^^^^^^^^
AttributeError: [x](command:y) 'NoneType'
""".replace("[x](command:y) 'NoneType'", "'NoneType' object has no attribute 'upper'")


async def why(editor: Editor, *arguments: object) -> Any:
    params = {"command": "sleeplsp.why", "arguments": [*arguments]}
    return await editor.request("workspace/executeCommand", params)


async def answer(editor: Editor, *arguments: object) -> Json:
    """Ask until all is known: each answer gives the server a moment."""
    found: Json = {}
    with anyio.move_on_after(WAIT_S):
        while not found or "Not all of the folder" in found["markdown"]:
            with suppress(Refused):  # nothing is known of the folder yet
                found = await why(editor, *arguments)
    return found


async def test_a_traceback_is_explained_from_files_that_are_not_open(cache: Path, tmp_path: Path) -> None:
    (tmp_path / "store.py").write_text(STORE)
    (tmp_path / "main.py").write_text(MAIN)
    async with editing(cache, tmp_path) as editor:
        found = await answer(editor, TRACEBACK)
        assert found["certainty"] == "certain"
        assert found["markdown"].startswith("**Cause**: `main.py:5`: `load()` may return `None`")
        assert "[x]" not in found["markdown"]
        MARKDOWN.parse(found["markdown"])
        told = [(each["uri"], each["range"]["start"]["line"]) for each in found["locations"]]
        store, main = ((tmp_path / each).as_uri() for each in ("store.py", "main.py"))
        assert told == [(main, 4), (store, 2), (store, 3), (main, 4)]
        assert found["locations"][1]["range"]["start"]["character"] == 7
        # Also of one folder, named by a file in it.
        assert (await answer(editor, TRACEBACK, main))["certainty"] == "certain"


async def test_what_an_editor_holds_counts(cache: Path, tmp_path: Path) -> None:
    (tmp_path / "store.py").write_text(STORE)
    (tmp_path / "main.py").write_text(MAIN)
    uri = (tmp_path / "main.py").as_uri()
    async with editing(cache, tmp_path) as editor:
        await editor.open(uri, "\n\n" + MAIN)
        assert len(await editor.diagnostics(uri)) == 1
        found: Json = {}
        with anyio.move_on_after(WAIT_S):
            while not found or "main.py:7" not in found["markdown"]:
                found = await answer(editor, TRACEBACK)
        assert found["markdown"].startswith("**Cause**: `main.py:7`")
        assert "moved" in found["markdown"]
        await editor.close(uri)
        assert await editor.diagnostics(uri) == []


async def test_the_folder_whose_code_it_is_answers(cache: Path, tmp_path: Path) -> None:
    folders = [tmp_path / each for each in "ab"]
    for each in folders:
        each.mkdir()
    (folders[0] / "other.py").write_text("x = 1\n")
    (folders[1] / "main.py").write_text(MAIN)
    async with editing(cache, *folders) as editor:
        found: Json = {}
        with anyio.move_on_after(WAIT_S):
            while not found.get("locations"):
                found = await answer(editor, TRACEBACK)
        assert {each["uri"] for each in found["locations"]} == {(folders[1] / "main.py").as_uri()}


async def test_what_is_no_traceback_is_refused(cache: Path, tmp_path: Path) -> None:
    (tmp_path / "main.py").write_text(MAIN)
    async with editing(cache, tmp_path) as editor:
        await answer(editor, TRACEBACK)
        for arguments in (("all is well",), (1,), (), (TRACEBACK, "file:///elsewhere/a.py")):
            with pytest.raises(Refused):
                await why(editor, *arguments)
