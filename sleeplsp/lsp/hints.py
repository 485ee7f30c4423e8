"""Inlay hints: `answers.hints` in the editor's terms, for the range that it shows."""

from typing import TYPE_CHECKING

from lsprotocol import types

from sleeplsp.answers.hints import Hint, hints
from sleeplsp.lsp.refreshing import Refreshing

if TYPE_CHECKING:
    from sleeplsp.lsp.server import Server


def register(server: "Server") -> None:
    """Answer `textDocument/inlayHint`."""
    workspace = server.client_capabilities.workspace
    announced = workspace.inlay_hint if workspace is not None else None
    refreshes = announced is not None and announced.refresh_support
    refreshing = Refreshing[Hint](
        "inlay hints",
        lambda each: (each.label, each.tooltip),
        server.workspace_inlay_hint_refresh_async if refreshes else None,
    )
    server.refreshing.append(refreshing)

    @server.feature(types.TEXT_DOCUMENT_INLAY_HINT, types.InlayHintOptions(resolve_provider=False))
    def inlay_hints(params: types.InlayHintParams) -> list[types.InlayHint] | None:
        uri = params.text_document.uri
        found = server.documents.find(uri)
        if found is None:
            return None
        columns = server.columns(*found)
        return [
            types.InlayHint(
                columns.position(each.at),
                each.label,
                tooltip=types.MarkupContent(types.MarkupKind.Markdown, each.tooltip),
                padding_left=True,
            )
            for each in refreshing.answer(uri, lambda: _hints(server, uri, params.range))
        ]


def _hints(server: "Server", uri: str, within: types.Range) -> list[Hint]:
    found = server.documents.find(uri)
    if found is None or not found[0].root.settings.hints:
        return []
    document, module = found
    columns = server.columns(document, module)
    start, end = columns.offset(within.start), columns.offset(within.end)
    return hints(document.root.workspace.snapshot, module, start, end)
