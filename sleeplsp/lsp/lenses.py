"""Code lenses: `answers.lenses` in the editor's terms; a click shows the report of the module."""

from typing import TYPE_CHECKING

from lsprotocol import types

from sleeplsp.answers.lenses import Lens, lenses
from sleeplsp.lsp.diagnostics import shown_marks
from sleeplsp.lsp.module_report import REPORT
from sleeplsp.lsp.refreshing import Refreshing

if TYPE_CHECKING:
    from sleeplsp.lsp.server import Server


def register(server: "Server") -> None:
    """Answer `textDocument/codeLens`: all at once, since there is nothing to resolve that takes long."""
    workspace = server.client_capabilities.workspace
    announced = workspace.code_lens if workspace is not None else None
    refreshes = announced is not None and announced.refresh_support
    refreshing = Refreshing[Lens](
        "code lenses",
        lambda each: (each.symbol, each.title),
        server.workspace_code_lens_refresh_async if refreshes else None,
    )
    server.refreshing.append(refreshing)

    @server.feature(types.TEXT_DOCUMENT_CODE_LENS, types.CodeLensOptions(resolve_provider=False))
    def code_lenses(params: types.CodeLensParams) -> list[types.CodeLens] | None:
        uri = params.text_document.uri
        found = server.documents.find(uri)
        if found is None:
            return None
        columns = server.columns(*found)
        return [
            types.CodeLens(
                columns.range(each.start, each.end),
                types.Command(each.title, REPORT, arguments=[uri, each.symbol]),
            )
            for each in refreshing.answer(uri, lambda: _lenses(server, uri))
        ]


def _lenses(server: "Server", uri: str) -> list[Lens]:
    found = server.documents.find(uri)
    if found is None or not found[0].root.settings.lenses:
        return []
    document, module = found
    marks = [mark for mark, _ in shown_marks(document.root, module)]
    return lenses(document.root.workspace.snapshot, module, marks)
