"""Dismissal: a mark that its user has seen and means to leave is shown no more, as long as the server runs.

The id of a drift is of one commit: once HEAD moves, what has drifted since is another.
"""

from typing import TYPE_CHECKING

from lsprotocol import types

from sleeplsp.core.insight import Suspicion

if TYPE_CHECKING:
    from sleeplsp.lsp.server import Server

DISMISS = "sleeplsp.dismiss"


def register(server: "Server") -> None:
    """Answer the command behind "dismiss"."""

    @server.command(DISMISS)
    def dismiss(uri: str, suspicion: str) -> None:
        if (found := server.documents.find(uri)) is not None:
            root = found[0].root
            root.workspace.dismiss(suspicion)
            server.delivery.changed(root)


def dismissing(uri: str, suspicion: Suspicion) -> types.CodeAction:
    """Return the action that dismisses a suspicion of a document."""
    title = f"Dismiss this {suspicion.category}"
    command = types.Command(title, DISMISS, arguments=[uri, suspicion.id])
    return types.CodeAction(title, types.CodeActionKind.QuickFix, command=command)
