"""How an editor hears of an answer that is being made: by the piece where it asks for that, else as progress.

An editor that shows the answer itself gives it a token, and is notified of each piece. It must not know what
is asked.
"""

import asyncio
import logging
import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import TYPE_CHECKING

import anyio
from lsprotocol import types
from pygls.exceptions import JsonRpcException

from sleeplsp.core.markdown import shortened, unmarked

if TYPE_CHECKING:
    from sleeplsp.lsp.server import Server

log = logging.getLogger(__name__)

PIECE = "sleeplsp/answer"
"""The notification of a piece, as `{"token": ..., "text": ...}`: a model's text as it comes, not escaped."""

TOLD_EVERY_S = 0.1
"""Seconds between two reports of what has come of an answer."""
TOLD_CHARACTERS = 120
"""Characters of it that a report shows: the last ones."""
TITLE_CHARACTERS = 60
"""Characters of a question above its progress."""

Token = int | str
"""What an editor calls an answer."""

Hear = Callable[[str], None]
"""Told of each piece of an answer."""


def hearing(server: "Server", question: str, token: Token | None) -> AbstractAsyncContextManager[Hear]:
    """Return what is told of the pieces of an answer, for as long as it is made.

    Raises JsonRpcException where the editor cancels the progress of it.
    """
    return _pieces(server, token) if token is not None else _progress(server, question)


@asynccontextmanager
async def _pieces(server: "Server", token: Token) -> AsyncIterator[Hear]:
    yield lambda piece: server.protocol.notify(PIECE, {"token": token, "text": piece})


@asynccontextmanager
async def _progress(server: "Server", question: str) -> AsyncIterator[Hear]:
    """Show what comes of an answer, where the editor takes that; whoever cancels it gives the answer up."""
    token = await _bar(server, question)
    if token is None:
        yield lambda _piece: None
        return
    progress = server.work_done_progress
    told, told_at, clock = "", -TOLD_EVERY_S, asyncio.get_running_loop().time

    def hear(piece: str) -> None:
        nonlocal told, told_at
        told += piece
        if clock() - told_at >= TOLD_EVERY_S:
            told_at = clock()
            shown = unmarked(told)[-TOLD_CHARACTERS:]
            progress.report(token, types.WorkDoneProgressReport(message=shown))

    try:
        with anyio.CancelScope() as scope:
            progress.tokens[token].add_done_callback(lambda bar: scope.cancel() if bar.cancelled() else None)
            yield hear
        if scope.cancelled_caught:
            raise JsonRpcException("cancelled", types.LSPErrorCodes.RequestCancelled)
    finally:
        progress.end(token, types.WorkDoneProgressEnd())
        progress.tokens.pop(token, None)


async def _bar(server: "Server", question: str) -> str | None:
    """Return the token of a progress bar; None where the editor has none."""
    window = server.client_capabilities.window
    if window is None or not window.work_done_progress:
        return None
    token, title = str(uuid.uuid4()), f"sleeplsp: {shortened(unmarked(question), TITLE_CHARACTERS)}"
    try:
        await server.work_done_progress.create_async(token)
    except JsonRpcException as error:
        log.warning("the editor makes no progress bar: %s", error)
        return None
    begin = types.WorkDoneProgressBegin(title=title, cancellable=True)
    server.work_done_progress.begin(token, begin)
    return token
