"""What changes outside of the editor: doubted at once, thought about once it is over.

A branch that is switched to, or a pull, changes hundreds of files within a moment: that is one cause to
think, and it is told as one. It must not know who notices.
"""

import asyncio
from typing import TYPE_CHECKING

from sleeplsp.core.baseline import FILE as BASELINE_FILE
from sleeplsp.engine.concern import SETTINGS_FILE
from sleeplsp.engine.ports import Changed
from sleeplsp.lsp.root import Root

if TYPE_CHECKING:
    from sleeplsp.lsp.server import Server

QUIET_S = 0.3
"""Seconds without another change after which it is over."""

LASTS_S_MAX = 3.0
"""Seconds after which what has changed so far is thought about, though it goes on."""


class _Waiting:
    """What has changed in one root since it was thought about."""

    def __init__(self, now: float) -> None:
        self.paths: set[str] = set()
        self.switched = False
        self.until = now + LASTS_S_MAX
        self.timer: asyncio.TimerHandle | None = None


class Outside:
    """Everything that changes outside of the editor, by root."""

    def __init__(self, server: "Server") -> None:
        self._server = server
        self._waiting: dict[Root, _Waiting] = {}

    def note(self, root: Root, changed: Changed) -> None:
        """Take note of changes on disk. Of what the editor has open, the editor's text counts."""
        if SETTINGS_FILE in changed.paths:
            self._server.roots.configure(root)
        if BASELINE_FILE in changed.paths:
            self._server.roots.leave(root)
        paths = changed.paths - root.uris.keys() - {BASELINE_FILE}
        if not paths and not changed.switched:
            return
        root.workspace.touch(paths)
        self._server.delivery.changed(root)
        loop = asyncio.get_running_loop()
        waiting = self._waiting.setdefault(root, _Waiting(loop.time()))
        waiting.paths |= paths
        waiting.switched = waiting.switched or changed.switched
        if waiting.timer is not None:
            waiting.timer.cancel()
        waiting.timer = loop.call_at(min(loop.time() + QUIET_S, waiting.until), self._wake, root)

    def forget(self, root: Root) -> None:
        """Forget a root that is closed."""
        if (waiting := self._waiting.pop(root, None)) is not None and waiting.timer is not None:
            waiting.timer.cancel()

    def _wake(self, root: Root) -> None:
        waiting = self._waiting.pop(root)
        cause = cause_of(len(waiting.paths), switched=waiting.switched)
        if len(waiting.paths) == 1:
            root.sleeper.wake(cause, *waiting.paths)
        else:
            root.sleeper.wake(cause)


def cause_of(count: int, *, switched: bool) -> str:
    """Return what is told to have happened when so many files changed."""
    if switched:
        return "branch switched"
    return "changed on disk" if count == 1 else f"{count} files changed on disk"
