"""Progress of thinking, shown by the editor: created by the server, where the client announced it.

The first run of a root is shown from its beginning; later ones, which follow every pause in typing, only
once they have lasted. Who cancels one has no thinking done until the next save.
"""

import asyncio
import logging
import time
import uuid
from collections.abc import Callable
from typing import TYPE_CHECKING

from lsprotocol import types
from pygls.exceptions import JsonRpcException

from sleeplsp.engine.status import Status
from sleeplsp.lsp.root import Root

if TYPE_CHECKING:
    from sleeplsp.lsp.server import Server

log = logging.getLogger(__name__)

SHOWN_AFTER_S = 1.0
"""Seconds after which a run is shown that is not the first."""

REPORT_EVERY_S = 0.1
"""Seconds between two reports: more often nobody can read."""

_STAGES = {
    "waiting": "another process thinks about the same, waiting",
    "reading": "reading modules",
    "deducing": "deducing functions",
}

_MODELS = ("reflecting", "verifying")

PAUSED = "paused until the next save"


def register(server: "Server") -> None:
    """Answer `window/workDoneProgress/cancel`."""

    @server.feature(types.WINDOW_WORK_DONE_PROGRESS_CANCEL)
    def cancel(params: types.WorkDoneProgressCancelParams) -> None:
        server.work.cancel(params.token)
        # This feature stands in place of the one of pygls, which tells whoever waits at a bar of its own.
        if (bar := server.work_done_progress.tokens.get(params.token)) is not None:
            bar.cancel()


class _Bar:
    """One run of one root."""

    def __init__(self, begun_at: float) -> None:
        self.begun_at = begun_at
        self.token = ""
        """Given once the editor was asked for a bar."""
        self.is_open = False
        """The editor has made the bar."""
        self.reported_at = 0.0


def _is_models(status: Status) -> bool:
    """Tell whether what is left of a run is about a model's claims: that may take hours; the status tells."""
    return status.progress is not None and status.progress.stage in _MODELS


class Work:
    """The progress bar of each root that is being thought about."""

    def __init__(self, server: "Server", clock: Callable[[], float] = time.monotonic) -> None:
        self._server = server
        self._clock = clock
        self._bars: dict[Root, _Bar] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def show(self, root: Root, status: Status) -> None:
        """Show what the Sleeper of a root is doing."""
        now = self._clock()
        if not status.thinking or _is_models(status):
            self._end(self._bars.pop(root, None), status)
            return
        bar = self._bars.setdefault(root, _Bar(now))
        if not bar.token:
            is_first = status.outcome is None and not status.failure
            if self._announced() and (is_first or now - bar.begun_at >= SHOWN_AFTER_S):
                self._begin(root, bar)
        elif bar.is_open and status.progress and now - bar.reported_at >= REPORT_EVERY_S:
            bar.reported_at = now
            self._report(bar, status)

    def cancel(self, token: types.ProgressToken) -> None:
        """Pause what the bar with this token shows, until the next save: the user does not want it now."""
        for root, bar in self._bars.items():
            if bar.token == token:
                root.sleeper.pause(until_saved=True)

    def forget(self, root: Root) -> None:
        """End the bar of a root that is closed."""
        self._end(self._bars.pop(root, None), None)

    def _announced(self) -> bool:
        window = self._server.client_capabilities.window
        return window is not None and bool(window.work_done_progress)

    def _begin(self, root: Root, bar: _Bar) -> None:
        bar.token = str(uuid.uuid4())
        task = asyncio.get_running_loop().create_task(self._create(root, bar))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _create(self, root: Root, bar: _Bar) -> None:
        progress = self._server.work_done_progress
        try:
            await progress.create_async(bar.token)
        except JsonRpcException as error:
            log.warning("the editor makes no progress bar: %s", error)
            return
        if self._bars.get(root) is bar:  # else it was over before the editor had answered
            title = f"sleeplsp: thinking about {root.name}"
            begin = types.WorkDoneProgressBegin(title=title, cancellable=True, percentage=0)
            progress.begin(bar.token, begin)
            bar.is_open = True

    def _report(self, bar: _Bar, status: Status) -> None:
        told = status.progress
        if told is None or not told.total:
            return
        report = types.WorkDoneProgressReport(
            message=f"{_STAGES[told.stage]} {told.done}/{told.total}",
            percentage=100 * told.done // told.total,
        )
        self._server.work_done_progress.report(bar.token, report)

    def _end(self, bar: _Bar | None, status: Status | None) -> None:
        if bar is None or not bar.is_open:
            return
        message = None
        if status is not None:
            message = PAUSED if status.paused else status.failure
            if status.outcome is not None and not message:
                count, seconds = status.outcome.deduced, status.outcome.seconds
                message = f"{count} functions thought about in {seconds:.1f} s"
        progress = self._server.work_done_progress
        progress.end(bar.token, types.WorkDoneProgressEnd(message=message))
        progress.tokens.pop(bar.token, None)
