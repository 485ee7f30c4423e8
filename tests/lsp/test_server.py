"""A real server over real pipes, from the first word to the last."""

from pathlib import Path
from urllib.parse import unquote, urlsplit

import anyio
import pytest

from tests.lsp.client import Json, editing, replaced

pytestmark = pytest.mark.anyio

STORE = """\
def find(key):
    if key == "":
        return None
    return key.strip()
"""
USE = """\
from pkg.store import find


def run(key):
    return "😀", find(key).upper()
"""
MENDED = replaced(2, 15, 19, '""')
BROKEN = replaced(2, 15, 17, "None")

RICH: Json = {
    "textDocument": {
        "publishDiagnostics": {
            "relatedInformation": True,
            "codeDescriptionSupport": True,
            "dataSupport": True,
            "tagSupport": {"valueSet": [1, 2]},
        },
        "documentSymbol": {"hierarchicalDocumentSymbolSupport": True},
        "codeAction": {"codeActionLiteralSupport": {"codeActionKind": {"valueSet": ["quickfix"]}}},
    },
    "workspace": {"workspaceEdit": {"documentChanges": True}},
}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "a project"
    (folder / "pkg").mkdir(parents=True)
    (folder / "pkg" / "__init__.py").touch()
    (folder / "pkg" / "store.py").write_text(STORE)
    (folder / "pkg" / "use.py").write_text(USE, encoding="utf-8")
    return folder


def applied(text: str, edit: Json) -> str:
    """Apply an edit of one line, whose columns count UTF-16 units."""
    lines = text.splitlines(keepends=True)
    start, end = edit["range"]["start"], edit["range"]["end"]
    assert start["line"] == end["line"]
    line = lines[start["line"]].encode("utf-16-le")
    changed = line[: 2 * start["character"]] + edit["newText"].encode("utf-16-le")
    lines[start["line"]] = (changed + line[2 * end["character"] :]).decode("utf-16-le")
    return "".join(lines)


async def test_from_opening_a_file_to_closing_it(cache: Path, project: Path) -> None:
    store, use = (project / "pkg" / name for name in ("store.py", "use.py"))
    async with editing(cache, project, capabilities=RICH) as editor:
        assert editor.capabilities["positionEncoding"] == "utf-16"
        await editor.open(use.as_uri(), USE)
        (found,) = await editor.diagnostics(use.as_uri())
        assert found["code"] == "none-dereference"
        assert found["source"] == "sleeplsp"
        assert found["range"] == {
            "start": {"line": 4, "character": 17},
            "end": {"line": 4, "character": 26},
        }
        related = [
            (Path(each["location"]["uri"]).name, each["location"]["range"]["start"]["line"])
            for each in found["relatedInformation"]
        ]
        assert related == [("use.py", 4), ("store.py", 1), ("store.py", 2), ("use.py", 4)]
        page, _, check = found["codeDescription"]["href"].partition("#")
        assert f"## {check}" in await anyio.Path(unquote(urlsplit(page).path)).read_text()

        hover = await editor.hover(use.as_uri(), 4, 18)
        assert hover is not None
        assert hover.startswith("**`find(key)` may be `None` here")
        assert "fresh · `pkg/store.py`" in hover

        symbols = await editor.request("textDocument/documentSymbol", {"textDocument": {"uri": use.as_uri()}})
        assert [each["name"] for each in symbols] == ["run"]

        # The callee is mended in another editor window: the caller's mark goes before anything is saved.
        await editor.open(store.as_uri(), STORE)
        await editor.change(store.as_uri(), MENDED)
        assert await editor.diagnostics(use.as_uri()) == []
        assert "Rethinking" in str(await editor.hover(use.as_uri(), 4, 18))
        await editor.change(store.as_uri(), BROKEN)
        assert len(await editor.diagnostics(use.as_uri())) == 1, "all is as it was"

        # What is not saved is gone when its document is closed: nobody knows what the file says.
        await editor.close(store.as_uri())
        assert await editor.diagnostics(use.as_uri()) == []
        assert len(await editor.diagnostics(use.as_uri())) == 1
        await editor.close(use.as_uri())
        assert await editor.diagnostics(use.as_uri()) == []


async def test_an_editor_that_shows_marks_in_its_hovers_is_not_told_them_twice(
    cache: Path, project: Path
) -> None:
    use = (project / "pkg" / "use.py").as_uri()
    announced = {"experimental": {"sleeplsp": {"marksInHover": True}}}
    async with editing(cache, project, capabilities=announced) as editor:
        await editor.open(use, USE)
        assert len(await editor.diagnostics(use)) == 1
        hover = await editor.hover(use, 4, 18)
        assert hover is not None
        assert hover.startswith("**May return `None`")


async def test_code_actions(cache: Path, project: Path) -> None:
    uri = (project / "pkg" / "use.py").as_uri()
    async with editing(cache, project, capabilities=RICH) as editor:
        await editor.open(uri, USE)
        (found,) = await editor.diagnostics(uri)
        asked = {
            "textDocument": {"uri": uri},
            "range": found["range"],
            "context": {"diagnostics": [found]},
        }
        actions = {each["title"]: each for each in await editor.request("textDocument/codeAction", asked)}
        assert all(each["diagnostics"] == [found] for each in actions.values())

        command = actions["Show why: none-dereference"]["command"]
        run = {"command": command["command"], "arguments": command["arguments"]}
        await editor.request("workspace/executeCommand", run)
        told = (await editor.expect("window/showMessage"))["message"].splitlines()
        assert told[3] == "3. pkg/store.py:3: None: returns `None`"

        (change,) = actions["Ignore none-dereference here"]["edit"]["documentChanges"]
        assert change["textDocument"] == {"uri": uri, "version": 1}
        (edit,) = change["edits"]
        assert "find(key).upper()  # sleeplsp: ignore[none-dereference]\n" in applied(USE, edit)
        span = edit["range"]
        await editor.change(uri, {"range": span, "text": edit["newText"]})
        assert await editor.diagnostics(uri) == []
        only = {**asked, "context": {"diagnostics": [], "only": ["source"]}}
        assert await editor.request("textDocument/codeAction", only) is None


async def test_an_editor_that_can_do_little(cache: Path, project: Path) -> None:
    uri = (project / "pkg" / "use.py").as_uri()
    async with editing(cache, project, encodings=("utf-8",)) as editor:
        assert editor.capabilities["positionEncoding"] == "utf-8"
        await editor.open(uri, USE)
        (found,) = await editor.diagnostics(uri)
        assert found["range"]["start"] == {"line": 4, "character": 19}
        assert "relatedInformation" not in found
        asked = {
            "textDocument": {"uri": uri},
            "range": found["range"],
            "context": {"diagnostics": []},
        }
        actions = await editor.request("textDocument/codeAction", asked)
        commands = [each["command"] for each in actions]
        assert commands == ["sleeplsp.showWhy", "sleeplsp.dismiss"], "it takes no edits"
        symbols = await editor.request("textDocument/documentSymbol", {"textDocument": {"uri": uri}})
        assert symbols[0]["location"]["uri"] == uri
