"""Progress of thinking: a bar that the server makes, and that the user may cancel."""

from pathlib import Path

import pytest

from tests.lsp.client import Editor, Json, editing

pytestmark = pytest.mark.anyio

CODE = """\
def run(key):
    value = None
    if key:
        value = key
    return value.upper()
"""

BARS: Json = {"window": {"workDoneProgress": True}}


async def next_bar(editor: Editor, kind: str) -> Json:
    return await editor.expect("$/progress", lambda said: bool(said["value"]["kind"] == kind))


async def test_who_cancels_has_no_thinking_done_until_the_next_save(cache: Path, tmp_path: Path) -> None:
    for number in range(100):  # enough to be found at it
        (tmp_path / f"b{number}.py").write_text(f"{CODE}# {tmp_path} {number}\n")
    (tmp_path / "a.py").write_text(CODE)
    uri = (tmp_path / "a.py").as_uri()
    async with editing(cache, tmp_path, capabilities=BARS) as editor:
        await editor.open(uri, CODE)
        begun = await next_bar(editor, "begin")
        assert begun["value"]["cancellable"]
        await editor.notify("window/workDoneProgress/cancel", {"token": begun["token"]})
        ended = await next_bar(editor, "end")
        assert ended["token"] == begun["token"]
        assert ended["value"]["message"] == "paused until the next save"
        await editor.notify("window/workDoneProgress/cancel", {"token": begun["token"]})  # too late
        await editor.notify("window/workDoneProgress/cancel", {"token": "another's"})
        assert all(method == "$/progress" for method, _ in editor.told), "no diagnostics"
        await editor.notify("textDocument/didSave", {"textDocument": {"uri": uri}})
        assert len(await editor.diagnostics(uri)) == 1
        assert "functions thought about" in (await next_bar(editor, "end"))["value"]["message"]
        await editor.close(uri)
        await editor.diagnostics(uri)
        await editor.expect_request("window/workDoneProgress/create")
        editor.asked.clear()
        editor.told = [each for each in editor.told if each[0] != "$/progress"]
