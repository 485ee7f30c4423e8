"""Edits as an editor takes them: versioned where it can, so that they fail on a text that has changed.

Pure. It must not know why something is edited.
"""

from collections.abc import Sequence

from lsprotocol import types

from sleeplsp.core.insight import Grade

_ANNOTATION = "fix"


def is_model_made(grade: Grade) -> bool:
    """Tell whether a claim came from a model, however well it was confirmed since."""
    return grade is not Grade.DEDUCED


def annotation_of(title: str, grade: Grade) -> types.ChangeAnnotation:
    """Return how a change is called, and whether the user is asked before: what a model made is for them."""
    return types.ChangeAnnotation(title, needs_confirmation=is_model_made(grade), description=f"{grade}")


def workspace_edit(
    capabilities: types.ClientCapabilities,
    document: types.OptionalVersionedTextDocumentIdentifier,
    edits: Sequence[types.TextEdit],
    annotation: types.ChangeAnnotation | None = None,
) -> types.WorkspaceEdit:
    """Return edits of one document in the form that an editor announces to take."""
    workspace = capabilities.workspace
    takes = workspace.workspace_edit if workspace is not None else None
    if takes is None or not takes.document_changes:
        return types.WorkspaceEdit(changes={document.uri: edits})
    if annotation is None or takes.change_annotation_support is None:
        return types.WorkspaceEdit(document_changes=[types.TextDocumentEdit(document, [*edits])])
    annotated = [
        types.AnnotatedTextEdit(range=each.range, new_text=each.new_text, annotation_id=_ANNOTATION)
        for each in edits
    ]
    return types.WorkspaceEdit(
        document_changes=[types.TextDocumentEdit(document, annotated)],
        change_annotations={_ANNOTATION: annotation},
    )
