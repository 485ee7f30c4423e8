"""Code actions: on what is suspected, and on the function around the cursor.

Where the editor takes it so, an action says only what it would do, and its edit is made when it is chosen: of
the text as it is then. What cannot be done any more is answered with an error that says so.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import attrs
import msgspec
from lsprotocol import types
from pygls.exceptions import JsonRpcContentModified, JsonRpcInvalidParams

from sleeplsp.answers.why.suspected import why
from sleeplsp.core.snapshot import OpenModule
from sleeplsp.lsp.actions import around, suspected
from sleeplsp.lsp.actions.deeds import APPLIED, APPLY, SHOW_WHY, Deed
from sleeplsp.lsp.actions.taking import Taken, is_wanted, taken
from sleeplsp.lsp.notes import note_applied

if TYPE_CHECKING:
    from sleeplsp.lsp.documents import Document
    from sleeplsp.lsp.server import Server

KINDS = (types.CodeActionKind.QuickFix, around.ASSERT_KIND, *around.OWN_KINDS)


def register(server: "Server", capabilities: types.ClientCapabilities) -> None:
    """Answer `textDocument/codeAction`, `codeAction/resolve`, and the commands of actions."""
    takes = taken(capabilities)
    options = types.CodeActionOptions([*KINDS], resolve_provider=takes.resolve or None)

    @server.feature(types.TEXT_DOCUMENT_CODE_ACTION, options)
    def actions(params: types.CodeActionParams) -> list[types.CodeAction | types.Command] | None:
        found = server.documents.find(params.text_document.uri)
        is_any = any(is_wanted(str(getattr(each, "value", each)), params.context) for each in KINDS)
        return [*_told(takes, _offered(server, takes, *found, params))] if found and is_any else None

    if takes.resolve:

        @server.feature(types.CODE_ACTION_RESOLVE)
        def resolve(action: types.CodeAction) -> types.CodeAction:
            return attrs.evolve(action, edit=_chosen(server, action.data))

    @server.command(APPLY)
    async def apply(deed: dict[str, str]) -> None:
        await server.workspace_apply_edit_async(types.ApplyWorkspaceEditParams(_chosen(server, deed)))

    @server.command(APPLIED)
    def applied(uri: str, suspicion: str) -> None:
        if (document := server.documents.find(uri)) is not None:
            note_applied(document[0].root, suspicion)

    @server.command(SHOW_WHY)
    def show_why(uri: str, suspicion: str) -> None:
        if (found := suspected.find(server, uri, suspicion)) is not None:
            document, module, mark, _ = found
            told = why(document.root.workspace.snapshot, module, mark)
            server.window_show_message(types.ShowMessageParams(types.MessageType.Info, told))


def _offered(
    server: "Server", takes: Taken, document: "Document", module: OpenModule, params: types.CodeActionParams
) -> Iterator[types.CodeAction]:
    if is_wanted(types.CodeActionKind.QuickFix.value, params.context):
        yield from suspected.offered(server, takes, document, module, params)
    yield from around.offered(server, takes, document, module, params)


def _told(takes: Taken, offered: Iterator[types.CodeAction]) -> Iterator[types.CodeAction | types.Command]:
    """Yield actions in the form that an editor takes: where it takes none, as the commands they come to."""
    for each in offered:
        if takes.literals:
            yield each
        elif each.command is not None:
            yield each.command
        elif takes.applies and each.disabled is None:
            yield types.Command(each.title, APPLY, arguments=[each.data])


def _chosen(server: "Server", data: object) -> types.WorkspaceEdit:
    """Return the edit that an action stands for, of the text as it is now; it was chosen."""
    try:
        deed = msgspec.convert(data, Deed)
    except msgspec.ValidationError as error:
        raise JsonRpcInvalidParams(f"this action is none of ours: {error}") from error
    edit = _asserted(server, deed) if deed.do in ("assert", "guard") else _done(server, deed)
    if edit is None:
        raise JsonRpcContentModified("the code has changed since this was offered")
    return edit


def _asserted(server: "Server", deed: Deed) -> types.WorkspaceEdit | None:
    found = server.documents.find(deed.uri)
    return around.asserted(server, *found, deed) if found is not None else None


def _done(server: "Server", deed: Deed) -> types.WorkspaceEdit | None:
    found = suspected.find(server, deed.uri, deed.suspicion)
    edit = suspected.edit_of(server, *found[:3], deed.do) if found is not None else None
    if found is not None and edit is not None and deed.do == "fix":
        note_applied(found[0].root, deed.suspicion)
    return edit
