"""The overview of all folders, as lists show it: what is suspected, open or not, what waits, what failed."""

from pathlib import Path

import anyio
import pytest

from tests.lsp.client import WAIT_S, Editor, Json, Refused, editing, replaced

pytestmark = pytest.mark.anyio

STORE = "def load(key, table):\n    if key not in table:\n        return None\n    return table[key]\n"
MAIN = """\
from store import load


def shout(key, table):
    return "é𝄞" + load(key, table).upper()


def quiet(key, table):
    return load(key, table).lower()  # sleeplsp: ignore
"""
CHECK = "none-dereference"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "store.py").write_text(STORE)
    (folder / "main.py").write_text(MAIN)
    return folder


async def overview(editor: Editor, *uris: str) -> list[Json]:
    asked = {"command": "sleeplsp.overview", "arguments": [*uris]}
    found: list[Json] = (await editor.request("workspace/executeCommand", asked))["roots"]
    return found


async def complete(editor: Editor, count: int, *uris: str) -> Json:
    """Ask until nothing waits and so much is suspected: each answer gives the server a moment."""
    with anyio.fail_after(WAIT_S):
        while True:
            [root] = await overview(editor, *uris)
            if root["isComplete"] and root["suspicionsTotal"] == count:
                return root


async def test_what_nobody_has_open_is_listed_as_well(cache: Path, project: Path) -> None:
    async with editing(cache, project) as editor:
        root = await complete(editor, 1)
        assert (root["root"], root["name"]) == (project.as_uri(), "project")
        [found] = root["suspicions"]
        assert found["uri"] == (project / "main.py").as_uri()
        assert found["range"]["start"] == {"line": 4, "character": 11 + len('"é__" + ')}, "in UTF-16"
        told = [found[name] for name in ("path", "check", "severity", "grade", "source", "symbol")]
        assert told == ["main.py", CHECK, "warning", "deduced", "deduced", "shout"]
        assert (found["shown"], found["isDrift"]) == (True, False)
        assert (root["waiting"], root["waitingTotal"], root["failed"]) == ([], 0, [])


async def test_what_is_edited_away_is_listed_no_more(cache: Path, project: Path) -> None:
    uri = (project / "main.py").as_uri()
    async with editing(cache, project, encodings=("utf-8",)) as editor:
        await editor.open(uri, MAIN)
        [found] = (await complete(editor, 1, uri))["suspicions"]
        assert found["range"]["start"]["character"] == 11 + len('"é𝄞" + '.encode())
        await editor.change(uri, replaced(4, 11, 4 + len(MAIN.splitlines()[4].encode()) - 4, '""'))
        [root] = await overview(editor)
        assert root["suspicions"] == [], "before anybody has thought about it"
        await complete(editor, 0)
        editor.told.clear()


async def test_what_waits_is_listed_with_its_cause(cache: Path, project: Path) -> None:
    uri = (project / "main.py").as_uri()
    async with editing(cache, project, options={"paused": True}) as editor:
        await editor.open(uri, MAIN)
        [root] = await overview(editor)
        assert not root["isComplete"]
        waiting = {each["path"]: each for each in root["waiting"]}
        assert waiting["main.py"] == {"uri": uri, "path": "main.py", "cause": "opened"}
        assert waiting[""]["uri"] == project.as_uri(), "the whole folder"
        assert root["waitingTotal"] == len(waiting)


async def test_folders_are_told_apart(cache: Path, project: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    async with editing(cache, project, other) as editor:
        assert [each["name"] for each in await overview(editor)] == ["project", "other"]
        await complete(editor, 1, project.as_uri())
        await complete(editor, 0, other.as_uri())
        with pytest.raises(Refused, match="lies in no folder"):
            await overview(editor, (tmp_path / "nowhere.py").as_uri())


async def test_the_report_is_given_as_it_is(cache: Path, project: Path) -> None:
    uri = (project / "store.py").as_uri()
    async with editing(cache, project) as editor:
        await editor.open(uri, STORE)
        await editor.hover_comes(uri, 0, 5)
        asked = {"command": "sleeplsp.insight", "arguments": [uri, "load"]}
        told = await editor.request("workspace/executeCommand", asked)
        assert told["markdown"].startswith("# `store.py`")
        assert told["markdown"].splitlines()[told["line"]] == "### `load`, line 1"
        closed = {**asked, "arguments": [(project / "main.py").as_uri()]}
        with pytest.raises(Refused, match="is no document"):
            await editor.request("workspace/executeCommand", closed)
