"""Actions on a suspicion: apply its fix, ignore it here, dismiss it, show why.

It must not know how actions are asked for, nor which others there are.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import msgspec
from lsprotocol import types

from sleeplsp.core.ignores import with_ignore
from sleeplsp.core.insight import Severity, Suspicion
from sleeplsp.core.placing import Placing
from sleeplsp.core.snapshot import Mark, OpenModule
from sleeplsp.engine.workspace import is_large, settled
from sleeplsp.lsp import diagnostics
from sleeplsp.lsp.actions.deeds import APPLIED, SHOW_WHY, Deed, Do
from sleeplsp.lsp.actions.taking import Taken, tags_of
from sleeplsp.lsp.dismissal import dismissing
from sleeplsp.lsp.edits import annotation_of, workspace_edit

if TYPE_CHECKING:
    from sleeplsp.lsp.documents import Document
    from sleeplsp.lsp.server import Server

_QUICK = types.CodeActionKind.QuickFix


def offered(
    server: "Server", takes: Taken, document: "Document", module: OpenModule, params: types.CodeActionParams
) -> Iterator[types.CodeAction]:
    """Yield what can be done about the suspicions of a range."""
    columns = server.columns(document, module)
    start, end = columns.offset(params.range.start), columns.offset(params.range.end)
    for mark, _ in diagnostics.shown_marks(document.root, module):
        if mark.start <= end and start <= mark.end:
            span = columns.range(mark.start, mark.end)
            told = _told(mark.claim.suspicion, span, params.context)
            for each in _actions(server, takes, document, module, mark):
                each.diagnostics = told or None
                yield each


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

    def action(title: str, do: Do) -> types.CodeAction:
        made = types.CodeAction(title, _QUICK, data=msgspec.to_builtins(Deed(do, uri, suspicion.id)))
        if not takes.resolve and takes.literals:
            made.edit, made.data = edit_of(server, document, module, mark, do), None
            if do == "fix":
                made.command = types.Command(title, APPLIED, arguments=[uri, suspicion.id])
        return made

    if suspicion.fix is not None:
        title = suspicion.fix.title.replace("`", "")
        if _fix(server, document, module, mark):
            fix = action(title, "fix")
            # What an editor may apply without a look at it is no model's.
            fix.is_preferred = (takes.preferred and not suspicion.grade.is_by_model) or None
            fix.tags = tags_of(suspicion.grade, takes)
            yield fix
        elif takes.disabled:
            reason = types.CodeActionDisabled("the code is being edited: once it settles")
            yield types.CodeAction(title, _QUICK, disabled=reason)
    yield action(f"Ignore {suspicion.category} here", "ignore")
    title = f"Show why: {suspicion.category}"
    yield types.CodeAction(
        title, _QUICK, command=types.Command(title, SHOW_WHY, arguments=[uri, suspicion.id])
    )
    yield dismissing(uri, suspicion)


def find(server: "Server", uri: str, suspicion: str) -> tuple["Document", OpenModule, Mark, Severity] | None:
    """Return what an open document is suspected of, by its id."""
    if (found := server.documents.find(uri)) is None:
        return None
    marks = diagnostics.shown_marks(found[0].root, found[1])
    return next(((*found, *each) for each in marks if each[0].claim.suspicion.id == suspicion), None)


def edit_of(
    server: "Server", document: "Document", module: OpenModule, mark: Mark, do: Do
) -> types.WorkspaceEdit | None:
    """Return the edit that does something about a suspicion; None if that cannot be placed now."""
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
