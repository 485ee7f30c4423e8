"""What changes outside the open documents: files on disk, settings; and the progress of thinking."""

from functools import partial
from pathlib import Path

import pytest

from tests.lsp.client import Json, editing
from tests.lsp.test_server import STORE, USE

pytestmark = pytest.mark.anyio

WATCHING: Json = {
    "workspace": {
        "didChangeWatchedFiles": {"dynamicRegistration": True},
        "didChangeConfiguration": {"dynamicRegistration": True},
        "configuration": True,
    },
    "window": {"workDoneProgress": True},
}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "pkg").mkdir()
    (tmp_path / "pkg" / "__init__.py").touch()
    (tmp_path / "pkg" / "store.py").write_text(STORE)
    (tmp_path / "pkg" / "use.py").write_text(USE, encoding="utf-8")
    return tmp_path


def changed(path: Path) -> Json:
    return {"changes": [{"uri": path.as_uri(), "type": 2}]}


async def test_a_callee_that_changes_on_disk(cache: Path, project: Path) -> None:
    store, use = project / "pkg" / "store.py", (project / "pkg" / "use.py").as_uri()
    async with editing(cache, project) as editor:
        await editor.open(use, USE)
        assert len(await editor.diagnostics(use)) == 1
        # Told of it, the editor's marks go at once, and come back if they are still right.
        await editor.notify("workspace/didChangeWatchedFiles", changed(store))
        assert await editor.diagnostics(use) == []
        assert len(await editor.diagnostics(use)) == 1
        # Not told of it, it is seen at the next save.
        store.write_text(STORE.replace("return None", "return ''"))
        await editor.notify("textDocument/didSave", {"textDocument": {"uri": use}})
        assert await editor.diagnostics(use) == []


async def test_settings_of_the_editor_and_of_the_repository(cache: Path, project: Path) -> None:
    use = (project / "pkg" / "use.py").as_uri()
    settings: Json = {}
    async with editing(cache, project, capabilities=WATCHING) as editor:
        editor.answers["workspace/configuration"] = lambda _: [settings]
        editor.answers["window/workDoneProgress/create"] = lambda _: None
        registered = await editor.expect_request("client/registerCapability")
        methods = {each["method"]: each for each in registered["registrations"]}
        assert {*methods} == {
            "workspace/didChangeWatchedFiles",
            "workspace/didChangeConfiguration",
        }
        globs = methods["workspace/didChangeWatchedFiles"]["registerOptions"]["watchers"]
        assert any(".py" in each["globPattern"] for each in globs)
        await editor.open(use, USE)
        assert [each["severity"] for each in await editor.diagnostics(use)] == [2]

        settings |= {"checks": {"none-dereference": "error"}}
        await editor.notify("workspace/didChangeConfiguration", {"settings": None})
        assert await editor.diagnostics(use) == []
        assert [each["severity"] for each in await editor.diagnostics(use)] == [1]

        file = project / "pyproject.toml"
        file.write_text("[tool.sleeplsp]\nexcludes = ['use.py']\ncache_dir = 'x'\nnothing = 1\n")
        await editor.notify("workspace/didChangeWatchedFiles", changed(file))
        assert await editor.diagnostics(use) == []
        lines = [(await editor.expect("window/logMessage"))["message"] for _ in range(2)]
        assert "only the user may set it" in lines[0]
        assert "no such setting" in lines[1]
        assert not (project / "x").exists()

        begun = await editor.expect("$/progress", lambda said: said["value"]["kind"] == "begin")
        assert begun["value"]["title"] == f"sleeplsp: thinking about {project.name}"
        token = begun["token"]
        await editor.expect(
            "$/progress", lambda said: (said["token"], said["value"]["kind"]) == (token, "end")
        )
        # Two more roots were opened with the settings, each with a bar of its own.
        for kind in ("begin", "begin", "end", "end"):
            await editor.expect("$/progress", partial(_tells, kind))
        editor.told = [each for each in editor.told if each[0] != "$/progress"]


def _tells(kind: str, said: Json) -> bool:
    return bool(said["value"]["kind"] == kind)


async def test_settings_that_are_pushed(cache: Path, project: Path) -> None:
    use = (project / "pkg" / "use.py").as_uri()
    options = {"sleeplsp": {"checks": {"none-dereference": "note"}, "idle_s": 0.1}}
    async with editing(cache, project, options=options) as editor:
        await editor.open(use, USE)
        assert [each["severity"] for each in await editor.diagnostics(use)] == [3]
        pushed = {"settings": {"sleeplsp": {"checks": {"none-dereference": "off"}}, "other": 1}}
        await editor.notify("workspace/didChangeConfiguration", pushed)
        assert await editor.diagnostics(use) == []
        nonsense: list[object] = [None, 7, {"sleeplsp": 7}, {"sleeplsp": {}}, []]
        for each in nonsense:
            await editor.notify("workspace/didChangeConfiguration", {"settings": each})
        assert await editor.hover_comes(use, 4, 18)


async def test_settings_that_the_editor_takes_back(cache: Path, project: Path) -> None:
    """What it said when it began stays; what it said later goes."""
    use = (project / "pkg" / "use.py").as_uri()
    answers: list[Json | None] = [{"checks": {"none-dereference": "error"}}]
    capabilities: Json = {"workspace": {"configuration": True}}
    options: Json = {"checks": {"none-dereference": "note"}}
    async with editing(cache, project, capabilities=capabilities, options=options) as editor:
        editor.answers["workspace/configuration"] = lambda _: answers
        await editor.open(use, USE)
        assert [each["severity"] for each in await editor.diagnostics(use)] == [1]
        answers[:] = [None]
        await editor.notify("workspace/didChangeConfiguration", {"settings": None})
        assert await editor.diagnostics(use) == []
        assert [each["severity"] for each in await editor.diagnostics(use)] == [3]
        await editor.close(use)
        assert await editor.diagnostics(use) == []
