"""What an editor takes of a code action, and which kinds of actions it asks for."""

from typing import NamedTuple

from lsprotocol import types

from sleeplsp.core.insight import Grade
from sleeplsp.lsp.edits import is_model_made


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


def is_wanted(kind: str, context: types.CodeActionContext) -> bool:
    """Tell whether actions of a kind are asked for: kinds are asked for with all that are below them."""
    asked = [str(getattr(each, "value", each)) for each in context.only or ()]
    return not asked or any(each in ("", kind) or kind.startswith(f"{each}.") for each in asked)


def is_invoked(context: types.CodeActionContext) -> bool:
    """Tell whether a user has asked for actions, and not the editor by itself wherever the cursor goes."""
    return context.trigger_kind is not types.CodeActionTriggerKind.Automatic
