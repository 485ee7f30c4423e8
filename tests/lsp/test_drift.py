"""Drift in an editor: marked at the edit, with its callers, until it is gone, committed or dismissed."""

from pathlib import Path

import anyio
import pytest

from tests.lsp.client import Editor, Json, editing, replaced
from tests.lsp.connection import WAIT_S
from tests.lsp.test_actions import VSCODE, offered
from tests.repo.conftest import Git, _own_git_configuration, git, repository, root

__all__ = ["_own_git_configuration", "git", "repository", "root"]

pytestmark = pytest.mark.anyio

STORE = """\
def load(key):
    if not key:
        return ""
    return f"value of {key}"
"""
MAIN = """\
from store import load


def shout(key):
    return load(key).upper()
"""
SPOILED = replaced(2, 15, 17, "None")
MENDED = replaced(2, 15, 19, '""')
CAPABILITIES: Json = {
    **VSCODE,
    "textDocument": {
        **VSCODE["textDocument"],
        "publishDiagnostics": {"dataSupport": True, "relatedInformation": True},
    },
}


@pytest.fixture
def project(repository: Path, git: Git) -> Path:
    """Return a repository in which everything is committed."""
    (repository / "store.py").write_text(STORE)
    (repository / "main.py").write_text(MAIN)
    git("add", "--all")
    git("commit", "--quiet", "-m", "first")
    return repository


async def drifted(editor: Editor, uri: str) -> list[Json]:
    return [each for each in await editor.diagnostics(uri) if each["code"] == "drift"]


async def until(editor: Editor, uri: str, count: int) -> list[Json]:
    with anyio.fail_after(WAIT_S):
        while len(found := await drifted(editor, uri)) != count:
            pass
    return found


async def test_marked_at_the_edit_until_it_is_mended(cache: Path, project: Path) -> None:
    store, main = project / "store.py", project / "main.py"
    async with editing(cache, project, capabilities=CAPABILITIES) as editor:
        await editor.open(store.as_uri(), STORE)
        await editor.change(store.as_uri(), SPOILED)
        (found,) = await until(editor, store.as_uri(), 1)
        assert found["message"] == (
            "`load()` may return `None` now when `key` is false or empty; its only caller relies on a value"
        )
        assert found["severity"] == 2
        assert found["range"]["start"] == {"line": 2, "character": 15}
        related = found["relatedInformation"][-1]
        assert related["location"]["uri"] == main.as_uri()
        assert related["location"]["range"]["start"] == {"line": 4, "character": 11}
        assert related["message"] == "`shout` relies on a value here"
        told = await editor.hover(store.as_uri(), 2, 16)
        assert told is not None
        assert "relies on a value" in told

        # An edit of what it rests on takes it away before anything is thought.
        await editor.change(store.as_uri(), MENDED)
        assert await drifted(editor, store.as_uri()) == []
        await editor.change(store.as_uri(), SPOILED)
        await until(editor, store.as_uri(), 1)


async def test_a_workspace_that_is_edited_already(cache: Path, project: Path, git: Git) -> None:
    store = project / "store.py"
    spoiled = STORE.replace('return ""', "return None")
    store.write_text(spoiled)
    async with editing(cache, project, capabilities=CAPABILITIES) as editor:
        await editor.open(store.as_uri(), spoiled)
        await until(editor, store.as_uri(), 1)
        git("commit", "--quiet", "--all", "-m", "second")  # no file changes
        await until(editor, store.as_uri(), 0)


async def test_dismissed(cache: Path, project: Path) -> None:
    store = project / "store.py"
    spoiled = STORE.replace('return ""', "return None")
    async with editing(cache, project, capabilities=CAPABILITIES) as editor:
        await editor.open(store.as_uri(), spoiled)
        await until(editor, store.as_uri(), 1)
        dismiss = (await offered(editor, store.as_uri(), line=2))["Dismiss this drift"]
        await editor.request("workspace/executeCommand", dismiss["command"])
        await until(editor, store.as_uri(), 0)
        assert "drift" not in (await editor.hover(store.as_uri(), 2, 16) or "")
        await editor.change(store.as_uri(), replaced(0, 0, 0, "# Stays dismissed.\n"))
        assert "Dismiss this drift" not in await offered(editor, store.as_uri(), line=3)


async def test_what_nobody_needs_is_told_on_hover_alone(cache: Path, project: Path) -> None:
    store = project / "store.py"
    (project / "main.py").unlink()
    spoiled = STORE.replace('return ""', "return None")
    async with editing(cache, project, capabilities=CAPABILITIES) as editor:
        await editor.open(store.as_uri(), spoiled)
        with anyio.fail_after(WAIT_S):
            while "drift" not in await editor.hover_comes(store.as_uri(), 2, 16):
                pass
        assert await offered(editor, store.as_uri(), line=2) == {}
