"""Progress of thinking, shown by the editor: created by the server, where the client announced it."""

import asyncio
import uuid
from typing import TYPE_CHECKING

from lsprotocol import types

from sleeplsp.engine.sleeper import Status
from sleeplsp.lsp.root import Root

if TYPE_CHECKING:
    from sleeplsp.lsp.server import Server

_STAGES = {"reading": "reading modules", "deducing": "deducing functions"}


class Work:
    """The progress bar of each root that is being thought about."""

    def __init__(self, server: "Server") -> None:
        self._server = server
        self._tokens: dict[Root, str] = {}
        self._ready: set[str] = set()
        self._tasks: set[asyncio.Task[None]] = set()

    def show(self, root: Root, status: Status) -> None:
        """Show what the Sleeper of a root is doing."""
        token = self._tokens.get(root)
        if status.thinking and token is None:
            # Nothing is shown of runs that find nothing to do: the bar begins with their first progress.
            if status.progress is not None and self._announced():
                self._begin(root)
        elif token is not None and token in self._ready:
            if not status.thinking:
                self._end(root, token, status)
            elif status.progress is not None and status.progress.total:
                percentage = 100 * status.progress.done // status.progress.total
                message = f"{_STAGES[status.progress.stage]} {status.progress.done}/{status.progress.total}"
                self._server.work_done_progress.report(
                    token, types.WorkDoneProgressReport(message=message, percentage=percentage)
                )
        elif token is not None and not status.thinking:
            del self._tokens[root]

    def _announced(self) -> bool:
        window = self._server.client_capabilities.window
        return window is not None and bool(window.work_done_progress)

    def _begin(self, root: Root) -> None:
        token = str(uuid.uuid4())
        self._tokens[root] = token
        task = asyncio.get_running_loop().create_task(self._create(root, token))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _create(self, root: Root, token: str) -> None:
        await self._server.work_done_progress.create_async(token)
        begin = types.WorkDoneProgressBegin(title=f"sleeplsp: thinking about {root.folder.name}", percentage=0)
        self._server.work_done_progress.begin(token, begin)
        if self._tokens.get(root) == token:
            self._ready.add(token)
        else:  # it was over before the editor had answered
            self._server.work_done_progress.end(token, types.WorkDoneProgressEnd())

    def _end(self, root: Root, token: str, status: Status) -> None:
        del self._tokens[root]
        self._ready.discard(token)
        told = status.failure
        if status.outcome is not None and not told:
            told = f"{status.outcome.deduced} functions thought about in {status.outcome.seconds:.1f} s"
        self._server.work_done_progress.end(token, types.WorkDoneProgressEnd(message=told))
