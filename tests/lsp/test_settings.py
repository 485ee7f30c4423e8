"""Settings: of the editor, for each folder, and of the repository. What they do not concern does not blink.

Diagnostics that nobody expects fail a test at its end: a mark that goes and comes back is one of them.
"""

from pathlib import Path

import pytest

from tests.lsp.client import Editor, Json, editing, folder
from tests.lsp.test_server import STORE, USE

pytestmark = pytest.mark.anyio

DYNAMIC: Json = {
    "workspace": {
        "didChangeWatchedFiles": {"dynamicRegistration": True},
        "didChangeConfiguration": {"dynamicRegistration": True},
        "configuration": True,
    },
}
ASKED: Json = {"workspace": {"configuration": True, "workspaceFolders": True}}

CHANGED = "workspace/didChangeConfiguration"


def made(project: Path) -> Path:
    (project / "pkg").mkdir(parents=True)
    (project / "pkg" / "__init__.py").touch()
    (project / "pkg" / "store.py").write_text(STORE)
    (project / "pkg" / "use.py").write_text(USE, encoding="utf-8")
    return project


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return made(tmp_path / "project")


def level(check: str, severity: str) -> Json:
    return {"checks": {check: severity}}


async def saved(editor: Editor, path: Path) -> None:
    changes = [{"uri": path.as_uri(), "type": 2}]
    await editor.notify("workspace/didChangeWatchedFiles", {"changes": changes})


async def severities(editor: Editor, uri: str) -> list[int]:
    return [each["severity"] for each in await editor.diagnostics(uri)]


async def test_of_the_editor_and_of_the_repository(cache: Path, project: Path) -> None:
    use = (project / "pkg" / "use.py").as_uri()
    settings: Json = {}
    async with editing(cache, project, capabilities=DYNAMIC) as editor:
        editor.answers["workspace/configuration"] = lambda params: [settings] * len(params["items"])
        registered = await editor.expect_request("client/registerCapability")
        methods = {each["method"]: each for each in registered["registrations"]}
        assert {*methods} == {"workspace/didChangeWatchedFiles", CHANGED}
        assert methods[CHANGED]["registerOptions"] == {"section": "sleeplsp"}
        globs = methods["workspace/didChangeWatchedFiles"]["registerOptions"]["watchers"]
        assert any(".py" in each["globPattern"] for each in globs)
        await editor.open(use, USE)
        assert await severities(editor, use) == [2]

        settings |= level("none-dereference", "error")
        await editor.notify(CHANGED, {"settings": None})
        assert await severities(editor, use) == [1], "at once, and without going first"

        # Saved with nothing for us in it, or with the same: nothing moves, and thinking goes on.
        file = project / "pyproject.toml"
        for text in ("[project]\nname = 'x'\n", "[tool.sleeplsp]\nexcludes = []\n"):
            file.write_text(text)
            await saved(editor, file)
        # Limits need another reasoner, and leave the marks where they are.
        file.write_text("[tool.sleeplsp]\nfiles_max = 1000\n")
        await saved(editor, file)

        file.write_text("[tool.sleeplsp]\nexcludes = ['use.py']\ncache_dir = 'x'\nnothing = 1\n")
        await saved(editor, file)
        lines = [(await editor.expect("window/logMessage"))["message"] for _ in range(2)]
        assert "only the user may set it" in lines[0]
        assert "there is no such setting" in lines[1]
        assert await editor.diagnostics(use) == [], "what is left out is not suspected of anything"
        await saved(editor, file)
        file.unlink()
        await saved(editor, file)
        assert await severities(editor, use) == [1]

        file.write_text("[tool.sleeplsp.checks]\nnone-derefernce = 'off'\n")
        await saved(editor, file)
        line = (await editor.expect("window/logMessage"))["message"]
        assert "there is no such check; did you mean none-dereference?" in line


async def test_that_are_pushed(cache: Path, project: Path) -> None:
    use = (project / "pkg" / "use.py").as_uri()
    options = {"sleeplsp": {"checks": {"none-dereference": "note"}, "idle_s": 0.1}}
    async with editing(cache, project, options=options) as editor:
        await editor.open(use, USE)
        assert await severities(editor, use) == [3]
        pushed = {"settings": {"sleeplsp": level("none-dereference", "off"), "other": 1}}
        await editor.notify(CHANGED, pushed)
        assert await editor.diagnostics(use) == []
        nonsense: list[object] = [None, 7, {"sleeplsp": 7}, {"sleeplsp": {}}, []]
        for each in nonsense:
            await editor.notify(CHANGED, {"settings": each})
        assert await editor.hover_comes(use, 4, 18)


async def test_that_the_editor_takes_back(cache: Path, project: Path) -> None:
    """What it said when it began stays; what it said later goes."""
    use = (project / "pkg" / "use.py").as_uri()
    answers: list[Json | None] = [level("none-dereference", "error")]
    options = level("none-dereference", "note")
    async with editing(cache, project, capabilities=ASKED, options=options) as editor:
        editor.answers["workspace/configuration"] = lambda _: answers  # fewer than it was asked for
        await editor.open(use, USE)
        assert await severities(editor, use) == [1]
        answers[:] = [None]
        await editor.notify(CHANGED, {"settings": None})
        assert await severities(editor, use) == [3]
        await editor.close(use)
        assert await editor.diagnostics(use) == []


async def test_of_each_folder_and_of_none(cache: Path, tmp_path: Path) -> None:
    """A folder that is added is asked about before it is thought about."""
    first, second = made(tmp_path / "first"), made(tmp_path / "second")
    said = {
        first.as_uri(): level("none-dereference", "error"),
        second.as_uri(): level("none-dereference", "note"),
        None: level("literal-identity", "error"),
    }
    scopes: list[list[str | None]] = []

    def answer(params: Json) -> list[Json]:
        assert {each["section"] for each in params["items"]} == {"sleeplsp"}
        scopes.append([each.get("scopeUri") for each in params["items"]])
        return [said[each] for each in scopes[-1]]

    async with editing(cache, first, capabilities=ASKED) as editor:
        editor.answers["workspace/configuration"] = answer
        uris = [(each / "pkg" / "use.py").as_uri() for each in (first, second)]
        await editor.open(uris[0], USE)
        assert await severities(editor, uris[0]) == [1]
        event: Json = {"added": [folder(second)], "removed": []}
        await editor.notify("workspace/didChangeWorkspaceFolders", {"event": event})
        await editor.open(uris[1], USE)
        assert await severities(editor, uris[1]) == [3]
        await editor.open("untitled:x", "def f(x):\n    return x is 'a'\n")
        assert await severities(editor, "untitled:x") == [1]
        assert scopes == [[first.as_uri(), None], [first.as_uri(), second.as_uri(), None]]
        event = {"added": [], "removed": [folder(first)]}
        await editor.notify("workspace/didChangeWorkspaceFolders", {"event": event})
        assert await editor.diagnostics(uris[0]) == [], "it lies in no folder now, and sees no other file"
