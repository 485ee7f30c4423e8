"""Offers: features that are answered only to a client which has announced them."""

from typing import TYPE_CHECKING

from lsprotocol import types

from sleeplsp.lsp import actions, dismissal, hierarchy, hints, lenses, pull, references, search
from sleeplsp.lsp.delivery import is_pulled

if TYPE_CHECKING:
    from sleeplsp.lsp.server import Server


def register(server: "Server", capabilities: types.ClientCapabilities) -> None:
    """Answer what the client can make use of; what is registered now is told to it."""
    documents = capabilities.text_document or types.TextDocumentClientCapabilities()
    workspace = capabilities.workspace or types.WorkspaceClientCapabilities()
    for feature, announced in (
        (hierarchy, documents.call_hierarchy),
        (hints, documents.inlay_hint),
        (lenses, documents.code_lens),
        (references, documents.references),
        (search, workspace.symbol),
    ):
        if announced is not None:
            feature.register(server)
    actions.register(server, capabilities)
    dismissal.register(server)
    if is_pulled(capabilities):
        pull.register(server)
