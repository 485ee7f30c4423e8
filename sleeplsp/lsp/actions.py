"""Code actions on a suspicion: apply its fix, ignore it here, show why.

Where the editor takes it so, an action says only what it would do, and its edit is made when it is chosen: of
the text as it is then. What cannot be done any more is answered with an error that says so.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal, NamedTuple

import attrs
import msgspec
from lsprotocol import types
from pygls.exceptions import JsonRpcContentModified, JsonRpcInvalidParams

from sleeplsp.answers.why.suspected import why
from sleeplsp.core.ignores import with_ignore
from sleeplsp.core.insight import Grade, Severity, Suspicion
from sleeplsp.core.placing import Placing
from sleeplsp.core.snapshot import Mark, OpenModule
from sleeplsp.deduce.drift import DRIFT
from sleeplsp.engine.workspace import is_large, settled
from sleeplsp.lsp import diagnostics
from sleeplsp.lsp.dismissal import dismissing
from sleeplsp.lsp.edits import annotation_of, is_model_made, workspace_edit
from sleeplsp.lsp.notes import note_applied

if TYPE_CHECKING:
    from sleeplsp.lsp.documents import Document
    from sleeplsp.lsp.server import Server

SHOW_WHY = "sleeplsp.showWhy"
APPLY = "sleeplsp.apply"
APPLIED = "sleeplsp.applied"
"""Told by those who make the edit of a fix without asking for it: an action's command runs after its edit."""

_QUICK = types.CodeActionKind.QuickFix


class Deed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What an action is to do about a suspicion: it travels to the editor and back as `data`."""

    do: Literal["fix", "ignore"]
    uri: str
    suspicion: str


class Taken(NamedTuple):
    """What an editor takes of an action."""

    literals: bool = False
    """Actions at all, and not commands alone."""
    resolve: bool = False
    """Actions whose edit is made when they are chosen."""
    preferred: bool = False
    disabled: bool = False
    model_made: bool = False
    """A tag that says so."""
    applies: bool = False
    """Edits that the server asks it to make."""


def taken(capabilities: types.ClientCapabilities) -> Taken:
    """Return what an editor announces to take."""
    documents, workspace = capabilities.text_document, capabilities.workspace
    applies = workspace is not None and bool(workspace.apply_edit)
    actions = documents.code_action if documents is not None else None
    if actions is None:
        return Taken(applies=applies)
    resolves = actions.resolve_support is not None and "edit" in actions.resolve_support.properties
    tags = actions.tag_support.value_set if actions.tag_support is not None else ()
    return Taken(
        literals=actions.code_action_literal_support is not None,
        resolve=resolves and bool(actions.data_support),
        preferred=bool(actions.is_preferred_support),
        disabled=bool(actions.disabled_support),
        model_made=types.CodeActionTag.LlmGenerated in tags,
        applies=applies,
    )


def tags_of(grade: Grade, takes: Taken) -> list[types.CodeActionTag] | None:
    """Return the tags of a fix for a suspicion of some grade."""
    return [types.CodeActionTag.LlmGenerated] if takes.model_made and is_model_made(grade) else None


def register(server: "Server", capabilities: types.ClientCapabilities) -> None:
    """Answer `textDocument/codeAction`, `codeAction/resolve`, and the commands of actions."""
    takes = taken(capabilities)
    options = types.CodeActionOptions([_QUICK], resolve_provider=takes.resolve or None)

    @server.feature(types.TEXT_DOCUMENT_CODE_ACTION, options)
    def actions(params: types.CodeActionParams) -> list[types.CodeAction | types.Command] | None:
        found = server.documents.find(params.text_document.uri)
        return [*_offered(server, takes, *found, params)] if found and _wanted(params.context) else None

    if takes.resolve:

        @server.feature(types.CODE_ACTION_RESOLVE)
        def resolve(action: types.CodeAction) -> types.CodeAction:
            return attrs.evolve(action, edit=_taken(server, action.data))

    @server.command(APPLY)
    async def apply(deed: dict[str, str]) -> None:
        await server.workspace_apply_edit_async(types.ApplyWorkspaceEditParams(_taken(server, deed)))

    @server.command(APPLIED)
    def applied(uri: str, suspicion: str) -> None:
        if (document := server.documents.find(uri)) is not None:
            note_applied(document[0].root, suspicion)

    @server.command(SHOW_WHY)
    def show_why(uri: str, suspicion: str) -> None:
        if (found := _find(server, uri, suspicion)) is not None:
            document, module, mark, _ = found
            told = why(document.root.workspace.snapshot, module, mark)
            server.window_show_message(types.ShowMessageParams(types.MessageType.Info, told))


def _wanted(context: types.CodeActionContext) -> bool:
    """Tell whether quick fixes are asked for: kinds are asked for with all that are below them."""
    kinds = [getattr(each, "value", each) for each in context.only or ()]
    return not kinds or any(each in ("", _QUICK.value) for each in kinds)


def _offered(
    server: "Server", takes: Taken, document: "Document", module: OpenModule, params: types.CodeActionParams
) -> Iterator[types.CodeAction | types.Command]:
    columns = server.columns(document, module)
    start, end = columns.offset(params.range.start), columns.offset(params.range.end)
    for mark, _ in diagnostics.shown_marks(document.root, module):
        if mark.start <= end and start <= mark.end:
            span = columns.range(mark.start, mark.end)
            told = _told(mark.claim.suspicion, span, params.context)
            for each in _actions(server, takes, document, module, mark):
                each.diagnostics = told or None
                if takes.literals:
                    yield each
                elif each.command is not None:
                    yield each.command
                elif takes.applies and each.disabled is None:
                    yield types.Command(each.title, APPLY, arguments=[each.data])


def _told(
    suspicion: Suspicion, span: types.Range, context: types.CodeActionContext
) -> list[types.Diagnostic]:
    """Return those diagnostics among the ones the user looks at that speak of a suspicion."""

    def speaks(said: types.Diagnostic) -> bool:
        if said.source != diagnostics.SOURCE or said.code != suspicion.category:
            return False
        if isinstance(said.data, dict) and "id" in said.data:
            return bool(said.data["id"] == suspicion.id)
        return said.range == span

    return [each for each in context.diagnostics if speaks(each)]


def _actions(
    server: "Server", takes: Taken, document: "Document", module: OpenModule, mark: Mark
) -> Iterator[types.CodeAction]:
    """Yield what can be done about one suspicion, the preferred action first."""
    suspicion, uri = mark.claim.suspicion, document.root.uri(module.path)

    def action(title: str, do: Literal["fix", "ignore"]) -> types.CodeAction:
        made = types.CodeAction(title, _QUICK, data=msgspec.to_builtins(Deed(do, uri, suspicion.id)))
        if not takes.resolve and takes.literals:
            made.edit, made.data = _made(server, document, module, mark, do), None
            if do == "fix":
                made.command = types.Command(title, APPLIED, arguments=[uri, suspicion.id])
        return made

    if suspicion.fix is not None:
        title = suspicion.fix.title.replace("`", "")
        if _fix(server, document, module, mark):
            fix = action(title, "fix")
            fix.is_preferred = takes.preferred or None
            fix.tags = tags_of(suspicion.grade, takes)
            yield fix
        elif takes.disabled:
            reason = types.CodeActionDisabled("the code is being edited: once it settles")
            yield types.CodeAction(title, _QUICK, disabled=reason)
    if suspicion.category == DRIFT.name:
        yield dismissing(uri, suspicion)
    yield action(f"Ignore {suspicion.category} here", "ignore")
    title = f"Show why: {suspicion.category}"
    yield types.CodeAction(
        title, _QUICK, command=types.Command(title, SHOW_WHY, arguments=[uri, suspicion.id])
    )


def _taken(server: "Server", data: object) -> types.WorkspaceEdit:
    """Return the edit that an action stands for, of the text as it is now; it was chosen."""
    try:
        deed = msgspec.convert(data, Deed)
    except msgspec.ValidationError as error:
        raise JsonRpcInvalidParams(f"this action is none of ours: {error}") from error
    found = _find(server, deed.uri, deed.suspicion)
    edit = _made(server, *found[:3], deed.do) if found is not None else None
    if edit is None:
        raise JsonRpcContentModified("the code has changed since this was offered")
    if found is not None and deed.do == "fix":
        note_applied(found[0].root, deed.suspicion)
    return edit


def _find(server: "Server", uri: str, suspicion: str) -> tuple["Document", OpenModule, Mark, Severity] | None:
    """Return what an open document is suspected of, by its id."""
    if (found := server.documents.find(uri)) is None:
        return None
    marks = diagnostics.shown_marks(found[0].root, found[1])
    return next(((*found, *each) for each in marks if each[0].claim.suspicion.id == suspicion), None)


def _made(
    server: "Server", document: "Document", module: OpenModule, mark: Mark, do: Literal["fix", "ignore"]
) -> types.WorkspaceEdit | None:
    suspicion, annotation = mark.claim.suspicion, None
    if do == "ignore":
        edits = [_ignore(server, document, module, mark)]
    else:
        edits = _fix(server, document, module, mark)
        if not edits or suspicion.fix is None:
            return None
        annotation = annotation_of(suspicion.fix.title.replace("`", ""), suspicion.grade)
    named = types.OptionalVersionedTextDocumentIdentifier(document.root.uri(module.path), module.version)
    return workspace_edit(server.client_capabilities, named, edits, annotation)


def _fix(server: "Server", document: "Document", module: OpenModule, mark: Mark) -> list[types.TextEdit]:
    """Return the edits of a fix; none while it is not known where they belong."""
    fix, placing = mark.claim.suspicion.fix, _placing(module)
    if fix is None or placing is None:
        return []
    columns, edits = server.columns(document, module), []
    for each in fix.edits:
        extent = placing.extent(each.place)
        if extent is None:
            return []
        start, end = extent[0], extent[0] if each.before else extent[1]
        edits.append(types.TextEdit(columns.range(start, end), each.text))
    return edits


def _placing(module: OpenModule) -> Placing | None:
    """Return where tokens stand; of a large text that is being edited that is not known."""
    return module.placing if module.settled or is_large(module.text) else settled(module).placing


def _ignore(server: "Server", document: "Document", module: OpenModule, mark: Mark) -> types.TextEdit:
    category = mark.claim.suspicion.category
    at, comment = with_ignore(module.text, mark.start, mark.comment_at, category)
    return types.TextEdit(server.columns(document, module).range(at, at), comment)
