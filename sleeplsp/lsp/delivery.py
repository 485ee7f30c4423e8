"""Delivery: how diagnostics reach the editor. They are pushed, or it asks for them; never both.

An editor that asks must also let itself be told when to ask again: a mark may go because of an edit in
another file, and one that only asks when its own text changes would go on showing it.
"""

import asyncio
import logging
from typing import TYPE_CHECKING

import anyio
from lsprotocol import types
from pygls.exceptions import JsonRpcException

from sleeplsp.lsp.report import Report
from sleeplsp.lsp.root import Root

if TYPE_CHECKING:
    from sleeplsp.lsp.server import Server

log = logging.getLogger(__name__)

REFRESH_AFTER_S = 0.1
"""Seconds in which the editor may ask by itself for what has changed, before it is told to."""

ANSWER_S_MAX = 10.0
"""Seconds an editor may take to answer before it is told to ask once more."""


def is_pulled(capabilities: types.ClientCapabilities) -> bool:
    """Tell whether an editor asks for diagnostics and can be told to ask again."""
    documents, workspace = capabilities.text_document, capabilities.workspace
    asks = documents is not None and documents.diagnostic is not None
    diagnostics = workspace.diagnostics if workspace is not None else None
    return asks and diagnostics is not None and bool(diagnostics.refresh_support)


class Delivery:
    """What the editor was told of each document last, and what it must be told now."""

    def __init__(self, server: "Server") -> None:
        self._server = server
        self._told: dict[str, Report] = {}
        self._announced: dict[str, str] = {}
        """Digests of what the editor was told to ask for, and has not asked for since."""
        self._timer: asyncio.TimerHandle | None = None
        self._refreshing: asyncio.Task[None] | None = None
        self._news = anyio.Event()

    def changed(self, root: Root) -> None:
        """See to it that the editor comes to show what the diagnostics of a root are now."""
        for each in self._server.refreshing:
            each.changed()
        if self._is_pulled:
            self._tell_news()
        else:
            for uri in list(root.uris.values()):
                self._push(uri)

    def closed(self, uri: str) -> None:
        """Take note that a document was closed."""
        self._server.reports.forget(uri)
        for each in self._server.refreshing:
            each.closed(uri)
        self._announced.pop(uri, None)
        last = self._told.pop(uri, None)
        if self._is_pulled:
            self._tell_news()
        elif last is not None and last.items:
            self._send(uri, (), None)

    def told(self, uri: str) -> Report | None:
        """Return what the editor was told of a document last."""
        return self._told.get(uri)

    def tell(self, uri: str, report: Report) -> None:
        """Take note that the editor was told of an open document, because it asked."""
        self._told[uri] = report
        self._announced.pop(uri, None)

    @property
    def news(self) -> anyio.Event:
        """What happens when diagnostics may have changed the next time."""
        return self._news

    @property
    def _is_pulled(self) -> bool:
        return is_pulled(self._server.client_capabilities)

    def _push(self, uri: str) -> None:
        report, last = self._server.reports.of(uri), self._told.get(uri)
        if report is None or (last is None and not report.items):
            return
        self._told[uri] = report
        if last is None or last.digest != report.digest:
            self._send(uri, report.items, report.version)

    def _send(self, uri: str, items: tuple[types.Diagnostic, ...], version: int | None) -> None:
        params = types.PublishDiagnosticsParams(uri=uri, diagnostics=items, version=version)
        self._server.text_document_publish_diagnostics(params)

    def _tell_news(self) -> None:
        self._news.set()
        self._news = anyio.Event()
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(REFRESH_AFTER_S, self._refresh)

    def _refresh(self) -> None:
        """Tell the editor to ask again, if it has not by now; one such request is under way at a time."""
        self._timer = None
        if self._refreshing is not None:
            return
        stale = {uri: report.digest for uri, report in self._stale()}
        if stale:
            self._announced |= stale
            self._refreshing = asyncio.get_running_loop().create_task(self._ask())

    def _stale(self) -> list[tuple[str, Report]]:
        """Return the documents of which the editor shows something else and has not been told to ask."""
        now = ((uri, self._server.reports.of(uri)) for uri in list(self._told))
        return [
            (uri, report)
            for uri, report in now
            if report is not None and report.digest not in (self._told[uri].digest, self._announced.get(uri))
        ]

    async def _ask(self) -> None:
        try:
            async with asyncio.timeout(ANSWER_S_MAX):
                await self._server.workspace_diagnostic_refresh_async(None)
        except TimeoutError:
            log.warning("the editor does not answer that it asks for diagnostics again")
        except JsonRpcException as error:
            log.warning("the editor does not ask for diagnostics again: %s", error)
        finally:
            self._refreshing = None
        self._tell_news()  # what changed meanwhile
