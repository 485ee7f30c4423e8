"""The report of a module: written to a file of the user's and shown by the editor, or given as it is."""

import logging
from pathlib import Path
from typing import TYPE_CHECKING, Any

import anyio
import anyio.to_thread
from lsprotocol import types
from pygls.exceptions import JsonRpcException

from sleeplsp.answers.module_report import ModuleReport, module_report
from sleeplsp.core.snapshot import OpenModule
from sleeplsp.engine.errors import SleepError
from sleeplsp.lsp.arguments import document_at
from sleeplsp.lsp.convert import uri_of
from sleeplsp.lsp.root import Root

if TYPE_CHECKING:
    from sleeplsp.lsp.server import Server

log = logging.getLogger(__name__)

REPORT, INSIGHT = "sleeplsp.report", "sleeplsp.insight"

Json = dict[str, Any]

ANSWER_S_MAX = 10.0
"""Seconds an editor may take to show a document before its user is told where it is."""


def register(server: "Server") -> None:
    """Answer the commands that show and give a report: of an open document, and if one is named a symbol."""

    @server.command(REPORT)
    async def show_report(uri: Any, *symbol: object) -> str | None:  # noqa: ANN401  of a str, pygls makes one
        document, module = document_at(server, uri)
        told = _report(document.root, module)
        try:
            path = await anyio.to_thread.run_sync(document.root.keep_report, module.path, told.markdown)
        except SleepError as error:
            _tell(server, types.MessageType.Error, f"no report: {error}")
            return None
        if not await _is_shown(server, path, told.lines.get(str(*symbol[:1]), 0)):
            _tell(server, types.MessageType.Info, f"the report is in {path}")
        return str(path)

    @server.command(INSIGHT)
    def insight(uri: Any, *symbol: object) -> Json:  # noqa: ANN401  as above
        document, module = document_at(server, uri)
        told = _report(document.root, module)
        return {"markdown": told.markdown, "line": told.lines.get(str(*symbol[:1]), 0)}


def _report(root: Root, module: OpenModule) -> ModuleReport:
    outcome, failures = root.sleeper.status.outcome, []
    if outcome is not None:
        failures = [some[module.path] for some in (outcome.failed, outcome.skipped) if module.path in some]
    return module_report(root.workspace.snapshot, module, root.settings.checks, failures)


async def _is_shown(server: "Server", path: Path, line: int) -> bool:
    window = server.client_capabilities.window
    announced = window.show_document if window is not None else None
    if announced is None or not announced.support:
        return False
    start = types.Position(line, 0)
    asked = types.ShowDocumentParams(uri_of(path), take_focus=True, selection=types.Range(start, start))
    try:
        with anyio.move_on_after(ANSWER_S_MAX):
            return (await server.window_show_document_async(asked)).success
    except JsonRpcException as error:
        log.warning("the editor does not show the report: %s", error)
    return False


def _tell(server: "Server", how: types.MessageType, line: str) -> None:
    server.window_show_message(types.ShowMessageParams(how, f"sleeplsp: {line}"))
