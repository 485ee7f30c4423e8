"""Places of answers in the editor's terms: in open documents as their text counts, elsewhere as located."""

from typing import TYPE_CHECKING

from lsprotocol import types

from sleeplsp.answers.definitions import Where
from sleeplsp.lsp.convert import path_of, spot_range
from sleeplsp.lsp.root import Root

if TYPE_CHECKING:
    from sleeplsp.lsp.server import Server


def range_of(server: "Server", root: Root, where: Where) -> types.Range:
    """Return a place as a range of its file."""
    if where.spot is not None:
        return spot_range(where.spot, server.encoding)
    found = server.documents.find(root.uri(where.path))
    if found is None or where.span is None:
        return types.Range(types.Position(0, 0), types.Position(0, 0))
    return server.columns(*found).range(*where.span)


def location(server: "Server", root: Root, where: Where) -> types.Location:
    """Return a place with the file it is in."""
    return types.Location(root.uri(where.path), range_of(server, root, where))


def is_reachable(root: Root, path: str) -> bool:
    """Tell whether an editor can be sent to a module: one that lies in no folder must be open."""
    return root.folder is not None or path in root.uris


def root_of(server: "Server", uri: str) -> Root | None:
    """Return the root of a document, whether it is open or not."""
    if (found := server.documents.find(uri)) is not None:
        return found[0].root
    path = path_of(uri)
    home = server.roots.home(path) if path is not None else None
    return home[0] if home is not None else None
