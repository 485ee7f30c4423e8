"""Documents: what the editor opens, changes, saves and closes, and which root each belongs to.

Files and `untitled:` documents of a known language; all else is left alone.
"""

from typing import TYPE_CHECKING
from urllib.parse import quote

import msgspec
from lsprotocol import types

from sleeplsp.core.languages import Language, language_of, language_of_editor
from sleeplsp.core.snapshot import OpenModule
from sleeplsp.core.text import Text
from sleeplsp.lsp.changes import edits_of
from sleeplsp.lsp.convert import BOM, identity, path_of
from sleeplsp.lsp.root import Root

if TYPE_CHECKING:
    from sleeplsp.lsp.server import Server

_ERRORS = "surrogateescape"


class Document(msgspec.Struct, frozen=True):
    """One open document, and the module it is."""

    uri: str
    """As the editor has spelt it when it was opened."""
    root: Root
    path: str
    language: Language
    marked: bool
    """The editor's text begins with a byte-order mark, ours never."""


class Documents:
    """All open documents by URI, however the editor spells it."""

    def __init__(self, server: "Server") -> None:
        self._server = server
        self._open: dict[str, Document] = {}
        """By what is the same for all spellings."""
        self._too_large: set[str] = set()

    def find(self, uri: str) -> tuple[Document, OpenModule] | None:
        """Return an open document with its module."""
        document = self._open.get(identity(uri))
        module = document.root.module(document.path) if document is not None else None
        return (document, module) if document is not None and module is not None else None

    def is_too_large(self, uri: str) -> bool:
        """Tell whether an editor has a document open that is larger than the settings allow."""
        return identity(uri) in self._too_large

    def open(self, item: types.TextDocumentItem) -> None:
        """Take up a document."""
        self.let_go(item.uri)
        path = path_of(item.uri)
        by_name = language_of(path.as_posix()) if path is not None else None
        language = language_of_editor(item.language_id) or by_name
        home = self._home(item.uri, language) if language is not None else None
        if language is None or home is None:
            return
        if len(item.text) > home[0].settings.file_bytes_max:
            self._too_large.add(identity(item.uri))
            return
        marked = item.text.startswith(BOM)
        self._take_up(item.uri, language, item.version, Text.from_str(item.text), marked=marked)

    def edit(self, params: types.DidChangeTextDocumentParams) -> None:
        """Take up changes of a document."""
        uri = params.text_document.uri
        if (found := self.find(uri)) is None:
            return
        document, module = found
        edits, marked = edits_of(
            module.text, params.content_changes, self._server.encoding, marked=document.marked
        )
        root = document.root
        if any(_is_too_large(root, text) for _, text in edits):
            self._leave_out(uri)
            return
        self._open[identity(uri)] = msgspec.structs.replace(document, marked=marked)
        root.workspace.edit(document.path, params.text_document.version, edits)
        root.sleeper.wake("edited", document.path, edited=True)
        self._server.delivery.changed(root)

    def save(self, uri: str) -> None:
        """Take note that a document is on disk now, and maybe others with it."""
        if (document := self._open.get(identity(uri))) is not None:
            document.root.sleeper.saved(document.path)

    def let_go(self, uri: str) -> None:
        """Forget a document that the editor closes, or opens again."""
        self._too_large.discard(identity(uri))
        self.close(uri)

    def close(self, uri: str) -> None:
        """Forget a document: from now on its file counts."""
        document = self._open.pop(identity(uri), None)
        if document is None:
            return
        root = document.root
        self._server.delivery.closed(document.uri)
        root.uris.pop(document.path, None)
        root.workspace.close(document.path)
        root.sleeper.wake("closed", document.path)
        self._server.delivery.changed(root)

    def measure(self, root: Root) -> None:
        """Close what is larger than the settings of a root now allow."""
        for path, uri in list(root.uris.items()):
            module = root.module(path)
            if module is not None and _is_too_large(root, module.text):
                self._leave_out(uri)

    def move(self) -> None:
        """Move documents to the roots they belong to now, after folders came or went."""
        self._server.reports.forget_all()
        for document in list(self._open.values()):
            uri = document.uri
            module = document.root.module(document.path)
            home = self._home(uri, document.language)
            if module is not None and (home is None or home[0] is not document.root):
                self.close(uri)
                marked = document.marked
                self._take_up(uri, document.language, module.version, module.text, marked=marked)

    def _leave_out(self, uri: str) -> None:
        self.close(uri)
        self._too_large.add(identity(uri))

    def _take_up(
        self,
        uri: str,
        language: Language,
        version: int,
        text: Text,
        *,
        marked: bool,
    ) -> None:
        home = self._home(uri, language)
        if home is None:
            return
        root, path = home
        if _is_too_large(root, text):
            self._too_large.add(identity(uri))
            return
        if (other := root.uris.get(path)) is not None:
            self.close(other)  # one file by two names, as links make them: the last opened counts
        self._open[identity(uri)] = Document(uri, root, path, language, marked)
        root.uris[path] = uri
        root.workspace.take_up(path, language, version, text)
        root.sleeper.wake("opened", path)

    def _home(self, uri: str, language: Language) -> tuple[Root, str] | None:
        path = path_of(uri)
        if path is None and not uri.startswith("untitled:"):
            return None
        if path is not None and (found := self._server.roots.home(path)):
            return found
        loose = self._server.roots.loose()
        name = quote(path.as_posix().lstrip("/") if path is not None else uri, errors=_ERRORS)
        if language_of(name) is not language:
            # The name says the language to all who have nothing else to go by; `%.` is in no other.
            name = f"{name}%{language.suffixes[0]}"
        return (loose, name) if loose is not None else None


def register(server: "Server") -> None:
    """Answer document synchronisation."""

    @server.feature(types.TEXT_DOCUMENT_DID_OPEN)
    def did_open(params: types.DidOpenTextDocumentParams) -> None:
        server.documents.open(params.text_document)

    @server.feature(types.TEXT_DOCUMENT_DID_CHANGE)
    def did_change(params: types.DidChangeTextDocumentParams) -> None:
        server.documents.edit(params)

    @server.feature(types.TEXT_DOCUMENT_DID_SAVE)
    def did_save(params: types.DidSaveTextDocumentParams) -> None:
        server.documents.save(params.text_document.uri)

    @server.feature(types.TEXT_DOCUMENT_DID_CLOSE)
    def did_close(params: types.DidCloseTextDocumentParams) -> None:
        server.documents.let_go(params.text_document.uri)


def _is_too_large(root: Root, text: Text) -> bool:
    return len(text.source) > root.settings.file_bytes_max
