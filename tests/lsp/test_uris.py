"""Documents by whatever name: every legal spelling of a file, other schemes, links in circles."""

import os
import random
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.lsp.client import Editor, Json, editing, folder, replaced
from tests.lsp.test_hostile import CODE, MARK, still_answers
from tests.lsp.test_pull import PULLING

pytestmark = pytest.mark.anyio


def escaped(path: Path, form: str) -> str:
    """Return a path with all its bytes escaped but the slashes."""
    return "".join("/" if each == 0x2F else form % each for each in str(path).encode())


SPELLINGS: list[Callable[[Path], str]] = [
    lambda path: path.as_uri(),
    lambda path: "file://" + quote(str(path), safe="/:@!$&'()*+,;=~"),
    # Nothing that need not be, and more than may be left.
    lambda path: "file://" + str(path).replace("%", "%25").replace("#", "%23").replace("?", "%3F"),
    lambda path: "file://" + escaped(path, "%%%02X"),
    lambda path: "file://" + escaped(path, "%%%02x"),
    lambda path: "file:///" + quote(str(path)[1:], safe=""),
    lambda path: "file://localhost" + path.as_uri().removeprefix("file://"),
    lambda path: "FILE://LOCALHOST" + path.as_uri().removeprefix("file://"),
    lambda path: path.as_uri().replace("file:///", "file:/"),
]
NAMES = [
    "a.py",
    "a b.py",
    "a+b.py",
    "a#b.py",
    "a?b.py",
    "a%b.py",
    "a%41.py",
    "é😀.py",
    "[a](b);c=d,e.py",
    "a&b'c!$*.py",
    "C:.py",
    "a::b.py",
    "a\\udcfe.py",
]


async def test_files_by_whatever_spelling_of_their_names(cache: Path, tmp_path: Path) -> None:
    """Opened by one spelling, asked of by each: the marks are told by that it was opened by."""
    chance = random.Random(7)
    for name in NAMES:
        (tmp_path / name).write_text(CODE)
    async with editing(cache, tmp_path) as editor:
        for name in NAMES:
            uris = [spell(tmp_path / name) for spell in SPELLINGS]
            chance.shuffle(uris)
            await editor.open(uris[0], CODE)
            await editor.shows(uris[0], 1)
            for uri in uris:
                assert await editor.hover(uri, *MARK), uri
            change = {"version": 2, "uri": uris[1]}
            edits = [replaced(2, 15, 19, '""')]
            await editor.notify("textDocument/didChange", {"textDocument": change, "contentChanges": edits})
            await editor.shows(uris[0], 0)
            await editor.close(uris[2])
            assert await editor.hover(uris[0], *MARK) is None


@pytest.mark.parametrize("name", [b"root", b"root\xff"])
async def test_files_whose_names_are_not_utf_8(cache: Path, tmp_path: Path, name: bytes) -> None:
    """They are told by a URI by which they can be opened, and are the same files then."""
    root = tmp_path / os.fsdecode(name)
    uri = f"{root.as_uri()}/d%FE/c::.py"
    file = root / os.fsdecode(b"d\xfe") / "c::.py"
    file.parent.mkdir(parents=True)
    file.write_text(CODE)

    async def told(editor: Editor) -> list[str]:
        report = await editor.request("workspace/diagnostic", {"previousResultIds": []})
        return [each["uri"] for each in report["items"]]

    watched: Json = {**PULLING["workspace"], "didChangeWatchedFiles": {"dynamicRegistration": True}}
    async with editing(cache, root, capabilities={**PULLING, "workspace": watched}) as editor:
        await editor.expect_request("client/registerCapability")
        assert await told(editor) == [uri]
        await editor.open(uri, CODE)
        await editor.shows(uri, 1)
        assert await told(editor) == [uri]
        await editor.change(uri, replaced(2, 15, 19, '""'))
        await editor.shows(uri, 0)
        roots = await editor.request("workspace/executeCommand", {"command": "sleeplsp.status"})
        assert [each["root"] for each in roots] == [root.as_uri()], "it is no file by itself"
        await editor.close(uri)


URIS = [
    "vscode-remote://ssh-remote+host/home/a.py",
    "vscode-notebook-cell:/a.ipynb#W0sZmlsZQ%3D%3D",
    "git:/a.py?%7B%22path%22%3A%22%2Fa.py%22%7D",
    "zipfile:///a.zip::b.py",
    "file://server/share/a.py",
    "file:///a.py#L3",
    "file:///a.py?version=2",
    "jdt://contents/a.py",
    "://",
    "",
    "%",
    "file:",
    "file://",
    "file:///%FF%FE.py",
    "untitled:",
    "untitled:C:\\x.py",
    "untitled:a#b?c.py",
    "untitled://../../etc.py",
    "x" * 100_000,
]


async def test_whatever_is_opened_the_server_lives(cache: Path, tmp_path: Path) -> None:
    async with editing(cache, tmp_path) as editor:
        for uri in URIS:
            await editor.open(uri, CODE)
            await editor.hover(uri, *MARK)
            await editor.change(uri, replaced(0, 0, 0, "\n"))
            document = {"textDocument": {"uri": uri}}
            await editor.request("textDocument/documentSymbol", document)
            await editor.notify("textDocument/didSave", document)
            watched = {"changes": [{"uri": uri, "type": each} for each in (1, 2, 3)]}
            await editor.notify("workspace/didChangeWatchedFiles", watched)
            if not uri.startswith("file:///%"):
                change = {"added": [{"uri": uri, "name": "a"}], "removed": [{"uri": uri, "name": "a"}]}
                await editor.notify("workspace/didChangeWorkspaceFolders", {"event": change})
                for _ in range(2):
                    await editor.complaint("is no folder of this machine")
            await editor.close(uri)
            assert await editor.request("textDocument/documentSymbol", document) is None
        await still_answers(editor)
        editor.told = [each for each in editor.told if each[1].get("uri") not in URIS]


async def test_a_drive_letter_is_the_same_in_either_case(cache: Path) -> None:
    one, other = "file:///c%3A/x.py", "file:///C:/x.py"
    async with editing(cache) as editor:
        await editor.open(one, CODE)
        await editor.shows(one, 1)
        assert await editor.hover(other, *MARK)
        await editor.close(other)
        await editor.shows(one, 0)


async def test_links_that_lead_in_circles(cache: Path, tmp_path: Path) -> None:
    project = tmp_path / "project"
    (project / "pkg").mkdir(parents=True)
    (project / "pkg" / "up").symlink_to(project)
    (project / "itself.py").symlink_to(project / "itself.py")
    (project / "one").symlink_to(project / "two")
    (project / "two").symlink_to(project / "one")
    (project / "pkg" / "a.py").write_text(CODE)
    uri = (project / "pkg" / "a.py").as_uri()
    around = (project / "pkg" / "up" / "pkg" / "up" / "pkg" / "a.py").as_uri()
    async with editing(cache, project) as editor:
        await editor.open(uri, CODE)
        await editor.shows(uri, 1)
        # What lies behind a link is left out; what lies nowhere is a text by itself.
        links = {
            around: False,
            (project / "itself.py").as_uri(): False,
            (project / "one/a.py").as_uri(): True,
        }
        for each, is_told in links.items():
            await editor.open(each, CODE)
            if is_told:
                await editor.hover_comes(each, *MARK)
            assert (await editor.hover(each, *MARK) is not None) == is_told
            await editor.close(each)
        await editor.notify(
            "workspace/didChangeWorkspaceFolders",
            {"event": {"added": [folder(project / "one")], "removed": []}},
        )
        await still_answers(editor)
        editor.told.clear()
