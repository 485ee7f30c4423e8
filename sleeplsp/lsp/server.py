"""The server: its state, and which feature answers which request. Features live in files of their own."""

import logging
import os
from typing import TYPE_CHECKING, Any

from lsprotocol import types
from lsprotocol.converters import get_converter
from pygls.exceptions import JsonRpcContentModified
from pygls.lsp.server import LanguageServer

from sleeplsp import __version__
from sleeplsp.core.snapshot import OpenModule
from sleeplsp.lsp import (
    documents,
    folders,
    hover,
    module_report,
    progress,
    symbols,
    watching,
)
from sleeplsp.lsp.convert import Columns, Encoding
from sleeplsp.lsp.delivery import Delivery
from sleeplsp.lsp.outside import Outside
from sleeplsp.lsp.pauses import Pauses
from sleeplsp.lsp.protocol import Protocol, is_the_clients
from sleeplsp.lsp.reports import Reports
from sleeplsp.lsp.root import OpenRoot
from sleeplsp.lsp.roots import Roots

if TYPE_CHECKING:
    from sleeplsp.lsp.refreshing import Refreshing

log = logging.getLogger(__name__)


class Server(LanguageServer):
    """A language server for any number of workspace folders."""

    protocol: Protocol

    def __init__(self, open_root: OpenRoot) -> None:
        super().__init__(
            "sleeplsp",
            __version__,
            types.TextDocumentSyncKind.Incremental,
            protocol_cls=Protocol,
            converter_factory=get_converter,
        )
        self.open_root = open_root
        self.pauses = Pauses(log.info if log.isEnabledFor(logging.INFO) else None)
        self.first_settings: dict[str, object] = {}
        """What the editor said when it began; what it says later is put over it."""
        self.editor_settings: dict[str, object] = {}
        """What it sets where nothing else is said; each root has its own."""
        self.settings_asked = 0
        """How often the editor was asked for its settings."""
        self.roots = Roots(self)
        self.documents = documents.Documents(self)
        self.reports = Reports(self)
        self.delivery = Delivery(self)
        self.outside = Outside(self)
        self.refreshing: list[Refreshing[Any]] = []
        self.work = progress.Work(self)
        for feature in (folders, documents, hover, symbols, watching, progress, module_report):
            feature.register(self)

    @property
    def encoding(self) -> Encoding:
        """The negotiated unit of columns."""
        return self.server_capabilities.position_encoding or types.PositionEncodingKind.Utf16

    @property
    def exit_code(self) -> int:
        """What the process is to end with: 0 only if the editor said goodbye."""
        return 0 if self.protocol.is_shut_down else 1

    def columns(self, document: "documents.Document", module: OpenModule) -> Columns:
        """Return how the editor counts positions in a document."""
        return Columns(module.text, self.encoding, marked=document.marked)

    def say(self, line: str) -> None:
        """Tell the user, where those look who wonder: in the editor's log."""
        message = types.LogMessageParams(types.MessageType.Warning, f"sleeplsp: {line}")
        self.window_log_message(message)

    def abandon(self) -> None:
        """End at once: nobody is there any more."""
        log.warning("the editor is gone")
        # A thread still waits for standard input, and would for ever. What belongs to the server
        # notices by its pipes.
        os._exit(1)

    def report_server_error(self, error: Exception, source: object) -> None:
        """Keep errors out of the user's face: they go to the log, but for what is no error at all."""
        if isinstance(error, JsonRpcContentModified):
            return
        trace = None if is_the_clients(error) else error
        log.error("%s: %s", getattr(source, "__name__", source), error, exc_info=trace)
