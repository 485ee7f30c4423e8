"""The outline is that of the text as it is, asked for however often, and of what was opened last."""

from pathlib import Path

import pytest

from tests.lsp.client import Editor, editing, replaced

pytestmark = pytest.mark.anyio


async def names(editor: Editor, uri: str) -> list[tuple[str, int]]:
    """Return what the outline holds, with the lines."""
    found = await editor.request("textDocument/documentSymbol", {"textDocument": {"uri": uri}})
    return [(each["name"], each["location"]["range"]["start"]["line"]) for each in found]


async def test_an_outline_that_is_kept_follows_the_text(cache: Path, tmp_path: Path) -> None:
    uri = (tmp_path / "a.py").as_uri()
    async with editing(cache, tmp_path) as editor:
        await editor.open(uri, "def f(): pass\n")
        for _ in range(2):
            assert await names(editor, uri) == [("f", 0)]
        await editor.change(uri, replaced(0, 0, 0, "\n"))
        assert await names(editor, uri) == [("f", 1)]
        await editor.change(uri, replaced(0, 0, 0, "def g(): pass\n"))
        for _ in range(2):
            assert await names(editor, uri) == [("g", 0), ("f", 2)]
        await editor.close(uri)
        await editor.open(uri, "class C: pass\n")
        assert await names(editor, uri) == [("C", 0)]
