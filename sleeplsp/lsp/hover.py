"""Hover: `answers.hover` in the editor's terms."""

from typing import TYPE_CHECKING

from lsprotocol import types

from sleeplsp.answers.hover import hover as answer
from sleeplsp.lsp.announced import MARKS_IN_HOVER, is_announced
from sleeplsp.lsp.notes import note_hover

if TYPE_CHECKING:
    from sleeplsp.lsp.server import Server


def register(server: "Server") -> None:
    """Answer `textDocument/hover`."""

    @server.feature(types.TEXT_DOCUMENT_HOVER)
    def hover(params: types.HoverParams) -> types.Hover | None:
        found = server.documents.find(params.text_document.uri)
        if found is None:
            return None
        document, module = found
        columns = server.columns(document, module)
        snapshot = document.root.workspace.snapshot
        offset = columns.offset(params.position)
        is_marked_beside = is_announced(server.client_capabilities, MARKS_IN_HOVER)
        levels = document.root.settings.checks if is_marked_beside else None
        told = answer(snapshot, module.path, offset, marked_beside=levels)
        note_hover(document.root, module.path, told)
        if told is None:
            return None
        content = types.MarkupContent(types.MarkupKind.Markdown, told.markdown)
        return types.Hover(content, columns.range(told.start, told.end))
