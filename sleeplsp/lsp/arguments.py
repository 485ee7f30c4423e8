"""Arguments of commands: they may be anything, and what makes no sense is refused in one line."""

import json
from typing import TYPE_CHECKING

from pygls.exceptions import JsonRpcInvalidParams

from sleeplsp.core.languages import language_of
from sleeplsp.core.snapshot import OpenModule
from sleeplsp.lsp.convert import path_of
from sleeplsp.lsp.root import Root

if TYPE_CHECKING:
    from sleeplsp.lsp.documents import Document
    from sleeplsp.lsp.server import Server

CHARACTERS_MAX = 200
"""Characters of an argument that are told."""


def document_at(server: "Server", uri: object) -> tuple["Document", OpenModule]:
    """Return an open document with its module. Raises JsonRpcInvalidParams."""
    if (found := server.documents.find(_text(uri))) is None:
        if server.documents.is_too_large(_text(uri)):
            raise _refusal(uri, "is larger than `file_bytes_max` allows", {"isTooLarge": True})
        raise _refusal(uri, "is no document that is open and of a known language")
    return found


def module_at(server: "Server", uri: object) -> tuple[Root, str]:
    """Return the root and path of a module, open or not. Raises JsonRpcInvalidParams."""
    root, path = _place(server, uri)
    if path not in root.uris and language_of(path) is None:
        raise _refusal(uri, "is no file of a known language")
    return root, path


def root_at(server: "Server", uri: object) -> Root:
    """Return the root that a folder or a file lies in. Raises JsonRpcInvalidParams."""
    return _place(server, uri)[0]


def _place(server: "Server", uri: object) -> tuple[Root, str]:
    if (found := server.documents.find(_text(uri))) is not None:
        return found[0].root, found[0].path
    path = path_of(_text(uri))
    if (home := server.roots.home(path) if path is not None else None) is None:
        raise _refusal(uri, "lies in no folder that is open")
    return home


def _text(uri: object) -> str:
    if not isinstance(uri, str):
        raise _refusal(uri, "is no URI")
    return uri


def _refusal(argument: object, why: str, more: dict[str, bool] | None = None) -> JsonRpcInvalidParams:
    """Return the error; `more` is for an editor that says it in its own words."""
    return JsonRpcInvalidParams(f"{json.dumps(argument)[:CHARACTERS_MAX]} {why}", data=more)
