"""Documents: what the editor opens, changes, saves and closes."""

from typing import TYPE_CHECKING

from lsprotocol import types

from sleeplsp.core.languages import language_of, language_of_editor
from sleeplsp.core.text import Text
from sleeplsp.lsp import diagnostics
from sleeplsp.lsp.convert import Encoding, offset

if TYPE_CHECKING:
    from sleeplsp.lsp.server import Server

Change = tuple[int, int, int, Text]


def register(server: "Server") -> None:
    """Answer document synchronisation."""

    @server.feature(types.TEXT_DOCUMENT_DID_OPEN)
    def did_open(params: types.DidOpenTextDocumentParams) -> None:
        document = params.text_document
        found = server.find(document.uri)
        language = language_of_editor(document.language_id) or (language_of(found[1]) if found else None)
        if found is None or language is None:
            return
        root, path = found
        root.workspace.open(path, language, document.version, document.text)
        root.sleeper.wake("opened", path)

    @server.feature(types.TEXT_DOCUMENT_DID_CHANGE)
    def did_change(params: types.DidChangeTextDocumentParams) -> None:
        found = server.module(params.text_document.uri)
        if found is None:
            return
        root, module = found
        text, changes = _changed(module.text, params.content_changes, server.encoding)
        root.workspace.edit(module.path, params.text_document.version, text, changes)
        root.sleeper.wake("edited", module.path, edited=True)
        diagnostics.publish_all(server)

    @server.feature(types.TEXT_DOCUMENT_DID_SAVE)
    def did_save(params: types.DidSaveTextDocumentParams) -> None:
        found = server.module(params.text_document.uri)
        if found is not None:
            found[0].sleeper.wake("saved", found[1].path)

    @server.feature(types.TEXT_DOCUMENT_DID_CLOSE)
    def did_close(params: types.DidCloseTextDocumentParams) -> None:
        found = server.find(params.text_document.uri)
        if found is not None:
            found[0].workspace.close(found[1])
        diagnostics.withdraw(server, params.text_document.uri)


def _changed(
    text: Text, events: "list[types.TextDocumentContentChangeEvent]", encoding: Encoding
) -> tuple[Text, list[Change]]:
    """Apply the changes one after the other; return the text and what each of them replaced."""
    changes: list[Change] = []
    for event in events:
        if isinstance(event, types.TextDocumentContentChangePartial):
            start = offset(text, event.range.start, encoding)
            end = max(offset(text, event.range.end, encoding), start)
        else:
            start, end = 0, len(text.source)
        inserted = event.text.encode("utf-8", "surrogatepass")
        text = text.replaced(start, end, inserted)
        changes.append((start, end, len(inserted), text))
    return text, changes
