"""All roots: they come and go, and each has its Sleeper, which must not be able to end another's."""

import asyncio
import logging
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import anyio
import anyio.abc

from sleeplsp.core.spelling import native
from sleeplsp.engine.errors import SleepError
from sleeplsp.engine.ports import Watch, WatchError
from sleeplsp.engine.status import Status
from sleeplsp.lsp.notes import note_ignored
from sleeplsp.lsp.root import Root
from sleeplsp.lsp.watching import watches

if TYPE_CHECKING:
    from sleeplsp.lsp.server import Server

log = logging.getLogger(__name__)

PUBLISHED_AFTER_S = 0.05
"""Seconds in which claims of other modules are waited for before all are shown together."""


class Listening:
    """Passes on what the Sleeper of one root tells."""

    def __init__(self, server: "Server") -> None:
        self._server = server
        self.root: Root | None = None
        self._learned: set[str] = set()
        self._publishing: asyncio.TimerHandle | None = None

    def learned(self, path: str) -> None:
        """Show what is claimed now, once for all that comes together: it may concern other modules too."""
        self._learned.add(path)
        if self._publishing is None:
            loop = asyncio.get_running_loop()
            self._publishing = loop.call_later(PUBLISHED_AFTER_S, self._publish)

    def noticed(self, line: str) -> None:
        """Tell the user."""
        self._server.say_once(line)

    def slept(self, status: Status) -> None:
        """Show that a run began, came further, finished or failed."""
        if self.root is None:
            return
        self._server.work.show(self.root, status)
        self._server.statuses.told(self.root, status)
        if not status.thinking:
            # What has changed outside the editor was thought about.
            self._publish()
            if status.failure:
                self._server.say(f"{self.root.name}: {status.failure}")
            for line in self.root.notes.notices:
                self._server.say_once(line)

    def _publish(self) -> None:
        if self._publishing is not None:
            self._publishing.cancel()
            self._publishing = None
        if self.root is not None:
            learned, self._learned = self._learned, set()
            with self._server.pauses.running("publishing"):
                self._server.delivery.changed(self.root)
                note_ignored(self.root, learned)


class Roots:
    """The folders that are open, and one root for what lies in none of them."""

    def __init__(self, server: "Server") -> None:
        self.all: list[Root] = []
        self.are_paused = False
        """Somebody has said so of all of them, also those to come."""
        self._server = server
        self._loose: Root | None = None
        self._tasks: anyio.abc.TaskGroup | None = None
        self._scopes: dict[Root, anyio.CancelScope] = {}
        self._ended = anyio.Event()
        self._minds_all = False

    def add(self, folder: Path) -> Root | None:
        """Open a folder, unless it is open already or is too much to think about; `begin` starts it."""
        if any(root.folder == folder for root in self.all):
            return None
        if Path.home().is_relative_to(folder):
            self._server.say(f"{folder} holds all you have: open a folder in it to have it thought about")
            return None
        return self._open(folder)

    def remove(self, folder: Path) -> None:
        """Close a folder."""
        for root in [root for root in self.all if root.folder == folder]:
            self._close(root)

    def configure(self, root: Root) -> None:
        """Have a root take up the settings there are now."""
        try:
            opened = self._server.open_root(root.folder, root.editor_settings)
        except SleepError as error:
            self._server.say(str(error))
            return
        self._warn(root.configure(opened))
        self._server.documents.measure(root)
        self._server.delivery.changed(root)

    def leave(self, root: Root) -> None:
        """Have a root leave what its repository says now is to be left."""
        if root.baselines is not None:
            found, warnings = root.baselines.read()
            self._warn(warnings)
            root.workspace.leave(found)
            self._server.delivery.changed(root)

    def home(self, path: Path) -> tuple[Root, str] | None:
        """Return the root a file lies in and its path there: the innermost root wins."""
        found = [(root, inner) for root in self.all if (inner := root.relative(path)) is not None]
        return min(found, key=lambda each: len(each[1]), default=None)

    def is_home(self, root: Root, path: str) -> bool:
        """Tell whether a path of a root lies in no root within it."""
        if root.folder is None:
            return True
        inner = [each.folder for each in self.all if each.folder is not None and each is not root]
        inner = [each for each in inner if each.is_relative_to(root.folder)]
        return not inner or not any((root.folder / native(path)).is_relative_to(each) for each in inner)

    def mind_all(self) -> None:
        """Have what is suspected of files that are not open told as well, from now on."""
        if not self._minds_all:
            self._minds_all = True
            for root in self.all:
                root.workspace.minds_all = True
                root.sleeper.wake("all diagnostics wanted")

    def loose(self) -> Root | None:
        """Return the root of what lies in no folder."""
        if self._loose is None:
            self._loose = self._open(None)
            if self._loose is not None:
                self.begin(self._loose)
        return self._loose

    def begin(self, root: Root) -> None:
        """Let the Sleeper of a root run, now or as soon as all do."""
        if self._tasks is not None and root in self.all and root not in self._scopes:
            scope = self._scopes[root] = anyio.CancelScope()
            self._tasks.start_soon(self._sleep, root, scope)

    async def run(self) -> None:
        """Let all Sleepers run until `end`."""
        async with anyio.create_task_group() as tasks:
            self._tasks = tasks
            for root in self.all:
                self.begin(root)
            await self._ended.wait()
            tasks.cancel_scope.cancel()

    def end(self) -> None:
        """End all Sleepers, now or as soon as they would begin."""
        self._ended.set()

    def _open(self, folder: Path | None) -> Root | None:
        listening = Listening(self._server)
        try:
            opened = self._server.open_root(folder, self._server.editor_settings)
        except SleepError as error:
            self._server.say(str(error))
            return None
        root = listening.root = Root(folder, opened, listening)
        root.editor_settings = self._server.editor_settings
        root.workspace.minds_all = self._minds_all
        self._warn(opened.warnings)
        self.all.append(root)
        self.leave(root)
        if self.are_paused:
            root.sleeper.pause()
        root.sleeper.wake("opened")
        return root

    def _warn(self, lines: Iterable[str]) -> None:
        for line in lines:
            self._server.say(line)

    def _close(self, root: Root) -> None:
        self.all.remove(root)
        if root is self._loose:
            self._loose = None
        self._server.work.forget(root)
        self._server.outside.forget(root)
        self._server.statuses.forget(root)
        if (scope := self._scopes.pop(root, None)) is not None:
            scope.cancel()

    async def _sleep(self, root: Root, scope: anyio.CancelScope) -> None:
        with scope:
            async with anyio.create_task_group() as tasks:
                if root.watch is not None and not watches(self._server.client_capabilities):
                    tasks.start_soon(self._watch, root, root.watch)
                try:
                    await root.sleeper.run()
                except Exception:
                    log.exception("%s: the sleep ended", root.name)

    async def _watch(self, root: Root, watch: Watch) -> None:
        try:
            await watch.run(lambda changed: self._server.outside.note(root, changed))
        except WatchError as error:
            unseen = "what changes outside of the editor is seen at the next save"
            self._server.say(f"{root.name}: files are not watched: {error}; {unseen}")
        except Exception:
            log.exception("%s: files are not watched any more", root.name)
