"""The server as real editors see it: what Neovim and VS Code say of themselves, replayed.

The same happens to the user in both, by whatever way each can be told; and nothing is sent to an editor that
it has not announced.
"""

from pathlib import Path

import pytest

from tests.lsp.client import Editor, Json, at, editing, folder, replaced
from tests.lsp.test_server import BROKEN, STORE, USE

pytestmark = pytest.mark.anyio

MENDED = replaced(2, 15, 19, '""')
COLUMN = {"utf-8": 19, "utf-16": 17}
"""Where the mark in USE begins: behind an emoji."""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "pkg").mkdir()
    (tmp_path / "pkg" / "__init__.py").touch()
    (tmp_path / "pkg" / "store.py").write_text(STORE)
    (tmp_path / "pkg" / "use.py").write_text(USE, encoding="utf-8")
    return tmp_path


def announced(editor: Editor) -> str:
    encoding: str = editor.capabilities["positionEncoding"]
    return encoding


async def test_a_mark_comes_and_goes(cache: Path, project: Path, profile: str) -> None:
    store, use = ((project / "pkg" / name).as_uri() for name in ("store.py", "use.py"))
    async with editing(cache, project, profile=profile) as editor:
        column = COLUMN[announced(editor)]
        await editor.open(use, USE)
        (found,) = await editor.shows(use, 1)
        assert found["code"] == "none-dereference"
        assert found["range"]["start"] == {"line": 4, "character": column}
        assert len(found["relatedInformation"]) == 4
        hover = await editor.hover(use, 4, column + 1)
        assert hover is not None
        assert hover.startswith("**`find(key)` may be `None` here")
        # Mended in another file, the mark goes before anything is saved; and comes back.
        await editor.open(store, STORE)
        await editor.change(store, MENDED)
        await editor.shows(use, 0)
        await editor.change(store, BROKEN)
        await editor.shows(use, 1)
        await editor.close(use)
        await editor.shows(use, 0)
        await editor.close(store)


async def test_an_ignore_comment_can_be_applied(cache: Path, project: Path, profile: str) -> None:
    use = (project / "pkg" / "use.py").as_uri()
    async with editing(cache, project, profile=profile) as editor:
        await editor.open(use, USE)
        (found,) = await editor.shows(use, 1)
        asked = {"textDocument": {"uri": use}, "range": found["range"], "context": {"diagnostics": [found]}}
        actions = {each["title"]: each for each in await editor.request("textDocument/codeAction", asked)}
        action = actions["Ignore none-dereference here"]
        if "edit" not in action:
            assert editor.capabilities["codeActionProvider"]["resolveProvider"]
            action = await editor.request("codeAction/resolve", action)
        (edit,) = edits_of(action["edit"], use)
        await editor.change(use, {"range": edit["range"], "text": edit["newText"]})
        await editor.shows(use, 0)
        await editor.close(use)


def edits_of(edit: Json, uri: str) -> list[Json]:
    """Return the edits of one document, in whichever form they are sent."""
    if "changes" in edit:
        changes: list[Json] = edit["changes"][uri]
        return changes
    (document,) = edit["documentChanges"]
    assert document["textDocument"]["uri"] == uri
    edits: list[Json] = document["edits"]
    return edits


async def test_folders_come_and_go(cache: Path, project: Path, tmp_path: Path, profile: str) -> None:
    inner = tmp_path / "pkg"
    use = (inner / "use.py").as_uri()
    async with editing(cache, profile=profile) as editor:
        await editor.open(use, USE)
        assert await editor.hover(use, 4, 18) is None, "nothing is known of what it imports"
        change = {"event": {"added": [folder(project)], "removed": []}}
        await editor.notify("workspace/didChangeWorkspaceFolders", change)
        await editor.shows(use, 1)
        await editor.notify(
            "workspace/didChangeWorkspaceFolders", {"event": {"added": [], "removed": [folder(project)]}}
        )
        await editor.shows(use, 0)
        await editor.close(use)


async def test_the_editor_is_told_only_what_it_has_announced(
    cache: Path, project: Path, profile: str
) -> None:
    use = (project / "pkg" / "use.py").as_uri()
    async with editing(cache, project, profile=profile) as editor:
        await editor.open(use, USE)
        await editor.shows(use, 1)
        await editor.request("textDocument/documentSymbol", {"textDocument": {"uri": use}})
        methods = {method for method, _ in editor.dealt_with}
        assert "workspace/codeLens/refresh" not in methods or profile == "vscode"
        assert "workspace/diagnostic/refresh" not in methods or profile == "vscode"
        assert ("diagnosticProvider" in editor.capabilities) == (profile == "vscode")
        registered = {
            each["method"]
            for method, said in editor.dealt_with
            if method == "client/registerCapability"
            for each in said["registrations"]
        }
        assert ("workspace/didChangeWatchedFiles" in registered) == (profile == "vscode")
        await editor.close(use)
        await editor.shows(use, 0)


async def test_every_capability_that_the_server_announces_is_one_it_has(
    cache: Path, project: Path, profile: str
) -> None:
    """Each request that is offered is answered with a result, or refused for what it asks."""
    use = (project / "pkg" / "use.py").as_uri()
    document, span = {"textDocument": {"uri": use}}, {"start": {"line": 0, "character": 0}}
    whole = {"range": {**span, "end": {"line": 4, "character": 0}}}
    offered: dict[str, list[tuple[str, Json]]] = {
        "hoverProvider": [("textDocument/hover", at(use, 4, 18))],
        "documentSymbolProvider": [("textDocument/documentSymbol", document)],
        "workspaceSymbolProvider": [("workspace/symbol", {"query": "find"})],
        "codeActionProvider": [
            ("textDocument/codeAction", {**document, **whole, "context": {"diagnostics": []}})
        ],
        "codeLensProvider": [("textDocument/codeLens", document)],
        "inlayHintProvider": [("textDocument/inlayHint", {**document, **whole})],
        "referencesProvider": [
            ("textDocument/references", {**at(use, 3, 5), "context": {"includeDeclaration": True}})
        ],
        "callHierarchyProvider": [("textDocument/prepareCallHierarchy", at(use, 3, 5))],
        "diagnosticProvider": [("textDocument/diagnostic", document)],
        "textDocumentSync": [],
        "positionEncoding": [],
        "executeCommandProvider": [],
        "workspace": [],
    }
    async with editing(cache, project, profile=profile) as editor:
        await editor.open(use, USE)
        await editor.shows(use, 1)
        assert {*editor.capabilities} <= {*offered}
        for name in editor.capabilities:
            for method, params in offered[name]:
                await editor.request(method, params)
        assert editor.capabilities["executeCommandProvider"]["commands"]
        assert editor.capabilities["workspace"]["fileOperations"] == {}
        await editor.close(use)
        await editor.shows(use, 0)
