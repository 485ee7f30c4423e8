"""The life cycle: workspace folders and settings come and go."""

import contextlib
import logging
import os
from collections.abc import Iterable
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING

import anyio
from lsprotocol import types
from pygls.exceptions import JsonRpcException

from sleeplsp.lsp import offers, watching
from sleeplsp.lsp.convert import path_of, uri_of
from sleeplsp.lsp.root import Root
from sleeplsp.lsp.watching import SECTION

if TYPE_CHECKING:
    from sleeplsp.lsp.server import Server

log = logging.getLogger(__name__)

URI_CHARACTERS_MAX = 200
"""Characters of a URI that are told."""

ANSWER_S_MAX = 10.0
"""Seconds an editor may take to say its settings."""


def register(server: "Server") -> None:
    """Answer the life cycle, and changes of folders and settings."""

    @server.feature(types.INITIALIZE)
    def initialize(params: types.InitializeParams) -> None:
        server.watch_editor()
        options = _section(params.initialization_options)
        server.statuses.announce(params.capabilities, options.pop("status", None))
        server.first_settings = server.editor_settings = options
        offers.register(server, params.capabilities)
        for folder in _folders(params):
            server.roots.add(folder)

    @server.feature(types.INITIALIZED)
    async def initialized(_params: types.InitializedParams) -> None:
        watching.announce(server)
        # Cancelled when the editor hangs up without a goodbye, which pygls would take for an error.
        with contextlib.suppress(anyio.get_cancelled_exc_class()):
            async with anyio.create_task_group() as tasks:
                await read_settings(server)
                await server.roots.run()
                tasks.cancel_scope.cancel()

    @server.feature(types.SHUTDOWN)
    def shutdown(_params: None) -> None:
        server.roots.end()

    @server.feature(types.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS)
    async def change_folders(params: types.DidChangeWorkspaceFoldersParams) -> None:
        for folder in _paths(each.uri for each in params.event.removed):
            server.roots.remove(folder)
        added = [server.roots.add(folder) for folder in _paths(each.uri for each in params.event.added)]
        server.documents.move()
        watching.folders_changed(server)
        if new := [root for root in added if root is not None]:
            await read_settings(server)  # those of the new folders may be their own
        for root in new:
            server.roots.begin(root)

    @server.feature(types.WORKSPACE_DID_CHANGE_CONFIGURATION)
    async def change_configuration(params: types.DidChangeConfigurationParams) -> None:
        await read_settings(server, params.settings)


async def read_settings(server: "Server", pushed: object = None) -> None:
    """Ask the editor for its settings, folder by folder, or take those it sends; roots take them up."""
    workspace = server.client_capabilities.workspace
    found: dict[Root | None, dict[str, object]] = {}
    if workspace is not None and workspace.configuration:
        found = await _asked(server)
    elif sent := _section(pushed):  # what is pushed may be of others alone
        found = {None: sent, **dict.fromkeys(server.roots.all, sent)}
    if None in found:
        server.editor_settings = {**server.first_settings, **found[None]}
    for root in list(server.roots.all):
        settings = {**server.first_settings, **found.get(root, found.get(None, {}))}
        if found and settings != root.editor_settings:
            root.editor_settings = settings
            server.roots.configure(root)


async def _asked(server: "Server") -> dict[Root | None, dict[str, object]]:
    """Return what the editor sets in each root, and (None) for all; nothing if it does not say, or again."""
    roots: list[Root | None] = [root for root in server.roots.all if root.folder is not None]
    roots.append(None)
    scopes = (uri_of(root.folder) if root is not None and root.folder is not None else None for root in roots)
    items = [types.ConfigurationItem(scope_uri=scope, section=SECTION) for scope in scopes]
    server.settings_asked += 1
    number = server.settings_asked
    try:
        with anyio.move_on_after(ANSWER_S_MAX):
            answers = await server.workspace_configuration_async(types.ConfigurationParams(items))
            if number == server.settings_asked:  # else what was asked later is what counts
                return {root: _section(said) for root, said in zip_longest(roots, answers[: len(roots)])}
    except JsonRpcException as error:
        server.say(f"the editor does not say its settings: {error}")
    return {}


def _section(settings: object) -> dict[str, object]:
    """Return our part of what an editor calls settings: all of them, or ours alone."""
    if not isinstance(settings, dict):
        return {}
    inner = settings.get(SECTION, settings)
    return {str(name): value for name, value in inner.items()} if isinstance(inner, dict) else {}


def _folders(params: types.InitializeParams) -> list[Path]:
    uris = [each.uri for each in params.workspace_folders or ()]
    if not uris and params.root_uri:
        uris = [params.root_uri]
    if not uris and params.root_path:
        return [Path(os.path.normpath(params.root_path))]
    return _paths(uris)


def _paths(uris: Iterable[str]) -> list[Path]:
    found = []
    for uri in uris:
        path = path_of(uri)
        if path is not None and path.is_absolute():
            found.append(Path(os.path.normpath(path)))
        else:
            log.warning("%s is no folder of this machine", uri[:URI_CHARACTERS_MAX])
    return found
