"""Hover: `answers.hover` in the editor's terms."""

from typing import TYPE_CHECKING

from lsprotocol import types

from sleeplsp.answers.hover import hover as answer
from sleeplsp.lsp.convert import offset, range_of

if TYPE_CHECKING:
    from sleeplsp.lsp.server import Server


def register(server: "Server") -> None:
    """Answer `textDocument/hover`."""

    @server.feature(types.TEXT_DOCUMENT_HOVER)
    def hover(params: types.HoverParams) -> types.Hover | None:
        found = server.module(params.text_document.uri)
        if found is None:
            return None
        root, module = found
        encoding = server.encoding
        told = answer(root.workspace.snapshot, module.path, offset(module.text, params.position, encoding))
        if told is None:
            return None
        content = types.MarkupContent(types.MarkupKind.Markdown, told.markdown)
        return types.Hover(content, range_of(module.text, told.start, told.end, encoding))
