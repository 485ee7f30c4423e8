"""The server: its state, and which feature answers which request. Features live in files of their own."""

import logging
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from lsprotocol import types
from lsprotocol.converters import get_converter
from pygls.lsp.server import LanguageServer

from sleeplsp import __version__
from sleeplsp.core.snapshot import OpenModule
from sleeplsp.engine.settings import Settings
from sleeplsp.engine.sleeper import Reasoner, Status
from sleeplsp.lsp import actions, diagnostics, documents, folders, hover, progress, symbols
from sleeplsp.lsp.convert import Encoding, path_of
from sleeplsp.lsp.protocol import Protocol
from sleeplsp.lsp.root import Root

log = logging.getLogger(__name__)

OpenRoot = Callable[[Path, Mapping[str, object]], tuple[Settings, tuple[str, ...], Reasoner]]
"""Makes what a root needs, of its folder and the editor's settings; warnings are one line each."""


class Server(LanguageServer):
    """A language server for any number of workspace folders."""

    def __init__(self, open_root: OpenRoot) -> None:
        super().__init__(
            "sleeplsp", __version__, types.TextDocumentSyncKind.Incremental, protocol_cls=Protocol, converter_factory=get_converter
        )
        self.open_root = open_root
        self.roots: list[Root] = []
        self.published: dict[str, list[types.Diagnostic]] = {}
        self.editor_settings: dict[str, object] = {}
        self.work = progress.Work(self)
        self.sleeping = folders.Sleeping(self)
        for feature in (folders, documents, hover, actions, symbols):
            feature.register(self)

    @property
    def encoding(self) -> Encoding:
        """The negotiated unit of columns."""
        return self.server_capabilities.position_encoding or types.PositionEncodingKind.Utf16

    def find(self, uri: str) -> tuple[Root, str] | None:
        """Return the root a document lies in and its path there: the innermost root wins."""
        path = path_of(uri)
        if path is None:
            return None
        found = [(root, inner) for root in self.roots if (inner := root.relative(path)) is not None]
        return max(found, key=lambda each: len(each[0].folder.parts), default=None)

    def module(self, uri: str) -> tuple[Root, OpenModule] | None:
        """Return an open module by its document."""
        found = self.find(uri)
        module = found[0].module(found[1]) if found is not None else None
        return (found[0], module) if found is not None and module is not None else None

    def learned(self, root: Root, path: str) -> None:
        """Claims of an open module came in, or it was read afresh: show what changed."""
        diagnostics.publish_all(self)

    def slept(self, root: Root, status: Status) -> None:
        """The Sleeper of a root did something."""
        self.work.show(root, status)
        if status.failure:
            log.warning("%s: %s", root.folder, status.failure)

    def report_server_error(self, error: Exception, source: Any) -> None:
        """Keep errors out of the user's face: they go to the log."""
        log.error("%s: %s", getattr(source, "__name__", source), error, exc_info=error)
