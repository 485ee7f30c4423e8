"""Dismissal: a mark that its user has seen and means to leave is shown no more.

With a reason it is kept in the repository's baseline, for everybody; without one, and where there is no
repository, as long as the server runs. So is a drift: its id is of one commit, and once HEAD moves, what has
drifted since is another.
"""

from typing import TYPE_CHECKING, Any

import anyio.to_thread
from lsprotocol import types
from pygls.exceptions import JsonRpcException

from sleeplsp.core.baseline import FILE, dismissal_of
from sleeplsp.core.insight import Suspicion
from sleeplsp.deduce.drift import DRIFT
from sleeplsp.engine.entries import Act
from sleeplsp.engine.errors import SleepError
from sleeplsp.lsp import diagnostics
from sleeplsp.lsp.root import Root

if TYPE_CHECKING:
    from sleeplsp.lsp.server import Server

DISMISS = "sleeplsp.dismiss"

REASONS = ("it cannot happen", "it is meant so", "it is known and stays")
"""From which a user chooses; another one is written into the file."""

ONLY_NOW = "Only until the server ends"


def register(server: "Server") -> None:
    """Answer the command behind "dismiss": a document, a suspicion by its id, and if wanted a reason."""

    @server.command(DISMISS)
    async def dismiss(uri: Any, suspicion: str, *reason: object) -> bool:  # noqa: ANN401  of a str, pygls makes one
        if (found := server.documents.find(str(uri))) is None:
            return False
        root, module = found[0].root, found[1]
        marks = (mark.claim.suspicion for mark, _ in diagnostics.shown_marks(root, module))
        meant = next((each for each in marks if each.id == suspicion), None)
        if meant is None:
            return False
        said = str(reason[0]) if reason else await _reason(server, root, meant)
        if said is None:
            return False
        await _dismiss(server, root, meant, said)
        root.notes.acted(suspicion, Act.IGNORED)
        server.delivery.changed(root)
        return True


def dismissing(uri: str, suspicion: Suspicion) -> types.CodeAction:
    """Return the action that dismisses a suspicion of a document."""
    title = f"Dismiss this {suspicion.category}"
    command = types.Command(title, DISMISS, arguments=[uri, suspicion.id])
    return types.CodeAction(title, types.CodeActionKind.QuickFix, command=command)


async def _reason(server: "Server", root: Root, suspicion: Suspicion) -> str | None:
    """Ask why something is dismissed; '' is for now alone, None that it is not."""
    if root.baselines is None or suspicion.category == DRIFT.name:
        return ""
    buttons = [types.MessageActionItem(each) for each in (*REASONS, ONLY_NOW)]
    text = f"Why is this {suspicion.category} dismissed? It is kept in {FILE}."
    asked = types.ShowMessageRequestParams(types.MessageType.Info, text, buttons)
    try:
        chosen = await server.window_show_message_request_async(asked)
    except JsonRpcException:
        return None
    if chosen is None:
        return None
    return "" if chosen.title == ONLY_NOW else chosen.title


async def _dismiss(server: "Server", root: Root, suspicion: Suspicion, reason: str) -> None:
    if not reason or root.baselines is None or suspicion.category == DRIFT.name:
        root.workspace.dismiss(suspicion.id)
        return
    try:
        await anyio.to_thread.run_sync(root.baselines.add, dismissal_of(suspicion, reason))
    except SleepError as error:
        told = types.ShowMessageParams(types.MessageType.Error, f"sleeplsp: not dismissed: {error}")
        server.window_show_message(told)
        return
    server.roots.leave(root)
