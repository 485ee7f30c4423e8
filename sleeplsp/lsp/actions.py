"""Code actions on a suspicion: apply its fix, ignore it here, show why."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from lsprotocol import types

from sleeplsp.answers.why import why
from sleeplsp.core.ignores import with_ignore
from sleeplsp.core.insight import Severity
from sleeplsp.core.snapshot import Mark, OpenModule
from sleeplsp.lsp import diagnostics

if TYPE_CHECKING:
    from sleeplsp.lsp.documents import Document
    from sleeplsp.lsp.server import Server

WHY = "sleeplsp.why"

_QUICK = types.CodeActionKind.QuickFix


def register(server: "Server") -> None:
    """Answer `textDocument/codeAction` and the command behind "show why"."""
    options = types.CodeActionOptions(code_action_kinds=[_QUICK])

    @server.feature(types.TEXT_DOCUMENT_CODE_ACTION, options)
    def actions(params: types.CodeActionParams) -> list[types.CodeAction] | None:
        found = server.documents.find(params.text_document.uri)
        if found is None or not _wanted(params.context):
            return None
        document, module = found
        columns = server.columns(document, module)
        start, end = columns.offset(params.range.start), columns.offset(params.range.end)
        return [
            action
            for mark, severity in diagnostics.shown_marks(document.root, module)
            if mark.start <= end and start <= mark.end
            for action in _Offer(server, document, module, mark, severity).actions()
        ]

    @server.command(WHY)
    def show_why(uri: str, suspicion: str) -> None:
        found = server.documents.find(uri)
        if found is None:
            return
        document, module = found
        snapshot = document.root.workspace.snapshot
        for mark in module.marks:
            if mark.claim.suspicion.id == suspicion:
                told = why(snapshot, module, mark)
                server.window_show_message(types.ShowMessageParams(types.MessageType.Info, told))


def _wanted(context: types.CodeActionContext) -> bool:
    """Tell whether quick fixes are asked for: kinds are asked for with all that are below them."""
    kinds = [getattr(each, "value", each) for each in context.only or ()]
    return not kinds or any(each in ("", _QUICK.value) for each in kinds)


class _Offer:
    """What can be done about one suspicion."""

    def __init__(
        self,
        server: "Server",
        document: "Document",
        module: OpenModule,
        mark: Mark,
        severity: Severity,
    ) -> None:
        self._server = server
        self._columns = server.columns(document, module)
        self._uri = document.root.uri(module.path)
        self._module = module
        self._mark = mark
        self._suspicion = mark.claim.suspicion
        self._shown = [diagnostics.diagnostic(server, document, module, mark, severity)]

    def actions(self) -> Iterator[types.CodeAction]:
        """Yield the actions, the preferred one first."""
        suspicion = self._suspicion
        edits = self._fix()
        if edits and suspicion.fix is not None:
            yield types.CodeAction(
                suspicion.fix.title.replace("`", ""),
                _QUICK,
                self._shown,
                is_preferred=True,
                edit=self._edit(edits),
            )
        yield types.CodeAction(
            f"Ignore {suspicion.category} here",
            _QUICK,
            self._shown,
            edit=self._edit([self._ignore()]),
        )
        command = types.Command("Show why", WHY, arguments=[self._uri, suspicion.id])
        title = f"Show why: {suspicion.category}"
        yield types.CodeAction(title, _QUICK, self._shown, command=command)

    def _fix(self) -> list[types.TextEdit]:
        fix, placing = self._suspicion.fix, self._module.placing
        if fix is None or placing is None:
            return []
        edits = []
        for each in fix.edits:
            extent = placing.extent(each.place)
            if extent is None:
                return []
            start, end = extent[0], extent[0] if each.before else extent[1]
            edits.append(types.TextEdit(self._columns.range(start, end), each.text))
        return edits

    def _ignore(self) -> types.TextEdit:
        mark = self._mark
        at, comment = with_ignore(self._module.text, mark.start, mark.comment_at, self._suspicion.category)
        return types.TextEdit(self._columns.range(at, at), comment)

    def _edit(self, edits: list[types.TextEdit]) -> types.WorkspaceEdit:
        """Return a versioned edit where the client takes one: it fails on a text that has changed."""
        workspace = self._server.client_capabilities.workspace
        capability = workspace.workspace_edit if workspace is not None else None
        if capability is None or not capability.document_changes:
            return types.WorkspaceEdit(changes={self._uri: edits})
        document = types.OptionalVersionedTextDocumentIdentifier(self._uri, self._module.version)
        return types.WorkspaceEdit(document_changes=[types.TextDocumentEdit(document, [*edits])])
