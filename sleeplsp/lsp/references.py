"""References: the calls that surely lead to a symbol, and its definition where that is asked for."""

from typing import TYPE_CHECKING

from lsprotocol import types

from sleeplsp.answers.calls import at, references
from sleeplsp.lsp.places import is_reachable, location

if TYPE_CHECKING:
    from sleeplsp.lsp.server import Server


def register(server: "Server") -> None:
    """Answer `textDocument/references`."""

    @server.feature(types.TEXT_DOCUMENT_REFERENCES)
    def find_references(params: types.ReferenceParams) -> list[types.Location] | None:
        found = server.documents.find(params.text_document.uri)
        if found is None or not found[0].root.settings.navigation:
            return None
        document, module = found
        root, offset = document.root, server.columns(document, module).offset(params.position)
        symbol = next(iter(at(root.workspace.snapshot, module.path, offset)), None)
        if symbol is None:
            return None
        places = references(root.workspace.snapshot, symbol.ref)
        if params.context.include_declaration:
            places.insert(0, symbol.name)
        return [location(server, root, each) for each in places if is_reachable(root, each.path)]
