"""Watching: files that change outside the editor, and settings that change in it."""

from typing import TYPE_CHECKING

from lsprotocol import types

from sleeplsp.core.baseline import FILE as BASELINE_FILE
from sleeplsp.core.languages import languages
from sleeplsp.engine.concern import BRANCHES, GIT, HEADS, RULES, SETTINGS_FILE, is_head
from sleeplsp.engine.ports import Changed
from sleeplsp.lsp.convert import path_of, uri_of

if TYPE_CHECKING:
    from sleeplsp.lsp.root import Root
    from sleeplsp.lsp.server import Server

SECTION = "sleeplsp"
"""The name under which an editor keeps our settings."""

_FILES = "watched-files"


def register(server: "Server") -> None:
    """Answer `workspace/didChangeWatchedFiles`."""

    @server.feature(types.WORKSPACE_DID_CHANGE_WATCHED_FILES)
    def watched_files(params: types.DidChangeWatchedFilesParams) -> None:
        changed: dict[Root, set[str]] = {}
        for event in params.changes:
            path = path_of(event.uri)
            home = server.roots.home(path) if path is not None else None
            if home is not None:
                changed.setdefault(home[0], set()).add(home[1])
        for root, paths in changed.items():
            files = frozenset(path for path in paths if not path.startswith(GIT))
            server.outside.note(root, Changed(files, any(map(is_head, paths))))


def watches(capabilities: types.ClientCapabilities) -> bool:
    """Tell whether an editor watches files for us: else we do."""
    workspace = capabilities.workspace
    files = workspace.did_change_watched_files if workspace is not None else None
    return files is not None and bool(files.dynamic_registration)


def announce(server: "Server") -> None:
    """Ask the editor to tell of changed files and settings, where it offers to."""
    wanted = [_files(server)] if watches(server.client_capabilities) else []
    workspace = server.client_capabilities.workspace
    settings = workspace.did_change_configuration if workspace is not None else None
    if settings is not None and settings.dynamic_registration:
        method = types.WORKSPACE_DID_CHANGE_CONFIGURATION
        section = types.DidChangeConfigurationRegistrationOptions(section=SECTION)
        wanted.append(types.Registration("settings", method, section))
    if wanted:
        server.client_register_capability(types.RegistrationParams(wanted))


def folders_changed(server: "Server") -> None:
    """Ask the editor to tell of the files of the folders there are now, if it was asked folder by folder."""
    if watches(server.client_capabilities) and _takes_relative(server.client_capabilities):
        old = types.Unregistration(_FILES, types.WORKSPACE_DID_CHANGE_WATCHED_FILES)
        server.client_unregister_capability(types.UnregistrationParams([old]))
        server.client_register_capability(types.RegistrationParams([_files(server)]))


def _files(server: "Server") -> types.Registration:
    endings = sorted({suffix for each in languages().values() for suffix in each.suffixes})
    names = (SETTINGS_FILE, BASELINE_FILE, *HEADS, f"{BRANCHES}**", *RULES)
    globs = [f"**/*{{{','.join(endings)}}}", *(f"**/{name}" for name in names)]
    watchers = [types.FileSystemWatcher(each) for each in globs]
    if _takes_relative(server.client_capabilities):
        # A plain pattern is for all that is open in the editor, and maybe for more.
        folders = [root.folder for root in server.roots.all if root.folder is not None]
        watchers = [
            types.FileSystemWatcher(types.RelativePattern(uri_of(folder), each))
            for folder in folders
            for each in globs
        ]
    options = types.DidChangeWatchedFilesRegistrationOptions(watchers)
    return types.Registration(_FILES, types.WORKSPACE_DID_CHANGE_WATCHED_FILES, options)


def _takes_relative(capabilities: types.ClientCapabilities) -> bool:
    workspace = capabilities.workspace
    files = workspace.did_change_watched_files if workspace is not None else None
    return files is not None and bool(files.relative_pattern_support)
