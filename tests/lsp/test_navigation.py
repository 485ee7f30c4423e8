"""From symbol to symbol, in a real server: search, references and call hierarchy."""

from pathlib import Path

import anyio
import pytest

from tests.lsp.client import WAIT_S, Editor, Json, at, editing

pytestmark = pytest.mark.anyio

FILES = {
    "pkg/__init__.py": "",
    "pkg/store.py": 'def find(key):\n    return key.strip()\n\n\nclass Store:\n    "😀"; x = find("😀")\n',
    "pkg/use.py": 'from pkg.store import find\n\n\ndef run(key):\n    return "😀", find(key), find(key)\n',
}
ALL: Json = {
    "textDocument": {"references": {}, "callHierarchy": {}},
    "workspace": {"symbol": {}},
}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "a project"
    for name, text in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def line(number: int, start: int, end: int) -> Json:
    """Return a range within one line."""
    return {"start": {"line": number, "character": start}, "end": {"line": number, "character": end}}


async def comes(editor: Editor, method: str, params: Json) -> list[Json]:
    """Ask until something is found: each answer gives the server a moment to learn more."""
    with anyio.fail_after(WAIT_S):
        while not (found := await editor.request(method, params)):
            pass
    answer: list[Json] = found
    return answer


async def test_symbols_of_modules_that_are_not_open(cache: Path, project: Path) -> None:
    async with editing(cache, project, capabilities=ALL) as editor:
        (found,) = await comes(editor, "workspace/symbol", {"query": "fnd"})
        store = (project / "pkg" / "store.py").as_uri()
        assert found == {
            "name": "find",
            "kind": 12,
            "containerName": "pkg/store.py",
            "location": {"uri": store, "range": line(0, 4, 8)},
        }
        (found,) = await editor.request("workspace/symbol", {"query": "Store.x"})
        assert (found["kind"], found["containerName"]) == (8, "Store")
        assert found["location"]["range"] == line(5, 10, 11), "in units of UTF-16"
        assert await editor.request("workspace/symbol", {"query": "nowhere"}) == []


async def test_references(cache: Path, project: Path) -> None:
    store, use = ((project / "pkg" / name).as_uri() for name in ("store.py", "use.py"))
    async with editing(cache, project, capabilities=ALL) as editor:
        await editor.open(use, FILES["pkg/use.py"])
        await comes(editor, "textDocument/prepareCallHierarchy", at(use, 4, 18))
        asked = {**at(use, 4, 18), "context": {"includeDeclaration": False}}
        calls = [
            {"uri": store, "range": line(5, 14, 18)},
            {"uri": use, "range": line(4, 17, 21)},
            {"uri": use, "range": line(4, 28, 32)},
        ]
        assert await editor.request("textDocument/references", asked) == calls
        asked["context"] = {"includeDeclaration": True}
        declared = {"uri": store, "range": line(0, 4, 8)}
        assert await editor.request("textDocument/references", asked) == [declared, *calls]
        nothing = {**at(use, 3, 9), "context": {"includeDeclaration": True}}
        assert await editor.request("textDocument/references", nothing) is None


async def test_call_hierarchy(cache: Path, project: Path) -> None:
    store, use = ((project / "pkg" / name).as_uri() for name in ("store.py", "use.py"))
    async with editing(cache, project, capabilities=ALL) as editor:
        await editor.open(use, FILES["pkg/use.py"])
        (item,) = await comes(editor, "textDocument/prepareCallHierarchy", at(use, 4, 18))
        assert item == {
            "name": "find",
            "kind": 12,
            "detail": "pkg/store.py",
            "uri": store,
            "range": {"start": {"line": 0, "character": 0}, "end": {"line": 1, "character": 22}},
            "selectionRange": line(0, 4, 8),
            "data": item["data"],
        }
        incoming = await editor.request("callHierarchy/incomingCalls", {"item": item})
        told = [(each["from"]["name"], each["from"]["uri"], each["fromRanges"]) for each in incoming]
        assert told == [
            ("Store", store, [line(5, 14, 18)]),
            ("run", use, [line(4, 17, 21), line(4, 28, 32)]),
        ]
        run = incoming[1]["from"]
        (call,) = await editor.request("callHierarchy/outgoingCalls", {"item": run})
        assert (call["to"], call["fromRanges"]) == (item, told[1][2])
        assert await editor.request("callHierarchy/incomingCalls", {"item": run}) == []

        strange: list[object] = [None, {}, {"ref": 1}, [], {"ref": "nothing"}]
        for data in strange:
            answer = await editor.request("callHierarchy/incomingCalls", {"item": {**item, "data": data}})
            assert not answer, "an item that is not ours"


async def test_who_has_them_from_another_server_can_do_without(cache: Path, project: Path) -> None:
    store = (project / "pkg" / "store.py").as_uri()
    async with editing(cache, project, capabilities=ALL) as editor:
        await editor.open(store, FILES["pkg/store.py"])
        await comes(editor, "textDocument/prepareCallHierarchy", at(store, 0, 5))
        await editor.notify(
            "workspace/didChangeConfiguration", {"settings": {"sleeplsp": {"navigation": False}}}
        )
        asked = {**at(store, 0, 5), "context": {"includeDeclaration": True}}
        assert not await editor.request("workspace/symbol", {"query": "find"})
        assert not await editor.request("textDocument/references", asked)
        assert not await editor.request("textDocument/prepareCallHierarchy", asked)
