"""Workspace folders and settings: roots come and go, each with its Sleeper."""

from pathlib import Path
from typing import TYPE_CHECKING

import anyio
import anyio.abc
from lsprotocol import types

from sleeplsp.engine.errors import SleepError
from sleeplsp.engine.sleeper import Status
from sleeplsp.lsp.convert import path_of
from sleeplsp.lsp.root import Root

if TYPE_CHECKING:
    from sleeplsp.lsp.server import Server

SECTION = "sleeplsp"


class Listening:
    """Passes on what the Sleeper of one root tells."""

    def __init__(self, server: "Server") -> None:
        self._server = server
        self.root: Root | None = None

    def learned(self, path: str) -> None:
        """Claims of an open module are in the Workspace."""
        if self.root is not None:
            self._server.learned(self.root, path)

    def settled(self, path: str) -> None:
        """An edited module was read afresh."""
        if self.root is not None:
            self._server.learned(self.root, path)

    def slept(self, status: Status) -> None:
        """A run began, came further, finished or failed."""
        if self.root is not None:
            self._server.slept(self.root, status)


class Sleeping:
    """The task group all Sleepers run in; each root has a scope of its own to end it by."""

    def __init__(self, server: "Server") -> None:
        self._server = server
        self._tasks: anyio.abc.TaskGroup | None = None
        self._scopes: dict[Path, anyio.CancelScope] = {}
        self._ended: anyio.Event | None = None

    async def run(self) -> None:
        """Run Sleepers until `end`."""
        self._ended = anyio.Event()
        async with anyio.create_task_group() as tasks:
            self._tasks = tasks
            for root in self._server.roots:
                self.start(root)
            await self._ended.wait()
            tasks.cancel_scope.cancel()

    def start(self, root: Root) -> None:
        """Let the Sleeper of a root run, if Sleepers run already."""
        if self._tasks is not None and root.folder not in self._scopes:
            self._tasks.start_soon(self._guarded, root)

    def stop(self, root: Root) -> None:
        """End the Sleeper of a root."""
        scope = self._scopes.pop(root.folder, None)
        if scope is not None:
            scope.cancel()

    def end(self) -> None:
        """End all Sleepers."""
        if self._ended is not None:
            self._ended.set()

    async def _guarded(self, root: Root) -> None:
        with anyio.CancelScope() as scope:
            self._scopes[root.folder] = scope
            await root.sleeper.run()


def register(server: "Server") -> None:
    """Answer the life cycle and changes of folders and settings."""

    @server.feature(types.INITIALIZE)
    def initialize(params: types.InitializeParams) -> None:
        options = params.initialization_options
        if isinstance(options, dict):
            server.editor_settings = dict(options.get(SECTION, options))
        for folder in _folders(params):
            add(server, folder)

    @server.feature(types.INITIALIZED)
    async def initialized(_params: types.InitializedParams) -> None:
        await _read_settings(server)
        for root in server.roots:
            root.sleeper.wake("opened")
        await server.sleeping.run()

    @server.feature(types.SHUTDOWN)
    def shutdown(_params: None) -> None:
        server.sleeping.end()

    @server.feature(types.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS)
    def change_folders(params: types.DidChangeWorkspaceFoldersParams) -> None:
        for folder in params.event.removed:
            remove(server, path_of(folder.uri))
        for folder in params.event.added:
            root = add(server, path_of(folder.uri))
            if root is not None:
                server.sleeping.start(root)
                root.sleeper.wake("folder added")

    @server.feature(types.WORKSPACE_DID_CHANGE_CONFIGURATION)
    async def change_configuration(_params: types.DidChangeConfigurationParams) -> None:
        await _read_settings(server)


def add(server: "Server", folder: Path | None) -> Root | None:
    """Open a root, unless it is open already or cannot be opened: that is said in the log window."""
    if folder is None or any(root.folder == folder for root in server.roots):
        return None
    try:
        settings, warnings, reasoner = server.open_root(folder, server.editor_settings)
    except SleepError as error:
        _say(server, str(error))
        return None
    for warning in warnings:
        _say(server, warning)
    listening = Listening(server)
    root = Root(folder, settings, reasoner, listening)
    listening.root = root
    server.roots.append(root)
    return root


def remove(server: "Server", folder: Path | None) -> None:
    """Close a root."""
    for root in [root for root in server.roots if root.folder == folder]:
        server.roots.remove(root)
        server.sleeping.stop(root)


async def _read_settings(server: "Server") -> None:
    """Ask the editor for its settings; roots are opened again when they differ."""
    workspace = server.client_capabilities.workspace
    if workspace is None or not workspace.configuration:
        return
    answers = await server.workspace_configuration_async(
        types.ConfigurationParams([types.ConfigurationItem(section=SECTION)])
    )
    found = answers[0] if answers and isinstance(answers[0], dict) else {}
    if found == server.editor_settings or not found:
        return
    server.editor_settings = dict(found)
    for root in list(server.roots):
        settings, warnings, _ = server.open_root(root.folder, server.editor_settings)
        root.settings = settings
        for warning in warnings:
            _say(server, warning)


def _folders(params: types.InitializeParams) -> list[Path | None]:
    if params.workspace_folders:
        return [path_of(folder.uri) for folder in params.workspace_folders]
    if params.root_uri:
        return [path_of(params.root_uri)]
    return [Path(params.root_path)] if params.root_path else []


def _say(server: "Server", line: str) -> None:
    server.window_log_message(types.LogMessageParams(types.MessageType.Warning, f"sleeplsp: {line}"))
