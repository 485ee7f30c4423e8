"""An editor for tests: speaks to a real server process over its pipes, and forgets nothing it was told.

Every message of the server must have been expected by the time the process has ended, each kind of them:
notifications, requests, answers to nothing, what stands on its standard error, and what is no message.
"""

import json
import os
import signal
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

import anyio
import anyio.abc

from tests.lsp.connection import WAIT_S, Connection, Json, Refused

__all__ = [
    "PROFILES",
    "WAIT_S",
    "Editor",
    "Json",
    "Refused",
    "at",
    "editing",
    "folder",
    "replaced",
    "started",
]


class Editor(Connection):
    """One editor with one server process."""

    def __init__(self, process: anyio.abc.Process, tasks: anyio.abc.TaskGroup) -> None:
        super().__init__(process, tasks)
        self.capabilities: Json = {}
        """What the server has said it can do."""
        self._versions: dict[str, int] = {}

    async def diagnostics(self, uri: str) -> list[Json]:
        """Wait for the next diagnostics of a document."""
        published = await self.expect("textDocument/publishDiagnostics", lambda said: said["uri"] == uri)
        found: list[Json] = published["diagnostics"]
        return found

    async def shows(self, uri: str, count: int) -> list[Json]:
        """Wait until the editor shows so many diagnostics of a document, however it comes by them."""
        if "diagnosticProvider" not in self.capabilities:
            while len(found := await self.diagnostics(uri)) != count:
                pass
            return found
        while True:
            awaited = self._refreshed() + 1
            report = await self.request("textDocument/diagnostic", {"textDocument": {"uri": uri}})
            if len(items := report["items"]) == count:
                shown: list[Json] = items
                return shown
            await self._wait(partial(self._is_refreshed, awaited), f"news of {uri}: {items}")

    def _is_refreshed(self, times: int) -> bool:
        return self._refreshed() >= times

    def _refreshed(self) -> int:
        """Return how often the server has said that diagnostics have changed."""
        return sum(method == "workspace/diagnostic/refresh" for method, _ in self.dealt_with)

    async def open(self, uri: str, text: str, language: str = "python") -> None:
        """Open a document."""
        self._versions[uri] = 1
        document = {"uri": uri, "languageId": language, "version": 1, "text": text}
        await self.notify("textDocument/didOpen", {"textDocument": document})

    async def change(self, uri: str, *changes: Json) -> int:
        """Change a document; return its version."""
        self._versions[uri] += 1
        document = {"uri": uri, "version": self._versions[uri]}
        params = {"textDocument": document, "contentChanges": list(changes)}
        await self.notify("textDocument/didChange", params)
        return self._versions[uri]

    async def close(self, uri: str) -> None:
        """Close a document."""
        await self.notify("textDocument/didClose", {"textDocument": {"uri": uri}})

    async def hover(self, uri: str, line: int, character: int) -> str | None:
        """Return the Markdown of a hover."""
        found = await self.request("textDocument/hover", at(uri, line, character))
        return found["contents"]["value"] if found is not None else None

    async def hover_comes(self, uri: str, line: int, character: int) -> str:
        """Ask until there is a hover: each answer gives the server a moment to learn more."""
        with anyio.fail_after(WAIT_S):
            found = None
            while found is None:
                found = await self.hover(uri, line, character)
        return found

    async def goodbye(self) -> None:
        """Shut the server down; all it has said must have been expected."""
        await self.request("shutdown")
        await self.notify("exit")
        assert await self.ended() == 0


PROFILES = ("neovim", "vscode")
"""Real editors whose capabilities were recorded."""

_PROFILES = Path(__file__).parent / "profiles"
_HANDLED = frozenset(
    (
        "client/registerCapability",
        "client/unregisterCapability",
        "window/workDoneProgress/create",
        "$/progress",
        "workspace/diagnostic/refresh",
        "workspace/codeLens/refresh",
        "workspace/inlayHint/refresh",
    )
)
"""What such an editor deals with, and shows or not."""

SERVER = (sys.executable, "-P", "-m", "sleeplsp", "serve")


@asynccontextmanager
async def started(
    cache: Path,
    cwd: Path | None = None,
    environment: Mapping[str, str] | None = None,
    command: Sequence[str] = SERVER,
) -> AsyncIterator[Editor]:
    """Start a server that is not initialized, and end it; all it has said must have been expected.

    Whatever it leaves running ends with it.
    """
    here = Path(__file__).parent.parent.parent
    variables = {
        **{name: value for name, value in os.environ.items() if not name.startswith("SLEEPLSP_")},
        "SLEEPLSP_CACHE_DIR": str(cache),
        "SLEEPLSP_STATE_DIR": str(cache / "state"),
        "SLEEPLSP_LOAD_MAX": "0",  # machines that test are busy
        "XDG_CONFIG_HOME": str(cache / "config"),
        "PYTHONPATH": str(here),
        "PYTHONWARNINGS": "error",
        **(environment or {}),
    }
    process = await anyio.open_process(command, env=variables, cwd=cwd or cache, start_new_session=True)
    async with anyio.create_task_group() as tasks:
        try:
            editor = Editor(process, tasks)
            yield editor
            assert process.returncode is not None, "the server still runs"
            await editor.ended()
            unexpected = editor.unexpected()
            assert not unexpected, "\n".join(unexpected)
        finally:
            if process.returncode is None:
                os.killpg(process.pid, signal.SIGKILL)
            with anyio.CancelScope(shield=True):
                await process.aclose()
            tasks.cancel_scope.cancel()


@asynccontextmanager
async def editing(
    cache: Path,
    *folders: Path,
    capabilities: Json | None = None,
    options: Json | None = None,
    encodings: tuple[str, ...] = ("utf-16",),
    cwd: Path | None = None,
    command: Sequence[str] = SERVER,
    profile: str | None = None,
) -> AsyncIterator[Editor]:
    """Start a server, initialize it, and say goodbye at the end, if that was not said yet.

    As a `profile` the editor says of itself what that editor says, and deals with what that one deals with.
    """
    async with started(cache, cwd, command=command) as editor:
        said: Json = {"capabilities": {"general": {"positionEncodings": encodings}, **(capabilities or {})}}
        if profile is not None:
            said = json.loads((_PROFILES / f"{profile}.json").read_text(encoding="utf-8"))
            editor.handled = _HANDLED
            editor.answers["workspace/configuration"] = lambda asked: [None for _ in asked["items"]]
        asked = {
            "processId": os.getpid(),
            "rootUri": folders[0].as_uri() if folders else None,
            "workspaceFolders": [folder(each) for each in folders] or None,
            "initializationOptions": options,
            **said,
        }
        editor.capabilities = (await editor.request("initialize", asked))["capabilities"]
        await editor.notify("initialized")
        yield editor
        if editor.process.returncode is None:
            await editor.goodbye()


def folder(path: Path) -> Json:
    """Return a workspace folder."""
    return {"uri": path.as_uri(), "name": path.name}


def at(uri: str, line: int, character: int) -> Json:
    """Return the parameters of a request about a position."""
    position = {"line": line, "character": character}
    return {"textDocument": {"uri": uri}, "position": position}


def replaced(line: int, start: int, end: int, text: str) -> Json:
    """Return a change within one line."""
    span = {"start": {"line": line, "character": start}, "end": {"line": line, "character": end}}
    return {"range": span, "text": text}
