"""Code lenses, inlay hints and the report of a module, in a real server."""

import stat
from pathlib import Path
from urllib.parse import unquote, urlsplit

import anyio
import pytest

from tests.lsp.client import Editor, Json, editing, replaced
from tests.lsp.test_navigation import comes

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
    return "😀", find(key).upper(), find(key)
"""
ALL: Json = {
    "textDocument": {"codeLens": {}, "inlayHint": {}},
    "workspace": {"codeLens": {"refreshSupport": True}, "inlayHint": {"refreshSupport": True}},
}
SHOWN: Json = {"textDocument": {"codeLens": {}}, "window": {"showDocument": {"support": True}}}
OPTIONAL = {
    "callHierarchyProvider",
    "codeLensProvider",
    "inlayHintProvider",
    "referencesProvider",
    "workspaceSymbolProvider",
}
ON = {"lenses": True, "hints": True}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "a project"
    (folder / "pkg").mkdir(parents=True)
    (folder / "pkg" / "__init__.py").touch()
    (folder / "pkg" / "store.py").write_text(STORE)
    (folder / "pkg" / "use.py").write_text(USE, encoding="utf-8")
    return folder


async def lenses(editor: Editor, uri: str) -> list[str]:
    """Return the lenses of a document: line and title."""
    found = await editor.request("textDocument/codeLens", {"textDocument": {"uri": uri}})
    return [f"{each['range']['start']['line']}: {each['command']['title']}" for each in found]


async def hints(editor: Editor, uri: str, first: int = 0, last: int = 99) -> list[tuple[int, int, str]]:
    """Return the hints of some lines of a document: line, character and label."""
    span = {"start": {"line": first, "character": 0}, "end": {"line": last, "character": 0}}
    asked = {"textDocument": {"uri": uri}, "range": span}
    found = await editor.request("textDocument/inlayHint", asked)
    return [(each["position"]["line"], each["position"]["character"], each["label"]) for each in found]


async def test_who_has_not_asked_for_them_sees_none(cache: Path, project: Path) -> None:
    uri = (project / "pkg" / "use.py").as_uri()
    async with editing(cache, project, capabilities=ALL) as editor:
        await editor.open(uri, USE)
        await editor.diagnostics(uri)
        assert await lenses(editor, uri) == []
        assert await hints(editor, uri) == []


async def test_they_are_told_anew_when_what_they_say_changes(cache: Path, project: Path) -> None:
    store, use = ((project / "pkg" / name).as_uri() for name in ("store.py", "use.py"))
    # What is edited is not thought about again: what goes until then goes by itself.
    async with editing(cache, project, capabilities=ALL, options={**ON, "idle_s": 3600}) as editor:
        await editor.open(use, USE)
        assert await lenses(editor, use) == [], "nothing is known yet"
        assert await hints(editor, use) == []
        await editor.expect_request("workspace/codeLens/refresh")
        await editor.expect_request("workspace/inlayHint/refresh")
        assert await lenses(editor, use) == ["3: 1 suspicion, fresh"]
        first, second = (4, 26, "may be None"), (4, 45, "may be None")
        assert await hints(editor, use) == [first, second]
        assert await hints(editor, use, 0, 3) == []
        assert len(await editor.diagnostics(use)) == 1

        # The callee is edited: what an editor shows of the caller is not so any more.
        await editor.open(store, STORE)
        assert await hints(editor, use) == [first, second]
        await editor.change(store, replaced(1, 15, 15, "x"))
        assert await editor.diagnostics(use) == []
        await editor.expect_request("workspace/codeLens/refresh")
        await editor.expect_request("workspace/inlayHint/refresh")
        assert await lenses(editor, use) == ["3: rethinking"]
        assert await hints(editor, use) == []


async def test_a_setting_that_changes_is_seen_at_once(cache: Path, project: Path) -> None:
    uri = (project / "pkg" / "use.py").as_uri()
    async with editing(cache, project, capabilities=ALL) as editor:
        await editor.open(uri, USE)
        await editor.diagnostics(uri)
        assert (await lenses(editor, uri), await hints(editor, uri)) == ([], [])
        await editor.notify("workspace/didChangeConfiguration", {"settings": {"sleeplsp": ON}})
        await editor.expect_request("workspace/codeLens/refresh")
        await editor.expect_request("workspace/inlayHint/refresh")
        assert (len(await lenses(editor, uri)), len(await hints(editor, uri))) == (1, 2)


async def test_an_editor_that_cannot_be_told_to_ask_again_is_not(cache: Path, project: Path) -> None:
    uri = (project / "pkg" / "use.py").as_uri()
    capabilities = {"textDocument": ALL["textDocument"]}
    async with editing(cache, project, capabilities=capabilities, options=ON) as editor:
        await editor.open(uri, USE)
        assert await lenses(editor, uri) == []
        await editor.diagnostics(uri)
        assert await lenses(editor, uri) == ["3: 1 suspicion, fresh"]


async def test_what_a_client_has_not_announced_is_not_offered(cache: Path, project: Path) -> None:
    uri = (project / "pkg" / "use.py").as_uri()
    async with editing(cache, project, options=ON) as editor:
        await editor.open(uri, USE)
        assert not editor.capabilities.keys() & OPTIONAL
        assert await editor.diagnostics(uri)


async def run(editor: Editor, *arguments: str) -> str | None:
    """Run the command that shows a report."""
    asked = {"command": "sleeplsp.report", "arguments": list(arguments)}
    path: str | None = await editor.request("workspace/executeCommand", asked)
    return path


def showing(editor: Editor, *, success: bool) -> list[Json]:
    """Have an editor show documents, or fail to; return the list that they come into."""
    shown: list[Json] = []

    def show(asked: Json) -> Json:
        shown.append(asked)
        return {"success": success}

    editor.answers["window/showDocument"] = show
    return shown


async def test_a_click_on_a_lens_shows_the_report(cache: Path, project: Path) -> None:
    store = (project / "pkg" / "store.py").as_uri()
    async with editing(cache, project, capabilities=SHOWN, options=ON) as editor:
        shown = showing(editor, success=True)
        await editor.open(store, STORE)
        (lens,) = await comes(editor, "textDocument/codeLens", {"textDocument": {"uri": store}})
        assert lens["command"]["command"] in editor.capabilities["executeCommandProvider"]["commands"]
        path = await run(editor, *lens["command"]["arguments"])
        (asked,) = shown
        file = anyio.Path(unquote(urlsplit(asked["uri"]).path))
        assert (str(file), asked["takeFocus"]) == (path, True)
        lines = (await file.read_text(encoding="utf-8")).splitlines()
        line = asked["selection"]["start"]["line"]
        assert lines[0] == "# `pkg/store.py`"
        assert lines[line] == "### `find`, line 1"
        assert stat.S_IMODE((await file.stat()).st_mode) == 0o600
        assert stat.S_IMODE((await file.parent.stat()).st_mode) == 0o700
        assert file.is_relative_to(cache)


async def test_who_cannot_show_a_document_is_told_where_it_is(cache: Path, project: Path) -> None:
    uri = (project / "pkg" / "use.py").as_uri()
    async with editing(cache, project, capabilities=ALL) as editor:
        await editor.open(uri, USE)
        await editor.diagnostics(uri)
        path = await run(editor, uri)
        assert path is not None
        assert (await editor.expect("window/showMessage"))["message"] == f"sleeplsp: the report is in {path}"
        assert "none-dereference" in await anyio.Path(path).read_text(encoding="utf-8")


async def test_an_editor_that_fails_to_show_a_document_is_told_where_it_is(
    cache: Path, project: Path
) -> None:
    uri = (project / "pkg" / "use.py").as_uri()
    async with editing(cache, project, capabilities=SHOWN) as editor:
        shown = showing(editor, success=False)
        await editor.open(uri, USE)
        await editor.diagnostics(uri)
        path = await run(editor, uri)
        assert len(shown) == 1
        assert str(path) in (await editor.expect("window/showMessage"))["message"]
