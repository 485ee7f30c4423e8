"""The server: its state, and which feature answers which request. Features live in files of their own."""

import asyncio
import contextlib
import logging
import os
import threading
from typing import TYPE_CHECKING, Any

from lsprotocol import types
from lsprotocol.converters import get_converter
from pygls.lsp.server import LanguageServer

from sleeplsp import __version__
from sleeplsp.core.snapshot import OpenModule
from sleeplsp.lsp import (
    ask,
    documents,
    folders,
    hover,
    module_report,
    overview,
    progress,
    status,
    symbols,
    watching,
    why,
)
from sleeplsp.lsp.conversation import Conversation
from sleeplsp.lsp.convert import Columns, Encoding
from sleeplsp.lsp.delivery import Delivery
from sleeplsp.lsp.outside import Outside
from sleeplsp.lsp.parent import until_gone
from sleeplsp.lsp.pauses import Pauses
from sleeplsp.lsp.protocol import Gate
from sleeplsp.lsp.reports import Reports
from sleeplsp.lsp.root import OpenRoot
from sleeplsp.lsp.roots import Roots
from sleeplsp.lsp.streams import Channel

if TYPE_CHECKING:
    from sleeplsp.lsp.refreshing import Refreshing

log = logging.getLogger(__name__)

END_S = 5.0
"""Seconds in which everything has ended once the editor has, or is ended."""


class Server(LanguageServer):
    """A language server for any number of workspace folders."""

    protocol: Gate

    def __init__(self, open_root: OpenRoot) -> None:
        super().__init__(
            "sleeplsp",
            __version__,
            types.TextDocumentSyncKind.Incremental,
            protocol_cls=Gate,
            converter_factory=get_converter,
        )
        self.protocol.missed = self._missed
        self._watch: asyncio.Task[None] | None = None
        self.open_root = open_root
        self.pauses = Pauses(log.info if log.isEnabledFor(logging.INFO) else None)
        self.protocol.running = self.pauses.running
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
        self.statuses = status.Statuses(self)
        self._said: set[str] = set()
        features = (
            folders,
            documents,
            hover,
            symbols,
            watching,
            progress,
            module_report,
            overview,
            status,
            why,
            ask,
        )
        for feature in features:
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

    def say_once(self, line: str) -> None:
        """Tell the user what others may say as well."""
        if line not in self._said:
            self._said.add(line)
            self.say(line)

    def say(self, line: str) -> None:
        """Tell the user, where those look who wonder: in the editor's log."""
        message = types.LogMessageParams(types.MessageType.Warning, f"sleeplsp: {line}")
        self.window_log_message(message)

    def _missed(self, method: str, params: object) -> None:
        """Forget a document of which a change could not be understood: what we hold is not its text."""
        if method == types.TEXT_DOCUMENT_DID_CHANGE and isinstance(params, dict):
            document = params.get("textDocument")
            if isinstance(document, dict) and isinstance(uri := document.get("uri"), str):
                self.documents.close(uri)

    def serve(self, channel: Channel) -> None:
        """Serve one editor until it ends, or is gone."""
        with contextlib.suppress(KeyboardInterrupt):
            asyncio.run(self._serve(channel))

    def watch_editor(self) -> None:
        """End when the process of the editor does."""
        if self.process_id is not None:
            self._watch = asyncio.get_running_loop().create_task(self._end_with(self.process_id))

    async def _serve(self, channel: Channel) -> None:
        conversation = Conversation(self.protocol, channel)
        await conversation.hold()
        conversation.close()
        # A process that hangs would outlive its editor.
        deadline = threading.Timer(END_S, os._exit, (self.exit_code,))
        deadline.daemon = True
        deadline.start()
        if self._watch is not None:
            self._watch.cancel()
        self.protocol.give_up()
        self.roots.end()
        left = asyncio.all_tasks() - {asyncio.current_task()}
        if left:
            await asyncio.wait(left, timeout=END_S / 2)

    async def _end_with(self, process: int) -> None:
        await until_gone(process)
        log.warning("the editor is gone")
        self.protocol.ended.set()

    def report_server_error(self, error: Exception, source: object) -> None:
        """Keep errors out of the user's face: they go to the log."""
        log.error("%s: %s", getattr(source, "__name__", source), error, exc_info=error)
