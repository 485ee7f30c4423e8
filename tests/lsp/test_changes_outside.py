"""What changes outside the open documents: files on disk."""

from functools import partial
from pathlib import Path

import anyio
import anyio.lowlevel
import pytest
from lsprotocol import types

from sleeplsp.engine.ports import Changed
from sleeplsp.engine.settings import Settings
from sleeplsp.lsp.root import Opened
from sleeplsp.lsp.server import Server
from tests.lsp.client import WAIT_S, Json, editing, folder
from tests.lsp.test_server import STORE, USE
from tests.lsp.test_status import status_comes
from tests.repo.test_watching import git
from tests.scripted import ScriptedReasoner

pytestmark = pytest.mark.anyio


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


@pytest.mark.parametrize("told", [True, False])
async def test_a_branch_that_is_switched_is_one_cause_to_think(
    cache: Path, project: Path, *, told: bool
) -> None:
    """The editor tells of it, or we see it ourselves."""
    store, use = project / "pkg" / "store.py", (project / "pkg" / "use.py").as_uri()
    for number in range(300):
        (project / f"a{number}.py").write_text("def f():\n    return 1\n")
    git(project, "init", "-q", "-b", "main")
    git(project, "add", ".")
    git(project, "commit", "-q", "-m", "x")
    git(project, "checkout", "-q", "-b", "other")
    store.write_text(STORE.replace("return None", "return ''"))
    for number in range(300):
        (project / f"a{number}.py").write_text("def f():\n    return 2\n")
    git(project, "commit", "-q", "-a", "-m", "y")
    git(project, "checkout", "-q", "main")
    watched: Json = {"workspace": {"didChangeWatchedFiles": {"dynamicRegistration": True}}}
    async with editing(cache, project, capabilities=watched if told else None) as editor:
        if told:
            await editor.expect_request("client/registerCapability")
        await editor.open(use, USE)
        assert len(await editor.diagnostics(use)) == 1
        await editor.hover_comes(use, 4, 18)
        git(project, "checkout", "-q", "other")
        if told:
            paths = [store, *(project / f"a{number}.py" for number in range(300))]
            for each in (*paths, project / ".git" / "HEAD"):
                await editor.notify("workspace/didChangeWatchedFiles", changed(each))
        assert await editor.diagnostics(use) == []
        git(project, "checkout", "-q", "main")
        if told:
            await editor.notify("workspace/didChangeWatchedFiles", changed(store))
        assert len(await editor.diagnostics(use)) == 1


def slept(cause: str, said: Json) -> bool:
    return bool(said["lastSuccess"]) and said["lastSuccess"]["cause"] == cause


async def test_an_editor_tells_of_heads(cache: Path, project: Path) -> None:
    async with editing(cache, project) as editor:
        await status_comes(editor, partial(slept, "opened"))
        for *told, cause in (
            (".git/packed-refs", "branch switched"),
            (".git/refs/heads/main.lock", "pkg/use.py", "changed on disk"),  # what else git does is no change
            (".git/refs/heads/some/branch", "branch switched"),
        ):
            for each in told:
                await editor.notify("workspace/didChangeWatchedFiles", changed(project / each))
            await status_comes(editor, partial(slept, cause))


async def test_what_changes_together_is_one_cause(tmp_path: Path) -> None:
    reasoner = ScriptedReasoner()
    server = Server(lambda _folder, _settings: Opened(Settings(), reasoner, lambda path, _text: Path(path)))
    server.protocol.client_capabilities = types.ClientCapabilities()
    root = server.roots.add(tmp_path)
    assert root is not None
    causes: list[str] = []
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(server.roots.run)

        async def next_cause() -> str:
            with anyio.fail_after(WAIT_S):
                while len(reasoner.runs) == len(causes):
                    await anyio.lowlevel.checkpoint()
            causes.append(root.sleeper.status.cause)
            reasoner.runs[-1].finish()
            await anyio.wait_all_tasks_blocked()
            return causes[-1]

        assert await next_cause() == "opened"
        for number in range(300):
            server.outside.note(root, Changed(frozenset((f"a{number}.py", "b.py"))))
            for _ in range(3):  # whatever is due now is done
                await anyio.lowlevel.checkpoint()
        assert len(root.workspace.snapshot.changed) == 301, "they are doubted at once"
        assert await next_cause() == "301 files changed on disk"
        assert not root.workspace.snapshot.changed
        for number in range(300):
            server.outside.note(root, Changed(frozenset((f"a{number}.py",)), switched=number == 200))
        assert await next_cause() == "branch switched"
        server.outside.note(root, Changed(frozenset(("a.py",))))
        assert await next_cause() == "changed on disk"
        server.outside.note(root, Changed(frozenset(), switched=True))
        assert await next_cause() == "branch switched"
        tasks.cancel_scope.cancel()


async def test_an_editor_watches_folder_by_folder_where_it_can(
    cache: Path, project: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    relative: Json = {
        "workspace": {
            "workspaceFolders": True,
            "didChangeWatchedFiles": {"dynamicRegistration": True, "relativePatternSupport": True},
        }
    }

    def watched(asked: Json) -> set[tuple[str, str]]:
        (registration,) = asked["registrations"]
        patterns = [each["globPattern"] for each in registration["registerOptions"]["watchers"]]
        return {(each["baseUri"], each["pattern"]) for each in patterns}

    async with editing(cache, project, capabilities=relative) as editor:
        first = watched(await editor.expect_request("client/registerCapability"))
        assert {base for base, _ in first} == {project.as_uri()}
        wanted = {"**/pyproject.toml", "**/.git/HEAD", "**/.git/packed-refs", "**/.git/refs/heads/**"}
        assert wanted < {pattern for _, pattern in first}
        event: Json = {"added": [folder(other)], "removed": [folder(project)]}
        await editor.notify("workspace/didChangeWorkspaceFolders", {"event": event})
        (gone,) = (await editor.expect_request("client/unregisterCapability"))["unregisterations"]
        again = watched(await editor.expect_request("client/registerCapability"))
        assert gone["id"] == "watched-files"
        assert {base for base, _ in again} == {other.as_uri()}
        await editor.open((other / "a.py").as_uri(), "def f(x):\n    return x is 'a'\n")
        assert len(await editor.diagnostics((other / "a.py").as_uri())) == 1, "it is thought about"
