"""Diagnostics that the editor asks for: of one document, or of all there are, told as they change.

Nothing here waits for thinking: an answer is what the Snapshot says now. Only who has been told all there is
may wait for news.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import anyio
import anyio.lowlevel
from lsprotocol import types

from sleeplsp.lsp.convert import path_of
from sleeplsp.lsp.diagnostics import SOURCE
from sleeplsp.lsp.report import NOTHING, Report

if TYPE_CHECKING:
    from sleeplsp.lsp.server import Server

STREAMED_AFTER_S = 0.1
"""Seconds in which what changes together is waited for, before it is told."""

PART_MAX = 100
"""Reports in one message."""

STEPS_MAX = 20
"""Files that are looked at without a pause."""

DocumentReport = types.RelatedFullDocumentDiagnosticReport | types.RelatedUnchangedDocumentDiagnosticReport
WorkspaceReport = (
    types.WorkspaceFullDocumentDiagnosticReport | types.WorkspaceUnchangedDocumentDiagnosticReport
)
Related = dict[str, types.FullDocumentDiagnosticReport | types.UnchangedDocumentDiagnosticReport]


def register(server: "Server") -> None:
    """Answer `textDocument/diagnostic` and `workspace/diagnostic`."""
    options = types.DiagnosticOptions(
        identifier=SOURCE, inter_file_dependencies=True, workspace_diagnostics=True
    )

    @server.feature(types.TEXT_DOCUMENT_DIAGNOSTIC, options)
    def document_diagnostic(params: types.DocumentDiagnosticParams) -> DocumentReport:
        return _document_report(server, params.text_document.uri, params.previous_result_id)

    @server.feature(types.WORKSPACE_DIAGNOSTIC)
    async def workspace_diagnostic(
        params: types.WorkspaceDiagnosticParams,
    ) -> types.WorkspaceDiagnosticReport:
        server.roots.mind_all()
        return await _Stream(server, params).run()


def _document_report(server: "Server", uri: str, previous: str | None) -> DocumentReport:
    report = server.reports.of(uri)
    if report is not None:
        server.delivery.tell(uri, report)
    else:
        report = _elsewhere(server, uri)
        if report is None and previous is not None:  # what it has is as good as anything
            return types.RelatedUnchangedDocumentDiagnosticReport(previous)
        report = report or NOTHING
    related = _related(server, uri) or None
    if previous == report.digest:
        return types.RelatedUnchangedDocumentDiagnosticReport(report.digest, related)
    return types.RelatedFullDocumentDiagnosticReport(report.items, related, result_id=report.digest)


def _elsewhere(server: "Server", uri: str) -> Report | None:
    """Return the report of a file that is not open; None while it is being thought about again."""
    path = path_of(uri)
    home = server.roots.home(path) if path is not None else None
    return server.reports.elsewhere(*home) if home is not None else NOTHING


def _related(server: "Server", uri: str) -> Related:
    """Return reports of the open documents that an edit of this one has changed; the editor shows others."""
    documents = server.client_capabilities.text_document
    takes = documents.diagnostic.related_document_support if documents and documents.diagnostic else False
    found = server.documents.find(uri)
    if not takes or found is None:
        return {}
    document, _ = found
    related: Related = {}
    for other in list(document.root.uris.values()):
        report, last = server.reports.of(other), server.delivery.told(other) or NOTHING
        if other == uri or report is None or report.digest == last.digest:
            continue
        if document.path in report.rests_on | last.rests_on:
            related[other] = types.FullDocumentDiagnosticReport(report.items, result_id=report.digest)
            server.delivery.tell(other, report)
    return related


class _Stream:
    """One `workspace/diagnostic`: tells what the editor does not have, and waits for news.

    With a token for partial results it goes on until it is cancelled; else until there is something to tell.
    """

    def __init__(self, server: "Server", params: types.WorkspaceDiagnosticParams) -> None:
        self._server = server
        self._token = params.partial_result_token
        self._has: dict[str, str] = {
            _called(server, each.uri): each.value for each in params.previous_result_ids
        }
        """What the editor has of each file, by digest."""

    async def run(self) -> types.WorkspaceDiagnosticReport:
        """Return what there is to tell, once there is; tell it as it comes if there is a token."""
        news = self._server.delivery.news
        items = await self._news(complete=True)
        while True:
            if items and self._token is not None:
                for part in _parts(items, PART_MAX):
                    value = types.WorkspaceDiagnosticReport(part)
                    self._server.progress(types.ProgressParams(self._token, value))
                    await anyio.lowlevel.checkpoint()
            elif any(isinstance(each, types.WorkspaceFullDocumentDiagnosticReport) for each in items):
                return types.WorkspaceDiagnosticReport(items)
            await news.wait()
            await anyio.sleep(STREAMED_AFTER_S)
            news = self._server.delivery.news  # what happens from here on is told the next time
            items = await self._news(complete=False)

    async def _news(self, *, complete: bool) -> list[WorkspaceReport]:
        """Return what the editor does not have, and with `complete` what it has and is still right."""
        for number, _ in enumerate(self._server.reports.steps(), 1):
            if number % STEPS_MAX == 0:
                await anyio.lowlevel.checkpoint()  # requests go between
        now = dict(self._server.reports.all())
        items: list[WorkspaceReport] = []
        gone = {uri: NOTHING for uri in self._has if uri not in now}
        for uri, report in {**gone, **now}.items():
            had = self._has.get(uri)
            if report is None or (had is None and not report.items):
                continue
            if had != report.digest:
                self._has[uri] = report.digest
                items.append(_full(uri, report))
            elif complete:
                items.append(_unchanged(uri, report))
        return items


def _parts(items: list[WorkspaceReport], count: int) -> Iterator[list[WorkspaceReport]]:
    """Yield items in their order, so many at a time."""
    yield from (items[start : start + count] for start in range(0, len(items), count))


def _full(uri: str, report: Report) -> WorkspaceReport:
    return types.WorkspaceFullDocumentDiagnosticReport(
        uri, report.items, version=report.version, result_id=report.digest
    )


def _unchanged(uri: str, report: Report) -> WorkspaceReport:
    return types.WorkspaceUnchangedDocumentDiagnosticReport(uri, report.digest, version=report.version)


def _called(server: "Server", uri: str) -> str:
    """Return what a file is called here: an editor may spell a URI in more than one way."""
    path = path_of(uri)
    home = server.roots.home(path) if path is not None else None
    return home[0].uri(home[1]) if home is not None else uri
