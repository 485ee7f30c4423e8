"""Watching: files that change outside the editor, settings that change in it, and the editor itself."""

import os
import sys
from typing import TYPE_CHECKING

import anyio
from lsprotocol import types

from sleeplsp.core.languages import languages
from sleeplsp.lsp.convert import path_of
from sleeplsp.lsp.root import Root

if TYPE_CHECKING:
    from sleeplsp.lsp.server import Server

PARENT_EVERY_S = 5.0
"""Seconds between two looks whether the editor still runs."""

SETTINGS_FILE = "pyproject.toml"

SECTION = "sleeplsp"
"""The name under which an editor keeps our settings."""

_OTHERS = (SETTINGS_FILE, ".gitignore", ".sleeplspignore")


def register(server: "Server") -> None:
    """Answer `workspace/didChangeWatchedFiles`."""

    @server.feature(types.WORKSPACE_DID_CHANGE_WATCHED_FILES)
    def watched_files(params: types.DidChangeWatchedFilesParams) -> None:
        changed: dict[Root, list[str]] = {}
        for event in params.changes:
            path = path_of(event.uri)
            home = server.roots.home(path) if path is not None else None
            if home is not None:
                changed.setdefault(home[0], []).append(home[1])
        for root, paths in changed.items():
            _take_note(server, root, paths)


def announce(server: "Server") -> None:
    """Ask the editor to tell of changed files and settings, where it offers to."""
    workspace = server.client_capabilities.workspace
    if workspace is None:
        return
    wanted = []
    files, settings = workspace.did_change_watched_files, workspace.did_change_configuration
    if files is not None and files.dynamic_registration:
        endings = sorted({suffix for each in languages().values() for suffix in each.suffixes})
        globs = [f"**/*{{{','.join(endings)}}}", *(f"**/{name}" for name in _OTHERS)]
        watchers = [types.FileSystemWatcher(each) for each in globs]
        options = types.DidChangeWatchedFilesRegistrationOptions(watchers)
        method = types.WORKSPACE_DID_CHANGE_WATCHED_FILES
        wanted.append(types.Registration("watched-files", method, options))
    if settings is not None and settings.dynamic_registration:
        method = types.WORKSPACE_DID_CHANGE_CONFIGURATION
        section = types.DidChangeConfigurationRegistrationOptions(section=SECTION)
        wanted.append(types.Registration("settings", method, section))
    if wanted:
        server.client_register_capability(types.RegistrationParams(wanted))


async def watch_parent(server: "Server") -> None:
    """End the server when the editor is gone, should something else hold its pipes open."""
    parent = server.process_id
    # On Windows there is no asking without a handle; elsewhere an editor in another container
    # has a number that means nothing here.
    if parent is None or sys.platform == "win32" or not _runs(parent):
        return
    while _runs(parent):  # noqa: ASYNC110  nobody tells when a stranger ends
        await anyio.sleep(PARENT_EVERY_S)
    server.abandon()


def _take_note(server: "Server", root: Root, paths: list[str]) -> None:
    if SETTINGS_FILE in paths:
        server.roots.configure(root)
    root.workspace.touch(paths)
    server.delivery.changed(root)
    for path in paths:
        root.sleeper.wake("changed on disk", path)


def _runs(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        return True  # not ours to ask
    return True
