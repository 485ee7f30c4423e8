"""Code actions on a suspicion: apply its fix, ignore it here, show why."""

from typing import TYPE_CHECKING

from lsprotocol import types

from sleeplsp.core.ignores import with_ignore
from sleeplsp.core.snapshot import Mark, OpenModule
from sleeplsp.lsp import diagnostics
from sleeplsp.lsp.convert import offset, range_of, uri_of
from sleeplsp.lsp.root import Root

if TYPE_CHECKING:
    from sleeplsp.lsp.server import Server

WHY = "sleeplsp.why"


def register(server: "Server") -> None:
    """Answer `textDocument/codeAction` and the command behind "show why"."""

    @server.feature(
        types.TEXT_DOCUMENT_CODE_ACTION, types.CodeActionOptions(code_action_kinds=[types.CodeActionKind.QuickFix])
    )
    def actions(params: types.CodeActionParams) -> list[types.CodeAction] | None:
        found = server.module(params.text_document.uri)
        if found is None or not _wanted(params.context):
            return None
        root, module = found
        start = offset(module.text, params.range.start, server.encoding)
        end = offset(module.text, params.range.end, server.encoding)
        touched = [
            mark
            for mark in root.workspace.snapshot.fresh_marks(module)
            if mark.start <= end and start <= mark.end and diagnostics.severity_of(root, module, mark) is not None
        ]
        return [action for mark in touched for action in _actions(server, root, module, mark)]

    @server.command(WHY)
    def why(uri: str, suspicion: str) -> None:
        found = server.module(uri)
        marks = found[1].marks if found is not None else ()
        for mark in marks:
            if mark.claim.suspicion.id == suspicion:
                server.window_show_message(types.ShowMessageParams(types.MessageType.Info, _told(mark)))


def _wanted(context: types.CodeActionContext) -> bool:
    kinds = context.only
    return not kinds or any(str(types.CodeActionKind.QuickFix.value).startswith(str(getattr(each, "value", each))) for each in kinds)


def _actions(server: "Server", root: Root, module: OpenModule, mark: Mark) -> list[types.CodeAction]:
    severity = diagnostics.severity_of(root, module, mark)
    if severity is None:
        return []
    shown = [diagnostics.diagnostic(server, root, module, mark, severity)]
    uri = uri_of(root.folder / module.path)
    suspicion = mark.claim.suspicion
    quick = types.CodeActionKind.QuickFix
    found = []
    edits = _fix(server, root, module, mark)
    if edits and suspicion.fix is not None:
        edit = _workspace_edit(server, uri, module, edits)
        found.append(types.CodeAction(suspicion.fix.title, quick, shown, is_preferred=True, edit=edit))
    ignore = _workspace_edit(server, uri, module, [_ignore(server, module, mark)])
    found.append(types.CodeAction(f"Ignore {suspicion.category} here", quick, shown, edit=ignore))
    command = types.Command(title="Show why", command=WHY, arguments=[uri, suspicion.id])
    found.append(types.CodeAction(f"Show why: {suspicion.category}", quick, shown, command=command))
    return found


def _fix(server: "Server", root: Root, module: OpenModule, mark: Mark) -> list[types.TextEdit]:
    fix = mark.claim.suspicion.fix
    placing = root.workspace.placing(module.path)
    if fix is None or placing is None:
        return []
    edits = []
    for each in fix.edits:
        extent = placing.extent(each.place)
        if extent is None:
            return []
        start, end = extent[0], extent[0] if each.before else extent[1]
        edits.append(types.TextEdit(range_of(module.text, start, end, server.encoding), each.text))
    return edits


def _ignore(server: "Server", module: OpenModule, mark: Mark) -> types.TextEdit:
    number = module.text.line_of(mark.start)
    column, comment = with_ignore(module.text.line(number), mark.claim.suspicion.category)
    at = module.text.line_starts[number] + column
    return types.TextEdit(range_of(module.text, at, at, server.encoding), comment)


def _workspace_edit(
    server: "Server", uri: str, module: OpenModule, edits: list[types.TextEdit]
) -> types.WorkspaceEdit:
    """Return a versioned edit where the client takes one, so that it fails on a text that has changed."""
    workspace = server.client_capabilities.workspace
    capability = workspace.workspace_edit if workspace is not None else None
    if capability is None or not capability.document_changes:
        return types.WorkspaceEdit(changes={uri: edits})
    document = types.OptionalVersionedTextDocumentIdentifier(uri, module.version)
    return types.WorkspaceEdit(document_changes=[types.TextDocumentEdit(document, list(edits))])


def _told(mark: Mark) -> str:
    suspicion = mark.claim.suspicion
    lines = [suspicion.message]
    for number, (step, spot) in enumerate(zip(suspicion.evidence, mark.claim.evidence, strict=True), 1):
        where = f"{spot.path}:{spot.start.line + 1}: " if spot is not None else ""
        lines.append(f"{number}. {where}{step.quote}: {step.sentence}")
    return "\n".join(lines).replace("`", "")
